//! Tracked messages: taken in and acknowledged once they are durable, then forwarded to the services that
//! own what they tell.

pub(crate) mod accept;
mod batches;
pub(crate) mod configure;
mod deliver;
pub(crate) mod forward;
mod identify;
mod settle;
pub(crate) mod tidy;

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use kit::Result;
use moka::sync::Cache;
use schema::ids::IngestionSourceId;
use tokio::sync::{Notify, Semaphore, mpsc};

use self::accept::Parcel;
use super::Gateway;
use crate::{domain::ingestion::source::WriteKey, storage::ingestion::source};

/// How long it is remembered whose a write key is: a key that was changed is refused after this.
const KEYS_REMEMBERED: Duration = Duration::from_secs(10);
/// Keys remembered, known ones and others.
const KEYS_MOST: u64 = 10_000;
/// What may wait to be written, in KiB.
const WAITING_MOST: usize = 32 * 1024;

/// What requests, the writer and the forwarder share.
pub(crate) struct Ingestion {
    keys: Cache<String, Option<IngestionSourceId>>,
    parcels: mpsc::UnboundedSender<Parcel>,
    /// The other end, until the writer takes it.
    unwritten: Mutex<Option<mpsc::UnboundedReceiver<Parcel>>>,
    /// Room for what waits to be written, in KiB.
    room: Arc<Semaphore>,
    /// Messages that are to be forwarded, as counted last.
    pending: AtomicI64,
    /// Rings when there is something to forward.
    pub(crate) bell: Notify,
}

impl Ingestion {
    pub(crate) fn new() -> Self {
        let (parcels, unwritten) = mpsc::unbounded_channel();
        Self {
            keys: Cache::builder().max_capacity(KEYS_MOST).time_to_live(KEYS_REMEMBERED).build(),
            parcels,
            unwritten: Mutex::new(Some(unwritten)),
            room: Arc::new(Semaphore::new(WAITING_MOST)),
            pending: AtomicI64::new(0),
            bell: Notify::new(),
        }
    }

    /// What the writer writes; none when somebody has taken it.
    pub(crate) fn take_unwritten(&self) -> Option<mpsc::UnboundedReceiver<Parcel>> {
        self.unwritten.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// Says how many messages are to be forwarded.
    pub(crate) fn set_pending(&self, count: i64) {
        self.pending.store(count, Ordering::Relaxed);
    }
}

/// The active source of a write key.
pub(crate) async fn source_of(gateway: &Gateway, key: &WriteKey) -> Result<Option<IngestionSourceId>> {
    let (keys, hash) = (&gateway.ingestion.keys, key.hash());
    if let Some(known) = keys.get(&hash) {
        return Ok(known);
    }
    let found = source::of_key(&gateway.runtime.db, key).await?;
    keys.insert(hash, found);
    Ok(found)
}
