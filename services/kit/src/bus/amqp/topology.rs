//! What stands on the broker, declared by whoever needs it, each time it connects.

use lapin::{
    Channel, ExchangeKind,
    options::{ExchangeDeclareOptions, QueueBindOptions, QueueDeclareOptions},
    types::{AMQPValue, FieldTable},
};
use schema::topology::EXCHANGE;

use super::{BrokerError, within};
use crate::service::Runtime;

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

/// The service's queue, bound to every type that it reacts to, and the net behind it.
pub(crate) async fn declare_queue(channel: &Channel, runtime: &Runtime) -> Result<String, BrokerError> {
    let namespace = &runtime.config.bus.namespace;
    let queue = format!("{namespace}{}", runtime.service.queue());
    let net = format!("{namespace}{}", runtime.service.dead_letter_queue());
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

    for declaration in runtime.reactions.types() {
        within(channel.queue_bind(
            queue.as_str().into(),
            exchange(namespace).as_str().into(),
            declaration.routing_key().into(),
            QueueBindOptions::default(),
            FieldTable::default(),
        ))
        .await?;
    }
    Ok(queue)
}
