//! What lies deeper than a section of a customer: how they may be reached, and what happened, picked out.

use async_graphql::{Context, Object, Result};
use chrono::{DateTime, Utc};
use schema::{
    api::{
        NoParameters,
        customer::{
            ConsentPurpose, Consents, ConsentsQuery, CustomerPath, GetConsents, GetServiceBrief, ServiceBrief,
        },
        interaction::{
            Channel, CheckReach, GetTimeline, Phase, Reach, ReachQuery, TimelineEntry, TimelineKind,
            TimelineQuery,
        },
        page::LIMIT_MAX,
        section::Section,
    },
    ids::{CustomerId, OrgUnitId, StaffId},
};

use crate::graphql::ask::{Listed, ask, call, call_for, list};

/// Purposes times channels.
const CONSENTS_MOST: usize = 24;

/// How one customer may be reached, and their timeline, picked out.
pub(super) struct Reached(pub(super) CustomerId);

#[Object]
impl Reached {
    /// What they allow us, now or as of a time: the word that counts on each purpose and channel.
    #[graphql(complexity = "call(CONSENTS_MOST.saturating_mul(child_complexity))")]
    async fn consents(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only what was said until then, and what was allowed then; now when absent.")]
        as_of: Option<DateTime<Utc>>,
    ) -> Option<Result<Consents>> {
        let path = CustomerPath { customer_id: self.0 };
        ask::<GetConsents>(ctx, Section::File, &path, &ConsentsQuery { as_of }).await
    }

    /// Their whole service brief; the one in the file may leave texts out.
    #[graphql(complexity = "call(child_complexity)")]
    async fn service_brief(&self, ctx: &Context<'_>) -> Option<Result<ServiceBrief>> {
        let path = CustomerPath { customer_id: self.0 };
        ask::<GetServiceBrief>(ctx, Section::File, &path, &NoParameters {}).await
    }

    /// Whether they may be reached on a channel at a time, before somebody plans to.
    #[graphql(complexity = "call(child_complexity)")]
    async fn reach(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What for.")] purpose: ConsentPurpose,
        #[graphql(desc = "How.")] channel: Channel,
        #[graphql(desc = "When; now when absent.")] at: Option<DateTime<Utc>>,
    ) -> Option<Result<Reach>> {
        let path = CustomerPath { customer_id: self.0 };
        ask::<CheckReach>(ctx, Section::Dealings, &path, &ReachQuery { purpose, channel, at }).await
    }

    /// What happened between us, picked out, newest first. Every filter narrows it; without any it is
    /// `timeline`, which takes one call for many customers.
    #[expect(clippy::too_many_arguments, reason = "the arguments of the field")]
    #[graphql(complexity = "call_for(first, child_complexity)")]
    async fn filtered_timeline(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "Only contacts, purchases, returns and granted outreaches on this channel; no other step has one."
        )]
        channel: Option<Channel>,
        #[graphql(desc = "Only contacts in this phase of the journey.")] phase: Option<Phase>,
        #[graphql(desc = "Only this kind of thing.")] kind: Option<TimelineKind>,
        #[graphql(desc = "Only what happened at this time or later.")] from: Option<DateTime<Utc>>,
        #[graphql(desc = "Only what happened before this time.")] until: Option<DateTime<Utc>>,
        #[graphql(desc = "Only contacts that this person had, what they sold, and steps that they took.")]
        staff_id: Option<StaffId>,
        #[graphql(desc = "Only what happened in this unit or below it.")] org_unit_id: Option<OrgUnitId>,
        #[graphql(desc = "1 to 100; 20 when absent.")] first: Option<i32>,
        #[graphql(desc = "The cursor to go on after.")] after: Option<String>,
    ) -> Listed<TimelineEntry> {
        let path = CustomerPath { customer_id: self.0 };
        let query = |after, limit| TimelineQuery {
            channel,
            phase,
            kind,
            from,
            until,
            staff_id,
            org_unit_id,
            after,
            limit,
        };
        list::<GetTimeline, _>(ctx, Section::Dealings, &path, (first, after), LIMIT_MAX, query).await
    }
}
