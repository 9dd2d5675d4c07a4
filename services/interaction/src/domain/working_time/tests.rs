//! Working time against an oracle that knows nothing but the clock on the wall: it walks over every minute of
//! UTC and asks what that clock shows.

use chrono::Timelike as _;

use super::*;

fn utc(text: &str) -> DateTime<Utc> {
    text.parse().expect("a time")
}

/// Monday to Friday, 9 to 18.
fn office(zone: Tz) -> WorkingTime {
    let day = |number: usize| if number < 5 { vec![Hours { from: 540, to: 1_080 }] } else { Vec::new() };
    WorkingTime::new(zone, std::array::from_fn(day), BTreeMap::new()).expect("in order")
}

/// Row 49: opened Friday 17:30, four working hours, 9 to 18: due Monday 12:30.
#[test]
fn row_49_four_hours_from_friday_evening_end_on_monday() {
    let office = office(Tz::Asia__Shanghai);
    let opened = utc("2026-11-20T17:30:00+08:00");
    assert_eq!(office.add(opened, 240), Ok(utc("2026-11-23T12:30:00+08:00")));
    assert_eq!(office.between(opened, utc("2026-11-23T12:30:00+08:00")), 240);
    assert_eq!(office.between(opened, utc("2026-11-23T09:00:00+08:00")), 30);
    assert_eq!(office.add(utc("2026-11-21T03:00:00+08:00"), 540), Ok(utc("2026-11-23T18:00:00+08:00")));
}

/// A night shift of Berlin is an hour shorter in spring and an hour longer in autumn.
#[test]
fn a_night_is_as_long_as_it_really_is() {
    let night = || vec![Hours { from: 0, to: 360 }];
    let nights = WorkingTime::new(Tz::Europe__Berlin, std::array::from_fn(|_| night()), BTreeMap::new());
    let nights = nights.expect("in order");
    for (day, hours) in [("2026-03-28", 6), ("2026-03-29", 5), ("2026-10-24", 6), ("2026-10-25", 7)] {
        let from = nights.at(day.parse().expect("a date"), NaiveTime::MIN);
        assert_eq!(nights.between(from, from + TimeDelta::hours(12)), hours * 60, "{day}");
        assert_eq!(nights.add(from, hours * 60), Ok(from + TimeDelta::hours(hours)), "{day}");
    }
}

#[test]
fn a_time_that_is_skipped_is_the_next_and_one_that_is_doubled_the_first() {
    let berlin = office(Tz::Europe__Berlin);
    let at = |date: &str| {
        berlin.at(date.parse().expect("a date"), NaiveTime::from_hms_opt(2, 30, 0).expect("a time"))
    };
    assert_eq!(at("2026-03-29"), utc("2026-03-29T03:00:00+02:00"));
    assert_eq!(at("2026-10-25"), utc("2026-10-25T02:30:00+02:00"));
    assert_eq!(at("2026-10-26"), utc("2026-10-26T02:30:00+01:00"));
}

#[test]
fn a_calendar_without_working_time_says_so() {
    let never = WorkingTime::new(Tz::UTC, Default::default(), BTreeMap::new()).expect("in order");
    let refused = never.add(utc("2026-11-20T00:00:00Z"), 1).expect_err("no time");
    assert!(refused.to_string().ends_with("within 1100 days"), "{refused}");
    assert_eq!(never.between(utc("2026-11-20T00:00:00Z"), utc("2027-11-20T00:00:00Z")), 0);
    assert_eq!(never.add(utc("2026-11-20T00:00:00Z"), 0), Ok(utc("2026-11-20T00:00:00Z")));
    assert_eq!(office(Tz::UTC).between(utc("2026-11-20T12:00:00Z"), utc("2026-11-20T11:00:00Z")), 0);
}

/// Zones with daylight saving in both hemispheres, by half an hour, at midnight and a minute after it, with odd
/// offsets, and one that skipped a whole day.
const ZONES: [Tz; 18] = [
    Tz::Europe__Berlin,
    Tz::America__New_York,
    Tz::America__Sao_Paulo,
    Tz::Australia__Lord_Howe,
    Tz::Australia__Adelaide,
    Tz::Australia__Sydney,
    Tz::Pacific__Chatham,
    Tz::Pacific__Apia,
    Tz::America__St_Johns,
    Tz::America__Havana,
    Tz::America__Santiago,
    Tz::Africa__Casablanca,
    Tz::Africa__Cairo,
    Tz::Asia__Tehran,
    Tz::Asia__Beirut,
    Tz::Asia__Kathmandu,
    Tz::Asia__Shanghai,
    Tz::UTC,
];

/// Numbers that look random and are the same every time (splitmix64).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % below
    }

    fn number(&mut self, below: u64) -> i64 {
        i64::try_from(self.roll(below)).expect("small")
    }

    /// No to four spans in order.
    fn spans(&mut self) -> Vec<Hours> {
        let mut edges: Vec<i32> =
            (0..2 * self.roll(5)).map(|_| i32::try_from(self.roll(1_441)).expect("small")).collect();
        edges.sort_unstable();
        edges.chunks(2).filter_map(|edge| Hours::new(edge[0], edge[1])).collect()
    }

    fn calendar(&mut self, zone: Tz, from: DateTime<Utc>) -> WorkingTime {
        let week = std::array::from_fn(|_| self.spans());
        let near = from.date_naive();
        let mut days = BTreeMap::new();
        for _ in 0..self.roll(3) {
            let spans = if self.roll(2) == 0 { Vec::new() } else { self.spans() };
            days.insert(near + TimeDelta::days(self.number(4) - 1), spans);
        }
        WorkingTime::new(zone, week, days).expect("in order")
    }
}

/// Whether each minute from `from` on is working time, by the clock on the wall at its beginning.
fn oracle(calendar: &WorkingTime, from: DateTime<Utc>, minutes: i64) -> Vec<bool> {
    let is_working = |minute: i64| {
        let at = (from + TimeDelta::minutes(minute)).naive_utc();
        let local = calendar.zone.from_utc_datetime(&at).naive_local();
        let shown = i32::try_from(local.num_seconds_from_midnight() / 60).expect("small");
        let weekday = local.weekday().num_days_from_monday() as usize;
        let spans = calendar.days.get(&local.date()).unwrap_or(&calendar.week[weekday]);
        spans.iter().any(|span| span.from <= shown && shown < span.to)
    };
    (0..minutes).map(is_working).collect()
}

/// A minute of 2009 to 2029, in two of three cases within a day before a change of the clock.
fn begin(dice: &mut Dice, zone: Tz) -> DateTime<Utc> {
    let any = utc("2009-01-01T00:00:00Z") + TimeDelta::minutes(dice.number(20 * 365 * 1_440));
    let offset = |at: DateTime<Utc>| zone.offset_from_utc_datetime(&at.naive_utc()).fix().local_minus_utc();
    if dice.roll(3) == 0 {
        return any;
    }
    let change = (0..400).map(|day| any + TimeDelta::days(day)).find(|day| offset(*day) != offset(any));
    change.map_or(any, |day| day - TimeDelta::minutes(dice.number(1_800)))
}

#[test]
fn ten_thousand_calendars_agree_with_the_clock_on_the_wall() {
    let mut dice = Dice(49);
    let (mut added, mut refused, mut changes) = (0, 0, 0);
    for number in 0..10_000_u64 {
        let zone = ZONES[dice.roll(ZONES.len() as u64) as usize];
        let from = begin(&mut dice, zone);
        let calendar = dice.calendar(zone, from);
        // Mostly a day, so that it takes seconds; now and then longer than a week.
        let days: u32 = if number % 250 == 0 { 9 } else { 1 };
        let horizon = i64::from(days) * 1_440;
        let working = oracle(&calendar, from, horizon);
        let until = from + TimeDelta::minutes(horizon);
        changes += i32::from(calendar.offset(from) != calendar.offset(until));
        let what = || format!("calendar {number}: {from} {calendar:?}");

        let mut counted = vec![0_i64];
        for is_working in &working {
            counted.push(counted[counted.len() - 1] + i64::from(*is_working));
        }
        let sum = counted[counted.len() - 1];
        assert_eq!(calendar.between(from, until), sum, "{}", what());
        for _ in 0..3 {
            let (one, other) = (dice.number(horizon as u64 + 1), dice.number(horizon as u64 + 1));
            let (first, last) = (one.min(other), one.max(other));
            let found = calendar.between(from + TimeDelta::minutes(first), from + TimeDelta::minutes(last));
            assert_eq!(found, counted[last as usize] - counted[first as usize], "{first} {last} {}", what());

            let wanted = 1 + dice.number(1_440);
            // The end of the minute in which the last wanted one is over.
            let due = counted.iter().position(|count| *count == wanted);
            let due = due.map(|minute| from + TimeDelta::minutes(i64::try_from(minute).expect("small")));
            assert_eq!(calendar.add_within(from, wanted, days).ok(), due, "{wanted} {}", what());
            if due.is_some() { added += 1 } else { refused += 1 }
        }
    }
    assert!(added > 5_000 && refused > 2_000 && changes > 2_000, "{added} {refused} {changes}");
}
