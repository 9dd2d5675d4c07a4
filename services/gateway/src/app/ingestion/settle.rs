//! What became of the messages of a round, written in one transaction.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
    time::Duration,
};

use futures::future::BoxFuture;
use kit::{Result, Work, command, db::word};
use schema::{
    api::ingestion::{MessageState, TrackingCall},
    ids::{CustomerId, IngestionMessageId, IngestionSourceId},
};
use uuid::Uuid;

use super::super::Gateway;
use crate::{
    domain::backoff,
    storage::ingestion::{
        count::{self, Sort},
        link, message,
    },
};

/// The longest reason that is kept.
const LONGEST_REASON: usize = 500;

/// What is counted of a message beside its outcome.
type Counted = (IngestionSourceId, TrackingCall, Option<String>);

/// What became of the messages of a round.
#[derive(Clone, Debug, Default)]
pub(super) struct Settlement {
    sorts: HashMap<IngestionMessageId, Counted>,
    ended: BTreeMap<IngestionMessageId, (MessageState, Option<String>)>,
    waiting: BTreeMap<IngestionMessageId, (Uuid, Duration)>,
    put_off: BTreeMap<IngestionMessageId, i32>,
    released: Vec<Uuid>,
    pub(super) links: HashMap<Uuid, CustomerId>,
}

impl Settlement {
    /// Says of what sort a message is.
    pub(super) fn counted(
        &mut self,
        id: IngestionMessageId,
        source: IngestionSourceId,
        call: TrackingCall,
        event: Option<String>,
    ) {
        self.sorts.insert(id, (source, call, event));
    }

    /// It is over.
    pub(super) fn end(&mut self, id: IngestionMessageId, state: MessageState) {
        self.ended.insert(id, (state, None));
    }

    /// It had its effect, apart from something.
    pub(super) fn end_but(&mut self, id: IngestionMessageId, what: String) {
        self.ended.insert(id, (MessageState::Applied, Some(shortened(what))));
    }

    /// It is refused.
    pub(super) fn refuse(&mut self, id: IngestionMessageId, why: String) {
        self.ended.insert(id, (MessageState::Refused, Some(shortened(why))));
    }

    /// It waits until somebody is known by this key, and is looked at again after `recheck`.
    pub(super) fn wait(&mut self, id: IngestionMessageId, key: Uuid, recheck: Duration) {
        self.waiting.insert(id, (key, recheck));
    }

    /// It is forwarded again later.
    pub(super) fn put_off(&mut self, id: IngestionMessageId, attempts: i32) {
        self.put_off.insert(id, attempts);
    }

    /// Somebody is known by this key from now on.
    pub(super) fn link(&mut self, key: Uuid, customer: CustomerId) {
        self.links.insert(key, customer);
        self.release(key);
    }

    /// What waits for this key can go on.
    pub(super) fn release(&mut self, key: Uuid) {
        self.released.push(key);
    }

    /// Writes it all.
    pub(super) async fn settle(self, gateway: &Arc<Gateway>) -> Result<()> {
        let settlement = Arc::new(self);
        let shared = Arc::clone(&settlement);
        let decide: command::Decision<BTreeMap<String, u64>> = Arc::new(move |work: &mut Work| {
            let settlement = Arc::clone(&shared);
            let written: BoxFuture<'_, Result<BTreeMap<String, u64>>> =
                Box::pin(async move { settlement.write(work).await });
            written
        });
        let outcomes = command::run(&gateway.runtime, None, None, decide).await?.reply;
        for (outcome, count) in outcomes {
            kit::metrics::ingested(outcome, count);
        }
        Ok(())
    }

    /// Gives how many messages had each outcome.
    async fn write(&self, work: &Work) -> Result<BTreeMap<String, u64>> {
        let ids: Vec<IngestionMessageId> = self.ended.keys().copied().collect();
        let pending = message::still_pending(work, &ids).await?;
        let mut alike: BTreeMap<(MessageState, Option<&str>), Vec<IngestionMessageId>> = BTreeMap::new();
        let mut counts: BTreeMap<Sort, i64> = BTreeMap::new();
        let mut outcomes: BTreeMap<String, u64> = BTreeMap::new();
        for (id, (state, reason)) in self.ended.iter().filter(|(id, _)| pending.contains(id)) {
            alike.entry((*state, reason.as_deref())).or_default().push(*id);
            *outcomes.entry(word(state)?).or_default() += 1;
            if let Some((source, call, event)) = self.sorts.get(id) {
                *counts.entry((*source, *call, event.clone(), *state)).or_default() += 1;
            }
        }
        for ((state, reason), ids) in alike {
            message::settle(work, &ids, state, reason).await?;
        }
        for (id, (key, recheck)) in &self.waiting {
            message::wait(work, *id, *key, *recheck).await?;
        }
        let mut pauses: BTreeMap<i32, Vec<IngestionMessageId>> = BTreeMap::new();
        for (id, attempts) in &self.put_off {
            pauses.entry(*attempts).or_default().push(*id);
        }
        for (attempts, ids) in pauses {
            message::put_off(work, &ids, backoff::pause(attempts)).await?;
        }
        // In one order for all writers.
        let mut links: Vec<(Uuid, CustomerId)> = self.links.iter().map(|(key, one)| (*key, *one)).collect();
        links.sort_unstable();
        link::put(work, &links).await?;
        message::release(work, &self.released).await?;
        count::add(work, &counts).await?;
        Ok(outcomes)
    }
}

fn shortened(text: String) -> String {
    if text.chars().count() <= LONGEST_REASON { text } else { text.chars().take(LONGEST_REASON).collect() }
}
