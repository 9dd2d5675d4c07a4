//! Segments: which customers a condition holds for, and why.

use async_graphql::{ComplexObject, Context, Object, Result, SimpleObject};
use chrono::{DateTime, Utc};
use schema::{
    api::{
        NoParameters,
        loyalty::{
            Condition, CustomerList, CustomerListFilter, ExplainMember, Explanation, GetSegment,
            ListCustomerLists, ListSegmentMembers, ListSegments, MemberPath, MemberQuery, MembersQuery,
            PreviewSegment, PreviewWanted, Segment, SegmentFilter, SegmentMember, SegmentPath,
            SegmentPreview, SegmentQuery, SegmentState,
        },
        page::LIMIT_MAX,
        section::Section,
    },
    ids::{CustomerId, SegmentId},
};

use crate::graphql::ask::{Listed, ask, ask_with, call, call_for, list};

const NONE: NoParameters = NoParameters {};
/// The most conditions of a segment.
const CLAUSES_MOST: usize = 100;

/// A segment, with who belongs to it.
#[derive(SimpleObject)]
#[graphql(complex)]
pub(super) struct SegmentView {
    /// The segment itself.
    #[graphql(flatten)]
    segment: Segment,
}

#[ComplexObject]
impl SegmentView {
    /// How many customers in your scope its condition holds for.
    #[graphql(complexity = "call(child_complexity)")]
    async fn preview(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "At which time it is judged; now when absent.")] as_of: Option<DateTime<Utc>>,
    ) -> Option<Result<SegmentPreview>> {
        preview(ctx, self.segment.condition.clone(), as_of).await
    }

    /// The customers in your scope that the condition of now holds for, by id.
    #[graphql(complexity = "call_for(first, child_complexity)")]
    async fn members(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "At which time it is judged; now when absent.")] as_of: Option<DateTime<Utc>>,
        #[graphql(desc = "1 to 100; 20 when absent.")] first: Option<i32>,
        #[graphql(desc = "The cursor to go on after.")] after: Option<String>,
    ) -> Listed<SegmentMember> {
        let path = SegmentPath { segment_id: self.segment.id };
        let query = |after, limit| MembersQuery { as_of, after, limit };
        list::<ListSegmentMembers, _>(ctx, Section::Loyalty, &path, (first, after), LIMIT_MAX, query).await
    }

    /// Whether a customer belongs to it, and why: clause by clause with what was found.
    #[graphql(complexity = "call(CLAUSES_MOST.saturating_mul(child_complexity))")]
    async fn explanation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which customer.")] customer_id: CustomerId,
        #[graphql(desc = "At which time it is judged; now when absent.")] as_of: Option<DateTime<Utc>>,
    ) -> Option<Result<Explanation>> {
        let path = MemberPath { segment_id: self.segment.id, customer_id };
        ask::<ExplainMember>(ctx, Section::Loyalty, &path, &MemberQuery { as_of }).await
    }
}

async fn preview(
    ctx: &Context<'_>,
    condition: Condition,
    as_of: Option<DateTime<Utc>>,
) -> Option<Result<SegmentPreview>> {
    let wanted = PreviewWanted { condition, as_of };
    ask_with::<PreviewSegment>(ctx, Section::Loyalty, &NONE, &NONE, &wanted).await
}

/// The roots of segments.
#[derive(Default)]
pub(super) struct Segments;

#[Object]
impl Segments {
    /// Segments, by code.
    #[graphql(complexity = "call_for(first, child_complexity)")]
    async fn segments(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only those in this state.")] state: Option<SegmentState>,
        #[graphql(desc = "1 to 100; 20 when absent.")] first: Option<i32>,
        #[graphql(desc = "The cursor to go on after.")] after: Option<String>,
    ) -> Listed<Segment> {
        let query = |after, limit| SegmentFilter { state, after, limit };
        list::<ListSegments, _>(ctx, Section::Loyalty, &NONE, (first, after), LIMIT_MAX, query).await
    }

    /// One segment, as it is or as it was in a version.
    #[graphql(complexity = "call(child_complexity)")]
    async fn segment(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The segment's id.")] id: SegmentId,
        #[graphql(desc = "Which version, from 1; the latest when absent.")] version: Option<i32>,
    ) -> Option<Result<SegmentView>> {
        let (path, query) = (SegmentPath { segment_id: id }, SegmentQuery { version });
        let found = ask::<GetSegment>(ctx, Section::Loyalty, &path, &query).await?;
        Some(found.map(|segment| SegmentView { segment }))
    }

    /// How many customers in your scope a condition holds for, before it is made a segment.
    #[graphql(complexity = "call(child_complexity)")]
    async fn segment_preview(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who would belong to the segment.")] condition: Condition,
        #[graphql(desc = "At which time it is judged: 1900 to a year from now; now when absent.")]
        as_of: Option<DateTime<Utc>>,
    ) -> Option<Result<SegmentPreview>> {
        preview(ctx, condition, as_of).await
    }

    /// Lists of customers kept by hand, by code, with how many customers in your scope are on each.
    #[graphql(complexity = "call_for(first, child_complexity)")]
    async fn customer_lists(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "1 to 100; 20 when absent.")] first: Option<i32>,
        #[graphql(desc = "The cursor to go on after.")] after: Option<String>,
    ) -> Listed<CustomerList> {
        let query = |after, limit| CustomerListFilter { after, limit };
        list::<ListCustomerLists, _>(ctx, Section::Loyalty, &NONE, (first, after), LIMIT_MAX, query).await
    }
}
