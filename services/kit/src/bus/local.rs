//! The local bus: it has no queue of its own. A subscriber holds a position over the publisher's
//! retained outbox, in its own database, and moves it in the transaction that applies the events: the
//! commit is the acknowledgement. So it is as durable as the databases.
//!
//! The position is the outbox id. That is sound because SQLite has one writer: ids appear in commit
//! order. The configuration refuses this bus on any other database.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use schema::topology::Service;
use sea_orm::ConnectionTrait as _;
use tokio::{sync::watch, task::JoinHandle};

use crate::{
    db::{Db, statement},
    error::{Chain, Error, Result},
    inbox::{Delivery, Position, deliver},
    service::Runtime,
};

/// The most events of one batch.
const BATCH: i64 = 500;
/// How often a subscriber looks without being woken.
const INTERVAL: Duration = Duration::from_secs(1);

/// The services of this process that publish.
#[derive(Clone, Default)]
pub struct LocalBus(Arc<Mutex<HashMap<Service, Publisher>>>);

impl std::fmt::Debug for LocalBus {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("LocalBus")
    }
}

struct Publisher {
    db: Option<Db>,
    bell: watch::Sender<()>,
}

impl LocalBus {
    fn with<T>(&self, service: Service, look: impl FnOnce(&mut Publisher) -> T) -> T {
        let mut publishers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        look(publishers.entry(service).or_insert_with(|| Publisher { db: None, bell: watch::channel(()).0 }))
    }

    /// Opens a service's outbox to the others.
    pub(crate) fn register(&self, runtime: &Runtime) {
        self.with(runtime.service, |publisher| {
            publisher.db = Some(runtime.db.clone());
            publisher.bell.send_replace(());
        });
    }

    /// The service has ended; its outbox waits until it is back.
    pub(crate) fn forget(&self, service: Service) {
        self.with(service, |publisher| publisher.db = None);
    }

    /// The service told something.
    pub(crate) fn told(&self, service: Service) {
        self.with(service, |publisher| publisher.bell.send_replace(()));
    }

    fn outbox(&self, service: Service) -> Option<Db> {
        self.with(service, |publisher| publisher.db.clone())
    }

    fn bell(&self, service: Service) -> watch::Receiver<()> {
        self.with(service, |publisher| publisher.bell.subscribe())
    }
}

/// Consumes from every publisher that the service reacts to, each in a task of its own.
pub(crate) fn consume(runtime: &Arc<Runtime>, bus: &LocalBus) -> Vec<JoinHandle<()>> {
    runtime
        .reactions
        .publishers()
        .into_iter()
        .map(|publisher| tokio::spawn(follow(Arc::clone(runtime), bus.clone(), publisher)))
        .collect()
}

async fn follow(runtime: Arc<Runtime>, bus: LocalBus, publisher: Service) {
    let mut bell = bus.bell(publisher);
    loop {
        let pause = match batch(&runtime, &bus, publisher).await {
            Ok(true) => continue,
            Ok(false) => INTERVAL,
            Err(error) => {
                tracing::warn!(error = %Chain(&error), publisher = publisher.name(), "cannot consume now");
                INTERVAL
            }
        };
        tokio::select! {
            () = runtime.stop.cancelled() => return,
            // The sender lives as long as the bus that this task holds.
            _ = bell.changed() => {}
            () = tokio::time::sleep(pause) => {}
        }
    }
}

/// Applies the next batch; `true` when there may be more.
async fn batch(runtime: &Arc<Runtime>, bus: &LocalBus, publisher: Service) -> Result<bool> {
    if runtime.stop.is_cancelled() {
        return Ok(false);
    }
    let Some(outbox) = bus.outbox(publisher) else { return Ok(false) };
    let position = position(&runtime.db, publisher).await?;
    let rows = outbox
        .read()
        .query_all_raw(statement(
            outbox.read(),
            "SELECT id, event_type, envelope FROM outbox WHERE id > $1 ORDER BY id LIMIT $2",
            vec![position.into(), BATCH.into()],
        ))
        .await?;
    let Some(last) = rows.last() else { return Ok(false) };
    let at: i64 = last.try_get("", "id")?;
    let mut deliveries = Vec::with_capacity(rows.len());
    for row in &rows {
        let kind: String = row.try_get("", "event_type")?;
        if runtime.reactions.knows(&kind) {
            let envelope: String = row.try_get("", "envelope")?;
            deliveries.push(Delivery::recorded(&envelope));
        }
    }
    deliver(runtime, &deliveries, Some(Position { publisher, at })).await?;
    Ok(true)
}

/// How far this service has applied the publisher's outbox.
///
/// # Errors
/// When the database cannot be asked.
pub async fn position(db: &Db, publisher: Service) -> Result<i64, Error> {
    let row = db
        .read()
        .query_one_raw(statement(
            db.read(),
            "SELECT position FROM bus_position WHERE publisher = $1",
            vec![publisher.name().into()],
        ))
        .await?;
    Ok(row.map_or(Ok(0), |row| row.try_get_by_index(0))?)
}
