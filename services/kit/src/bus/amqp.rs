//! The bus over RabbitMQ: one topic exchange, one quorum queue per consuming service.
//!
//! The consumer acknowledges a batch after its commit, all at once. Recovery is our own: whatever goes
//! wrong with connection or channel ends the round, and the next one starts after a pause and declares
//! the topology again. Every await on the broker has a deadline.

pub(crate) mod announce;
pub(crate) mod topology;

use std::{sync::Arc, time::Duration};

use futures::StreamExt as _;
use lapin::{
    Channel, Connection, ConnectionProperties, Consumer,
    options::{BasicAckOptions, BasicCancelOptions, BasicConsumeOptions, BasicQosOptions},
    types::FieldTable,
};

use crate::{
    error::Chain,
    inbox::{Delivery, deliver},
    service::Runtime,
};

/// The deadline of every single exchange with the broker.
pub(crate) const DEADLINE: Duration = Duration::from_secs(10);
/// Unacknowledged deliveries of one consumer.
const PREFETCH: u16 = 2000;
/// The most events of one batch.
const BATCH: usize = 500;
/// The longest pause before the next round.
pub(crate) const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// The broker cannot be used now.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BrokerError {
    #[error("the broker refused or broke off")]
    Broker(#[from] lapin::Error),
    #[error("the broker did not answer within {} s", DEADLINE.as_secs())]
    Deadline(#[from] tokio::time::error::Elapsed),
    #[error("the broker returned or refused {0} messages: no queue takes them")]
    NotTaken(usize),
    #[error("the consumer ended")]
    Ended,
    #[error(transparent)]
    Database(#[from] crate::Error),
}

/// Connects with a heartbeat, so that a dead peer is noticed.
pub(crate) async fn connect(url: &str, name: &str) -> Result<Connection, BrokerError> {
    let separator = if url.contains('?') { '&' } else { '?' };
    let url = format!("{url}{separator}heartbeat=10");
    let properties = ConnectionProperties::default().with_connection_name(name.into());
    Ok(tokio::time::timeout(DEADLINE, Connection::connect(&url, properties)).await??)
}

/// Consumes until the service stops; comes back after any fault.
pub(crate) async fn consume(runtime: Arc<Runtime>) {
    let mut pause = Pause::new();
    while !runtime.stop.is_cancelled() {
        match round(&runtime, &mut pause).await {
            Ok(()) => return,
            Err(error) => {
                let next = pause.next();
                tracing::warn!(error = %Chain(&error), pause_ms = next.as_millis(), "consuming is interrupted");
                tokio::select! {
                    () = runtime.stop.cancelled() => return,
                    () = tokio::time::sleep(next) => {}
                }
            }
        }
    }
}

/// One connection, from its begin to a fault (`Err`) or the end of the service (`Ok`).
async fn round(runtime: &Arc<Runtime>, pause: &mut Pause) -> Result<(), BrokerError> {
    let connection = connect(&runtime.config.bus.url, &format!("{} consumer", runtime.service)).await?;
    let channel = within(connection.create_channel()).await?;
    let namespace = &runtime.config.bus.namespace;
    topology::declare_exchange(&channel, namespace).await?;
    let queue = topology::declare_queue(&channel, namespace, runtime.service).await?;
    within(channel.basic_qos(PREFETCH, BasicQosOptions::default())).await?;
    let consumer = within(channel.basic_consume(
        queue.as_str().into(),
        format!("{}-{}", runtime.service, runtime.instance).as_str().into(),
        BasicConsumeOptions::default(),
        FieldTable::default(),
    ))
    .await?;
    let tag = consumer.tag();
    tracing::info!(queue, "consuming");
    pause.reset();
    follow(runtime, &channel, consumer).await?;
    within(channel.basic_cancel(tag, BasicCancelOptions::default())).await?;
    within(connection.close(200, "the service ends".into())).await?;
    Ok(())
}

async fn follow(runtime: &Arc<Runtime>, channel: &Channel, consumer: Consumer) -> Result<(), BrokerError> {
    let mut batches = consumer.ready_chunks(BATCH);
    loop {
        let batch = tokio::select! {
            biased;
            () = runtime.stop.cancelled() => return Ok(()),
            batch = batches.next() => batch.ok_or(BrokerError::Ended)?,
        };
        let mut deliveries = Vec::with_capacity(batch.len());
        let mut last = None;
        for delivery in batch {
            let delivery = delivery?;
            deliveries.push(Delivery::parse(&delivery.data));
            last = Some(delivery.delivery_tag);
        }
        if !apply(runtime, &deliveries).await? {
            return Ok(());
        }
        if let Some(tag) = last {
            within(channel.basic_ack(tag, BasicAckOptions { multiple: true })).await?;
        }
    }
}

/// Applies a batch, for as long as it takes: while the database is away the batch is held. Giving it
/// back would count as a delivery, and the broker would at last take good messages for bad ones.
/// `false` when the service ends before it could be applied.
async fn apply(runtime: &Arc<Runtime>, batch: &[Delivery]) -> Result<bool, BrokerError> {
    let mut pause = Pause::new();
    loop {
        match deliver(runtime, batch, None).await {
            Ok(()) => return Ok(true),
            Err(error) if error.is_outage() => {
                let next = pause.next();
                tracing::warn!(error = %Chain(&error), pause_ms = next.as_millis(), "holding a batch");
                tokio::select! {
                    () = runtime.stop.cancelled() => return Ok(false),
                    () = tokio::time::sleep(next) => {}
                }
            }
            Err(error) => return Err(error.into()),
        }
    }
}

/// An exchange with the broker under the deadline.
pub(crate) async fn within<T>(
    exchange: impl Future<Output = Result<T, lapin::Error>>,
) -> Result<T, BrokerError> {
    Ok(tokio::time::timeout(DEADLINE, exchange).await??)
}

/// The pause before the next round: doubles up to [`LONGEST_PAUSE`], and begins anew after a success.
pub(crate) struct Pause(Duration);

impl Pause {
    const FIRST: Duration = Duration::from_millis(100);

    pub(crate) const fn new() -> Self {
        Self(Self::FIRST)
    }

    pub(crate) fn next(&mut self) -> Duration {
        let now = self.0;
        self.0 = (now * 2).min(LONGEST_PAUSE);
        now
    }

    pub(crate) const fn reset(&mut self) {
        self.0 = Self::FIRST;
    }
}
