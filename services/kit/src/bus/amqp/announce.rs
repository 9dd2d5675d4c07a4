//! Announcements over RabbitMQ: a fanout exchange, and for each replica a queue that lives as long as
//! its connection.

use std::sync::Arc;

use futures::StreamExt as _;
use lapin::{
    BasicProperties, Channel, Consumer, ExchangeKind,
    options::{
        BasicConsumeOptions, BasicPublishOptions, ConfirmSelectOptions, ExchangeDeclareOptions,
        QueueBindOptions, QueueDeclareOptions,
    },
    types::FieldTable,
};
use schema::topology::ANNOUNCEMENTS;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{BrokerError, DEADLINE, Pause, connect, within};
use crate::{
    announce::{Heard, Waiting},
    error::{Chain, Error},
    service::Runtime,
};

/// What goes over the wire.
#[derive(Serialize, Deserialize)]
struct Message {
    from: Uuid,
    said: Vec<String>,
    missed: bool,
}

/// Carries until the service stops; comes back after any fault.
pub(crate) async fn run(runtime: Arc<Runtime>) {
    let mut pause = Pause::new();
    while !runtime.stop.is_cancelled() {
        let outcome = round(&runtime, &mut pause).await;
        runtime.announcements.set_heard(false);
        if let Err(error) = outcome {
            let next = pause.next();
            tracing::warn!(error = %Chain(&error), pause_ms = next.as_millis(), "announcements are interrupted");
            tokio::select! {
                () = runtime.stop.cancelled() => {}
                () = tokio::time::sleep(next) => {}
            }
        }
    }
}

/// One connection, from its begin to a fault (`Err`) or the end of the service (`Ok`).
async fn round(runtime: &Runtime, pause: &mut Pause) -> Result<(), BrokerError> {
    let connection = connect(&runtime.config.bus.url, &format!("{} announcements", runtime.service)).await?;
    let channel = within(connection.create_channel()).await?;
    within(channel.confirm_select(ConfirmSelectOptions::default())).await?;
    let exchange = format!("{}{ANNOUNCEMENTS}", runtime.config.bus.namespace);
    let mut consumer = listen(&channel, &exchange).await?;
    runtime.announcements.set_heard(true);
    pause.reset();
    loop {
        say(runtime, &channel, &exchange).await?;
        tokio::select! {
            () = runtime.stop.cancelled() => {
                return within(connection.close(200, "the service ends".into())).await;
            }
            () = runtime.announcements.bell.notified() => {}
            delivery = consumer.next() => hear(runtime, &delivery.ok_or(BrokerError::Ended)??.data),
        }
    }
}

async fn listen(channel: &Channel, exchange: &str) -> Result<Consumer, BrokerError> {
    let durable = ExchangeDeclareOptions { durable: true, ..ExchangeDeclareOptions::default() };
    within(channel.exchange_declare(exchange.into(), ExchangeKind::Fanout, durable, FieldTable::default()))
        .await?;
    let own = QueueDeclareOptions { exclusive: true, auto_delete: true, ..QueueDeclareOptions::default() };
    let queue = within(channel.queue_declare("".into(), own, FieldTable::default())).await?;
    let name = queue.name().as_str().to_owned();
    within(channel.queue_bind(
        name.as_str().into(),
        exchange.into(),
        "".into(),
        QueueBindOptions::default(),
        FieldTable::default(),
    ))
    .await?;
    let options = BasicConsumeOptions { no_ack: true, ..BasicConsumeOptions::default() };
    within(channel.basic_consume(name.as_str().into(), "".into(), options, FieldTable::default())).await
}

/// Says what waits; what the broker did not take goes on waiting.
async fn say(runtime: &Runtime, channel: &Channel, exchange: &str) -> Result<(), BrokerError> {
    let waiting = runtime.announcements.take_waiting();
    if waiting.said.is_empty() && !waiting.missed {
        return Ok(());
    }
    let message = Message { from: runtime.instance, said: waiting.said, missed: waiting.missed };
    let body = serde_json::to_vec(&message).map_err(|error| Error::malformed("an announcement", error))?;
    let publish = async {
        let confirm = within(channel.basic_publish(
            exchange.into(),
            "".into(),
            BasicPublishOptions::default(),
            &body,
            BasicProperties::default(),
        ))
        .await?;
        tokio::time::timeout(DEADLINE, confirm).await??;
        Ok(())
    };
    publish.await.inspect_err(|_| {
        runtime.announcements.put_back(Waiting { said: message.said, missed: message.missed });
    })
}

fn hear(runtime: &Runtime, body: &[u8]) {
    let announcements = &runtime.announcements;
    match serde_json::from_slice::<Message>(body) {
        Ok(message) if message.from == runtime.instance => {}
        Ok(message) => {
            message.said.iter().for_each(|said| announcements.hear(Heard::Elsewhere(said)));
            if message.missed {
                announcements.hear(Heard::Missed);
            }
        }
        Err(_) => announcements.hear(Heard::Missed),
    }
}
