//! One customer's points through every step of a hold, who may take it, and what is refused.

use std::time::Duration;

use chrono::TimeDelta;
use kit::{client::CallOptions, db::statement};
use schema::{
    access::Role,
    api::{
        Nothing,
        customer::CustomerPath,
        loyalty::{
            CancelHold, ConfirmHold, GrantGoodwill, HoldPath, HoldPoints, HoldState, HoldsQuery, ListHolds,
            NewGoodwill, NewHold, PointsEntryKind, Tier,
        },
        problem::Code,
    },
    value::Points,
};
use sea_orm::ConnectionTrait as _;
use testkit::{Place, eventually};

use super::{NONE, NORTH, Stage, figures};
use crate::{commands::problem, on_both};

fn hold(stage: &Stage, points: i64) -> NewHold {
    NewHold {
        points: Points::new(points),
        reason: "voucher".to_owned(),
        expires_at: stage.clock.now() + TimeDelta::minutes(1),
    }
}

async fn every_step(place: Place) {
    let stage = Stage::start(&place).await;
    let customer_id = stage.member(NORTH, 100_000).await;
    let (path, who) = (CustomerPath { customer_id }, &stage.manager);
    let place_hold = async |points| stage.call::<HoldPoints>(who, &path, &NONE, &hold(&stage, points)).await;
    let confirm = async |hold_id| {
        stage.call::<ConfirmHold>(who, &HoldPath { customer_id, hold_id }, &NONE, &Nothing).await
    };
    let cancel = async |hold_id| {
        stage.call::<CancelHold>(who, &HoldPath { customer_id, hold_id }, &NONE, &Nothing).await
    };

    let first = place_hold(600).await.expect("held");
    let account = stage.account(customer_id).await;
    assert_eq!(figures(&account), [1_000, 400, 600, 1_000]);
    assert_eq!(account.holds, std::slice::from_ref(&first));
    let refused = problem(place_hold(401).await);
    assert_eq!(refused.code, Code::Conflict);
    assert!(refused.detail.contains("400 points are available"), "{}", refused.detail);

    let burned = confirm(first.id).await.expect("confirmed");
    assert_eq!((burned.state, burned.settled_at), (HoldState::Confirmed, Some(stage.clock.now())));
    let account = stage.account(customer_id).await;
    assert_eq!(figures(&account), [400, 400, 0, 1_000]);
    assert_eq!(account.tier, Some(Tier::Silver), "what is spent still counts for the tier");
    let entry =
        account.entries.iter().find(|entry| entry.id == first.id).expect("an entry with the hold's id");
    assert_eq!((entry.kind, entry.points), (PointsEntryKind::Burn, Some(Points::new(-600))));
    assert_eq!((entry.purchase_id, entry.reason.as_deref()), (None, Some("voucher")));
    for again in [problem(confirm(first.id).await), problem(cancel(first.id).await)] {
        assert_eq!(again.code, Code::Conflict);
        assert!(again.detail.contains("was confirmed"), "{}", again.detail);
    }

    let second = place_hold(400).await.expect("held");
    assert_eq!(cancel(second.id).await.expect("cancelled").state, HoldState::Cancelled);
    assert_eq!(figures(&stage.account(customer_id).await), [400, 400, 0, 1_000]);
    for again in [problem(confirm(second.id).await), problem(cancel(second.id).await)] {
        assert!(again.code == Code::Conflict && again.detail.contains("was cancelled"), "{}", again.detail);
    }

    let third = place_hold(300).await.expect("held");
    stage.clock.advance(Duration::from_secs(60));
    // Expired from this moment on, whether or not the job has been there.
    assert_eq!(figures(&stage.account(customer_id).await), [400, 400, 0, 1_000]);
    for again in [problem(confirm(third.id).await), problem(cancel(third.id).await)] {
        assert!(again.code == Code::Conflict && again.detail.contains("expired"), "{}", again.detail);
    }
    let all = stage.call::<ListHolds>(who, &path, &HoldsQuery::default(), &Nothing).await.expect("holds");
    let states: Vec<HoldState> = all.items.iter().map(|hold| hold.state).collect();
    assert_eq!(states, [HoldState::Expired, HoldState::Cancelled, HoldState::Confirmed]);
    assert_eq!(all.items[0].settled_at, Some(third.expires_at));

    let given = NewGoodwill { points: Points::new(10_000), reason: "late-delivery".to_owned() };
    let entry = stage.call::<GrantGoodwill>(who, &path, &NONE, &given).await.expect("given");
    assert_eq!((entry.kind, entry.points), (PointsEntryKind::Goodwill, Some(Points::new(10_000))));
    let account = stage.account(customer_id).await;
    assert_eq!((figures(&account), account.tier), ([10_400, 10_400, 0, 1_000], Some(Tier::Silver)));

    let told = async |kind: &str| -> i64 {
        let db = &stage.running.runtime.db;
        let sql = "SELECT count(*) FROM outbox WHERE event_type = $1";
        let values = vec![format!("customer360.points.{kind}.v1").into()];
        let row = db.read().query_one_raw(statement(db.read(), sql, values)).await.expect("the outbox");
        row.expect("a row").try_get_by_index(0).expect("a number")
    };
    eventually("the job tells what expired", Duration::from_secs(20), async || {
        (told("released").await == 2).then_some(())
    })
    .await;
    assert_eq!([told("held").await, told("burned").await, told("granted").await], [3, 1, 1]);
    stage.check_ledger().await;
    stage.running.end().await;
}
on_both!(a_hold_goes_every_way_and_no_other, super::every_step);

async fn refusals(place: Place) {
    let stage = Stage::start(&place).await;
    let customer_id = stage.member(NORTH, 100_000).await;
    let path = CustomerPath { customer_id };
    let (who, stranger) = (&stage.manager, stage.person(Role::Manager, "south"));

    let wrong =
        NewHold { points: Points::new(0), reason: "For Li Ming".to_owned(), expires_at: stage.clock.now() };
    let refused = problem(stage.call::<HoldPoints>(who, &path, &NONE, &wrong).await);
    let places: Vec<&str> = refused.errors.iter().map(|error| error.pointer.as_str()).collect();
    assert_eq!((refused.status, places), (422, vec!["/points", "/reason", "/expires_at"]));
    for points in [0, -5, 10_001] {
        let wrong = NewGoodwill { points: Points::new(points), reason: String::new() };
        let refused = problem(stage.call::<GrantGoodwill>(who, &path, &NONE, &wrong).await);
        assert_eq!((refused.status, refused.errors.len()), (422, 2));
    }

    let open = stage.call::<HoldPoints>(who, &path, &NONE, &hold(&stage, 10)).await.expect("held");
    let of_hold = HoldPath { customer_id, hold_id: open.id };
    let given = NewGoodwill { points: Points::new(1), reason: "sorry".to_owned() };
    let query = HoldsQuery::default();
    let not_found = [
        problem(stage.call::<HoldPoints>(&stranger, &path, &NONE, &hold(&stage, 1)).await),
        problem(stage.call::<ConfirmHold>(&stranger, &of_hold, &NONE, &Nothing).await),
        problem(stage.call::<CancelHold>(&stranger, &of_hold, &NONE, &Nothing).await),
        problem(stage.call::<GrantGoodwill>(&stranger, &path, &NONE, &given).await),
        problem(stage.call::<ListHolds>(&stranger, &path, &query, &Nothing).await),
    ];
    assert!(not_found.iter().all(|refused| refused.code == Code::NotFound), "{not_found:?}");
    let nobody = HoldPath { customer_id, hold_id: customer_id.uuid().into() };
    assert_eq!(problem(stage.call::<ConfirmHold>(who, &nobody, &NONE, &Nothing).await).code, Code::NotFound);

    for role in [Role::Presales, Role::Marketing, Role::Executive] {
        let reader = stage.person(role, "north");
        let refused = problem(stage.call::<HoldPoints>(&reader, &path, &NONE, &hold(&stage, 1)).await);
        assert_eq!(refused.code, Code::Forbidden, "{role:?}");
        let seen = stage.call::<ListHolds>(&reader, &path, &query, &Nothing).await.expect("holds");
        let expected = (role != Role::Presales).then(|| Points::new(10));
        assert_eq!(seen.items[0].points, expected, "{role:?} sees points as the table says");
    }
    let seller = stage.person(Role::Sales, "north");
    assert_eq!(
        problem(stage.call::<GrantGoodwill>(&seller, &path, &NONE, &given).await).code,
        Code::Forbidden
    );

    let stale = CallOptions { if_match: Some(77), ..CallOptions::default() };
    let refused = stage.call_with::<HoldPoints>(&seller, &path, &NONE, &hold(&stage, 1), stale).await;
    assert_eq!(problem(refused).code, Code::StaleRevision);
    let body = hold(&stage, 5);
    let once = || CallOptions { idempotency_key: Some("till-7".to_owned()), ..CallOptions::default() };
    let one = stage.call_with::<HoldPoints>(&seller, &path, &NONE, &body, once()).await.expect("held");
    let same = stage.call_with::<HoldPoints>(&seller, &path, &NONE, &body, once()).await.expect("held");
    assert_eq!(one, same);
    assert_eq!(figures(&stage.account(customer_id).await), [1_000, 985, 15, 1_000]);

    let first = HoldsQuery { limit: Some(1), after: None };
    let first = stage.call::<ListHolds>(who, &path, &first, &Nothing).await.expect("a page");
    let rest = HoldsQuery { limit: Some(1), after: first.next.clone() };
    let rest = stage.call::<ListHolds>(who, &path, &rest, &Nothing).await.expect("a page");
    assert_eq!((first.items[0].id, rest.items[0].id, rest.next), (one.id, open.id, None));
    stage.running.end().await;
}
on_both!(holds_are_refused_out_of_scope_and_out_of_bounds, super::refusals);
