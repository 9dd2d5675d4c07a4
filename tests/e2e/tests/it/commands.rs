//! Commands across services: straight after a registration, about nobody, and many at once.

use std::time::{Duration, Instant};

use futures::future::join_all;
use kit::client::{CallError, CallOptions};
use schema::{
    api::{
        NoParameters, Nothing,
        customer::{ChangeCustomer, CustomerChange, CustomerPath, GetCustomer, RegisterCustomer},
        interaction::RecordPurchase,
        loyalty::GetAccount,
        problem::{Code, Problem},
    },
    ids::CustomerId,
    topology::Service,
};
use testkit::{Place, Suite, eventually};
use uuid::Uuid;

use crate::{
    company::{Company, new_customer, new_purchase},
    on_both,
};

const NONE: NoParameters = NoParameters {};

/// The problem that a call ended with.
pub(crate) fn problem<T: std::fmt::Debug>(outcome: Result<T, CallError>) -> Problem {
    match outcome.expect_err("a refusal") {
        CallError::Problem(problem) => *problem,
        other => panic!("not a problem: {other}"),
    }
}

async fn straight_after_registration(place: Place) {
    let suite = Suite::start(&place).await;
    let company = Company::found(&suite).await;
    // The unit must have arrived: an organisation is set up long before its first customer comes.
    let first = company.register(&suite, company.north_1, "First", "+8613900000000").await;
    eventually("interaction knows the unit", Duration::from_secs(10), || async {
        let path = CustomerPath { customer_id: first.id };
        let body = new_purchase(company.north_1, Some(company.seller), &[100]);
        suite
            .call::<RecordPurchase>(Service::Interaction, &company.manager_hq, &path, &NONE, &body)
            .await
            .ok()
    })
    .await;
    for number in 1..=20 {
        let phone = format!("+86139{number:08}");
        let file = company.register(&suite, company.north_1, "Straight After", &phone).await;
        let path = CustomerPath { customer_id: file.id };
        let body = new_purchase(company.north_1, Some(company.seller), &[4_500]);
        suite
            .call::<RecordPurchase>(Service::Interaction, &company.manager_hq, &path, &NONE, &body)
            .await
            .expect("a purchase straight after the registration");
    }
    suite.end().await;
}
on_both!(a_command_straight_after_a_registration_succeeds, super::straight_after_registration);

async fn about_nobody(place: Place) {
    let suite = Suite::start(&place).await;
    let company = Company::found(&suite).await;
    let path = CustomerPath { customer_id: CustomerId::from(Uuid::from_u128(7)) };
    let body = new_purchase(company.north_1, None, &[100]);
    let started = Instant::now();
    let call = suite.call::<RecordPurchase>(Service::Interaction, &company.manager_hq, &path, &NONE, &body);
    let refusal = problem(call.await);
    assert_eq!(refusal.code, Code::CustomerNotKnownYet);
    assert_eq!(refusal.status, 409);
    assert!(refusal.retry_after.is_some());
    let waited = started.elapsed();
    assert!(
        waited >= Duration::from_millis(1_900) && waited < Duration::from_secs(6),
        "it waited {waited:?}"
    );
    let owner = suite.call::<GetCustomer>(Service::Customer, &company.manager_hq, &path, &NONE, &Nothing);
    assert_eq!(problem(owner.await).status, 404);
    suite.end().await;
}
on_both!(an_unknown_customer_is_waited_for_then_refused, super::about_nobody);

/// Sixty-four who write the same customer wait for each other, on a busy machine for longer than a caller
/// usually does.
fn patiently() -> CallOptions {
    CallOptions { deadline: Some(Duration::from_secs(60)), ..CallOptions::default() }
}

async fn many_writers(place: Place) {
    let suite = Suite::start(&place).await;
    let company = Company::found(&suite).await;
    let file = company.register(&suite, company.north_1, "Much Loved", "+8613900000001").await;
    let path = CustomerPath { customer_id: file.id };
    let writers = (0..64).map(|number| {
        let (suite, company) = (&suite, &company);
        async move {
            let change = CustomerChange { name: Some(format!("Name {number}")), ..CustomerChange::default() };
            suite
                .call_with::<ChangeCustomer>(
                    Service::Customer,
                    &company.manager_hq,
                    &path,
                    &NONE,
                    &change,
                    &patiently(),
                )
                .await
        }
    });
    let mut revisions: Vec<i64> =
        join_all(writers).await.into_iter().map(|reply| reply.expect("a change").revision).collect();
    revisions.sort_unstable();
    assert_eq!(revisions, (2..=65).collect::<Vec<i64>>(), "no gap, no repeat");

    let purchases = (0..64).map(|number| {
        let (suite, company) = (&suite, &company);
        async move {
            let body = new_purchase(company.north_1, None, &[100 + number]);
            suite
                .call_with::<RecordPurchase>(
                    Service::Interaction,
                    &company.manager_hq,
                    &path,
                    &NONE,
                    &body,
                    &patiently(),
                )
                .await
        }
    });
    let mut revisions: Vec<i64> =
        join_all(purchases).await.into_iter().map(|reply| reply.expect("a purchase").revision).collect();
    revisions.sort_unstable();
    assert_eq!(revisions, (1..=64).collect::<Vec<i64>>(), "no gap, no repeat");
    eventually("all points are booked", Duration::from_secs(20), || async {
        let account =
            suite.call::<GetAccount>(Service::Loyalty, &company.manager_hq, &path, &NONE, &Nothing).await;
        account.ok().filter(|account| account.balance.is_some_and(|points| points.get() == 64))
    })
    .await;
    let loyalty = suite.running.iter().find(|one| one.runtime.service == Service::Loyalty).expect("loyalty");
    assert_eq!(
        loyalty::ledger_total(&loyalty.runtime.db).await.expect("a total"),
        0,
        "the ledger sums to zero"
    );
    suite.end().await;
}
on_both!(many_writers_of_one_customer_leave_no_gap, super::many_writers);

async fn repeated_and_stale(place: Place) {
    let suite = Suite::start(&place).await;
    let company = Company::found(&suite).await;
    let new = new_customer(company.north_1, "Once Only", "+8613900000002");
    let options =
        CallOptions { idempotency_key: Some("one-registration".to_owned()), ..CallOptions::default() };
    let attempts = (0..8).map(|_| {
        suite.call_with::<RegisterCustomer>(
            Service::Customer,
            &company.manager_hq,
            &NONE,
            &NONE,
            &new,
            &options,
        )
    });
    let mut ids: Vec<CustomerId> =
        join_all(attempts).await.into_iter().map(|reply| reply.expect("the same answer").id).collect();
    ids.dedup();
    assert_eq!(ids.len(), 1, "eight attempts, one customer");

    let other = new_customer(company.north_1, "Somebody Else", "+8613900000003");
    let reused = suite
        .call_with::<RegisterCustomer>(Service::Customer, &company.manager_hq, &NONE, &NONE, &other, &options)
        .await;
    assert_eq!(problem(reused).code, Code::IdempotencyKeyReused);

    let path = CustomerPath { customer_id: ids[0] };
    let change = CustomerChange { name: Some("Changed".to_owned()), ..CustomerChange::default() };
    let at_one = CallOptions { if_match: Some(1), ..CallOptions::default() };
    let change_at_one = || {
        suite.call_with::<ChangeCustomer>(
            Service::Customer,
            &company.manager_hq,
            &path,
            &NONE,
            &change,
            &at_one,
        )
    };
    assert_eq!(change_at_one().await.expect("revision 1 is current").revision, 2);
    assert_eq!(problem(change_at_one().await).code, Code::StaleRevision);
    suite.end().await;
}
on_both!(a_repeated_command_has_one_effect_and_a_stale_one_none, super::repeated_and_stale);
