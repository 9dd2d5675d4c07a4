//! Who waits for which subject to become known: a command straight after a registration is woken when
//! the reference arrives, instead of asking again and again.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError, Weak},
};

use tokio::sync::Notify;
use uuid::Uuid;

/// The waiting room of one service.
#[derive(Debug, Default)]
pub struct Arrivals(Mutex<HashMap<Uuid, Weak<Notify>>>);

impl Arrivals {
    /// A place in the room. Take it, look once more whether the subject is known, then wait.
    pub fn wait_for(&self, subject: Uuid) -> Arc<Notify> {
        let mut room = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        room.retain(|_, waiting| waiting.strong_count() > 0);
        if let Some(place) = room.get(&subject).and_then(Weak::upgrade) {
            return place;
        }
        let place = Arc::new(Notify::new());
        room.insert(subject, Arc::downgrade(&place));
        place
    }

    /// Wakes all who wait for these.
    pub fn announce(&self, subjects: &[Uuid]) {
        if subjects.is_empty() {
            return;
        }
        let mut room = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for subject in subjects {
            if let Some(place) = room.remove(subject).and_then(|waiting| waiting.upgrade()) {
                place.notify_waiters();
                place.notify_one();
            }
        }
    }
}
