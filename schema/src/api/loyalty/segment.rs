//! Segments: which customers a condition holds for, now or at a given time, within the caller's scope.
//!
//! A segment is a condition with a code. A changed condition is a new version. Members are who the condition
//! holds for; of active segments the membership is also kept, so that coming and going is told.

mod condition;
mod list;
mod member;
mod shown;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

pub(super) use self::member::sees_attributes;
pub use self::{
    condition::{
        AttributeOp, AttributeTest, Condition, ConsentTest, CountTest, Counted, MoneyTest, Range, RfmTest,
        ScoreTest, TierTest,
    },
    list::{
        ChangeListMembers, CreateCustomerList, CustomerList, CustomerListFilter, CustomerListPath,
        ListCustomerLists, ListMembersChange, NewCustomerList,
    },
    member::{
        ClauseSeen, ExplainMember, Explanation, ExportQuery, ExportSegment, ListSegmentMembers, MemberPath,
        MemberQuery, MembersQuery, SegmentMember,
    },
};
use super::ANALYSTS;
use crate::{
    access::Role,
    api::{endpoints, page::Page},
    classified,
    ids::SegmentId,
};

/// Who makes segments.
pub const SEGMENTERS: &[Role] = &[Role::Marketing, Role::Manager];

endpoints! {
    /// Creates a segment: its members are found at once, and told of only when they come or go later.
    CreateSegment = Command Post "/segments" 201 for SEGMENTERS => { body: NewSegment, reply: Segment }
    /// Changes a segment's name or condition; another condition is a new version.
    ChangeSegment = Command Patch "/segments/{segment_id}" 200 for SEGMENTERS => {
        path: SegmentPath, body: SegmentChange, reply: Segment,
    }
    /// Archives a segment: nobody comes or goes any more, and no other segment may refer to it.
    ArchiveSegment = Command Post "/segments/{segment_id}/archival" 200 for SEGMENTERS => {
        path: SegmentPath, reply: Segment,
    }
    /// One segment, as it is or as it was in a version.
    GetSegment = Read Get "/segments/{segment_id}" 200 for ANALYSTS => {
        path: SegmentPath, query: SegmentQuery, reply: Segment,
    }
    /// Lists segments, by code.
    ListSegments = Read Get "/segments" 200 for ANALYSTS => { query: SegmentFilter, reply: Page<Segment> }
    /// How many customers in scope a condition holds for, before it is made a segment.
    PreviewSegment = Read Post "/segment-previews" 200 for ANALYSTS => {
        body: PreviewWanted, reply: SegmentPreview,
    }
}

/// Which segment.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, IntoParams)]
pub struct SegmentPath {
    /// The segment's id.
    pub segment_id: SegmentId,
}

/// Whether membership is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema, async_graphql::Enum)]
#[serde(rename_all = "snake_case")]
pub enum SegmentState {
    /// It is, and coming and going is told.
    Active,
    /// Not any more.
    Archived,
}

/// A segment to create; at most 100 can be active.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema, async_graphql::InputObject)]
#[serde(deny_unknown_fields)]
pub struct NewSegment {
    /// 1 to 40 of a-z, 0-9 and hyphen, starting with a letter or digit; unique, never changed.
    pub code: String,
    /// 1 to 200 characters.
    pub name: String,
    /// Who belongs to it.
    pub condition: Condition,
}

/// What to change of a segment; what is absent stays.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema, async_graphql::InputObject)]
#[serde(deny_unknown_fields)]
pub struct SegmentChange {
    /// 1 to 200 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Who belongs to it; a new version when it is another condition.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub condition: Option<Condition>,
}

/// A segment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, async_graphql::SimpleObject)]
pub struct Segment {
    /// Its id.
    pub id: SegmentId,
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Whether membership is kept.
    pub state: SegmentState,
    /// Which version of the condition this is, from 1.
    pub version: i32,
    /// Who belongs to it.
    pub condition: Condition,
    /// When this version was made.
    pub made_at: DateTime<Utc>,
    /// Raised by every change.
    pub revision: i64,
}

classified! { Segment {
    id: plain, code: plain, name: plain, state: plain, version: plain, condition: plain, made_at: plain,
    revision: plain,
} }

/// Which version of a segment.
#[derive(Clone, Debug, Default, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct SegmentQuery {
    /// From 1; the latest when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<i32>,
}

/// Which segments to list.
#[derive(Clone, Debug, Default, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct SegmentFilter {
    /// Only those in this state.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[param(inline)]
    pub state: Option<SegmentState>,
    /// The `next` of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// At most 200; 50 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

/// A condition to try.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PreviewWanted {
    /// Who would belong to the segment.
    pub condition: Condition,
    /// At which time recency, windows and consents are judged: 1900 to a year from now; now when absent.
    /// Everything else is taken as it is known now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub as_of: Option<DateTime<Utc>>,
}

/// How many a condition holds for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, async_graphql::SimpleObject)]
pub struct SegmentPreview {
    /// The time at which it was judged.
    pub as_of: DateTime<Utc>,
    /// Customers in the caller's scope that it holds for.
    pub customers: Option<i64>,
    /// All customers in the caller's scope.
    pub of: Option<i64>,
}

classified! { SegmentPreview { as_of: plain, customers: value, of: value } }
