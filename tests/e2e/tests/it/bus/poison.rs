//! A bad message stops nobody else: it is kept with its reason, tried again, and can be mended.

use std::sync::Arc;

use kit::{
    Db,
    clock::Clock,
    inbox::{DeadLetter, Delivery, dead_letters, deliver, retry_dead_letter},
    service::Shared,
};
use schema::{
    event::{CustomerRegistered, Envelope, PurchaseRecorded},
    ids::PurchaseId,
    topology::Service,
};
use serde_json::value::RawValue;
use testkit::{Mode, Place, eventually, process, suite::start_service};

use super::{
    delivery::publish,
    facts,
    sight::{self, effects, once},
    stage::{self, LONG, Stage},
};
use crate::on_both;

const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";

/// Puts bytes where an event would come from: onto the broker, or into the publisher's outbox.
async fn smuggle(place: &Place, publisher: &Db, bytes: &[u8]) {
    if place.mode == Mode::Brokered {
        return publish(place, "customer360.purchase.recorded", bytes).await;
    }
    let now = Clock::system().now();
    let text = String::from_utf8_lossy(bytes).into_owned();
    let (id, kind) = (kit::clock::new_id(now), "customer360.purchase.recorded.v1");
    let sql = "INSERT INTO outbox (event_id, event_type, envelope, recorded_at) VALUES ($1, $2, $3, $4)";
    let values = vec![id.into(), kind.into(), text.into(), now.into()];
    publisher.execute(sql, values).await.expect("smuggled in");
}

async fn letters(db: &Db, number: usize) -> Vec<DeadLetter> {
    eventually("the dead letters are there", LONG, || async {
        let letters = dead_letters(db, 100).await.expect("the database answers");
        (letters.len() == number).then_some(letters)
    })
    .await
}

async fn break_on(stage: &Stage, purchase: PurchaseId, how: &str) {
    let sql = "INSERT INTO broken (purchase_id, how) VALUES ($1, $2)";
    let values = vec![purchase.uuid().into(), how.into()];
    stage.loyalty.runtime.db.execute(sql, values).await.expect("broken");
}

fn with_data(data: &str) -> Envelope {
    let customer = facts::new_customer();
    let mut envelope = facts::envelope::<PurchaseRecorded>(customer.uuid(), 1, &facts::purchase(customer, 1));
    envelope.data = RawValue::from_string(data.to_owned()).expect("JSON");
    envelope.traceparent = Some(format!("00-{TRACE}-b7ad6b7169203331-01"));
    envelope
}

async fn unreadable(place: Place) {
    let stage = Stage::set(place).await;
    let customer = facts::new_customer();
    facts::register(&stage.customer, customer).await;
    let mut amounts = 1..;
    let bad: [&[u8]; 5] = [b"", b"not JSON", b"{\"specversion\":\"1.0\"}", b"\xff\x00\xfe", b"[[[["];
    for bytes in bad {
        facts::sell(&stage.interaction, customer, amounts.next().expect("endless")).await;
        smuggle(&stage.place, &stage.interaction.runtime.db, bytes).await;
    }
    // Other shapes; in the last one a NUL would come back in the reason.
    let shapes =
        [with_data("[]"), with_data("{\"purchase_id\":7}"), with_data("{\"a\\u0000b\":\"\\u0000\"}")];
    for envelope in &shapes {
        facts::sell(&stage.interaction, customer, amounts.next().expect("endless")).await;
        let bytes = serde_json::to_vec(envelope).expect("JSON");
        smuggle(&stage.place, &stage.interaction.runtime.db, &bytes).await;
    }
    stage.drain().await;
    let db = &stage.loyalty.runtime.db;
    assert_eq!(effects(db).await, once(1..=8), "the good ones are applied at once");

    let letters = letters(db, bad.len() + shapes.len()).await;
    for letter in &letters {
        assert_eq!(letter.attempts, 1, "trying again cannot help: {letter:?}");
        assert!(!letter.reason.is_empty() && !letter.reason.contains('\0'), "{letter:?}");
    }
    assert_eq!(letters.iter().filter(|one| one.event_type == "unreadable").count(), bad.len());
    for envelope in &shapes {
        assert!(letters.iter().any(|one| one.event_id == envelope.id.uuid()), "under its own id");
    }
    retried_in_vain(db, &letters).await;
    stage.end().await;
}
on_both!(an_unreadable_message_is_put_aside, super::unreadable);

/// Whoever retries them without mending anything gets them back, each once, and nothing runs hot.
async fn retried_in_vain(db: &Db, before: &[DeadLetter]) {
    let now = Clock::system().now();
    for letter in before {
        assert!(retry_dead_letter(db, letter.event_id, now).await.expect("the database answers"));
    }
    let after = letters(db, before.len()).await;
    assert_eq!(sight::failed(db).await, i64::try_from(before.len()).expect("few"), "no further rows");
    for letter in &after {
        let same = before.iter().find(|one| one.event_id == letter.event_id).expect("the same letter");
        assert!(letter.last_failed_at > same.last_failed_at, "it was tried: {letter:?}");
        assert_eq!(letter.first_failed_at, same.first_failed_at);
    }
}

/// In the real binary, which has a subscriber: whoever repairs finds the command that it came from.
async fn traced(place: Place) {
    let loyalty = start_service(Service::Loyalty, &place.config, &Shared::default()).await;
    loyalty.end().await;
    let what = if place.mode == Mode::Embedded { "all" } else { "loyalty" };
    let (process, _) = process::spawn(&place, what, &[]).await;
    let publisher = Db::open(&place.config, Service::Interaction).await.expect("the database opens");
    smuggle(&place, &publisher, &serde_json::to_vec(&with_data("[]")).expect("JSON")).await;
    let consumer = Db::open(&place.config, Service::Loyalty).await.expect("the database opens");
    assert_eq!(letters(&consumer, 1).await[0].trace_id.as_deref(), Some(TRACE));
    process.end().await;
    publisher.close().await;
    consumer.close().await;
}
on_both!(a_dead_letter_names_its_trace, super::traced);

async fn mended(place: Place) {
    let stage = Stage::set(place).await;
    let db = &stage.loyalty.runtime.db;
    let customer = facts::new_customer();
    facts::register(&stage.customer, customer).await;
    stage.drain().await;

    let mut batch = Vec::new();
    let mut bad = Vec::new();
    for amount in 1..=30 {
        let data = facts::purchase(customer, amount);
        let envelope = facts::envelope::<PurchaseRecorded>(customer.uuid(), amount, &data);
        if amount % 10 == 0 {
            break_on(&stage, data.purchase_id, ["fault", "statement", "panic"][bad.len()]).await;
            bad.push((envelope.id.uuid(), amount));
        }
        batch.push(Delivery::Event(Arc::new(envelope)));
    }
    deliver(&stage.loyalty.runtime, &batch, None).await.expect("delivered");
    let good = (1..=30).filter(|amount| amount % 10 != 0);
    assert_eq!(effects(db).await, once(good), "the good ones of the batch are applied at once");

    let dead = letters(db, bad.len()).await;
    for letter in &dead {
        assert_eq!(letter.attempts, stage.place.config.bus.max_attempts, "{letter:?}");
        assert!(letter.last_failed_at > letter.first_failed_at, "{letter:?}");
    }
    let reasons: Vec<&str> = dead.iter().map(|letter| letter.reason.as_str()).collect();
    assert!(reasons.contains(&"broken on purpose"), "{reasons:?}");
    assert!(reasons.iter().any(|reason| reason.contains("panicked")), "{reasons:?}");
    assert!(reasons.iter().any(|reason| reason.contains("known")), "names what was refused: {reasons:?}");

    // Delivered once more while it is dead: still no effect, still one letter.
    deliver(&stage.loyalty.runtime, &batch, None).await.expect("delivered");
    assert_eq!(letters(db, bad.len()).await.len(), bad.len());

    db.execute("DELETE FROM broken", vec![]).await.expect("mended");
    for (event_id, _) in &bad {
        assert!(retry_dead_letter(db, *event_id, Clock::system().now()).await.expect("answers"));
        assert!(!retry_dead_letter(db, *event_id, Clock::system().now()).await.expect("answers"));
    }
    eventually("the mended ones are applied", LONG, || async {
        (effects(db).await == once(1..=30) && sight::failed(db).await == 0).then_some(())
    })
    .await;
    stage.end().await;
}
on_both!(what_fails_becomes_a_dead_letter_and_can_be_mended, super::mended);

async fn mended_by_another_delivery(place: Place) {
    let mut stage = Stage::set(place).await;
    let customer = facts::new_customer();
    facts::register(&stage.customer, customer).await;
    stage.drain().await;
    let data = facts::purchase(customer, 7);
    break_on(&stage, data.purchase_id, "fault").await;
    let event = facts::envelope::<PurchaseRecorded>(customer.uuid(), 1, &data);
    let event = [Delivery::Event(Arc::new(event))];
    deliver(&stage.loyalty.runtime, &event, None).await.expect("delivered");
    let letter = letters(&stage.loyalty.runtime.db, 1).await.remove(0);

    stage.loyalty.runtime.db.execute("DELETE FROM broken", vec![]).await.expect("mended");
    deliver(&stage.loyalty.runtime, &event, None).await.expect("delivered");
    assert_eq!(effects(&stage.loyalty.runtime.db).await, once([7]));
    // The letter is about something that is done: it goes, so that nobody retries it when the inbox has
    // forgotten.
    stage.loyalty.end().await;
    stage.loyalty = stage::consumer(&stage.place, &stage.shared).await;
    let db = &stage.loyalty.runtime.db;
    letters(db, 0).await;
    assert!(!retry_dead_letter(db, letter.event_id, Clock::system().now()).await.expect("answers"));
    stage.drain().await;
    assert_eq!(effects(db).await, once([7]));
    stage.end().await;
}
on_both!(a_dead_letter_that_was_applied_after_all_goes, super::mended_by_another_delivery);

async fn parked_and_broken(place: Place) {
    let stage = Stage::set(place).await;
    let db = &stage.loyalty.runtime.db;
    for how in ["fault", "statement"] {
        let customer = facts::new_customer();
        let purchases =
            [facts::purchase(customer, 1), facts::purchase(customer, 2), facts::purchase(customer, 3)];
        break_on(&stage, purchases[1].purchase_id, how).await;
        let events = purchases.map(|data| {
            Delivery::Event(Arc::new(facts::envelope::<PurchaseRecorded>(customer.uuid(), 1, &data)))
        });
        deliver(&stage.loyalty.runtime, &events, None).await.expect("delivered");
        assert_eq!(sight::parked(db).await, 3);

        let registered = facts::envelope::<CustomerRegistered>(customer.uuid(), 1, &facts::state(customer));
        deliver(&stage.loyalty.runtime, &[Delivery::Event(Arc::new(registered))], None)
            .await
            .expect("delivered");
        assert_eq!(sight::effects_of(db, customer).await, 3, "registered and the two good purchases");
        assert_eq!(sight::parked(db).await, 0);

        let letter = letters(db, 1).await.remove(0);
        assert_eq!(letter.attempts, stage.place.config.bus.max_attempts, "{letter:?}");
        db.execute("DELETE FROM broken", vec![]).await.expect("mended");
        assert!(retry_dead_letter(db, letter.event_id, Clock::system().now()).await.expect("answers"));
        eventually("the mended one is applied", LONG, || async {
            (sight::effects_of(db, customer).await == 4 && sight::failed(db).await == 0).then_some(())
        })
        .await;
    }
    stage.end().await;
}
on_both!(a_parked_one_that_fails_does_not_keep_back_its_subject, super::parked_and_broken);
