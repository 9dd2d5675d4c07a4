//! Keeps where a case of a customer's stands. The message with the highest revision counts, in whatever order
//! they come: the publisher raises it with every step of any of the customer's cases.

use kit::{Received, Result, Unknown, Work};
use schema::{
    api::interaction::CaseState,
    event::interaction::{CaseMoved, CaseOpened},
    ids::CustomerId,
};

use super::{concerned::Concerned, membership};
use crate::storage::{self, profile::keep::CaseTold};

/// Cases came up.
pub(crate) async fn opened(work: &mut Work, events: Vec<Received<CaseOpened>>) -> Result<Unknown> {
    keep(work, events, |event| CaseTold {
        customer: event.data.customer_id,
        id: event.data.case_id,
        state: CaseState::Open,
        revision: event.revision,
        complaint: event.data.complaint,
        opened_at: event.data.occurred_at,
    })
    .await
}

/// Cases were resolved, closed or opened again.
pub(crate) async fn moved(work: &mut Work, events: Vec<Received<CaseMoved>>) -> Result<Unknown> {
    keep(work, events, |event| CaseTold {
        customer: event.data.customer_id,
        id: event.data.case_id,
        state: event.data.state,
        revision: event.revision,
        complaint: event.data.complaint,
        opened_at: event.data.opened_at,
    })
    .await
}

async fn keep<T: About>(
    work: &mut Work,
    events: Vec<Received<T>>,
    told: impl Fn(&Received<T>) -> CaseTold,
) -> Result<Unknown> {
    let (events, unknown) = reference::customer::known(work, events, T::customer).await?;
    if events.is_empty() {
        return Ok(unknown);
    }
    let mut concerned = Concerned::revised(work, &events, T::customer).await?;
    storage::profile::keep::cases(work, &events.iter().map(told).collect::<Vec<_>>()).await?;
    storage::profile::recount_cases(work, &concerned.ids()).await?;
    membership::follow(work, &mut concerned).await?;
    Ok(unknown)
}

/// A message about a customer's case.
trait About {
    fn customer(&self) -> CustomerId;
}

impl About for CaseOpened {
    fn customer(&self) -> CustomerId {
        self.customer_id
    }
}

impl About for CaseMoved {
    fn customer(&self) -> CustomerId {
        self.customer_id
    }
}
