//! What the gateway does: read the view, keep it fresh, pass commands on to their owners.

pub(crate) mod answers;
pub(crate) mod catch_up;
pub(crate) mod command;
pub(crate) mod find_by_contact;
pub(crate) mod ingestion;
pub(crate) mod keep_reference;
pub(crate) mod mark_stale;
pub(crate) mod memory;
pub(crate) mod owners;
pub(crate) mod read;
pub(crate) mod refresh;
pub(crate) mod search;

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, PoisonError},
};

use kit::{Runtime, announce::Heard, arrivals::Arrivals};
use schema::{api::section::Section, ids::CustomerId};
use tokio::sync::Notify;

use self::{answers::Answers, ingestion::Ingestion, memory::Memory, owners::Owners};
use crate::domain::announcement::Announcement;

/// The most customers that a refresher is asked to take first.
const HINTS_MOST: usize = 1000;

/// What requests, reactions and refreshers of one running gateway share.
pub(crate) struct Gateway {
    /// The service that it is.
    pub(crate) runtime: Arc<Runtime>,
    /// The services that own the data.
    pub(crate) owners: Arc<Owners>,
    /// Hot rows.
    pub(crate) memory: Memory,
    /// Answers that were just given.
    pub(crate) answers: Answers,
    /// Who waits for a fresher row.
    pub(crate) fresher: Arrivals,
    /// What tracked messages need between requests.
    pub(crate) ingestion: Ingestion,
    refreshers: [Refresher; 4],
}

/// How a section's refresher is woken, and what it takes first.
#[derive(Default)]
struct Refresher {
    bell: Notify,
    hints: Mutex<BTreeSet<CustomerId>>,
}

impl Gateway {
    /// The gateway of this service; from now on it hears what its replicas announce.
    pub(crate) fn new(runtime: &Arc<Runtime>, owners: &Arc<Owners>) -> Arc<Self> {
        let gateway = Arc::new(Self {
            runtime: Arc::clone(runtime),
            owners: Arc::clone(owners),
            memory: Memory::new(),
            answers: Answers::new(),
            fresher: Arrivals::default(),
            ingestion: Ingestion::new(),
            refreshers: Default::default(),
        });
        // Weak: the runtime, which the gateway holds, holds this listener.
        let listener = Arc::downgrade(&gateway);
        runtime.announcements.listen(move |heard| {
            if let Some(gateway) = listener.upgrade() {
                gateway.hear(heard);
            }
        });
        gateway
    }

    fn hear(&self, heard: Heard<'_>) {
        let (text, here) = match heard {
            Heard::Here(text) => (text, true),
            Heard::Elsewhere(text) => (text, false),
            Heard::Missed => return self.memory.forget_all(),
        };
        match Announcement::parse(text) {
            Some(Announcement::Stale(customer, section)) => {
                self.memory.forget(customer);
                // Whoever marked it fetches it; the queue is shared, so others need not wake.
                if here {
                    self.refresher(section).bell.notify_one();
                }
            }
            Some(Announcement::Changed(customer)) => {
                self.memory.forget(customer);
                self.fresher.announce(&[customer.into()]);
            }
            Some(Announcement::Organisation) | None => self.memory.forget_all(),
        }
    }

    const fn refresher(&self, section: Section) -> &Refresher {
        &self.refreshers[section as usize]
    }

    /// Rings when a section's refresher has work.
    pub(crate) const fn bell(&self, section: Section) -> &Notify {
        &self.refresher(section).bell
    }

    /// Somebody looks at this stale section now: it goes before others.
    pub(crate) fn hint(&self, section: Section, customer: CustomerId) {
        let mut hints = self.refresher(section).hints.lock().unwrap_or_else(PoisonError::into_inner);
        if hints.len() < HINTS_MOST {
            hints.insert(customer);
        }
    }

    /// Whom somebody looked at since the last time, at most `limit`.
    pub(crate) fn take_hints(&self, section: Section, limit: usize) -> Vec<CustomerId> {
        let mut hints = self.refresher(section).hints.lock().unwrap_or_else(PoisonError::into_inner);
        let taken: Vec<CustomerId> = hints.iter().take(limit).copied().collect();
        for id in &taken {
            hints.remove(id);
        }
        taken
    }
}
