//! Lots: points that expire at their time, once, and not under a hold; spent from the oldest; and those of
//! accounts that had points before there were lots.

use std::time::Duration;

use chrono::TimeDelta;
use kit::clock;
use schema::{
    access::Role,
    api::{
        Nothing,
        customer::CustomerPath,
        loyalty::{
            CancelHold, ConfirmHold, GrantGoodwill, HoldPath, HoldPoints, ListLots, LotState, LotsQuery,
            NewGoodwill, NewHold, NextExpiry, PointsEntryKind, PointsHold, PointsLot, ProgrammeTerms,
            WhyCode,
        },
        problem::Code,
    },
    event::{PointsExpired, PointsExpiring},
    ids::CustomerId,
    value::Points,
};
use testkit::{Place, eventually};

use crate::{
    commands::problem,
    on_both,
    points::{NONE, NORTH, Stage, figures},
    programme::{bought, create, entries, known, returned, terms},
};

const SOON: Duration = Duration::from_secs(20);

async fn lots(stage: &Stage, customer_id: CustomerId) -> Vec<PointsLot> {
    let path = CustomerPath { customer_id };
    let page = stage.call::<ListLots>(&stage.manager, &path, &LotsQuery::default(), &Nothing).await;
    page.expect("lots").items
}

/// State, remaining, used, reversed and expired of each lot, the latest first.
fn parts(lots: &[PointsLot]) -> Vec<(LotState, [i64; 4])> {
    let of = |lot: &PointsLot| {
        let parts = [lot.remaining, lot.used, lot.reversed, lot.expired];
        (lot.state, parts.map(|points| points.expect("whole").get()))
    };
    lots.iter().map(of).collect()
}

async fn hold(stage: &Stage, customer_id: CustomerId, points: i64, days: i64) -> PointsHold {
    let new = NewHold {
        points: Points::new(points),
        reason: "rice".to_owned(),
        expires_at: stage.clock.now() + TimeDelta::days(days),
    };
    let path = CustomerPath { customer_id };
    stage.call::<HoldPoints>(&stage.manager, &path, &NONE, &new).await.expect("held")
}

async fn balance_of(stage: &Stage, customer: CustomerId, wanted: i64) {
    eventually("the job has been there", SOON, async || {
        (figures(&stage.account(customer).await)[0] == wanted).then_some(())
    })
    .await;
}

async fn a_life(place: Place) {
    let stage = Stage::start_at(&place, "2025-01-02T00:00:00Z".parse().expect("a time")).await;
    let terms = ProgrammeTerms { lot_months: Some(2), notice_days: Some(10), ..terms() };
    create(&stage, "2025-01-01T00:00:00Z", terms).await;
    let customer_id = known(&stage).await;
    let path = CustomerPath { customer_id };
    let purchase = clock::new_id(stage.clock.now()).into();
    let bought =
        bought(&stage, customer_id, purchase, "2025-01-01T00:00:00Z", NORTH, &[("oil", 1_000, 10_000)]);
    stage.deliver(&[bought]).await;
    let given = NewGoodwill { points: Points::new(50), reason: "sorry".to_owned() };
    let given = stage.call::<GrantGoodwill>(&stage.manager, &path, &NONE, &given).await.expect("given");
    let why = given.why.expect("an explanation");
    assert_eq!(
        (why.code, why.expires_at),
        (WhyCode::Goodwill, Some("2025-03-02T00:00:00Z".parse().expect("a time")))
    );
    let next =
        |at: &str, points| NextExpiry { at: at.parse().expect("a time"), points: Some(Points::new(points)) };
    let account = stage.account(customer_id).await;
    assert_eq!(account.next_expiry, Some(next("2025-03-01T00:00:00Z", 100)));
    assert!(stage.told::<PointsExpiring>().await.is_empty());

    // Ten days before, each lot is told of once.
    stage.go_to("2025-02-20T00:00:00Z").await;
    let expiring = eventually("both notices are told", SOON, async || {
        let told = stage.told::<PointsExpiring>().await;
        (told.len() >= 2).then_some(told)
    })
    .await;
    let mut told: Vec<i64> = expiring.iter().map(|one| one.points.get()).collect();
    told.sort_unstable();
    assert_eq!(told, [50, 100]);

    // What is held does not expire with the rest of its lot.
    let held = hold(&stage, customer_id, 30, 20).await;
    stage.go_to("2025-03-01T00:00:00Z").await;
    balance_of(&stage, customer_id, 80).await;
    let account = stage.account(customer_id).await;
    assert_eq!(
        (figures(&account), account.next_expiry),
        ([80, 50, 30, 100], Some(next("2025-03-02T00:00:00Z", 50)))
    );
    let found = lots(&stage, customer_id).await;
    assert_eq!(parts(&found), [(LotState::Open, [50, 0, 0, 0]), (LotState::Open, [30, 0, 0, 70])]);
    assert_eq!(found[1].held, Some(Points::new(30)));
    let all = entries(&stage, customer_id).await;
    let expired = all.iter().find(|entry| entry.kind == PointsEntryKind::Expire).expect("an entry");
    let why = expired.why.clone().expect("an explanation");
    assert_eq!(
        (expired.points, why.code, why.lot_id),
        (Some(Points::new(-70)), WhyCode::LotExpired, Some(found[1].id))
    );

    // Let go, it expires too.
    let of_hold = HoldPath { customer_id, hold_id: held.id };
    stage.call::<CancelHold>(&stage.manager, &of_hold, &NONE, &Nothing).await.expect("cancelled");
    assert_eq!(figures(&stage.account(customer_id).await), [50, 50, 0, 100]);
    stage.go_to("2025-03-02T00:00:00Z").await;
    balance_of(&stage, customer_id, 0).await;
    assert_eq!(stage.account(customer_id).await.next_expiry, None);
    let told: Vec<i64> = stage.told::<PointsExpired>().await.iter().map(|one| one.points.get()).collect();
    assert_eq!(told, [-70, -30, -50]);
    assert_eq!(stage.told::<PointsExpiring>().await.len(), 2);

    // What has expired is not taken back again, and the ledger says so.
    stage.deliver(&[returned(&stage, customer_id, purchase, "2025-03-02T00:00:00Z", 10_000)]).await;
    assert_eq!(figures(&stage.account(customer_id).await), [0, 0, 0, 0]);
    let found = parts(&lots(&stage, customer_id).await);
    assert_eq!(found, [(LotState::Expired, [0, 0, 0, 50]), (LotState::Reversed, [0, 0, 100, 0])]);
    let codes: Vec<WhyCode> =
        entries(&stage, customer_id).await.into_iter().filter_map(|one| Some(one.why?.code)).collect();
    assert!(codes.contains(&WhyCode::ExpiryCorrected), "{codes:?}");

    let query = LotsQuery { open: Some(true), ..LotsQuery::default() };
    let open = stage.call::<ListLots>(&stage.manager, &path, &query, &Nothing).await.expect("lots");
    assert!(open.items.is_empty());
    let stranger = stage.person(Role::Manager, "south");
    let refused = stage.call::<ListLots>(&stranger, &path, &query, &Nothing).await;
    assert_eq!(problem(refused).code, Code::NotFound);
    let presales = stage.person(Role::Presales, "north");
    let seen = stage.call::<ListLots>(&presales, &path, &LotsQuery::default(), &Nothing).await.expect("lots");
    assert!(!seen.items.is_empty() && seen.items.iter().all(|lot| lot.points.is_none()));
    stage.check_ledger().await;
    stage.running.end().await;
}
on_both!(points_expire_once_and_not_under_a_hold, super::a_life);

async fn oldest_first(place: Place) {
    let stage = Stage::start_at(&place, "2025-01-02T00:00:00Z".parse().expect("a time")).await;
    let customer_id = known(&stage).await;
    let ids = [(); 3].map(|()| clock::new_id(stage.clock.now()).into());
    let bought =
        |at: usize, when| bought(&stage, customer_id, ids[at], when, NORTH, &[("oil", 1_000, 10_000)]);
    // The later one is known first.
    stage.deliver(&[bought(1, "2025-01-01T02:00:00Z"), bought(0, "2025-01-01T01:00:00Z")]).await;
    let held = hold(&stage, customer_id, 120, 1).await;
    let of_hold = HoldPath { customer_id, hold_id: held.id };
    stage.call::<ConfirmHold>(&stage.manager, &of_hold, &NONE, &Nothing).await.expect("confirmed");
    let spent = entries(&stage, customer_id).await;
    assert_eq!(spent[0].why.as_ref().map(|why| why.code), Some(WhyCode::Spent));
    let found = parts(&lots(&stage, customer_id).await);
    assert_eq!(found, [(LotState::Open, [80, 20, 0, 0]), (LotState::UsedUp, [0, 100, 0, 0])]);
    // A return of the second purchase finds 80 of its 100; what is owed is made good by what comes next.
    let path = CustomerPath { customer_id };
    stage.go_to("2025-01-02T01:00:00Z").await;
    stage.deliver(&[returned(&stage, customer_id, ids[1], "2025-01-02T01:00:00Z", 10_000)]).await;
    assert_eq!(figures(&stage.account(customer_id).await), [-20, -20, 0, 100]);
    stage.deliver(&[bought(2, "2025-01-02T01:00:00.5Z")]).await;
    assert_eq!(figures(&stage.account(customer_id).await), [80, 80, 0, 200]);
    let found = parts(&lots(&stage, customer_id).await);
    let expected = [
        (LotState::Open, [80, 20, 0, 0]),
        (LotState::UsedUp, [0, 20, 80, 0]),
        (LotState::UsedUp, [0, 100, 0, 0]),
    ];
    assert_eq!(found, expected);
    let query = LotsQuery { limit: Some(2), ..LotsQuery::default() };
    let first = stage.call::<ListLots>(&stage.manager, &path, &query, &Nothing).await.expect("lots");
    let query = LotsQuery { limit: Some(2), after: first.next, ..LotsQuery::default() };
    let rest = stage.call::<ListLots>(&stage.manager, &path, &query, &Nothing).await.expect("lots");
    assert_eq!((rest.items.len(), rest.next), (1, None));

    // As it was before there were lots: entries, holds and purchases, and an account that was not looked at.
    let db = &stage.running.runtime.db;
    for sql in [
        "DELETE FROM points_lot",
        "DELETE FROM points_fact",
        "UPDATE points_entry SET why = NULL",
        "UPDATE points_account SET due_at = opened_at, next_threshold = NULL",
    ] {
        db.execute(sql, vec![]).await.expect("done");
    }
    let found = eventually("lots follow from what there is", SOON, async || {
        let found = lots(&stage, customer_id).await;
        (!found.is_empty()).then_some(found)
    })
    .await;
    assert_eq!(parts(&found), expected);
    assert_eq!(figures(&stage.account(customer_id).await), [80, 80, 0, 200]);
    stage.deliver(&[returned(&stage, customer_id, ids[2], "2025-01-02T01:00:00.7Z", 5_000)]).await;
    assert_eq!(figures(&stage.account(customer_id).await), [30, 30, 0, 150]);
    stage.check_ledger().await;
    stage.running.end().await;
}
on_both!(the_oldest_points_are_spent_first, super::oldest_first);
