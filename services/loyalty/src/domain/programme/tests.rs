//! Versions by business time, and what each earns.

use schema::value::{Currency, Milli, Minor};
use uuid::Uuid;

use super::*;

pub(crate) fn version(number: i32, valid_from: DateTime<Utc>, terms: ProgrammeTerms) -> Version {
    let shown = ProgrammeVersion { version: number, valid_from, terms, created_at: Some(valid_from) };
    Version { shown, units: Units::new() }
}

pub(crate) fn standard() -> ProgrammeTerms {
    Version::built_in().shown.terms
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().expect("a time")
}

fn rule(code: &str) -> BonusRule {
    BonusRule {
        code: code.to_owned(),
        sku_prefix: None,
        org_unit_id: None,
        min_total_minor: None,
        multiplier_millionths: None,
        points: None,
    }
}

fn purchase(lines: &[(&str, i64)]) -> PurchaseRecorded {
    let line = |(number, (sku, amount)): (i32, &(&str, i64))| Line {
        line_no: number,
        sku: (*sku).to_owned(),
        quantity_milli: Milli::new(1_000),
        amount_minor: Minor::new(*amount),
    };
    PurchaseRecorded {
        purchase_id: Uuid::from_u128(1).into(),
        customer_id: Uuid::from_u128(2).into(),
        org_unit_id: Uuid::from_u128(3).into(),
        staff_id: None,
        occurred_at: at("2026-01-01T00:00:00Z"),
        currency: Currency::try_from("CNY".to_owned()).expect("a currency"),
        total_minor: Minor::new(lines.iter().map(|(_, amount)| amount).sum()),
        lines: (1..).zip(lines).map(line).collect(),
    }
}

#[test]
fn the_version_is_that_of_the_time() {
    let created = vec![
        version(3, at("2026-06-01T00:00:00Z"), standard()),
        version(2, at("2026-03-01T00:00:00Z"), standard()),
    ];
    let programme = Programme::of(created);
    let number = |text| programme.at(at(text)).number();
    assert_eq!(number("1900-01-01T00:00:00Z"), 1);
    assert_eq!(number("2026-02-28T23:59:59.999999Z"), 1);
    assert_eq!(number("2026-03-01T00:00:00Z"), 2);
    assert_eq!(number("2026-06-01T00:00:00Z"), 3);
    assert_eq!(programme.changes_after(at("2026-03-01T00:00:00Z")), Some(at("2026-06-01T00:00:00Z")));
    assert_eq!(programme.changes_after(at("2026-06-01T00:00:00Z")), None);
    assert_eq!(programme.each().map(Version::number).collect::<Vec<_>>(), [1, 2, 3]);
    assert_eq!(programme.numbered(2).map(|one| one.shown.valid_from), Some(at("2026-03-01T00:00:00Z")));
}

#[test]
fn what_is_built_in_earns_a_point_for_each_unit() {
    let built_in = Version::built_in();
    let whole = PurchaseRecorded { lines: Vec::new(), ..purchase(&[("rice", 12_345)]) };
    for one in [whole, purchase(&[("rice", 12_000), ("oil", 345)])] {
        assert_eq!(built_in.earning(&one), Earning { millionths: 123_450_000, rules: Vec::new() });
    }
    assert_eq!(built_in.earning(&purchase(&[("rice", -5)])).millionths, 0);
    assert_eq!(built_in.earning(&purchase(&[("rice", i64::MAX)])).millionths, i64::MAX);
    assert_eq!(built_in.life(at("2026-01-31T00:00:00Z")), (None, None));
}

#[test]
fn the_highest_multiplier_counts_and_points_add_up() {
    let mut terms = standard();
    let unit = OrgUnitId::from(Uuid::from_u128(3));
    terms.bonus_rules = vec![
        BonusRule {
            sku_prefix: Some("ri".into()),
            multiplier_millionths: Some(2 * MILLION),
            ..rule("double")
        },
        BonusRule {
            sku_prefix: Some("rice".into()),
            multiplier_millionths: Some(3 * MILLION),
            ..rule("triple")
        },
        BonusRule {
            min_total_minor: Some(Minor::new(20_000)),
            points: Some(Points::new(50)),
            ..rule("large")
        },
        BonusRule { org_unit_id: Some(unit), points: Some(Points::new(7)), ..rule("here") },
        BonusRule { org_unit_id: Some(unit), points: Some(Points::new(9)), ..rule("there") },
    ];
    let mut version = version(2, at("2026-01-01T00:00:00Z"), terms);
    version.units.insert("here".to_owned(), BTreeSet::from([unit]));
    version.units.insert("there".to_owned(), BTreeSet::new());
    // 100.00 at three times, 50.00 at once, and 7 for the unit.
    let small = version.earning(&purchase(&[("rice", 10_000), ("oil", 5_000)]));
    assert_eq!(small.millionths, (300 + 50 + 7) * MILLION);
    assert_eq!(small.rules, ["here", "triple"]);
    let large = version.earning(&purchase(&[("rind", 10_000), ("oil", 10_000)]));
    assert_eq!(large.millionths, (200 + 100 + 50 + 7) * MILLION);
    assert_eq!(large.rules, ["double", "here", "large"]);
}

#[test]
fn points_live_whole_months() {
    let mut terms = standard();
    terms.lot_months = Some(1);
    terms.notice_days = Some(7);
    let lived = version(2, at("2026-01-01T00:00:00Z"), terms.clone());
    let expected = (Some(at("2026-02-28T12:00:00Z")), Some(at("2026-02-21T12:00:00Z")));
    assert_eq!(lived.life(at("2026-01-31T12:00:00Z")), expected);
    // A notice is not before the points.
    terms.notice_days = Some(365);
    let lived = version(2, at("2026-01-01T00:00:00Z"), terms);
    assert_eq!(lived.life(at("2026-01-31T12:00:00Z")).1, Some(at("2026-01-31T12:00:00Z")));
}
