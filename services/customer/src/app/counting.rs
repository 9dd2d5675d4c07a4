//! Which observation of an attribute counts, and telling the others when it is another one than before.

use kit::{Result, Work};
use schema::{
    api::customer::{Attribute, Observation},
    event::{AttributeChanged, customer::AttributeState},
    ids::CustomerId,
};

use crate::storage;

/// The observation that counts before a command changes anything; none of an attribute that no segment may
/// ask for, of which nothing is told.
pub(super) async fn before(work: &Work, customer: CustomerId, of: &Attribute) -> Result<Option<Observation>> {
    if !of.segmentable {
        return Ok(None);
    }
    storage::observation::counting(work, customer, of.id).await
}

/// Tells what the attribute is now, when another observation counts than `before`. An older one that comes
/// later changes nothing and tells nothing.
pub(super) async fn tell_if_another(
    work: &mut Work,
    customer_id: CustomerId,
    revision: i64,
    of: &Attribute,
    before: Option<Observation>,
) -> Result<()> {
    if !of.segmentable {
        return Ok(());
    }
    let after = storage::observation::counting(work, customer_id, of.id).await?;
    if before.as_ref().map(|one| one.id) == after.as_ref().map(|one| one.id) {
        return Ok(());
    }
    let observed_at = after.as_ref().map_or(work.now(), |one| one.observed_at);
    let state = AttributeState {
        customer_id,
        attribute: of.code.clone(),
        value: after.and_then(|one| one.value),
        observed_at,
    };
    work.tell::<AttributeChanged>(customer_id, revision, observed_at, &state)?;
    Ok(())
}
