//! The book of an account: its lots, as they follow from everything that is known, in the order in which it
//! happened. So the order in which it became known does not matter.
//!
//! Points are taken from the oldest lot first. A return takes from the lot of its own purchase first: what is
//! free, then what has expired (which was taken already), then from the oldest lots, and what is in none of
//! them is owed: the next points make it good. A hold takes its points out of the lots when it is placed;
//! until it is settled they do not expire, and when it lets go they are in their lots as if it had not been.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use schema::ids::{LotId, PurchaseId};
use uuid::Uuid;

use super::lot::Lot;

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum What {
    /// Points came.
    Came { purchase: Option<PurchaseId>, expires_at: Option<DateTime<Utc>>, notice_at: Option<DateTime<Utc>> },
    /// A return took them back.
    Returned { purchase: PurchaseId },
    /// They were held; and since then spent, or not.
    Held { spent: bool },
}

/// Something that happened to an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Happened {
    pub(crate) at: DateTime<Utc>,
    pub(crate) id: Uuid,
    /// How many points; not negative.
    pub(crate) points: i64,
    pub(crate) what: What,
}

impl Happened {
    /// What happens at the same time happens in this order: points come, are taken back, are held.
    fn place(&self) -> (DateTime<Utc>, u8, Uuid) {
        let rank = match self.what {
            What::Came { .. } => 0,
            What::Returned { .. } => 1,
            What::Held { .. } => 2,
        };
        (self.at, rank, self.id)
    }
}

/// The book.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Book {
    /// In the order in which they were opened.
    pub(crate) lots: Vec<Lot>,
    /// What returns took back, or holds spent, that was in no lot.
    pub(crate) owed: i64,
    /// What open holds have a claim on and is in no lot.
    claimed: i64,
    by_purchase: BTreeMap<PurchaseId, usize>,
    /// Lots that expire, the next first.
    expiring: BTreeSet<(DateTime<Utc>, usize)>,
    /// No lot before this one has anything free.
    first: usize,
}

impl Book {
    /// The book at a time, from everything that happened, in whatever order it is given.
    pub(crate) fn reckon(mut happened: Vec<Happened>, now: DateTime<Utc>) -> Self {
        happened.sort_by_key(Happened::place);
        let mut book = Self::default();
        for one in &happened {
            book.expire(one.at);
            book.enter(one);
        }
        book.expire(now);
        book
    }

    /// What is left in all lots less what is owed: the balance.
    pub(crate) fn balance(&self) -> i64 {
        self.lots.iter().map(Lot::remaining).sum::<i64>() - self.owed
    }

    fn enter(&mut self, one: &Happened) {
        match one.what {
            What::Came { purchase, expires_at, notice_at } => {
                let mut lot = Lot {
                    id: LotId::from(one.id),
                    purchase,
                    opened_at: one.at,
                    expires_at,
                    notice_at,
                    points: one.points,
                    used: 0,
                    reversed: 0,
                    expired: 0,
                    held: 0,
                };
                self.owed -= lot.spend(self.owed);
                self.claimed -= lot.hold(self.claimed);
                let place = self.lots.len();
                if let Some(purchase) = purchase {
                    self.by_purchase.insert(purchase, place);
                }
                if let Some(expires_at) = expires_at {
                    self.expiring.insert((expires_at, place));
                }
                self.lots.push(lot);
            }
            What::Returned { purchase } => {
                let mut wanted = one.points;
                if let Some(own) = self.by_purchase.get(&purchase).and_then(|place| self.lots.get_mut(*place))
                {
                    wanted -= own.reverse(wanted);
                    wanted -= own.reverse_expired(wanted);
                }
                self.owed += self.take(wanted, Lot::reverse);
            }
            What::Held { spent: true } => self.owed += self.take(one.points, Lot::spend),
            What::Held { spent: false } => self.claimed += self.take(one.points, Lot::hold),
        }
    }

    /// Takes from the oldest lots; what could not be taken.
    fn take(&mut self, mut wanted: i64, how: fn(&mut Lot, i64) -> i64) -> i64 {
        while wanted > 0
            && let Some(lot) = self.lots.get_mut(self.first)
        {
            wanted -= how(lot, wanted);
            if lot.free() == 0 {
                self.first += 1;
            }
        }
        wanted
    }

    fn expire(&mut self, now: DateTime<Utc>) {
        while let Some((at, place)) = self.expiring.first().copied()
            && at <= now
        {
            self.expiring.remove(&(at, place));
            if let Some(lot) = self.lots.get_mut(place) {
                lot.expire();
            }
        }
    }
}

#[cfg(test)]
mod tests;
