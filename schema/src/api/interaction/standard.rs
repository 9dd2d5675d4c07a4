//! Service standards: how fast we are to be, and how fast we were.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{CaseSummary, Severity, calendar::PLANNERS};
use crate::{
    access::Role,
    api::page::Page,
    classified,
    ids::{CalendarId, OrgUnitId, StaffId},
};

/// Who sees figures of units.
const LEADERS: &[Role] = &[Role::Manager, Role::Executive];

crate::api::endpoints! {
    /// Sets the standard of a topic, or of any topic, and a severity, for the whole company; cases that are open
    /// keep theirs. Only the head office does.
    SetStandard = Command Post "/service-standards" 200 for PLANNERS => {
        body: NewStandard, reply: ServiceStandard,
    }
    /// All standards, by topic and severity.
    ListStandards = Read Get "/service-standards" 200 for PLANNERS => {
        query: StandardsQuery, reply: Page<ServiceStandard>,
    }
    /// How fast the cases of a unit, with all below it, were resolved, by topic. Percentiles are by the
    /// nearest rank: the smallest value that so many of a hundred do not exceed.
    ReportServiceLevels = Read Get "/service-levels" 200 for LEADERS => {
        query: ServiceLevelQuery, reply: ServiceLevels,
    }
    /// Open cases of a unit, with all below it, whose due time, to be resolved or answered, is near or past; the one due first first.
    ListEscalations = Read Get "/escalations" 200 for LEADERS => {
        query: EscalationsQuery, reply: Page<CaseSummary>,
    }
    /// Who missed how many due times: cases are charged to whoever answers for them, tasks to whoever does
    /// them, promises to whoever is to keep them. The one with the most comes first; at most 200.
    ReportBreaches = Read Get "/breaches" 200 for LEADERS => {
        query: BreachQuery, reply: Vec<BreachesOf>,
    }
}

/// Whether the due time of a case is near or past.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema, async_graphql::Enum)]
#[serde(rename_all = "snake_case")]
pub enum Escalation {
    /// The share of the time that leads to a warning is over.
    Warned,
    /// The due time is past.
    Breached,
}

/// A standard to set.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema, async_graphql::InputObject)]
#[serde(deny_unknown_fields)]
pub struct NewStandard {
    /// For which topic, as a code; absent for every topic that has none of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub topic: Option<String>,
    /// For which severity.
    pub severity: Severity,
    /// Within how many working minutes the customer hears from us; 1 to 525,600, not more than the
    /// resolution. Absent when nothing is promised.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub response_minutes: Option<i32>,
    /// Within how many working minutes a case is resolved; 1 to 525,600.
    pub resolution_minutes: i32,
    /// After how much of the resolution time there is a warning, in per cent: 1 to 99; 75 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub warning_percent: Option<i32>,
}

/// How fast we are to be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, async_graphql::SimpleObject)]
pub struct ServiceStandard {
    /// For which topic; none for every topic that has none of its own.
    pub topic: Option<String>,
    /// For which severity.
    pub severity: Severity,
    /// Within how many working minutes the customer hears from us.
    pub response_minutes: Option<i32>,
    /// Within how many working minutes a case is resolved.
    pub resolution_minutes: i32,
    /// After how much of the resolution time there is a warning, in per cent.
    pub warning_percent: i32,
    /// Its revision after the command, or when read; `If-Match` takes it.
    pub revision: i64,
}

classified! { ServiceStandard {
    topic: plain, severity: plain, response_minutes: plain, resolution_minutes: plain,
    warning_percent: plain, revision: plain,
} }

/// Which part of the standards.
#[derive(Clone, Debug, Default, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct StandardsQuery {
    /// The `next` of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// At most 200; 50 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

/// The standard that a case's due time was computed from, as it was then.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, async_graphql::SimpleObject)]
pub struct CaseStandard {
    /// The topic of the standard; none when it is for any.
    pub topic: Option<String>,
    /// Within how many working minutes the customer hears from us.
    pub response_minutes: Option<i32>,
    /// Within how many working minutes the case is resolved.
    pub resolution_minutes: i32,
    /// After how much of the resolution time there is a warning, in per cent.
    pub warning_percent: i32,
    /// The calendar of the working time; none for every minute of every day.
    pub calendar_id: Option<CalendarId>,
}

/// Which cases a report of service levels is about.
#[derive(Clone, Debug, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct ServiceLevelQuery {
    /// The unit where they came up, or one above it.
    pub org_unit_id: OrgUnitId,
    /// They came up at this time or later.
    pub from: DateTime<Utc>,
    /// They came up before this time; at most 400 days after `from`.
    pub to: DateTime<Utc>,
    /// Only those of this topic.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub topic: Option<String>,
}

/// How fast the cases of a unit were resolved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, async_graphql::SimpleObject)]
pub struct ServiceLevels {
    /// The unit.
    pub org_unit_id: OrgUnitId,
    /// The first time of the period.
    pub from: DateTime<Utc>,
    /// The end of the period, which is not in it.
    pub to: DateTime<Utc>,
    /// All of them together.
    pub total: ServiceLevel,
    /// By topic, the one with the most cases first; at most 100.
    pub topics: Vec<ServiceLevel>,
}

classified! { ServiceLevels { org_unit_id: plain, from: plain, to: plain, total: plain, topics: plain } }

/// How fast cases were resolved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, async_graphql::SimpleObject)]
pub struct ServiceLevel {
    /// Of which topic; none for all.
    pub topic: Option<String>,
    /// The cases that came up.
    pub n: i64,
    /// Of them resolved by their due time.
    pub met: i64,
    /// Of them resolved after their due time, or past it and not resolved.
    pub breached: i64,
    /// Of them neither resolved nor due: what is left of n.
    pub pending: i64,
    /// Of them resolved, with a measured time: the n of the percentiles.
    pub measured: i64,
    /// The median time to resolution in working minutes, by the nearest rank; none without a measured one.
    pub p50_minutes: Option<i64>,
    /// The time to resolution in working minutes that 90 of 100 do not exceed, by the nearest rank.
    pub p90_minutes: Option<i64>,
}

/// Which escalated cases.
#[derive(Clone, Debug, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct EscalationsQuery {
    /// The unit where they came up, or one above it.
    pub org_unit_id: OrgUnitId,
    /// The `next` of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// At most 200; 50 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

/// Which missed due times.
#[derive(Clone, Debug, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct BreachQuery {
    /// The unit of the cases and tasks, or one above it.
    pub org_unit_id: OrgUnitId,
    /// They were due at this time or later.
    pub from: DateTime<Utc>,
    /// They were due before this time; at most 400 days after `from`.
    pub to: DateTime<Utc>,
}

/// The due times that one person missed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, async_graphql::SimpleObject)]
pub struct BreachesOf {
    /// Who.
    pub staff_id: StaffId,
    /// Cases that they answered for when the time to resolve them was over.
    pub cases: i64,
    /// Cases that they answered for when the time was over by which the customer was to hear from us.
    #[serde(default)]
    pub responses: i64,
    /// Tasks that were theirs when the time was over.
    pub tasks: i64,
    /// Promises that were theirs to keep when the time was over.
    #[serde(default)]
    pub promises: i64,
}

classified! { BreachesOf {
    staff_id: plain, cases: plain, responses: plain, tasks: plain, promises: plain,
} }
