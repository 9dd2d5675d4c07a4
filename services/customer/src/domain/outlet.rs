//! What the outlet register may say of a unit, in the one form in which it is kept.

use std::str::FromStr as _;

use phonenumber::country;
use schema::api::customer::{OpeningSpan, UnitAddress, UnitCoordinates, UnitDetails};

use super::{code, person::Mistakes, place};

/// The most spans of one day.
const SPANS_A_DAY: usize = 4;
/// The most services of one unit.
const MOST_SERVICES: usize = 50;
/// The minutes of a day.
const DAY: i32 = 1_440;

/// The details as they are kept: without blanks around texts, spans and services in order.
pub(crate) fn details(given: &UnitDetails, mistakes: &mut Mistakes) -> UnitDetails {
    if let Some(zone) = &given.time_zone
        && chrono_tz::Tz::from_str(zone).is_err()
    {
        mistakes.add(
            "/details/time_zone",
            "a time zone is named as the IANA database does, for example Asia/Shanghai",
        );
    }
    if let Some(at) = given.coordinates {
        coordinates(at, "/details/coordinates", mistakes);
    }
    UnitDetails {
        address: given.address.as_ref().map(|address| postal(address, mistakes)),
        opening_spans: opening(&given.opening_spans, mistakes),
        time_zone: given.time_zone.clone(),
        coordinates: given.coordinates,
        services: services(&given.services, mistakes),
    }
}

/// Checks a place.
pub(crate) fn coordinates(at: UnitCoordinates, pointer: &str, mistakes: &mut Mistakes) {
    if !(-place::LATITUDE_MOST..=place::LATITUDE_MOST).contains(&at.latitude_micro) {
        mistakes.add(
            format!("{pointer}/latitude_micro"),
            "a latitude is -90,000,000 to 90,000,000 millionths of a degree",
        );
    }
    if !(-place::LONGITUDE_MOST..=place::LONGITUDE_MOST).contains(&at.longitude_micro) {
        mistakes.add(
            format!("{pointer}/longitude_micro"),
            "a longitude is -180,000,000 to 180,000,000 millionths of a degree",
        );
    }
}

fn postal(given: &UnitAddress, mistakes: &mut Mistakes) -> UnitAddress {
    let mut text = |text: &str, field: &str, most: usize| {
        let text = text.trim();
        if !(1..=most).contains(&text.chars().count()) {
            mistakes.add(format!("/details/address/{field}"), format!("give 1 to {most} characters"));
        }
        text.to_owned()
    };
    let line = text(&given.line, "line", 200);
    let city = text(&given.city, "city", 100);
    let region = given.region.as_deref().map(|region| text(region, "region", 100));
    let postal_code = given.postal_code.as_deref().map(str::trim);
    if postal_code.is_some_and(|code| {
        !(1..=12).contains(&code.len())
            || !code.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b' ' || b == b'-')
    }) {
        mistakes
            .add("/details/address/postal_code", "a postal code is 1 to 12 of A-Z, 0-9, blank and hyphen");
    }
    let is_code = given.country.len() == 2 && given.country.bytes().all(|b| b.is_ascii_uppercase());
    if !is_code || country::Id::from_str(&given.country).is_err() {
        mistakes.add(
            "/details/address/country",
            "a country is an ISO 3166-1 code of two letters, for example CN",
        );
    }
    UnitAddress {
        line,
        city,
        region,
        postal_code: postal_code.map(str::to_owned),
        country: given.country.clone(),
    }
}

fn opening(given: &[OpeningSpan], mistakes: &mut Mistakes) -> Vec<OpeningSpan> {
    if given.len() > 7 * SPANS_A_DAY {
        mistakes.add("/details/opening_spans", format!("at most {SPANS_A_DAY} spans a day"));
        return Vec::new();
    }
    for (at, span) in given.iter().enumerate() {
        let pointer = |field: &str| format!("/details/opening_spans/{at}/{field}");
        if !(1..=7).contains(&span.weekday) {
            mistakes.add(pointer("weekday"), "a weekday is 1, Monday, to 7, Sunday");
        }
        if !(0..DAY).contains(&span.from_minute) {
            mistakes.add(pointer("from_minute"), "a span begins at minute 0 to 1,439 of the day");
        }
        if span.until_minute > DAY || span.until_minute <= span.from_minute {
            mistakes.add(
                pointer("until_minute"),
                "a span ends after it begins, at minute 1,440 at the latest; over midnight give two spans",
            );
        }
    }
    let mut order: Vec<(usize, OpeningSpan)> = given.iter().copied().enumerate().collect();
    order.sort_by_key(|(_, span)| (span.weekday, span.from_minute, span.until_minute));
    for pair in order.windows(2) {
        if let [(_, one), (at, next)] = pair
            && one.weekday == next.weekday
            && next.from_minute < one.until_minute
        {
            mistakes.add(format!("/details/opening_spans/{at}"), "it overlaps another span of the day");
        }
    }
    let of_day = |day: i32| given.iter().filter(|span| span.weekday == day).count();
    for day in (1..=7).filter(|day| of_day(*day) > SPANS_A_DAY) {
        mistakes
            .add("/details/opening_spans", format!("at most {SPANS_A_DAY} spans a day; day {day} has more"));
    }
    order.into_iter().map(|(_, span)| span).collect()
}

fn services(given: &[String], mistakes: &mut Mistakes) -> Vec<String> {
    if given.len() > MOST_SERVICES {
        mistakes.add("/details/services", format!("at most {MOST_SERVICES} services"));
        return Vec::new();
    }
    for (at, service) in given.iter().enumerate() {
        if !code::is_code(service) {
            mistakes.add(format!("/details/services/{at}"), code::RULE);
        }
    }
    let mut all = given.to_vec();
    all.sort_unstable();
    all.dedup();
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(weekday: i32, from_minute: i32, until_minute: i32) -> OpeningSpan {
        OpeningSpan { weekday, from_minute, until_minute }
    }

    fn pointers(given: &UnitDetails) -> Vec<String> {
        let mut mistakes = Mistakes::default();
        details(given, &mut mistakes);
        let problem = mistakes.none_or_problem();
        problem
            .err()
            .map(|one| one.errors.into_iter().map(|error| error.pointer).collect())
            .unwrap_or_default()
    }

    #[test]
    fn a_day_is_split_and_kept_in_order() {
        let given = UnitDetails {
            opening_spans: vec![span(2, 0, 1_440), span(1, 780, 1_080), span(1, 540, 720)],
            services: vec!["repair".to_owned(), "delivery".to_owned(), "repair".to_owned()],
            time_zone: Some("Asia/Shanghai".to_owned()),
            ..UnitDetails::default()
        };
        let mut mistakes = Mistakes::default();
        let kept = details(&given, &mut mistakes);
        assert!(mistakes.none_or_problem().is_ok());
        assert_eq!(kept.opening_spans, [span(1, 540, 720), span(1, 780, 1_080), span(2, 0, 1_440)]);
        assert_eq!(kept.services, ["delivery", "repair"]);
    }

    #[test]
    fn each_mistake_names_its_place() {
        let address = UnitAddress {
            line: " ".to_owned(),
            city: "上海".to_owned(),
            region: None,
            postal_code: Some("2000_0".to_owned()),
            country: "XX".to_owned(),
        };
        let given = UnitDetails {
            address: Some(address),
            opening_spans: vec![span(1, 540, 720), span(1, 719, 800), span(8, -1, 1_441)],
            time_zone: Some("Shanghai".to_owned()),
            coordinates: Some(UnitCoordinates { latitude_micro: 90_000_001, longitude_micro: -180_000_001 }),
            services: vec!["Repair".to_owned()],
        };
        assert_eq!(
            pointers(&given),
            [
                "/details/time_zone",
                "/details/coordinates/latitude_micro",
                "/details/coordinates/longitude_micro",
                "/details/address/line",
                "/details/address/postal_code",
                "/details/address/country",
                "/details/opening_spans/2/weekday",
                "/details/opening_spans/2/from_minute",
                "/details/opening_spans/2/until_minute",
                "/details/opening_spans/1",
                "/details/services/0",
            ]
        );
        let five = (0..5).map(|n| span(3, n * 60, n * 60 + 30)).collect();
        let given = UnitDetails { opening_spans: five, ..UnitDetails::default() };
        assert_eq!(pointers(&given), ["/details/opening_spans"]);
    }
}
