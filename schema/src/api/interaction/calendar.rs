//! Working time: calendars, and which unit works by which.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    access::Role,
    api::page::Page,
    classified,
    ids::{CalendarId, OrgUnitId},
};

/// Who says when we work, and how fast we are to be.
pub(super) const PLANNERS: &[Role] = &[Role::Admin, Role::Manager];

crate::api::endpoints! {
    /// Creates a calendar of working time.
    CreateCalendar = Command Post "/calendars" 201 for PLANNERS => { body: NewCalendar, reply: Calendar }
    /// Changes a calendar; due times that were computed from it stay.
    ChangeCalendar = Command Patch "/calendars/{calendar_id}" 200 for PLANNERS => {
        path: CalendarPath, body: CalendarChange, reply: Calendar,
    }
    /// One calendar.
    GetCalendar = Read Get "/calendars/{calendar_id}" 200 for PLANNERS => {
        path: CalendarPath, reply: Calendar,
    }
    /// All calendars, by code.
    ListCalendars = Read Get "/calendars" 200 for PLANNERS => {
        query: CalendarsQuery, reply: Page<Calendar>,
    }
    /// Says by which calendar a unit works, and so every unit below it that has none of its own.
    AssignCalendar = Command Post "/calendars/{calendar_id}/units" 200 for PLANNERS => {
        path: CalendarPath, body: CalendarUnit, reply: UnitCalendar,
    }
}

/// Which calendar.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, IntoParams)]
pub struct CalendarPath {
    /// The calendar's id.
    pub calendar_id: CalendarId,
}

/// Which part of the calendars.
#[derive(Clone, Debug, Default, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct CalendarsQuery {
    /// The `next` of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// At most 200; 50 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

/// A day of the week.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    ToSchema,
    async_graphql::Enum,
)]
#[serde(rename_all = "snake_case")]
pub enum Weekday {
    /// Monday.
    Monday,
    /// Tuesday.
    Tuesday,
    /// Wednesday.
    Wednesday,
    /// Thursday.
    Thursday,
    /// Friday.
    Friday,
    /// Saturday.
    Saturday,
    /// Sunday.
    Sunday,
}

/// A span of a day by the clock on the wall, in minutes from midnight.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    ToSchema,
    async_graphql::SimpleObject,
    async_graphql::InputObject,
)]
#[serde(deny_unknown_fields)]
#[graphql(input_name = "SpanInput")]
pub struct Span {
    /// Its first minute, 0 to 1,439: 540 is 9:00.
    pub from_minute: i32,
    /// The minute at which it is over, 1 to 1,440: 1,080 is 18:00.
    pub to_minute: i32,
}

/// When we work on one day of the week.
#[derive(
    Clone,
    Debug,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    ToSchema,
    async_graphql::SimpleObject,
    async_graphql::InputObject,
)]
#[serde(deny_unknown_fields)]
#[graphql(input_name = "WeekdayHoursInput")]
pub struct WeekdayHours {
    /// Which day.
    pub weekday: Weekday,
    /// One to four spans in order, which do not overlap.
    pub spans: Vec<Span>,
}

/// A day on which we work at other times than on its day of the week.
#[derive(
    Clone,
    Debug,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    ToSchema,
    async_graphql::SimpleObject,
    async_graphql::InputObject,
)]
#[serde(deny_unknown_fields)]
#[graphql(input_name = "SpecialDayInput")]
pub struct SpecialDay {
    /// Which day.
    pub date: NaiveDate,
    /// One to four spans in order, which do not overlap.
    pub spans: Vec<Span>,
}

/// A calendar to create.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema, async_graphql::InputObject)]
#[serde(deny_unknown_fields)]
pub struct NewCalendar {
    /// Its code, 1 to 40 of a-z, 0-9 and hyphen; never changes.
    pub code: String,
    /// The IANA time zone of the clock on the wall, for example `Asia/Shanghai`.
    pub time_zone: String,
    /// The days of the week on which we work, each at most once; the others are free.
    pub week: Vec<WeekdayHours>,
    /// Days on which nobody works; at most 500.
    #[serde(default)]
    #[graphql(default)]
    pub holidays: Vec<NaiveDate>,
    /// Days with times of their own; at most 500, and none of them a holiday.
    #[serde(default)]
    #[graphql(default)]
    pub special_days: Vec<SpecialDay>,
}

/// What shall be different in a calendar; what is absent stays.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema, async_graphql::InputObject)]
#[serde(deny_unknown_fields)]
pub struct CalendarChange {
    /// The IANA time zone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<String>,
    /// All days of the week on which we work.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub week: Option<Vec<WeekdayHours>>,
    /// All days on which nobody works.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holidays: Option<Vec<NaiveDate>>,
    /// All days with times of their own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub special_days: Option<Vec<SpecialDay>>,
}

/// When we work.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, async_graphql::SimpleObject)]
pub struct Calendar {
    /// Its id.
    pub id: CalendarId,
    /// Its code.
    pub code: String,
    /// The IANA time zone of the clock on the wall.
    pub time_zone: String,
    /// The days of the week on which we work.
    pub week: Vec<WeekdayHours>,
    /// Days on which nobody works.
    pub holidays: Vec<NaiveDate>,
    /// Days with times of their own.
    pub special_days: Vec<SpecialDay>,
    /// Its revision after the command, or when read; `If-Match` takes it.
    pub revision: i64,
}

classified! { Calendar {
    id: plain, code: plain, time_zone: plain, week: plain, holidays: plain, special_days: plain,
    revision: plain,
} }

/// Which unit shall work by a calendar.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema, async_graphql::InputObject)]
#[serde(deny_unknown_fields)]
pub struct CalendarUnit {
    /// The unit; within your part of the organisation.
    pub org_unit_id: OrgUnitId,
}

/// By which calendar a unit works.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, async_graphql::SimpleObject)]
pub struct UnitCalendar {
    /// The unit.
    pub org_unit_id: OrgUnitId,
    /// Its calendar.
    pub calendar_id: CalendarId,
}

classified! { UnitCalendar { org_unit_id: plain, calendar_id: plain } }
