//! Time and new ids come in as values, so that a test can hold them still.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use chrono::{DateTime, DurationRound, TimeDelta, Utc};
use uuid::{ContextV7, Timestamp, Uuid};

/// The time of a service, to the microsecond (the finest that PostgreSQL keeps).
#[derive(Clone, Debug, Default)]
pub struct Clock(Option<Arc<Mutex<DateTime<Utc>>>>);

impl Clock {
    /// The machine's clock.
    pub const fn system() -> Self {
        Self(None)
    }

    /// A clock that stands at `at` until it is moved.
    pub fn standing(at: DateTime<Utc>) -> Self {
        Self(Some(Arc::new(Mutex::new(at))))
    }

    /// Moves a standing clock on; does nothing to the machine's.
    pub fn advance(&self, by: Duration) {
        if let (Some(held), Ok(by)) = (&self.0, TimeDelta::from_std(by)) {
            *held.lock().unwrap_or_else(PoisonError::into_inner) += by;
        }
    }

    /// The time now.
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the machine's clock")]
    pub fn now(&self) -> DateTime<Utc> {
        let now = match &self.0 {
            Some(held) => *held.lock().unwrap_or_else(PoisonError::into_inner),
            None => Utc::now(),
        };
        now.duration_trunc(TimeDelta::microseconds(1)).unwrap_or(now)
    }
}

/// Counts within a millisecond, so that ids keep the order in which they were drawn.
static COUNTER: Mutex<ContextV7> = Mutex::new(ContextV7::new());

/// A new UUIDv7 for something that came to be at `now`: keys that were made together lie together.
#[expect(clippy::disallowed_methods, reason = "the one place that draws ids")]
pub fn new_id(now: DateTime<Utc>) -> Uuid {
    let seconds = u64::try_from(now.timestamp()).unwrap_or_default();
    let counter = COUNTER.lock().unwrap_or_else(PoisonError::into_inner);
    Uuid::new_v7(Timestamp::from_unix(&*counter, seconds, now.timestamp_subsec_nanos()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_keep_the_order_in_which_they_were_drawn() {
        let now = Clock::system().now();
        let ids: Vec<Uuid> = (0..1000).map(|_| new_id(now)).collect();
        assert!(ids.is_sorted());
    }

    #[test]
    fn a_standing_clock_stands() {
        let clock = Clock::standing(DateTime::UNIX_EPOCH);
        clock.advance(Duration::from_secs(3));
        assert_eq!(clock.now().timestamp(), 3);
    }
}
