//! A fact before its subject: parked, acknowledged, and applied in the transaction that brings the subject.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use futures::future::join_all;
use kit::{
    command,
    db::statement,
    inbox::{Delivery, deliver},
};
use schema::{
    event::{CustomerRegistered, PurchaseRecorded, PurchaseReturned},
    ids::CustomerId,
};
use sea_orm::ConnectionTrait as _;
use testkit::{Place, eventually};

use super::{
    facts, reactions,
    sight::{self, effects, once},
    stage::{self, LONG, Stage, deciding},
};
use crate::on_both;

async fn parked(stage: &Stage, number: i64) {
    eventually("they are parked and acknowledged", LONG, || async {
        let acknowledged = sight::acknowledged(&stage.place, &stage.interaction, &stage.loyalty).await;
        (acknowledged && sight::parked(&stage.loyalty.runtime.db).await == number).then_some(())
    })
    .await;
}

async fn before_its_subject(place: Place) {
    let mut stage = Stage::set(place).await;
    let customer = facts::new_customer();
    for amount in 1..=10 {
        facts::sell(&stage.interaction, customer, amount).await;
    }
    parked(&stage, 10).await;
    assert_eq!(sight::effects_of(&stage.loyalty.runtime.db, customer).await, 0);
    assert_eq!(sight::failed(&stage.loyalty.runtime.db).await, 0, "waiting is not failing");

    // They lie in the database: an end and a new start changes nothing.
    stage.loyalty.end().await;
    stage.loyalty = stage::consumer(&stage.place, &stage.shared).await;
    assert_eq!(sight::parked(&stage.loyalty.runtime.db).await, 10);

    facts::register(&stage.customer, customer).await;
    // Whoever sees the customer sees the effects: it is one transaction.
    let seen = eventually("the customer is known", LONG, || seen(&stage, customer)).await;
    assert_eq!(seen, (10, 0), "effects, parked");
    stage.drain().await;
    assert_eq!(effects(&stage.loyalty.runtime.db).await, once(1..=10));
    stage.end().await;
}
on_both!(a_fact_before_its_subject_is_applied_with_it, super::before_its_subject);

/// Effects and parked events at the moment when the customer is known, in one look.
async fn seen(stage: &Stage, customer: CustomerId) -> Option<(i64, i64)> {
    let db = &stage.loyalty.runtime.db;
    let sql = "SELECT (SELECT count(*) FROM known WHERE id = $1), \
               (SELECT count(*) FROM effect WHERE subject_id = $1 AND kind = 'recorded'), \
               (SELECT count(*) FROM waiting_for)";
    let row = db.read().query_one_raw(statement(db.read(), sql, vec![customer.uuid().into()])).await;
    let row = row.expect("the database answers").expect("a row");
    let number = |at| row.try_get_by_index::<i64>(at).expect("a number");
    (number(0) == 1).then(|| (number(1), number(2)))
}

async fn behind_a_parked_one(place: Place) {
    let stage = Stage::set(place).await;
    let customer = facts::new_customer();
    let bought = facts::purchase(customer, 40);
    let returned = facts::given_back(customer, bought.purchase_id, 0, 40);
    // The return before the purchase before the customer.
    let tell = |decision| command::run(&stage.interaction.runtime, None, None, decision);
    tell(facts::telling::<PurchaseReturned>(customer, returned)).await.expect("told");
    parked(&stage, 1).await;
    tell(facts::telling::<PurchaseRecorded>(customer, bought)).await.expect("told");
    parked(&stage, 2).await;
    assert_eq!(sight::effects_of(&stage.loyalty.runtime.db, customer).await, 0);

    facts::register(&stage.customer, customer).await;
    stage.drain().await;
    let db = &stage.loyalty.runtime.db;
    assert_eq!(sight::effects_of(db, customer).await, 3, "registered, bought, returned");
    assert_eq!(effects(db).await, once([40]));
    assert_eq!(sight::parked(db).await, 0);
    assert_eq!(sight::failed(db).await, 0);
    stage.end().await;
}
on_both!(a_fact_behind_a_parked_one_is_applied_too, super::behind_a_parked_one);

/// Neither may miss the other, by however little: parked after the arrival looked would be parked for ever.
async fn at_the_same_time(place: Place) {
    let stage = Stage::set(place).await;
    let runtime = &stage.loyalty.runtime;
    for _ in 0..40 {
        let pairs = (0..6).map(|_| async {
            let customer = facts::new_customer();
            let sold = facts::purchase(customer, 1);
            let fact = facts::envelope::<PurchaseRecorded>(customer.uuid(), 1, &sold);
            let subject = facts::envelope::<CustomerRegistered>(customer.uuid(), 1, &facts::state(customer));
            let [fact, subject] = [fact, subject].map(|one| [Delivery::Event(Arc::new(one))]);
            let (fact, subject) =
                tokio::join!(deliver(runtime, &fact, None), deliver(runtime, &subject, None));
            fact.and(subject).expect("delivered");
        });
        join_all(pairs).await;
    }
    assert_eq!(sight::parked(&runtime.db).await, 0);
    assert_eq!(sight::failed(&runtime.db).await, 0);
    assert_eq!(effects(&runtime.db).await, once([1; 240]));
    stage.end().await;
}
on_both!(a_fact_and_its_subject_do_not_miss_each_other, super::at_the_same_time);

async fn a_command_waits(place: Place) {
    let stage = Stage::set(place).await;
    for _ in 0..5 {
        let customer = facts::new_customer();
        let needs = deciding(move |work| Box::pin(reactions::require(work, customer.uuid())));
        let waiting = tokio::spawn({
            let runtime = stage.loyalty.runtime.clone();
            async move {
                let started = Instant::now();
                command::run(&runtime, None, None, needs).await.map(|_| started.elapsed())
            }
        });
        facts::register(&stage.customer, customer).await;
        let waited = waiting.await.expect("no panic").expect("the customer arrived while it waited");
        assert!(waited < command::PATIENCE + Duration::from_millis(500), "{waited:?}");
    }
    stage.end().await;
}
on_both!(a_command_waits_for_its_subject, super::a_command_waits);
