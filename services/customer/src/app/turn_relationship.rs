//! A relationship begins or is over by the calendar alone: the customer's file shows something else from
//! today on, and whoever keeps a copy is told. The customer on the other end has a turn of their own.

use kit::{Result, Work};
use schema::ids::{CustomerId, RelationshipId};

use crate::{domain, storage};

/// `false` when it was done already.
pub(crate) async fn turn_relationship(
    work: &mut Work,
    customer: CustomerId,
    id: RelationshipId,
) -> Result<bool> {
    let today = work.now().date_naive();
    if !storage::relationship::is_due(work, customer, id, today).await? {
        return Ok(false);
    }
    let file = super::file_to_change(work, customer, None).await?;
    let Some(relationship) = storage::relationship::find(work, customer, id).await? else {
        return Err(kit::Error::Fault("a relationship that was due is not there".into()));
    };
    let next = domain::relationship::next_turn(relationship.valid_from, relationship.valid_until, today);
    storage::relationship::set_next_turn(work, customer, id, next).await?;
    super::changed(work, "customer.relationship.turn", None, &file).await?;
    Ok(true)
}
