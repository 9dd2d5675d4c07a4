//! A lot: points that came together and expire together. It is open until nothing is left of it; then it is
//! what took the last of it away. What is taken is never given back, but for what a hold lets go.

use chrono::{DateTime, Utc};
use schema::{
    api::loyalty::LotState,
    ids::{LotId, PurchaseId},
};

/// A lot and what became of its points.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Lot {
    pub(crate) id: LotId,
    /// The purchase that earned it; none of a gesture.
    pub(crate) purchase: Option<PurchaseId>,
    pub(crate) opened_at: DateTime<Utc>,
    pub(crate) expires_at: Option<DateTime<Utc>>,
    pub(crate) notice_at: Option<DateTime<Utc>>,
    pub(crate) points: i64,
    /// Spent, or made good what returns had taken before.
    pub(crate) used: i64,
    pub(crate) reversed: i64,
    pub(crate) expired: i64,
    /// Waits to be spent.
    pub(crate) held: i64,
}

impl Lot {
    /// What nobody has a claim on.
    pub(crate) const fn free(&self) -> i64 {
        self.points - self.used - self.reversed - self.expired - self.held
    }

    /// What is left, held points included.
    pub(crate) const fn remaining(&self) -> i64 {
        self.free() + self.held
    }

    /// What it is.
    pub(crate) const fn state(&self) -> LotState {
        if self.remaining() > 0 {
            LotState::Open
        } else if self.expired > 0 {
            LotState::Expired
        } else if self.reversed == self.points {
            LotState::Reversed
        } else {
            LotState::UsedUp
        }
    }

    /// Spends as many of so many as are free, and says how many.
    pub(crate) fn spend(&mut self, wanted: i64) -> i64 {
        let taken = self.at_most(wanted);
        self.used += taken;
        taken
    }

    /// Holds as many of so many as are free, and says how many.
    pub(crate) fn hold(&mut self, wanted: i64) -> i64 {
        let taken = self.at_most(wanted);
        self.held += taken;
        taken
    }

    /// A return takes back as many of so many as are free, and says how many.
    pub(crate) fn reverse(&mut self, wanted: i64) -> i64 {
        let taken = self.at_most(wanted);
        self.reversed += taken;
        taken
    }

    /// A return of the purchase that earned the lot: what has expired was taken once and is not taken twice,
    /// so it counts as taken back from here on.
    pub(crate) fn reverse_expired(&mut self, wanted: i64) -> i64 {
        let taken = wanted.clamp(0, self.expired);
        self.expired -= taken;
        self.reversed += taken;
        taken
    }

    /// The time has come: what is free expires, what is held does not. Doing it again does nothing more.
    pub(crate) fn expire(&mut self) -> i64 {
        let taken = self.free();
        self.expired += taken;
        taken
    }

    fn at_most(&self, wanted: i64) -> i64 {
        wanted.clamp(0, self.free())
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn lot(points: i64) -> Lot {
        Lot {
            id: Uuid::nil().into(),
            purchase: None,
            opened_at: DateTime::UNIX_EPOCH,
            expires_at: None,
            notice_at: None,
            points,
            used: 0,
            reversed: 0,
            expired: 0,
            held: 0,
        }
    }

    type Act = fn(&mut Lot) -> i64;
    const STEPS: [Act; 10] = [
        |lot| lot.spend(1),
        |lot| lot.spend(2),
        |lot| lot.hold(1),
        |lot| lot.hold(9),
        |lot| lot.reverse(1),
        |lot| lot.reverse(9),
        |lot| lot.reverse_expired(1),
        |lot| lot.expire(),
        |lot| lot.spend(-1),
        |lot| lot.spend(0),
    ];

    /// Every state that a lot of three points can be in × every step.
    #[test]
    fn no_step_makes_or_loses_points() {
        let mut known: Vec<Lot> = vec![lot(3)];
        let mut at = 0;
        while at < known.len() {
            for step in STEPS {
                let (before, mut after) = (known[at].clone(), known[at].clone());
                let taken = step(&mut after);
                assert!(taken >= 0 && taken <= before.points);
                assert!(
                    [after.used, after.reversed, after.expired, after.held, after.free()]
                        .iter()
                        .all(|part| *part >= 0)
                );
                let parts = after.used + after.reversed + after.expired + after.remaining();
                assert_eq!(parts, 3, "{before:?} to {after:?}");
                assert!(before.remaining() >= after.remaining(), "nothing comes back");
                if before.state() != LotState::Open {
                    assert_ne!(after.state(), LotState::Open, "what is closed stays closed");
                }
                if taken == 0 {
                    assert_eq!(before, after);
                }
                if !known.contains(&after) {
                    known.push(after);
                }
            }
            at += 1;
        }
        // Three points in five parts are 35 ways, less the five in which something is free beside what expired.
        assert_eq!(known.len(), 30);
        for state in [LotState::Open, LotState::UsedUp, LotState::Expired, LotState::Reversed] {
            assert!(known.iter().any(|lot| lot.state() == state), "{state:?}");
        }
    }

    #[test]
    fn it_is_what_took_the_last() {
        let of = |used, reversed, expired, held| Lot { used, reversed, expired, held, ..lot(3) }.state();
        assert_eq!(of(0, 0, 0, 0), LotState::Open);
        assert_eq!(of(2, 0, 0, 1), LotState::Open, "what is held is not gone");
        assert_eq!(of(3, 0, 0, 0), LotState::UsedUp);
        assert_eq!(of(1, 2, 0, 0), LotState::UsedUp);
        assert_eq!(of(0, 3, 0, 0), LotState::Reversed);
        assert_eq!(of(1, 1, 1, 0), LotState::Expired);
        assert_eq!(of(0, 0, 3, 0), LotState::Expired);
    }
}
