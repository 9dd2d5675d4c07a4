//! The action plan: whom to supply before they run out, made anew every night, repeatable without doubles.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::Task;
use crate::{
    access::{FRONT_OFFICE, Role},
    api::page::Page,
    classified,
    ids::{OrgUnitId, StaffId},
};

/// Who plans.
const MANAGERS: &[Role] = &[Role::Manager];

crate::api::endpoints! {
    /// Makes a delivery task for every customer of a unit, with all below it, who runs out within the
    /// horizon. Running it again adds only what is new.
    MakeActionPlan = Command Post "/action-plans" 200 for MANAGERS => {
        body: NewActionPlan, reply: ActionPlan,
    }
    /// Has the plan of a unit made every night, at two o'clock by its clock on the wall, or not any more.
    SetNightlyPlan = Command Post "/action-plans/nightly" 200 for MANAGERS => {
        body: NewNightlyPlan, reply: NightlyPlan,
    }
    /// The plan of a unit and a date, by rank: whoever runs out first comes first.
    ListActionPlan = Read Get "/action-plans" 200 for FRONT_OFFICE => {
        query: ActionPlanQuery, reply: Page<PlannedTask>,
    }
}

/// A plan to make.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema, async_graphql::InputObject)]
#[serde(deny_unknown_fields)]
pub struct NewActionPlan {
    /// For the customers of this unit and of all below it; a unit in your scope.
    pub org_unit_id: OrgUnitId,
    /// For which day by the unit's clock; from yesterday to a year from now.
    pub date: NaiveDate,
    /// How many days ahead to look, from the beginning of the day: 1 to 60.
    pub horizon_days: i32,
    /// Whose the tasks are when nobody who works for us dealt with the customer there; you, when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default_owner_id: Option<StaffId>,
}

/// What making a plan came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, async_graphql::SimpleObject)]
pub struct ActionPlan {
    /// The unit.
    pub org_unit_id: OrgUnitId,
    /// The day.
    pub date: NaiveDate,
    /// Tasks that this run added.
    pub added: i32,
    /// Whether there are more than one run adds, which is 200: then run it again.
    pub more: bool,
}

classified! { ActionPlan { org_unit_id: plain, date: plain, added: plain, more: plain } }

/// A plan to make every night.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema, async_graphql::InputObject)]
#[serde(deny_unknown_fields)]
pub struct NewNightlyPlan {
    /// For the customers of this unit and of all below it; a unit in your scope.
    pub org_unit_id: OrgUnitId,
    /// How many days ahead to look: 1 to 60; 0 ends the nightly plan.
    pub horizon_days: i32,
    /// Whose the tasks are when nobody who works for us dealt with the customer there; you, when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default_owner_id: Option<StaffId>,
}

/// A plan that is made every night.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, async_graphql::SimpleObject)]
pub struct NightlyPlan {
    /// The unit.
    pub org_unit_id: OrgUnitId,
    /// How many days ahead it looks; 0 when it is not made any more.
    pub horizon_days: i32,
    /// Whose the tasks are when nobody dealt with the customer there.
    pub default_owner_id: StaffId,
    /// When it is made next.
    pub next_at: DateTime<Utc>,
    /// Its revision after the command.
    pub revision: i64,
}

classified! { NightlyPlan {
    org_unit_id: plain, horizon_days: plain, default_owner_id: plain, next_at: plain, revision: plain,
} }

/// Which plan, and which part of it.
#[derive(Clone, Debug, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct ActionPlanQuery {
    /// The unit that it was made for.
    pub org_unit_id: OrgUnitId,
    /// The day that it was made for.
    pub date: NaiveDate,
    /// The `next` of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// At most 200; 50 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

/// A task of a plan: who does what for whom, by when and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, async_graphql::SimpleObject)]
pub struct PlannedTask {
    /// Its place in the plan, from 1.
    pub rank: i64,
    /// The task: its owner, customer, article and due time; it is there because they run out.
    pub task: Task,
}

classified! { PlannedTask { rank: plain, task: nested } }
