//! What stands on the broker, declared by whoever needs it, each time it connects.
//!
//! Queues and bindings follow from the event table, not from who runs: a publisher declares the queues of
//! all who react to it before it publishes, so that a service that starts for the first time tomorrow
//! finds today's events.

use std::collections::BTreeSet;

use lapin::{
    Channel, ExchangeKind,
    options::{ExchangeDeclareOptions, QueueBindOptions, QueueDeclareOptions},
    types::{AMQPValue, FieldTable},
};
use schema::{
    event::EVENTS,
    topology::{EXCHANGE, Service},
};

use super::{BrokerError, within};

/// Redeliveries after which the broker itself takes a message out of the way. The inbox counts attempts
/// too; this is for what kills the process before the inbox can count. RabbitMQ 3 has no default.
const DELIVERY_LIMIT: i64 = 20;

/// The exchange's name in this namespace.
pub(crate) fn exchange(namespace: &str) -> String {
    format!("{namespace}{EXCHANGE}")
}

pub(crate) async fn declare_exchange(channel: &Channel, namespace: &str) -> Result<(), BrokerError> {
    let options = ExchangeDeclareOptions { durable: true, ..ExchangeDeclareOptions::default() };
    within(channel.exchange_declare(
        exchange(namespace).as_str().into(),
        ExchangeKind::Topic,
        options,
        FieldTable::default(),
    ))
    .await
}

/// Declares the exchange and the queues of all who react to what `publisher` tells.
pub(crate) async fn declare_for_publisher(
    channel: &Channel,
    namespace: &str,
    publisher: Service,
) -> Result<(), BrokerError> {
    declare_exchange(channel, namespace).await?;
    let told = EVENTS.iter().filter(|event| event.publisher == publisher);
    let consumers: BTreeSet<Service> = told.flat_map(|event| event.consumers.iter().copied()).collect();
    for consumer in consumers {
        declare_queue(channel, namespace, consumer).await?;
    }
    Ok(())
}

/// A service's queue, bound to every type that it reacts to, and the net behind it.
pub(crate) async fn declare_queue(
    channel: &Channel,
    namespace: &str,
    consumer: Service,
) -> Result<String, BrokerError> {
    let queue = format!("{namespace}{}", consumer.queue());
    let net = format!("{namespace}{}", consumer.dead_letter_queue());
    let options = QueueDeclareOptions { durable: true, ..QueueDeclareOptions::default() };

    let mut arguments = FieldTable::default();
    arguments.insert("x-queue-type".into(), AMQPValue::LongString("quorum".into()));
    within(channel.queue_declare(net.as_str().into(), options, arguments)).await?;

    let mut arguments = FieldTable::default();
    arguments.insert("x-queue-type".into(), AMQPValue::LongString("quorum".into()));
    arguments.insert("x-delivery-limit".into(), AMQPValue::LongLongInt(DELIVERY_LIMIT));
    arguments.insert("x-dead-letter-exchange".into(), AMQPValue::LongString("".into()));
    arguments.insert("x-dead-letter-routing-key".into(), AMQPValue::LongString(net.as_str().into()));
    // Without these two, dead-lettering may lose what it moves.
    arguments.insert("x-dead-letter-strategy".into(), AMQPValue::LongString("at-least-once".into()));
    arguments.insert("x-overflow".into(), AMQPValue::LongString("reject-publish".into()));
    within(channel.queue_declare(queue.as_str().into(), options, arguments)).await?;

    for event in EVENTS.iter().filter(|event| event.consumers.contains(&consumer)) {
        within(channel.queue_bind(
            queue.as_str().into(),
            exchange(namespace).as_str().into(),
            event.routing_key().into(),
            QueueBindOptions::default(),
            FieldTable::default(),
        ))
        .await?;
    }
    Ok(queue)
}
