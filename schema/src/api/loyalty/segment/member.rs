//! Who belongs to a segment, why, and all of them as a file.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::SegmentPath;
use crate::{
    access::{Class, ClassifiedField, Level, Mask, MaskField, Viewer},
    api::{
        Nothing,
        customer::{CustomerKind, CustomerStatus},
        endpoints,
        export::ExportFormat,
        loyalty::{ANALYSTS, ProfileAttribute, Tier},
        page::Page,
    },
    classified,
    ids::{CustomerId, OrgUnitId, SegmentId},
    value::{Minor, Points},
};

endpoints! {
    /// The customers in scope that a segment's condition holds for, by id.
    ListSegmentMembers = Read Get "/segments/{segment_id}/members" 200 for ANALYSTS => {
        path: SegmentPath, query: MembersQuery, reply: Page<SegmentMember>,
    }
    /// Whether a customer belongs to a segment, and why: clause by clause with what was found.
    ExplainMember = Read Get "/segments/{segment_id}/members/{customer_id}" 200 for ANALYSTS => {
        path: MemberPath, query: MemberQuery, reply: Explanation,
    }
    /// All members in scope as a file, CSV (RFC 4180) or a JSON object a line; the export is audited. In CSV,
    /// a text that a spreadsheet would take for a formula begins with an apostrophe.
    ExportSegment = Read Get "/segments/{segment_id}/export" 200 for ANALYSTS => {
        path: SegmentPath, query: ExportQuery, reply: Nothing,
    }
}

/// Which customer against which segment.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, IntoParams)]
pub struct MemberPath {
    /// The segment's id.
    pub segment_id: SegmentId,
    /// The customer's id.
    pub customer_id: CustomerId,
}

/// Which part of a segment's members, and at which time.
#[derive(Clone, Debug, Default, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct MembersQuery {
    /// At which time recency, windows and consents are judged; now when absent. A cursor keeps the time of
    /// its first page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub as_of: Option<DateTime<Utc>>,
    /// The `next` of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// At most 200; 50 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

/// At which time.
#[derive(Clone, Debug, Default, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct MemberQuery {
    /// At which time recency, windows and consents are judged; now when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub as_of: Option<DateTime<Utc>>,
}

/// Which file.
#[derive(Clone, Debug, Default, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct ExportQuery {
    /// How it is written; CSV when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[param(inline)]
    pub format: Option<ExportFormat>,
    /// At which time recency, windows and consents are judged; now when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub as_of: Option<DateTime<Utc>>,
    /// Whether a last line says how many came before it, so that a file that was cut off is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end_line: Option<bool>,
}

/// A member of a segment: a row of its list and of its file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, async_graphql::SimpleObject)]
pub struct SegmentMember {
    /// Who.
    pub customer_id: CustomerId,
    /// What they are to us.
    pub kind: CustomerKind,
    /// Whether we deal with them.
    pub status: CustomerStatus,
    /// The unit that they belong to.
    pub home_unit_id: OrgUnitId,
    /// The tier.
    pub tier: Option<Tier>,
    /// Points on the account.
    pub points: Option<Points>,
    /// The day of the first purchase (UTC).
    pub first_purchase: Option<NaiveDate>,
    /// The day of the last purchase (UTC).
    pub last_purchase: Option<NaiveDate>,
    /// Purchases made.
    pub purchases: Option<i64>,
    /// The currency of most purchases.
    pub main_currency: Option<String>,
    /// Paid less given back, in the main currency.
    pub turnover_minor: Option<Minor>,
    /// The recency score of the last run of scoring.
    pub rfm_recency: Option<i32>,
    /// The frequency score.
    pub rfm_frequency: Option<i32>,
    /// The money score.
    pub rfm_money: Option<i32>,
    /// Contacts in all.
    pub contacts: Option<i64>,
    /// Cases not resolved.
    pub open_cases: Option<i64>,
    /// Complaints in all.
    pub complaints: Option<i64>,
    /// The last NPS score.
    pub nps: Option<i32>,
    /// The last CSAT score.
    pub csat: Option<i32>,
    /// The last CES score.
    pub ces: Option<i32>,
    /// The attributes that the condition names, by code.
    pub attributes: Vec<ProfileAttribute>,
}

classified! { SegmentMember {
    customer_id: plain, kind: plain, status: plain, home_unit_id: plain, tier: standing, points: standing,
    first_purchase: value, last_purchase: value, purchases: value, main_currency: value,
    turnover_minor: value, rfm_recency: value, rfm_frequency: value, rfm_money: value, contacts: value,
    open_cases: value, complaints: value, nps: value, csat: value, ces: value, attributes: nested,
} }

/// Whether a customer belongs to a segment, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, async_graphql::SimpleObject)]
pub struct Explanation {
    /// Who.
    pub customer_id: CustomerId,
    /// Against which segment.
    pub segment_id: SegmentId,
    /// By which version of its condition.
    pub version: i32,
    /// At which time.
    pub as_of: DateTime<Utc>,
    /// Whether the whole condition holds.
    pub member: bool,
    /// Every condition of the tree, each before those inside it; those of a segment that is referred to too.
    pub clauses: Vec<ClauseSeen>,
}

classified! { Explanation {
    customer_id: plain, segment_id: plain, version: plain, as_of: plain, member: plain, clauses: nested,
} }

/// One condition against a customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, async_graphql::SimpleObject)]
pub struct ClauseSeen {
    /// Where it stands in the condition, as a JSON pointer; the condition itself is the empty text.
    pub pointer: String,
    /// Whether it holds.
    pub holds: bool,
    /// What was found of the customer; none when nothing was, and for `all`, `any` and `none`. What an
    /// attribute is, only those see who see every class of fields whole.
    pub found: Option<String>,
    /// Whether it is about an attribute.
    #[serde(default)]
    pub of_attribute: bool,
}

impl Mask for ClauseSeen {
    const FIELDS: &'static [ClassifiedField] = &[
        ClassifiedField { name: "pointer", class: None },
        ClassifiedField { name: "holds", class: None },
        ClassifiedField { name: "found", class: Some(Class::Value) },
        ClassifiedField { name: "of_attribute", class: None },
    ];
    fn mask(&mut self, viewer: &Viewer) {
        MaskField::reduce(&mut self.found, viewer.level(Class::Value));
        if self.of_attribute && !sees_attributes(viewer) {
            self.found = None;
        }
    }
}

/// Whether a viewer sees attributes here. An event tells an attribute without its class, so only those see
/// it who would see it whatever its class is.
pub(crate) fn sees_attributes(viewer: &Viewer) -> bool {
    [Class::Identity, Class::Contact, Class::Sensitive, Class::Value]
        .iter()
        .all(|class| viewer.level(*class) == Level::Whole)
}
