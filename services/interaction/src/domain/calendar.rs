//! A calendar as it is told: what is wrong with it, and the working time that it stands for.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use chrono_tz::Tz;
use schema::api::{
    interaction::{Calendar, NewCalendar, Span, SpecialDay, Weekday, WeekdayHours},
    problem::FieldError,
};

use super::{
    mistake,
    words::check_code,
    working_time::{DAY, Hours, MOST_SPANS, WorkingTime},
};

/// The most holidays, and the most special days.
const MOST_DAYS: usize = 500;

/// Everything that is wrong with a calendar.
pub(crate) fn mistakes(told: &NewCalendar) -> Vec<FieldError> {
    let mut found = Vec::new();
    check_code("/code", &told.code, &mut found);
    if told.time_zone.parse::<Tz>().is_err() {
        found.push(mistake("/time_zone", "a time zone has an IANA name, for example Asia/Shanghai"));
    }
    check_week(&told.week, &mut found);
    check_days(&told.holidays, &told.special_days, &mut found);
    found
}

fn check_week(week: &[WeekdayHours], found: &mut Vec<FieldError>) {
    let mut seen = BTreeSet::new();
    for (position, day) in week.iter().enumerate() {
        if !seen.insert(day.weekday) {
            found.push(mistake(format!("/week/{position}/weekday"), "each day of the week at most once"));
        }
        check_spans(&format!("/week/{position}/spans"), &day.spans, found);
    }
}

fn check_days(holidays: &[NaiveDate], special: &[SpecialDay], found: &mut Vec<FieldError>) {
    for (pointer, days) in [("/holidays", holidays.len()), ("/special_days", special.len())] {
        if days > MOST_DAYS {
            found.push(mistake(pointer, format!("at most {MOST_DAYS} days")));
        }
    }
    let mut seen = BTreeSet::new();
    let named = holidays.iter().enumerate().map(|(position, date)| (format!("/holidays/{position}"), date));
    let others = special.iter().enumerate();
    let others = others.map(|(position, day)| (format!("/special_days/{position}/date"), &day.date));
    for (pointer, date) in named.chain(others) {
        if !seen.insert(*date) {
            found.push(mistake(pointer, "each day at most once, as a holiday or as a special day"));
        }
    }
    for (position, day) in special.iter().enumerate() {
        check_spans(&format!("/special_days/{position}/spans"), &day.spans, found);
    }
}

fn check_spans(pointer: &str, spans: &[Span], found: &mut Vec<FieldError>) {
    if !(1..=MOST_SPANS).contains(&spans.len()) {
        found.push(mistake(pointer, format!("a day has 1 to {MOST_SPANS} spans; leave a free day out")));
    }
    let mut over = 0;
    for (position, span) in spans.iter().enumerate() {
        if Hours::new(span.from_minute, span.to_minute).is_none() {
            let rule = format!("a span begins at minute 0 or later, and ends after that, by {DAY}");
            found.push(mistake(format!("{pointer}/{position}"), rule));
        } else if span.from_minute < over {
            let rule = "spans are in order and do not overlap";
            found.push(mistake(format!("{pointer}/{position}"), rule));
        }
        over = over.max(span.to_minute);
    }
}

/// The working time that a calendar stands for; none when the calendar is not right.
pub(crate) fn working_time(calendar: &Calendar) -> Option<WorkingTime> {
    let zone: Tz = calendar.time_zone.parse().ok()?;
    let hours = |spans: &[Span]| -> Option<Vec<Hours>> {
        spans.iter().map(|span| Hours::new(span.from_minute, span.to_minute)).collect()
    };
    let mut week: [Vec<Hours>; 7] = Default::default();
    for day in &calendar.week {
        week[place(day.weekday)] = hours(&day.spans)?;
    }
    let mut days: BTreeMap<NaiveDate, Vec<Hours>> =
        calendar.holidays.iter().map(|date| (*date, Vec::new())).collect();
    for day in &calendar.special_days {
        days.insert(day.date, hours(&day.spans)?);
    }
    WorkingTime::new(zone, week, days)
}

/// From Monday.
const fn place(day: Weekday) -> usize {
    match day {
        Weekday::Monday => 0,
        Weekday::Tuesday => 1,
        Weekday::Wednesday => 2,
        Weekday::Thursday => 3,
        Weekday::Friday => 4,
        Weekday::Saturday => 5,
        Weekday::Sunday => 6,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told() -> NewCalendar {
        let spans = vec![Span { from_minute: 540, to_minute: 1_080 }];
        NewCalendar {
            code: "shop".into(),
            time_zone: "Asia/Shanghai".into(),
            week: vec![WeekdayHours { weekday: Weekday::Monday, spans }],
            holidays: Vec::new(),
            special_days: Vec::new(),
        }
    }

    fn places(told: &NewCalendar) -> Vec<String> {
        mistakes(told).into_iter().map(|one| one.pointer).collect()
    }

    #[test]
    fn every_mistake_names_its_place() {
        assert!(places(&told()).is_empty());
        let span = |from_minute, to_minute| Span { from_minute, to_minute };
        let mut wrong = told();
        wrong.code = "Shop".into();
        wrong.time_zone = "China".into();
        let spans = vec![span(0, 60), span(30, 90), span(90, 80), span(-1, 5)];
        wrong.week.push(WeekdayHours { weekday: Weekday::Monday, spans });
        wrong.week.push(WeekdayHours { weekday: Weekday::Tuesday, spans: Vec::new() });
        let date = NaiveDate::default();
        wrong.holidays = vec![date];
        wrong.special_days = vec![SpecialDay { date, spans: vec![span(0, 1_441)] }];
        let expected = [
            "/code",
            "/time_zone",
            "/week/1/weekday",
            "/week/1/spans/1",
            "/week/1/spans/2",
            "/week/1/spans/3",
            "/week/2/spans",
            "/special_days/0/date",
            "/special_days/0/spans/0",
        ];
        assert_eq!(places(&wrong), expected);
    }
}
