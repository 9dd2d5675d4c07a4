//! What lies on a person's desk, and what a unit's cases came to.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::CaseSummary;
use crate::{
    access::{FRONT_OFFICE, Role},
    api::page::Page,
    classified,
    ids::OrgUnitId,
};

/// Who sees figures of units.
const LEADERS: &[Role] = &[Role::Manager, Role::Executive];

crate::api::endpoints! {
    /// Your own open cases: those you answer for, handle, or are offered; the one due first comes first.
    GetDesk = Read Get "/desk/cases" 200 for FRONT_OFFICE => { query: DeskQuery, reply: Desk }
    /// What the cases of a unit, with all below it, came to in a period: how many were passed around.
    ReportCases = Read Get "/reports/cases" 200 for LEADERS => { query: CaseReportQuery, reply: CaseReport }
}

/// Why a case lies on a desk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DeskRole {
    /// You answer for it.
    Accountable,
    /// You work on it.
    Handler,
    /// It is offered to you.
    Offered,
}

/// Which part of a desk.
#[derive(Clone, Debug, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct DeskQuery {
    /// Why the cases lie there.
    #[param(inline)]
    pub role: DeskRole,
    /// The `next` of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// At most 200; 50 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

/// A person's open cases.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Desk {
    /// Open cases that they answer for.
    pub accountable: i64,
    /// Open cases that they work on.
    pub handling: i64,
    /// Cases that are offered to them.
    pub offered: i64,
    /// The cases asked for, the one due first coming first.
    pub cases: Page<CaseSummary>,
}

classified! { Desk { accountable: plain, handling: plain, offered: plain, cases: nested } }

/// Which cases a report is about.
#[derive(Clone, Debug, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct CaseReportQuery {
    /// The unit where they came up, or one above it.
    pub org_unit_id: OrgUnitId,
    /// They came up at this time or later.
    pub from: DateTime<Utc>,
    /// They came up before this time.
    pub to: DateTime<Utc>,
}

/// What a unit's cases came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CaseReport {
    /// The unit.
    pub org_unit_id: OrgUnitId,
    /// The first time of the period.
    pub from: DateTime<Utc>,
    /// The end of the period, which is not in it.
    pub to: DateTime<Utc>,
    /// The cases that came up: the n of every rate.
    pub cases: i64,
    /// Of them not resolved yet.
    pub open: i64,
    /// How often they went over to another handler.
    pub transfers: i64,
    /// Those that went over twice or more.
    pub bounced: i64,
    /// Those that went back to whoever had just given them away.
    pub ping_pong: i64,
    /// Bounced of all, in millionths: 50,000 is 5 %. None without cases.
    pub bounce_rate_millionths: Option<i64>,
}

classified! { CaseReport {
    org_unit_id: plain, from: plain, to: plain, cases: plain, open: plain, transfers: plain, bounced: plain,
    ping_pong: plain, bounce_rate_millionths: plain,
} }
