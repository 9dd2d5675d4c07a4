//! What happened between a customer and us, whole or picked out.

use async_graphql::{Context, Object, dataloader::DataLoader};
use chrono::{DateTime, Utc};
use schema::{
    api::{
        customer::CustomerPath,
        interaction::{
            Channel, GetTimeline, GetTimelines, Phase, TimelineEntry, TimelineKind, TimelineQuery,
        },
        page::{LIMIT_MAX, Page},
        section::Section,
    },
    ids::{CustomerId, OrgUnitId, StaffId},
};

use crate::graphql::{
    ask::{Listed, call_for, list},
    connection::{connection, cost, window},
    failure::{allowed, from_problem},
    timelines::{ENTRIES_MOST, Part, Timelines},
};

/// The timeline of one customer.
pub(super) struct Happened(pub(super) CustomerId);

#[Object]
impl Happened {
    /// Everything that happened between us, newest first. Every filter narrows it; without any, the timelines of
    /// many customers take one call, with one each customer takes a call.
    #[expect(clippy::too_many_arguments, reason = "the arguments of the field")]
    #[graphql(complexity = "if channel.is_some() || phase.is_some() || kind.is_some() || from.is_some() \
        || until.is_some() || staff_id.is_some() || org_unit_id.is_some() \
        { call_for(first, child_complexity) } else { cost(first, child_complexity) }")]
    async fn timeline(
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
        #[graphql(desc = "The cursor to go on after; it belongs to its filters.")] after: Option<String>,
    ) -> Listed<TimelineEntry> {
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
        if query(None, None) != TimelineQuery::default() {
            let path = CustomerPath { customer_id: self.0 };
            return list::<GetTimeline, _>(ctx, Section::Dealings, &path, (first, after), LIMIT_MAX, query)
                .await;
        }
        let found = async {
            allowed::<GetTimelines>(ctx).map_err(|problem| from_problem(&problem))?;
            let (first, cursor) = window(first, after.as_deref())?;
            let limit = cursor.limit(first, ENTRIES_MOST);
            let part = Part { limit, customer_id: self.0, after: cursor.after.clone() };
            let loaded = ctx.data::<DataLoader<Timelines>>()?.load_one(part).await;
            let page = loaded.map_err(|problem| from_problem(&problem))?;
            let page = page.unwrap_or(Page { items: Vec::new(), next: None });
            Ok(Some(connection(&cursor, page, first, Some)))
        };
        found.await.transpose()
    }
}
