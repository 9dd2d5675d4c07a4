//! The customers whom a decision is about: each is revised, settled and judged once, however many events of a batch
//! are about them.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use kit::{Cause, Received, Result, Work};
use schema::ids::CustomerId;
use uuid::Uuid;

/// What is done about one customer.
#[derive(Clone, Debug)]
pub(crate) struct Concern {
    /// The revision that was raised; 0 as long as none was.
    pub(crate) revision: i64,
    /// What is told about the customer is told because of this: of several events the one that happened last.
    pub(crate) cause: Cause,
    /// Its business time.
    pub(crate) at: DateTime<Utc>,
    /// Ids of what no event gave one follow from this.
    pub(crate) seed: Uuid,
}

/// Customers, in the order of their ids.
#[derive(Clone, Debug, Default)]
pub(crate) struct Concerned(BTreeMap<CustomerId, Concern>);

impl Concerned {
    /// The customers whom these events are about, none of them revised yet.
    pub(crate) fn by<T>(events: &[Received<T>], customer: impl Fn(&T) -> CustomerId) -> Self {
        let mut last: BTreeMap<CustomerId, &Received<T>> = BTreeMap::new();
        for event in events {
            let held = last.entry(customer(&event.data)).or_insert(event);
            if (held.occurred_at, held.id) < (event.occurred_at, event.id) {
                *held = event;
            }
        }
        let concern = |(customer, event): (CustomerId, &Received<T>)| {
            let (cause, at, seed) = (event.cause.clone(), event.occurred_at, event.id.uuid());
            (customer, Concern { revision: 0, cause, at, seed })
        };
        Self(last.into_iter().map(concern).collect())
    }

    /// The customers whom these events are about, revised.
    pub(crate) async fn revised<T>(
        work: &Work,
        events: &[Received<T>],
        customer: impl Fn(&T) -> CustomerId,
    ) -> Result<Self> {
        let mut concerned = Self::by(events, customer);
        concerned.revise(work).await?;
        Ok(concerned)
    }

    /// One customer whom a command, or time, is about, and whose revision was raised.
    pub(crate) fn one(work: &Work, customer: CustomerId, revision: i64, seed: Uuid) -> Self {
        let concern = Concern { revision, cause: work.cause(), at: work.now(), seed };
        Self([(customer, concern)].into())
    }

    /// Customers whom time is about, none of them revised yet.
    pub(crate) fn by_time(work: &Work, customers: &[CustomerId]) -> Self {
        let concern = || Concern { revision: 0, cause: work.cause(), at: work.now(), seed: Uuid::nil() };
        Self(customers.iter().map(|customer| (*customer, concern())).collect())
    }

    /// Keeps other writers of those away who are not revised yet.
    pub(crate) async fn revise(&mut self, work: &Work) -> Result<()> {
        let open: BTreeSet<Uuid> =
            self.0.iter().filter(|(_, one)| one.revision == 0).map(|(customer, _)| customer.uuid()).collect();
        for (customer, revision) in work.revise_each(&open).await? {
            if let Some(one) = self.0.get_mut(&customer.into()) {
                one.revision = revision;
            }
        }
        Ok(())
    }

    /// Only those for whom it holds.
    pub(crate) fn retain(&mut self, holds: impl Fn(CustomerId) -> bool) {
        self.0.retain(|customer, _| holds(*customer));
    }

    /// Whether there is nobody.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Their ids.
    pub(crate) fn ids(&self) -> Vec<CustomerId> {
        self.0.keys().copied().collect()
    }

    /// Each of them.
    pub(crate) fn each(&self) -> impl Iterator<Item = (CustomerId, &Concern)> {
        self.0.iter().map(|(customer, one)| (*customer, one))
    }
}
