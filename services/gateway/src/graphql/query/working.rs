//! How we work: due times that were met and missed, plans, gestures, and the outlets near a place.

use async_graphql::{Context, Object, Result};
use chrono::{DateTime, NaiveDate, Utc};
use schema::{
    api::{
        NoParameters,
        customer::{FindNearestOutlets, NearestQuery, OutletNearby},
        interaction::{
            ActionPlanQuery, BreachQuery, BreachesOf, CaseSummary, EscalationsQuery, Gesture,
            GestureReportQuery, GestureSpend, GestureState, GesturesQuery, ListActionPlan, ListEscalations,
            ListGestures, PlannedTask, ReportBreaches, ReportGestures, ReportServiceLevels,
            ServiceLevelQuery, ServiceLevels,
        },
        page::LIMIT_MAX,
        section::Section,
    },
    ids::OrgUnitId,
};

use crate::graphql::ask::{Listed, ask, call, call_for, list};

const NONE: NoParameters = NoParameters {};
/// The most topics of a report of service levels.
const TOPICS_MOST: usize = 100;
/// The most people of a report of missed due times.
const STAFF_MOST: usize = 200;
/// The most outlets near a place.
const NEAREST_MOST: usize = 50;

/// The roots of how we work.
#[derive(Default)]
pub(super) struct Working;

#[Object]
impl Working {
    /// How fast the cases of a unit, with all below it, were resolved, by topic. Null when the unit is not in
    /// your scope.
    #[graphql(complexity = "call(TOPICS_MOST.saturating_mul(child_complexity))")]
    async fn service_levels(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The unit, or one above it, where they came up.")] org_unit_id: OrgUnitId,
        #[graphql(desc = "The first time of the period.")] from: DateTime<Utc>,
        #[graphql(desc = "The end of the period, which is not in it; at most 400 days after `from`.")]
        to: DateTime<Utc>,
        #[graphql(desc = "Only those of this topic.")] topic: Option<String>,
    ) -> Option<Result<ServiceLevels>> {
        ask::<ReportServiceLevels>(
            ctx,
            Section::Dealings,
            &NONE,
            &ServiceLevelQuery { org_unit_id, from, to, topic },
        )
        .await
    }

    /// Who missed how many due times: cases are charged to whoever answers for them, tasks to whoever does
    /// them. The one with the most comes first.
    #[graphql(complexity = "call(STAFF_MOST.saturating_mul(child_complexity))")]
    async fn breaches(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The unit, or one above it, where they came up.")] org_unit_id: OrgUnitId,
        #[graphql(desc = "The first time of the period.")] from: DateTime<Utc>,
        #[graphql(desc = "The end of the period, which is not in it; at most 400 days after `from`.")]
        to: DateTime<Utc>,
    ) -> Option<Result<Vec<BreachesOf>>> {
        ask::<ReportBreaches>(ctx, Section::Dealings, &NONE, &BreachQuery { org_unit_id, from, to }).await
    }

    /// Open cases of a unit, with all below it, whose due time is near or past; the one due first first.
    #[graphql(complexity = "call_for(first, child_complexity)")]
    async fn escalations(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The unit, or one above it, where they came up.")] org_unit_id: OrgUnitId,
        #[graphql(desc = "1 to 100; 20 when absent.")] first: Option<i32>,
        #[graphql(desc = "The cursor to go on after.")] after: Option<String>,
    ) -> Listed<CaseSummary> {
        let query = |after, limit| EscalationsQuery { org_unit_id, after, limit };
        list::<ListEscalations, _>(ctx, Section::Dealings, &NONE, (first, after), LIMIT_MAX, query).await
    }

    /// The plan of a unit and a date, by rank: whoever runs out first comes first.
    #[graphql(complexity = "call_for(first, child_complexity)")]
    async fn action_plan(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The unit that it was made for.")] org_unit_id: OrgUnitId,
        #[graphql(desc = "The day that it was made for.")] date: NaiveDate,
        #[graphql(desc = "1 to 100; 20 when absent.")] first: Option<i32>,
        #[graphql(desc = "The cursor to go on after.")] after: Option<String>,
    ) -> Listed<PlannedTask> {
        let query = |after, limit| ActionPlanQuery { org_unit_id, date, after, limit };
        list::<ListActionPlan, _>(ctx, Section::Dealings, &NONE, (first, after), LIMIT_MAX, query).await
    }

    /// Gestures for the customers in your scope, the one asked for first coming first.
    #[graphql(complexity = "call_for(first, child_complexity)")]
    async fn gestures(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only those that stand here.")] state: Option<GestureState>,
        #[graphql(desc = "1 to 100; 20 when absent.")] first: Option<i32>,
        #[graphql(desc = "The cursor to go on after.")] after: Option<String>,
    ) -> Listed<Gesture> {
        let query = |after, limit| GesturesQuery { state, after, limit };
        list::<ListGestures, _>(ctx, Section::Dealings, &NONE, (first, after), LIMIT_MAX, query).await
    }

    /// What each member of staff of your organisation gave in a month, net of what came back.
    #[graphql(complexity = "call_for(first, child_complexity)")]
    async fn gesture_report(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The month (UTC), for example `2026-11`.")] month: String,
        #[graphql(desc = "1 to 100; 20 when absent.")] first: Option<i32>,
        #[graphql(desc = "The cursor to go on after.")] after: Option<String>,
    ) -> Listed<GestureSpend> {
        let query = |after, limit| GestureReportQuery { month, after, limit };
        list::<ReportGestures, _>(ctx, Section::Dealings, &NONE, (first, after), LIMIT_MAX, query).await
    }

    /// The open outlets of your subtree that are nearest to a place, nearest first.
    #[graphql(complexity = "call(NEAREST_MOST.saturating_mul(child_complexity))")]
    async fn nearest_units(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Millionths of a degree, north is positive.")] latitude_micro: i32,
        #[graphql(desc = "Millionths of a degree, east is positive.")] longitude_micro: i32,
        #[graphql(desc = "Only outlets that offer this service.")] service: Option<String>,
        #[graphql(desc = "1 to 50; 10 when absent.")] limit: Option<u32>,
    ) -> Option<Result<Vec<OutletNearby>>> {
        ask::<FindNearestOutlets>(
            ctx,
            Section::File,
            &NONE,
            &NearestQuery { latitude_micro, longitude_micro, service, limit },
        )
        .await
    }
}
