//! What conditions mean, and which are refused with which place. That statements mean the same is tested on
//! both databases, from outside.

use std::collections::{BTreeMap, BTreeSet};

use schema::api::{customer::AttributeType, loyalty::Condition};
use serde_json::{Value, json};
use uuid::Uuid;

use super::*;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().expect("a time")
}

fn now() -> DateTime<Utc> {
    at("2026-11-21T12:00:00Z")
}

/// 2026-11-21.
const TODAY: i64 = 20_778;

fn condition(value: Value) -> Condition {
    serde_json::from_value(value).expect("a condition")
}

fn id<T: From<Uuid>>(number: u128) -> T {
    Uuid::from_u128(number).into()
}

fn text(number: u128) -> String {
    Uuid::from_u128(number).to_string()
}

fn known() -> Known {
    let attributes = [
        ("household_size", AttributeType::Integer),
        ("weight", AttributeType::Decimal),
        ("newsletter", AttributeType::Boolean),
        ("moved_in", AttributeType::Date),
        ("rice", AttributeType::Code),
    ];
    Known {
        attributes: attributes.into_iter().map(|(code, kind)| (code.to_owned(), kind)).collect(),
        units: [(id(1), Some("/hq/north/".to_owned())), (id(2), None)].into(),
        segments: BTreeMap::new(),
        lists: [id(5)].into(),
    }
}

fn planned(value: Value) -> Plan {
    plan(&condition(value), "", None, &known(), now()).expect("a good condition")
}

/// The places that are wrong.
fn wrong(value: Value) -> Vec<String> {
    let wrong = plan(&condition(value), "/condition", None, &known(), now()).expect_err("a bad condition");
    wrong.into_iter().map(|one| one.pointer).collect()
}

fn nobody() -> Facts {
    Facts {
        kind: CustomerKind::Consumer,
        status: CustomerStatus::Active,
        home_path: None,
        tier: Tier::Basic,
        last_purchase: None,
        purchases: 0,
        turnover: BTreeMap::new(),
        rfm: [None; 3],
        scores: [None; 3],
        attributes: BTreeMap::new(),
        consents: BTreeMap::new(),
        lists: BTreeSet::new(),
        days: Default::default(),
    }
}

#[test]
fn what_is_not_known_is_false_and_none_of_it_is_true() {
    let about_something_missing = [
        json!({ "recency_days": { "at_most": 40_000 } }),
        json!({ "recency_days": { "at_least": 0 } }),
        json!({ "money": { "currency": "CNY", "at_most_minor": 0 } }),
        json!({ "rfm": { "recency": { "at_least": 1 } } }),
        json!({ "last_score": { "instrument": "nps", "at_least": 0 } }),
        json!({ "attribute": { "attribute": "rice", "op": "is_not", "value": { "code": "jasmine" } } }),
        json!({ "attribute": { "attribute": "rice", "op": "is_known" } }),
        json!({ "consent": { "purpose": "marketing", "channel": "sms" } }),
        json!({ "unit": text(1) }),
        json!({ "list": text(5) }),
    ];
    for value in about_something_missing {
        assert!(!planned(value.clone()).holds(&nobody()), "{value}");
        assert!(planned(json!({ "none": [value.clone()] })).holds(&nobody()), "none of {value}");
        let seen = planned(value.clone()).explain(&nobody());
        assert!(seen[0].found.is_none() || seen[0].found.as_deref() == Some("not on the list"), "{value}");
    }
    // Numbers that nobody lacks: 0 is a number.
    assert!(planned(json!({ "frequency": { "at_most": 0 } })).holds(&nobody()));
    let count = json!({ "count": { "of": "contacts", "days": 90, "at_most": 0 } });
    assert!(planned(count).holds(&nobody()));
}

#[test]
fn ends_are_included() {
    let buyer = |day| Facts { last_purchase: Some(day), purchases: 1, ..nobody() };
    let lately = planned(json!({ "recency_days": { "at_most": 30 } }));
    assert!(lately.holds(&buyer(TODAY)) && lately.holds(&buyer(TODAY - 30)));
    assert!(!lately.holds(&buyer(TODAY - 31)));
    let lapsed = planned(json!({ "recency_days": { "at_least": 90 } }));
    assert!(lapsed.holds(&buyer(TODAY - 90)) && !lapsed.holds(&buyer(TODAY - 89)));

    let mut caller = nobody();
    caller.days[1] = [(TODAY, 1), (TODAY - 6, 2), (TODAY - 7, 4)].into();
    let week = |least: i64| {
        planned(json!({ "count": { "of": "contacts", "days": 7, "at_least": least, "at_most": least } }))
    };
    assert!(week(3).holds(&caller), "the day itself is the last of the seven");
    let day = planned(json!({ "count": { "of": "contacts", "days": 1, "at_least": 1 } }));
    assert!(day.holds(&caller));
}

#[test]
fn a_consent_holds_until_its_end() {
    let consent = json!({ "consent": { "purpose": "marketing", "channel": "sms" } });
    let said = |status, until: Option<&str>| {
        let key = (ConsentPurpose::Marketing, Channel::Sms);
        Facts { consents: [(key, (status, until.map(at)))].into(), ..nobody() }
    };
    use schema::api::customer::ConsentStatus::{Denied, Granted, Withdrawn};
    let holds = |facts: Facts| planned(consent.clone()).holds(&facts);
    assert!(holds(said(Granted, None)));
    assert!(holds(said(Granted, Some("2026-11-21T12:00:00.000001Z"))));
    assert!(!holds(said(Granted, Some("2026-11-21T12:00:00Z"))));
    assert!(!holds(said(Denied, None)) && !holds(said(Withdrawn, None)));
}

#[test]
fn a_tier_at_least_is_that_or_higher() {
    let tier = |tier| Facts { tier, ..nobody() };
    let gold = planned(json!({ "tier": { "at_least": "gold" } }));
    let holds = [Tier::Basic, Tier::Silver, Tier::Gold, Tier::Platinum].map(|one| gold.holds(&tier(one)));
    assert_eq!(holds, [false, false, true, true]);
    assert!(!planned(json!({ "tier": { "is": "gold" } })).holds(&tier(Tier::Platinum)));
}

#[test]
fn every_mistake_is_named_with_its_place() {
    let value = json!({ "all": [
        { "tier": {} },
        { "recency_days": { "at_least": 5, "at_most": 4 } },
        { "any": [
            { "attribute": { "attribute": "shoe_size", "op": "is", "value": { "integer": 42 } } },
            { "attribute": { "attribute": "household_size", "op": "is", "value": { "code": "five" } } },
            { "attribute": { "attribute": "rice", "op": "at_least", "value": { "code": "jasmine" } } },
            { "attribute": { "attribute": "rice", "op": "is_known", "value": { "code": "jasmine" } } },
            { "attribute": { "attribute": "newsletter", "op": "at_most", "value": { "boolean": true } } },
        ] },
        { "none": [] },
        { "kind": [] },
        { "rfm": { "money": { "at_least": 6 } } },
        { "rfm": {} },
        { "count": { "of": "answers", "days": 0, "at_least": 1 } },
        { "money": { "currency": "CNY" } },
        { "last_score": { "instrument": "csat", "at_most": 10 } },
        { "unit": text(9) },
        { "segment": text(9) },
        { "list": text(9) },
    ] });
    let expected = [
        "/condition/all/0/tier",
        "/condition/all/1/recency_days/at_most",
        "/condition/all/2/any/0/attribute/attribute",
        "/condition/all/2/any/1/attribute/value",
        "/condition/all/2/any/2/attribute/op",
        "/condition/all/2/any/3/attribute/value",
        "/condition/all/2/any/4/attribute/op",
        "/condition/all/3/none",
        "/condition/all/4/kind",
        "/condition/all/5/rfm/money/at_least",
        "/condition/all/6/rfm",
        "/condition/all/7/count/days",
        "/condition/all/8/money",
        "/condition/all/9/last_score/at_most",
        "/condition/all/10/unit",
        "/condition/all/11/segment",
        "/condition/all/12/list",
    ];
    assert_eq!(wrong(value), expected);
}

#[test]
fn a_tree_is_bounded() {
    let leaf = || json!({ "frequency": { "at_least": 1 } });
    let deep = |levels: usize| (1..levels).fold(leaf(), |inner, _| json!({ "all": [inner] }));
    planned(deep(10));
    assert_eq!(wrong(deep(11)), [format!("/condition{}", "/all/0".repeat(10))]);
    let wide = |leaves: usize| json!({ "any": vec![leaf(); leaves] });
    planned(wide(99));
    assert_eq!(wrong(wide(100)), ["/condition"]);
}

fn with_segments(segments: &[(u128, Value)]) -> Known {
    let entry = |(number, value): &(u128, Value)| {
        let segment = KnownSegment { code: format!("s{number}"), condition: condition(value.clone()) };
        (id(*number), segment)
    };
    Known { segments: segments.iter().map(entry).collect(), ..known() }
}

#[test]
fn a_segment_stands_for_its_condition_and_does_not_come_back_to_itself() {
    let known = with_segments(&[
        (20, json!({ "frequency": { "at_least": 2 } })),
        (21, json!({ "none": [{ "segment": text(20) }] })),
    ]);
    let refers = condition(json!({ "all": [{ "segment": text(21) }] }));
    let plan_ = plan(&refers, "", None, &known, now()).expect("a good condition");
    let buyer = |purchases| Facts { purchases, ..nobody() };
    assert!(plan_.holds(&buyer(1)) && !plan_.holds(&buyer(2)));
    let pointers: Vec<String> = plan_.explain(&buyer(1)).into_iter().map(|seen| seen.pointer).collect();
    let inside = "/all/0/segment/none/0";
    assert_eq!(pointers, ["", "/all/0", "/all/0/segment", inside, &format!("{inside}/segment")]);

    // Were 20 changed to refer to 21, it would come back to itself: at whichever of the two one looks.
    let circle = with_segments(&[
        (20, json!({ "segment": text(21) })),
        (21, json!({ "none": [{ "segment": text(20) }] })),
    ]);
    for (own, other) in [(20, 21), (21, 20)] {
        let refers = condition(json!({ "any": [{ "segment": text(other) }] }));
        let wrong = plan(&refers, "/condition", Some(id(own)), &circle, now()).expect_err("a circle");
        assert_eq!(wrong[0].pointer, "/condition/any/0/segment");
        assert!(wrong[0].detail.contains("refer to itself"), "{}", wrong[0].detail);
    }
    let itself = condition(json!({ "segment": text(20) }));
    assert!(plan(&itself, "", Some(id(20)), &known, now()).is_err());
}

#[test]
fn what_segments_refer_to_is_bounded_together() {
    let many = json!({ "any": vec![json!({ "frequency": { "at_least": 1 } }); 90] });
    let known =
        with_segments(&[(20, many), (21, json!({ "any": vec![json!({ "segment": text(20) }); 10] }))]);
    let ok = condition(json!({ "segment": text(21) }));
    assert!(plan(&ok, "", None, &known, now()).is_ok(), "930 conditions");
    let much = condition(json!({ "any": [{ "segment": text(21) }, { "segment": text(20) }] }));
    assert!(plan(&much, "", None, &known, now()).is_err(), "more than 1,000");

    let chain: Vec<(u128, Value)> = (20..26)
        .map(|number| {
            let next = json!({ "segment": text(number + 1) });
            (number, if number == 25 { json!({ "frequency": { "at_least": 1 } }) } else { next })
        })
        .collect();
    let known = with_segments(&chain);
    let refers = |number| condition(json!({ "segment": text(number) }));
    assert!(plan(&refers(21), "", None, &known, now()).is_ok(), "five deep");
    assert!(plan(&refers(20), "", None, &known, now()).is_err(), "six deep");
}

#[test]
fn an_explanation_says_what_was_found() {
    let value = json!({ "all": [
        { "tier": { "at_least": "gold" } },
        { "recency_days": { "at_least": 30 } },
        { "count": { "of": "complaints", "days": 2, "at_least": 1 } },
        { "attribute": { "attribute": "household_size", "op": "at_least", "value": { "integer": 3 } } },
    ] });
    let facts = Facts {
        tier: Tier::Gold,
        last_purchase: Some(TODAY - 29),
        attributes: [("household_size".to_owned(), Held::Number(5))].into(),
        ..nobody()
    };
    let seen = planned(value).explain(&facts);
    let told: Vec<(&str, bool, Option<&str>)> =
        seen.iter().map(|one| (one.pointer.as_str(), one.holds, one.found.as_deref())).collect();
    assert_eq!(
        told,
        [
            ("", false, None),
            ("/all/0", true, Some("gold")),
            ("/all/1", false, Some("last purchase on 2026-10-23")),
            ("/all/2", false, Some("0 complaints from 2026-11-20 to 2026-11-21")),
            ("/all/3", true, Some("5")),
        ]
    );
    assert_eq!(seen.iter().filter(|one| one.of_attribute).count(), 1);
}
