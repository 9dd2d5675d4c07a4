//! Counts what happened with a customer. When their stage is another one by it, the file has changed.

use chrono::{DateTime, Utc};
use kit::{Error, Result, Work};
use schema::{
    api::{customer::CustomerStage, interaction::Phase},
    event::CustomerChanged,
    ids::CustomerId,
};

use crate::{
    domain::stage::{self, Facts},
    storage,
};

/// Counts a purchase.
pub(crate) async fn bought(work: &mut Work, customer: CustomerId, at: DateTime<Utc>) -> Result<()> {
    advance(work, customer, |facts| facts.bought(at)).await
}

/// Counts a contact.
pub(crate) async fn contacted(work: &mut Work, customer: CustomerId, phase: Phase) -> Result<()> {
    advance(work, customer, |facts| facts.contacted(phase)).await
}

async fn advance(
    work: &mut Work,
    customer: CustomerId,
    with: impl FnOnce(Facts) -> Facts + Send,
) -> Result<()> {
    let before =
        storage::stage::facts(work, customer).await?.ok_or_else(|| Error::NotKnownYet(customer.into()))?;
    let after = with(before);
    if after == before {
        return Ok(());
    }
    let today = work.now().date_naive();
    let shown = |facts: &Facts| stage::on(today, facts.reached(), facts.last_purchase_at);
    let lapsed = |facts: &Facts| shown(facts) == CustomerStage::Lapsed;
    // Whoever lapses by this is told of here; whoever had lapsed waits for the day's round, or was told of.
    let lapse_told = match (lapsed(&before), lapsed(&after)) {
        (true, true) => None,
        (_, now) => Some(now),
    };
    storage::stage::put(work, customer, &after, lapse_told).await?;
    if shown(&before) == shown(&after) {
        return Ok(());
    }
    let revision = work.revise(customer, None).await?;
    let Some(file) = storage::customer::find(work, customer).await? else {
        return Err(Error::Fault("a customer that was counted for is not there".into()));
    };
    work.tell::<CustomerChanged>(customer, revision, work.now(), &storage::customer::state(&file))?;
    Ok(())
}
