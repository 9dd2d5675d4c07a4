//! The programme: versions by business time, what each earns and why, and tiers that are reviewed at the end of
//! a period.

use std::time::Duration;

use chrono::{DateTime, Utc};
use kit::{clock, inbox::Delivery};
use schema::{
    access::Role,
    api::{
        Nothing,
        customer::CustomerPath,
        loyalty::{
            BonusRule, CreateProgrammeVersion, Downgrade, GetProgrammeVersion, ListPointsEntries,
            ListProgrammeVersions, ListTierChanges, NewProgrammeVersion, PointsEntry, PointsEntryKind,
            PointsQuery, ProgrammeTerms, ProgrammeVersionPath, ProgrammeVersionsQuery, Rounding, Tier,
            TierChangeCause, TierChangesQuery, TierMultipliers, TierThresholds, WhyCode,
        },
        problem::Code,
    },
    event::{
        PurchaseRecorded, PurchaseReturned, TierChanged,
        interaction::{Line, PurchaseReturned as Return},
    },
    ids::{CustomerId, PurchaseId},
    value::{Milli, Minor, Points},
};
use testkit::{Place, eventually};
use uuid::Uuid;

use crate::{
    commands::problem,
    on_both,
    points::{NONE, NORTH, SOUTH, Stage, figures, purchase},
};

const SOON: Duration = Duration::from_secs(20);

fn at(text: &str) -> DateTime<Utc> {
    text.parse().expect("a time")
}

/// Tiers from 100, 300 and 900 points that earn one and a half, two and three times; periods of a year, after
/// which a tier falls by one at most.
pub(crate) fn terms() -> ProgrammeTerms {
    ProgrammeTerms {
        rate_millionths: 10_000,
        rounding: Rounding::Down,
        multipliers: TierMultipliers {
            basic_millionths: 1_000_000,
            silver_millionths: 1_500_000,
            gold_millionths: 2_000_000,
            platinum_millionths: 3_000_000,
        },
        bonus_rules: Vec::new(),
        thresholds: TierThresholds {
            silver: Points::new(100),
            gold: Points::new(300),
            platinum: Points::new(900),
        },
        tier_period_months: Some(12),
        downgrade: Downgrade::OneTier,
        lot_months: None,
        notice_days: None,
    }
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

pub(crate) async fn create(stage: &Stage, valid_from: &str, terms: ProgrammeTerms) -> i32 {
    let new = NewProgrammeVersion { valid_from: at(valid_from), terms };
    let admin = stage.person(Role::Admin, "hq");
    stage.call::<CreateProgrammeVersion>(&admin, &NONE, &NONE, &new).await.expect("created").version
}

pub(crate) async fn entries(stage: &Stage, customer_id: CustomerId) -> Vec<PointsEntry> {
    let path = CustomerPath { customer_id };
    let query = PointsQuery::default();
    let page = stage.call::<ListPointsEntries>(&stage.manager, &path, &query, &Nothing).await;
    page.expect("entries").items
}

/// A purchase of some articles in a unit, as the event tells it.
pub(crate) fn bought(
    stage: &Stage,
    customer: CustomerId,
    id: PurchaseId,
    when: &str,
    unit: u128,
    lines: &[(&str, i64, i64)],
) -> Delivery {
    let line = |(number, (sku, quantity, amount)): (i32, &(&str, i64, i64))| Line {
        line_no: number,
        sku: (*sku).to_owned(),
        quantity_milli: Milli::new(*quantity),
        amount_minor: Minor::new(*amount),
    };
    let mut made = purchase(customer, id.uuid(), at(when), lines.iter().map(|(_, _, amount)| amount).sum());
    made.org_unit_id = Uuid::from_u128(unit).into();
    made.lines = (1..).zip(lines).map(line).collect();
    stage.event::<PurchaseRecorded>(customer.uuid(), &made)
}

pub(crate) fn returned(
    stage: &Stage,
    customer: CustomerId,
    purchase_id: PurchaseId,
    when: &str,
    amount: i64,
) -> Delivery {
    let made = purchase(customer, purchase_id.uuid(), at(when), amount);
    let back = Return {
        return_id: clock::new_id(stage.clock.now()).into(),
        purchase_id,
        customer_id: customer,
        occurred_at: at(when),
        currency: made.currency,
        total_minor: Minor::new(amount),
        returned_before_minor: Minor::new(0),
        lines: Vec::new(),
    };
    stage.event::<PurchaseReturned>(customer.uuid(), &back)
}

pub(crate) async fn known(stage: &Stage) -> CustomerId {
    let customer = clock::new_id(stage.clock.now()).into();
    stage.deliver(&[stage.registered(customer, NORTH)]).await;
    customer
}

fn new_purchase_id(stage: &Stage) -> PurchaseId {
    clock::new_id(stage.clock.now()).into()
}

async fn versions(place: Place) {
    let stage = Stage::start_at(&place, at("2025-01-01T00:00:00Z")).await;
    let mut first = terms();
    first.bonus_rules = vec![
        BonusRule {
            sku_prefix: Some("rice".into()),
            multiplier_millionths: Some(3_000_000),
            ..rule("triple")
        },
        BonusRule {
            org_unit_id: Some(Uuid::from_u128(NORTH).into()),
            points: Some(Points::new(7)),
            ..rule("north")
        },
    ];
    // Nothing was bought yet: it may begin at any time.
    assert_eq!(create(&stage, "2024-06-01T00:00:00Z", first).await, 2);

    let customer = known(&stage).await;
    let (one, two, three) = (new_purchase_id(&stage), new_purchase_id(&stage), new_purchase_id(&stage));
    let lines: &[(&str, i64, i64)] = &[("rice-1", 1_000, 10_000), ("oil", 1_000, 5_000)];
    // The second purchase is known before the first.
    let events = [
        bought(&stage, customer, two, "2025-01-01T02:00:00Z", SOUTH, &[("oil", 1_000, 10_000)]),
        bought(&stage, customer, one, "2025-01-01T01:00:00Z", NORTH, lines),
        bought(&stage, customer, three, "2023-01-01T00:00:00Z", NORTH, &[("rice-1", 1_000, 5_099)]),
    ];
    stage.deliver(&events[..1]).await;
    assert_eq!(figures(&stage.account(customer).await), [100, 100, 0, 100]);
    stage.deliver(&events[1..]).await;
    // 100.00 at three times, 50.00 at once and 7 for the unit: 357, which is gold. So the second purchase
    // earned twice, and the difference was entered. By the built-in version the third earned 50.
    let account = stage.account(customer).await;
    assert_eq!((figures(&account), account.tier), ([607, 607, 0, 457], Some(Tier::Gold)));
    assert_eq!(
        (account.next_tier, account.points_to_next_tier),
        (Some(Tier::Platinum), Some(Points::new(443)))
    );
    assert_eq!(account.tier_review_at, Some(at("2026-01-01T00:00:00Z")));
    let all = entries(&stage, customer).await;
    let found = |of: PurchaseId, kind| {
        let one = all.iter().find(|entry| entry.purchase_id == Some(of) && entry.kind == kind);
        let one = one.expect("an entry");
        (one.points.expect("points").get(), one.why.clone().expect("an explanation"))
    };
    let (points, why) = found(one, PointsEntryKind::Earn);
    assert_eq!((points, why.code, why.programme_version), (357, WhyCode::Purchase, 2));
    assert_eq!((why.base_points, why.amount_minor), (Some(Points::new(357)), Some(Minor::new(15_000))));
    assert_eq!(
        (why.rate_millionths, why.rules),
        (Some(10_000), vec!["north".to_owned(), "triple".to_owned()])
    );
    assert_eq!((why.tier, why.multiplier_millionths), (Some(Tier::Basic), Some(1_000_000)));
    let (points, why) = found(two, PointsEntryKind::Adjust);
    assert_eq!((points, why.code, why.tier), (100, WhyCode::TierAtPurchase, Some(Tier::Gold)));
    assert_eq!(why.multiplier_millionths, Some(2_000_000));
    let (points, why) = found(three, PointsEntryKind::Earn);
    assert_eq!((points, why.programme_version, why.rules.len()), (50, 1, 0));

    // What a purchase earned is taken back by the terms by which it earned.
    stage.deliver(&[returned(&stage, customer, two, "2025-01-01T03:00:00Z", 10_000)]).await;
    let all = entries(&stage, customer).await;
    let back = all.iter().find(|entry| entry.kind == PointsEntryKind::Reverse).expect("a reversal");
    let why = back.why.clone().expect("an explanation");
    assert_eq!((back.points, why.code), (Some(Points::new(-200)), WhyCode::Return));
    assert_eq!((why.base_points, why.multiplier_millionths), (Some(Points::new(100)), Some(2_000_000)));
    assert_eq!(figures(&stage.account(customer).await), [407, 407, 0, 357]);

    // The next version begins more than a day ahead.
    let admin = stage.person(Role::Admin, "hq");
    let new = |valid_from, terms| NewProgrammeVersion { valid_from: at(valid_from), terms };
    let early = new("2025-01-02T00:00:00Z", terms());
    let refused = problem(stage.call::<CreateProgrammeVersion>(&admin, &NONE, &NONE, &early).await);
    assert_eq!(refused.code, Code::Conflict);
    let double = ProgrammeTerms { rate_millionths: 20_000, ..terms() };
    assert_eq!(create(&stage, "2025-01-05T00:00:00Z", double.clone()).await, 3);
    let same = new("2025-01-05T00:00:00Z", terms());
    let refused = problem(stage.call::<CreateProgrammeVersion>(&admin, &NONE, &NONE, &same).await);
    assert_eq!(refused.code, Code::AlreadyExists);
    let mut wrong = terms();
    wrong.rate_millionths = -1;
    wrong.thresholds.gold = Points::new(100);
    let mut unknown = terms();
    unknown.bonus_rules = vec![BonusRule {
        org_unit_id: Some(customer.uuid().into()),
        points: Some(Points::new(1)),
        ..rule("a")
    }];
    for (terms, places) in [
        (wrong, vec!["/terms/rate_millionths", "/terms/thresholds/gold"]),
        (unknown, vec!["/terms/bonus_rules/0/org_unit_id"]),
    ] {
        let body = new("2025-03-01T00:00:00Z", terms);
        let refused = problem(stage.call::<CreateProgrammeVersion>(&admin, &NONE, &NONE, &body).await);
        let found: Vec<&str> = refused.errors.iter().map(|error| error.pointer.as_str()).collect();
        assert_eq!((refused.status, found), (422, places));
    }
    let refused = stage.call::<CreateProgrammeVersion>(&stage.manager, &NONE, &NONE, &same).await;
    assert_eq!(problem(refused).code, Code::Forbidden);

    // Either side of the border, known in the other order.
    stage.go_to("2025-01-06T00:00:00Z").await;
    let other = known(&stage).await;
    let (late, early) = (new_purchase_id(&stage), new_purchase_id(&stage));
    let oil: &[(&str, i64, i64)] = &[("oil", 1_000, 1_000)];
    stage
        .deliver(&[
            bought(&stage, other, late, "2025-01-05T00:00:00Z", SOUTH, oil),
            bought(&stage, other, early, "2025-01-04T23:59:59.999999Z", SOUTH, oil),
        ])
        .await;
    let all = entries(&stage, other).await;
    let earned: Vec<(i64, i32)> = all
        .iter()
        .map(|entry| (entry.points.expect("points").get(), entry.why.clone().expect("why").programme_version))
        .collect();
    assert_eq!(earned, [(20, 3), (10, 2)]);

    let query = ProgrammeVersionsQuery { limit: Some(2), after: None };
    let page = stage.call::<ListProgrammeVersions>(&stage.manager, &NONE, &query, &Nothing).await;
    let page = page.expect("versions");
    assert_eq!(page.items.iter().map(|version| version.version).collect::<Vec<_>>(), [3, 2]);
    let query = ProgrammeVersionsQuery { limit: Some(2), after: page.next };
    let rest = stage.call::<ListProgrammeVersions>(&stage.manager, &NONE, &query, &Nothing).await;
    let rest = rest.expect("versions");
    assert_eq!((rest.items[0].version, rest.items[0].created_at, rest.next), (1, None, None));
    let path = ProgrammeVersionPath { version: 3 };
    let third = stage.call::<GetProgrammeVersion>(&admin, &path, &NONE, &Nothing).await.expect("a version");
    assert_eq!((third.terms, third.created_at), (double, Some(at("2025-01-01T00:00:00Z"))));
    let path = ProgrammeVersionPath { version: 9 };
    let refused = stage.call::<GetProgrammeVersion>(&admin, &path, &NONE, &Nothing).await;
    assert_eq!(problem(refused).code, Code::NotFound);
    stage.check_ledger().await;
    stage.running.end().await;
}
on_both!(a_purchase_earns_by_the_version_of_its_time_and_says_why, super::versions);

async fn tiers(place: Place) {
    let stage = Stage::start_at(&place, at("2023-06-01T00:00:00Z")).await;
    create(&stage, "2023-01-01T00:00:00Z", terms()).await;
    let customer = known(&stage).await;
    let one = new_purchase_id(&stage);
    let gold = bought(&stage, customer, one, "2023-05-31T00:00:00Z", NORTH, &[("oil", 1_000, 30_000)]);
    stage.deliver(&[gold]).await;
    let reviewed = async |next: &str| {
        eventually("the tier is reviewed", SOON, async || {
            let account = stage.account(customer).await;
            (account.tier_review_at == Some(at(next))).then_some(account.tier.expect("a tier"))
        })
        .await
    };
    assert_eq!(reviewed("2024-01-01T00:00:00Z").await, Tier::Gold);
    // It was earned in the period that ends.
    stage.go_to("2024-01-01T00:00:00Z").await;
    assert_eq!(reviewed("2025-01-01T00:00:00Z").await, Tier::Gold);
    assert_eq!(figures(&stage.account(customer).await), [300, 300, 0, 0]);
    stage.go_to("2025-01-01T00:00:00Z").await;
    assert_eq!(reviewed("2026-01-01T00:00:00Z").await, Tier::Silver);
    // A purchase of 2024 that becomes known now keeps it silver for a year more.
    let late = bought(
        &stage,
        customer,
        new_purchase_id(&stage),
        "2024-07-01T00:00:00Z",
        NORTH,
        &[("oil", 1_000, 30_000)],
    );
    stage.deliver(&[late]).await;
    assert_eq!(stage.account(customer).await.tier, Some(Tier::Gold));
    stage.go_to("2026-01-01T00:00:00Z").await;
    assert_eq!(reviewed("2027-01-01T00:00:00Z").await, Tier::Silver);

    let told: Vec<(Tier, Tier)> =
        stage.told::<TierChanged>().await.iter().map(|change| (change.from, change.to)).collect();
    let expected = [
        (Tier::Basic, Tier::Gold),
        (Tier::Gold, Tier::Silver),
        (Tier::Silver, Tier::Gold),
        (Tier::Gold, Tier::Silver),
    ];
    assert_eq!(told, expected);
    // The history is that of what happened, not of when it became known.
    let path = CustomerPath { customer_id: customer };
    let query = TierChangesQuery::default();
    let page = stage.call::<ListTierChanges>(&stage.manager, &path, &query, &Nothing).await;
    let history: Vec<(i32, Option<Tier>, DateTime<Utc>, TierChangeCause)> = page
        .expect("changes")
        .items
        .iter()
        .map(|change| (change.number, change.to, change.at, change.cause))
        .collect();
    let expected = [
        (2, Some(Tier::Silver), at("2026-01-01T00:00:00Z"), TierChangeCause::PeriodEnd),
        (1, Some(Tier::Gold), at("2023-05-31T00:00:00Z"), TierChangeCause::Earned),
    ];
    assert_eq!(history, expected);
    let stranger = stage.person(Role::Manager, "south");
    let refused = stage.call::<ListTierChanges>(&stranger, &path, &query, &Nothing).await;
    assert_eq!(problem(refused).code, Code::NotFound);
    stage.check_ledger().await;
    stage.running.end().await;
}
on_both!(a_tier_is_kept_to_the_end_of_the_period_and_falls_by_one, super::tiers);
