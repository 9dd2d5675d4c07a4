//! What lies deeper than a section of a customer: how they may be reached.

use async_graphql::{Context, Object, Result};
use chrono::{DateTime, Utc};
use schema::{
    api::{
        NoParameters,
        customer::{
            ConsentPurpose, Consents, ConsentsQuery, CustomerPath, GetConsents, GetServiceBrief, ServiceBrief,
        },
        interaction::{Channel, CheckReach, Reach, ReachQuery},
        section::Section,
    },
    ids::CustomerId,
};

use crate::graphql::ask::{ask, call};

/// Purposes times channels.
const CONSENTS_MOST: usize = 24;

/// How one customer may be reached.
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
}
