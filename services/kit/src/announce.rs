//! Announcements: what the replicas of a service tell each other after a commit, such as "drop this from
//! memory".
//!
//! Whoever listens in this process hears an announcement at once, every other replica over a fanout
//! exchange. Announcements are not durable: while this replica cannot hear the others, [`epoch`] is
//! `None` and whatever is kept in memory must be bypassed; after that it is another number, and what was
//! kept under the old one is not to be trusted. What could not be said is said later, or, when it became
//! too much, as [`Heard::Missed`].
//!
//! [`epoch`]: Announcements::epoch

use std::sync::{
    Mutex, PoisonError, RwLock,
    atomic::{AtomicU64, Ordering},
};

use futures::future::BoxFuture;
use tokio::sync::Notify;

use crate::{bus::amqp, config::Config, service::Runtime};

/// The most announcements that wait for the broker.
const WAITING_MOST: usize = 10_000;

/// What a listener hears.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heard<'a> {
    /// This replica says it.
    Here(&'a str),
    /// Another replica says it.
    Elsewhere(&'a str),
    /// Something was said that cannot be repeated: trust nothing that was kept.
    Missed,
}

type Listener = Box<dyn Fn(Heard<'_>) + Send + Sync>;

/// What waits to be said to the others.
#[derive(Debug, Default)]
pub(crate) struct Waiting {
    pub(crate) said: Vec<String>,
    pub(crate) missed: bool,
}

/// Says and hears.
pub struct Announcements {
    listeners: RwLock<Vec<Listener>>,
    has_others: bool,
    waiting: Mutex<Waiting>,
    pub(crate) bell: Notify,
    /// The round of hearing; even while nothing can be heard.
    round: AtomicU64,
}

impl Announcements {
    pub(crate) fn of(config: &Config) -> Self {
        let has_others = config.bus.url != "local";
        Self {
            listeners: RwLock::default(),
            has_others,
            waiting: Mutex::default(),
            bell: Notify::new(),
            round: AtomicU64::new(u64::from(!has_others)),
        }
    }

    /// Calls `listener` for everything that is said from now on, in the task that says it: be quick.
    pub fn listen(&self, listener: impl Fn(Heard<'_>) + Send + Sync + 'static) {
        self.listeners.write().unwrap_or_else(PoisonError::into_inner).push(Box::new(listener));
    }

    /// Says it to everybody.
    pub fn announce(&self, said: Vec<String>) {
        for one in &said {
            self.hear(Heard::Here(one));
        }
        if !said.is_empty() && self.has_others {
            self.put_back(Waiting { said, missed: false });
            self.bell.notify_one();
        }
    }

    /// Which round of hearing this is; `None` while the others cannot be heard.
    pub fn epoch(&self) -> Option<u64> {
        let round = self.round.load(Ordering::SeqCst);
        (round % 2 == 1).then_some(round)
    }

    pub(crate) fn hear(&self, heard: Heard<'_>) {
        for listener in self.listeners.read().unwrap_or_else(PoisonError::into_inner).iter() {
            listener(heard);
        }
    }

    pub(crate) fn take_waiting(&self) -> Waiting {
        std::mem::take(&mut *self.waiting.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) fn put_back(&self, mut more: Waiting) {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.missed |= more.missed;
        waiting.said.append(&mut more.said);
        if waiting.said.len() > WAITING_MOST {
            *waiting = Waiting { said: Vec::new(), missed: true };
        }
    }

    pub(crate) fn set_heard(&self, heard: bool) {
        let round = self.round.load(Ordering::SeqCst);
        if heard != (round % 2 == 1) {
            self.round.store(round + 1, Ordering::SeqCst);
        }
    }
}

/// The job that carries announcements between the replicas; a service that keeps something in memory
/// declares it. Within one process there is nothing to carry.
pub fn carry(runtime: std::sync::Arc<Runtime>) -> BoxFuture<'static, ()> {
    Box::pin(async move {
        if runtime.announcements.has_others {
            amqp::announce::run(runtime).await;
        }
    })
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, atomic::AtomicUsize};

    use super::*;

    fn announcements(has_others: bool) -> Announcements {
        Announcements {
            listeners: RwLock::default(),
            has_others,
            waiting: Mutex::default(),
            bell: Notify::new(),
            round: AtomicU64::new(u64::from(!has_others)),
        }
    }

    #[test]
    fn what_is_said_set_heard_here_at_once() {
        let announcements = announcements(false);
        let count = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&count);
        announcements.listen(move |heard| {
            assert_eq!(heard, Heard::Here("a"));
            counter.fetch_add(1, Ordering::SeqCst);
        });
        announcements.announce(vec!["a".to_owned()]);
        assert_eq!(count.load(Ordering::SeqCst), 1);
        assert!(announcements.take_waiting().said.is_empty());
    }

    #[test]
    fn an_interruption_begins_a_new_epoch() {
        let announcements = announcements(true);
        assert_eq!(announcements.epoch(), None);
        announcements.set_heard(true);
        let first = announcements.epoch();
        announcements.set_heard(true);
        assert_eq!(announcements.epoch(), first);
        announcements.set_heard(false);
        assert_eq!(announcements.epoch(), None);
        announcements.set_heard(true);
        assert!(announcements.epoch() > first);
    }

    #[test]
    fn too_much_becomes_missed() {
        let announcements = announcements(true);
        announcements.announce((0..=WAITING_MOST).map(|n| n.to_string()).collect());
        let waiting = announcements.take_waiting();
        assert!(waiting.missed && waiting.said.is_empty());
    }
}
