//! Everything told is applied, and applied once, however often it is delivered.

use std::sync::Arc;

use futures::{StreamExt as _, future::join_all, stream};
use kit::inbox::{Delivery, deliver};
use lapin::{
    BasicProperties,
    options::{BasicPublishOptions, ConfirmSelectOptions},
};
use schema::{
    event::{CustomerRegistered, Envelope, PurchaseRecorded, declaration},
    topology::{EXCHANGE, Service},
};
use testkit::{Mode, Place, backing, eventually};

use super::{
    facts, reactions,
    sight::{self, Effects, effects, once},
    stage::{self, LONG, Stage},
};
use crate::on_both;

/// Waits until so much was sold, and then until nothing more can come.
async fn sold(stage: &Stage, expected: Effects) {
    eventually("everything told is applied", LONG, || async {
        (effects(&stage.loyalty.runtime.db).await.events >= expected.events).then_some(())
    })
    .await;
    stage.drain().await;
    assert_eq!(effects(&stage.loyalty.runtime.db).await, expected);
    assert_eq!(sight::parked(&stage.loyalty.runtime.db).await, 0);
    assert_eq!(sight::failed(&stage.loyalty.runtime.db).await, 0);
}

async fn many_at_once(place: Place) {
    let stage = Stage::set(place).await;
    let customers: Vec<_> = (0..20).map(|_| facts::new_customer()).collect();
    for customer in &customers {
        facts::register(&stage.customer, *customer).await;
    }
    stream::iter(1..=400_usize)
        .map(|number| {
            let amount = i64::try_from(number).expect("small");
            facts::sell(&stage.interaction, customers[number % customers.len()], amount)
        })
        .buffer_unordered(12)
        .collect::<Vec<_>>()
        .await;
    sold(&stage, once(1..=400)).await;
    // What a reaction tells leaves with its effect: once for each.
    assert_eq!(sight::told(&stage.loyalty.runtime.db).await, 400);
    stage.end().await;
}
on_both!(everything_told_is_applied_once, super::many_at_once);

async fn again(place: Place) {
    let stage = Stage::set(place).await;
    let customer = facts::new_customer();
    facts::register(&stage.customer, customer).await;
    for amount in 1..=50 {
        facts::sell(&stage.interaction, customer, amount).await;
    }
    sold(&stage, once(1..=50)).await;

    let consumer = &stage.loyalty.runtime.db;
    if stage.place.mode == Mode::Embedded {
        // The subscriber has forgotten how far it was.
        consumer.execute("UPDATE bus_position SET position = 0", vec![]).await.expect("set back");
    } else {
        // The relay died between publishing and marking.
        let publisher = &stage.interaction.runtime.db;
        publisher.execute("UPDATE outbox SET published_at = NULL", vec![]).await.expect("unmarked");
        eventually("all is published again", LONG, || async {
            (sight::unpublished(publisher).await == 0).then_some(())
        })
        .await;
        publish_by_hand(&stage.place, &sight::outbox(publisher).await).await;
    }
    sold(&stage, once(1..=50)).await;
    stage.end().await;
}
on_both!(an_event_delivered_again_has_no_second_effect, super::again);

/// Another relay, so to speak.
async fn publish_by_hand(place: &Place, envelopes: &[Envelope]) {
    for envelope in envelopes {
        let key = declaration(&envelope.kind).expect("a known type").routing_key();
        publish(place, key, &serde_json::to_vec(envelope).expect("JSON")).await;
    }
}

/// Publishes bytes to the exchange of the place and waits until the broker has them.
pub(super) async fn publish(place: &Place, routing_key: &str, bytes: &[u8]) {
    let connection = backing::broker().await;
    let channel = connection.create_channel().await.expect("a channel");
    channel.confirm_select(ConfirmSelectOptions::default()).await.expect("confirms");
    let exchange = format!("{}{EXCHANGE}", place.config.bus.namespace);
    let options = BasicPublishOptions { mandatory: true, ..BasicPublishOptions::default() };
    let properties = BasicProperties::default().with_delivery_mode(2);
    let confirmation = channel
        .basic_publish(exchange.as_str().into(), routing_key.into(), options, bytes, properties)
        .await
        .expect("published")
        .await
        .expect("confirmed");
    assert!(matches!(confirmation, lapin::Confirmation::Ack(None)), "{confirmation:?}");
    connection.close(200, "done".into()).await.expect("closes");
}

async fn at_the_same_time(place: Place) {
    let stage = Stage::set(place).await;
    let mut batch = Vec::new();
    for amount in 1..=30 {
        let customer = facts::new_customer();
        let registered = facts::envelope::<CustomerRegistered>(customer.uuid(), 1, &facts::state(customer));
        let recorded =
            facts::envelope::<PurchaseRecorded>(customer.uuid(), 1, &facts::purchase(customer, amount));
        batch.push(Delivery::Event(Arc::new(recorded)));
        batch.push(Delivery::Event(Arc::new(registered)));
    }
    // The same events in other orders, twice in each batch, and all batches at the same time.
    let deliveries = (0..6).map(|turn| {
        let mut turned = batch.clone();
        turned.rotate_left(turn * 9);
        if turn % 2 == 1 {
            turned.reverse();
        }
        turned.extend(turned.clone());
        let runtime = stage.loyalty.runtime.clone();
        async move { deliver(&runtime, &turned, None).await }
    });
    for outcome in join_all(deliveries).await {
        outcome.expect("delivered");
    }
    // Batches that lost against each other are tried again.
    eventually("nothing is left over", LONG, || async {
        let db = &stage.loyalty.runtime.db;
        (sight::failed(db).await == 0 && sight::parked(db).await == 0).then_some(())
    })
    .await;
    sold(&stage, once(1..=30)).await;
    stage.end().await;
}
on_both!(deliveries_at_the_same_time_have_one_effect, super::at_the_same_time);

/// A service that is started for the first time after others have told and consumed gets everything.
async fn late(place: Place) {
    let shared = kit::service::Shared::default();
    let customer = stage::publisher(&place, &shared, Service::Customer).await;
    let interaction = stage::publisher(&place, &shared, Service::Interaction).await;
    // The first consumer takes what is told, so that it is not for want of any queue that it waits.
    let first =
        stage::start(&place, &shared, Service::Gateway, reactions::migrations, reactions::reactions()).await;
    let id = facts::new_customer();
    facts::register(&customer, id).await;
    for amount in 1..=20 {
        facts::sell(&interaction, id, amount).await;
    }
    eventually("the first consumer has everything", LONG, || async {
        (effects(&first.runtime.db).await == once(1..=20)).then_some(())
    })
    .await;
    let second = stage::consumer(&place, &shared).await;
    eventually("the second consumer has everything", LONG, || async {
        (effects(&second.runtime.db).await == once(1..=20)).then_some(())
    })
    .await;
    for one in [interaction, customer, first, second] {
        one.end().await;
    }
}
on_both!(a_consumer_that_starts_late_gets_everything, super::late);
