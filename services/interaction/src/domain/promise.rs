//! A promise: open until it was kept or broken, and then for ever what it was.

use chrono::{DateTime, Utc};
use schema::api::interaction::{Promise, PromiseState};

/// The promise was settled before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Settled(&'static str);

impl std::fmt::Display for Settled {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "the promise was settled as {} already; nothing more can be done with it", self.0)
    }
}

/// Settles an open promise.
pub(crate) fn settle(state: PromiseState, kept: bool) -> Result<PromiseState, Settled> {
    match (state, kept) {
        (PromiseState::Open, true) => Ok(PromiseState::Kept),
        (PromiseState::Open, false) => Ok(PromiseState::Broken),
        (PromiseState::Kept, _) => Err(Settled("kept")),
        (PromiseState::Broken, _) => Err(Settled("broken")),
    }
}

/// Whether it was still open when its time was over, and that was not seen to.
pub(crate) fn is_late(promise: &Promise, at: DateTime<Utc>) -> bool {
    promise.state == PromiseState::Open && !promise.breached && at > promise.due_at
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_settled_once() {
        assert_eq!(settle(PromiseState::Open, true), Ok(PromiseState::Kept));
        assert_eq!(settle(PromiseState::Open, false), Ok(PromiseState::Broken));
        for kept in [true, false] {
            assert_eq!(settle(PromiseState::Kept, kept), Err(Settled("kept")));
            assert_eq!(settle(PromiseState::Broken, kept), Err(Settled("broken")));
        }
    }
}
