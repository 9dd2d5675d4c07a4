//! Service standards: what may be promised, and the times that follow from it.

use chrono::{DateTime, TimeDelta, Utc};
use schema::api::{
    interaction::{CaseStandard, NewStandard},
    problem::FieldError,
};

use super::{
    mistake,
    words::check_code,
    working_time::{NoTime, WorkingTime},
};

/// The longest time that is promised: a year of whole days.
const LONGEST: i32 = 525_600;
/// The share of the time after which there is a warning, in per cent, when nothing is said.
pub(crate) const WARNING_PERCENT: i32 = 75;

/// Everything that is wrong with a standard.
pub(crate) fn mistakes(told: &NewStandard) -> Vec<FieldError> {
    let mut found = Vec::new();
    if let Some(topic) = &told.topic {
        check_code("/topic", topic, &mut found);
    }
    if let Some(response) = told.response_minutes
        && !(1..=told.resolution_minutes.max(1)).contains(&response)
    {
        let rule = "a response takes at least a minute, and not longer than the resolution";
        found.push(mistake("/response_minutes", rule));
    }
    if !(1..=LONGEST).contains(&told.resolution_minutes) {
        found.push(mistake("/resolution_minutes", format!("a resolution takes 1 to {LONGEST} minutes")));
    }
    if told.warning_percent.is_some_and(|share| !(1..=99).contains(&share)) {
        found.push(mistake("/warning_percent", "a warning comes after 1 to 99 per cent of the time"));
    }
    found
}

/// Which time of a case runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Clock {
    /// To the first response: the customer hears from us.
    Response,
    /// To the resolution.
    Resolution,
}

/// By when a case is answered and resolved, and when there is a warning of each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Times {
    pub(crate) respond_by: Option<DateTime<Utc>>,
    pub(crate) respond_warn_at: Option<DateTime<Utc>>,
    pub(crate) warn_at: DateTime<Utc>,
    pub(crate) due_at: DateTime<Utc>,
}

/// The times that follow from a standard for a case that came up, or came up again, at `since`.
pub(crate) fn times(
    standard: &CaseStandard,
    calendar: &WorkingTime,
    since: DateTime<Utc>,
) -> Result<Times, NoTime> {
    let after = |minutes: i32| calendar.add(since, minutes.into());
    // Up to the next minute: a warning is never earlier than it says.
    let warning = |minutes: i32| {
        calendar.add(since, (i64::from(minutes) * i64::from(standard.warning_percent) + 99) / 100)
    };
    Ok(Times {
        respond_by: standard.response_minutes.map(after).transpose()?,
        respond_warn_at: standard.response_minutes.map(warning).transpose()?,
        warn_at: warning(standard.resolution_minutes)?,
        due_at: after(standard.resolution_minutes)?,
    })
}

/// When there is a warning for a due time that was given by hand: after the usual share of the plain time.
pub(crate) fn warning(since: DateTime<Utc>, due: DateTime<Utc>) -> DateTime<Utc> {
    let share = (due - since).num_seconds() / 100 * i64::from(WARNING_PERCENT);
    since + TimeDelta::seconds(share)
}

#[cfg(test)]
mod tests {
    use super::*;
    use schema::api::interaction::Severity;

    #[test]
    fn every_mistake_names_its_place() {
        let told = NewStandard {
            topic: Some("No!".into()),
            severity: Severity::Low,
            response_minutes: Some(61),
            resolution_minutes: 60,
            warning_percent: Some(100),
        };
        let places: Vec<String> = mistakes(&told).into_iter().map(|one| one.pointer).collect();
        assert_eq!(places, ["/topic", "/response_minutes", "/warning_percent"]);
        let told = NewStandard {
            topic: None,
            resolution_minutes: 0,
            response_minutes: None,
            warning_percent: None,
            ..told
        };
        assert_eq!(mistakes(&told)[0].pointer, "/resolution_minutes");
    }

    #[test]
    fn the_warning_is_at_its_share() {
        let standard = CaseStandard {
            topic: None,
            response_minutes: Some(30),
            resolution_minutes: 240,
            warning_percent: 75,
            calendar_id: None,
        };
        let since = DateTime::UNIX_EPOCH;
        let times = times(&standard, &WorkingTime::always(), since).expect("always");
        let minutes = |at: DateTime<Utc>| (at - since).num_minutes();
        assert_eq!(times.respond_by.map(minutes), Some(30));
        assert_eq!(times.respond_warn_at.map(minutes), Some(23), "22.5, up to the next minute");
        assert_eq!((minutes(times.warn_at), minutes(times.due_at)), (180, 240));
        assert_eq!(minutes(warning(since, times.due_at)), 180);
    }
}
