//! Keeps the references of customers, and an account and a profile for everyone whose reference is kept.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use kit::{Received, Result, Unknown, Work};
use schema::{event::customer::CustomerState, ids::CustomerId};

use super::{concerned::Concerned, membership, settle};
use crate::storage;

/// When a change arrives before the registration, the account is open since the change until the
/// registration tells better: purchases need not wait for it.
pub(crate) async fn keep_customers(work: &mut Work, events: &[Received<CustomerState>]) -> Result<Unknown> {
    let states: Vec<_> = events.iter().map(|event| (&event.data, event.revision)).collect();
    reference::customer::keep(work, reference::customer::REFERENCE, &states).await?;
    let programme = storage::programme::all(work).await?;
    storage::account::open(work, &since(events), &settle::blank(work, &programme)).await?;
    let mut concerned = Concerned::by(events, |state| state.customer_id);
    let customers = concerned.ids();
    storage::profile::open(work, &customers).await?;
    membership::follow(work, &mut concerned).await?;
    customers.into_iter().for_each(|customer| work.arrived(customer));
    Ok(Unknown::new())
}

/// The first of what these events tell of each customer.
pub(super) fn since(events: &[Received<CustomerState>]) -> BTreeMap<CustomerId, DateTime<Utc>> {
    let mut first: BTreeMap<CustomerId, DateTime<Utc>> = BTreeMap::new();
    for event in events {
        let at = first.entry(event.data.customer_id).or_insert(event.occurred_at);
        *at = event.occurred_at.min(*at);
    }
    first
}
