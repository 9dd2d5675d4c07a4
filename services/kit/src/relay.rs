//! The relay: takes events from the outbox to the broker.
//!
//! One at a time per outbox, by lease. It takes rows that are unpublished, in insertion order, never
//! "greater than the last", because ids are taken before commit. It publishes pipelined with confirms
//! and the mandatory flag; what the broker did not confirm, or gave back, stays unpublished. It retries
//! for ever. Dying between publish and mark only publishes again, and the inbox knows the event.

use std::{sync::Arc, time::Duration};

use lapin::{
    BasicProperties, Channel, Confirmation, Connection,
    options::{BasicPublishOptions, ConfirmSelectOptions},
};
use schema::event::declaration;
use sea_orm::ConnectionTrait as _;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::{
    bus::amqp::{self, BrokerError, DEADLINE, Pause, topology, within},
    db::statement,
    error::{Chain, Error, Result},
    lease, metrics,
    rows::Rows,
    service::Runtime,
};

/// The most events under way at once.
const WINDOW: i64 = 1000;
/// How often it looks without being woken; also how often a standby asks for the lease.
const INTERVAL: Duration = Duration::from_millis(500);
/// The lease's name.
const LEASE: &str = "relay";

/// One event on its way.
struct Row {
    id: i64,
    event_id: Uuid,
    kind: String,
    envelope: String,
}

/// Runs until told to stop, then publishes what is left.
pub(crate) async fn run(runtime: Arc<Runtime>, stop: CancellationToken) {
    let holder = Uuid::new_v5(&runtime.instance, LEASE.as_bytes());
    let mut pause = Pause::new();
    while !stop.is_cancelled() {
        if let Err(error) = round(&runtime, &stop, holder, &mut pause).await {
            let next = pause.next();
            tracing::warn!(error = %Chain(&error), pause_ms = next.as_millis(), "publishing is interrupted");
            tokio::select! {
                () = stop.cancelled() => {}
                () = tokio::time::sleep(next) => {}
            }
        }
    }
    // The lease runs out by itself if it cannot be given back.
    let _ = lease::release(&runtime.db, LEASE, holder).await;
}

/// One connection, from its begin to a fault (`Err`) or the end of the service (`Ok`).
async fn round(
    runtime: &Arc<Runtime>,
    stop: &CancellationToken,
    holder: Uuid,
    pause: &mut Pause,
) -> Result<(), BrokerError> {
    let connection = amqp::connect(&runtime.config.bus.url, &format!("{} relay", runtime.service)).await?;
    let channel = within(connection.create_channel()).await?;
    within(channel.confirm_select(ConfirmSelectOptions::default())).await?;
    topology::declare_for_publisher(&channel, &runtime.config.bus.namespace, runtime.service).await?;
    loop {
        let stopping = stop.is_cancelled();
        let mut published = 0;
        if lease::hold(&runtime.db, LEASE, holder).await.map_err(Error::from)? {
            published = publish_window(runtime, &channel).await?;
            pause.reset();
        }
        if published > 0 {
            continue;
        }
        if stopping {
            return end(&connection).await;
        }
        tokio::select! {
            () = stop.cancelled() => {}
            () = runtime.told.notified() => {}
            () = tokio::time::sleep(INTERVAL) => {}
        }
    }
}

async fn end(connection: &Connection) -> Result<(), BrokerError> {
    within(connection.close(200, "the service ends".into())).await
}

/// Publishes up to a window of events and marks those that the broker took.
async fn publish_window(runtime: &Runtime, channel: &Channel) -> Result<usize, BrokerError> {
    let rows = unpublished(runtime).await?;
    if rows.is_empty() {
        return Ok(0);
    }
    let exchange = topology::exchange(&runtime.config.bus.namespace);
    let mut confirms = Vec::with_capacity(rows.len());
    for row in &rows {
        let key = declaration(&row.kind).map_or(row.kind.as_str(), |declaration| declaration.routing_key());
        let properties = BasicProperties::default()
            .with_delivery_mode(2)
            .with_content_type("application/cloudevents+json".into())
            .with_message_id(row.event_id.to_string().as_str().into())
            .with_type(row.kind.as_str().into());
        let options = BasicPublishOptions { mandatory: true, ..BasicPublishOptions::default() };
        let publish = channel.basic_publish(
            exchange.as_str().into(),
            key.into(),
            options,
            row.envelope.as_bytes(),
            properties,
        );
        confirms.push(within(publish).await?);
    }
    let mut taken = Vec::with_capacity(rows.len());
    for (row, confirm) in rows.iter().zip(confirms) {
        if let Confirmation::Ack(None) = tokio::time::timeout(DEADLINE, confirm).await?? {
            taken.push(row.id);
        }
    }
    mark(runtime, &taken).await?;
    metrics::published(runtime.service, taken.len() as u64);
    match rows.len() - taken.len() {
        0 => Ok(taken.len()),
        refused => Err(BrokerError::NotTaken(refused)),
    }
}

async fn unpublished(runtime: &Runtime) -> Result<Vec<Row>> {
    let connection = runtime.db.write();
    let rows = connection
        .query_all_raw(statement(
            connection,
            "SELECT id, event_id, event_type, envelope FROM outbox WHERE published_at IS NULL ORDER BY id LIMIT $1",
            vec![WINDOW.into()],
        ))
        .await?;
    let read = |row: &sea_orm::QueryResult| -> Result<Row, sea_orm::DbErr> {
        Ok(Row {
            id: row.try_get("", "id")?,
            event_id: row.try_get("", "event_id")?,
            kind: row.try_get("", "event_type")?,
            envelope: row.try_get("", "envelope")?,
        })
    };
    Ok(rows.iter().map(read).collect::<Result<_, _>>()?)
}

/// Notes that the broker has these.
async fn mark(runtime: &Runtime, taken: &[i64]) -> Result<()> {
    let mut rows = Rows::named("taken", ["id", "at"]);
    for id in taken {
        rows.push([(*id).into(), runtime.clock.now().into()]);
    }
    let sql = |rows: &str| {
        format!("UPDATE outbox SET published_at = taken.at FROM {rows} WHERE outbox.id = taken.id")
    };
    for statement in rows.over(runtime.db.backend(), sql)? {
        runtime.db.write().execute_raw(statement).await?;
    }
    Ok(())
}
