//! Keeps where a case of a customer's stands. The message with the highest revision counts, in whatever order
//! they come: the publisher raises it with every step of any of the customer's cases.

use kit::{Received, Result, Work};
use schema::{
    api::interaction::CaseState,
    event::interaction::{CaseMoved, CaseOpened},
};

use super::membership;
use crate::storage::{self, profile::keep::CaseTold};

/// A case came up.
pub(crate) async fn opened(work: &mut Work, event: &Received<CaseOpened>) -> Result<()> {
    let opened = &event.data;
    let told = CaseTold {
        customer: opened.customer_id,
        id: opened.case_id,
        state: CaseState::Open,
        revision: event.revision,
        complaint: opened.complaint,
        opened_at: opened.occurred_at,
    };
    keep(work, event, &told).await
}

/// A case was resolved, closed or opened again.
pub(crate) async fn moved(work: &mut Work, event: &Received<CaseMoved>) -> Result<()> {
    let moved = &event.data;
    let told = CaseTold {
        customer: moved.customer_id,
        id: moved.case_id,
        state: moved.state,
        revision: event.revision,
        complaint: moved.complaint,
        opened_at: moved.opened_at,
    };
    keep(work, event, &told).await
}

async fn keep<T: Sync>(work: &mut Work, event: &Received<T>, told: &CaseTold) -> Result<()> {
    reference::customer::require(work, told.customer).await?;
    let revision = work.revise(told.customer, None).await?;
    storage::profile::keep::case(work, told).await?;
    storage::profile::recount_cases(work, told.customer).await?;
    membership::follow(work, told.customer, Some(revision), event.occurred_at).await
}
