//! Relates a customer to another; the relationship becomes part of both files.

use kit::{Input, Result, Work};
use schema::{
    api::{
        customer::{AddRelationship, CustomerFile, NewRelationship},
        problem::{Code, Problem},
    },
    ids::{CustomerId, RelationshipId},
};

use crate::{
    domain::{self, person::Mistakes},
    storage,
};

pub(crate) async fn add_relationship(work: &mut Work, input: Input<AddRelationship>) -> Result<CustomerFile> {
    let id = input.path.customer_id;
    relate(work, id, work.new_id(), &input.body, input.if_match).await?;
    storage::customer::whole(work, id).await?.ok_or_else(|| Problem::not_found("customer").into())
}

/// Relates the customer to another, by a relationship with this id.
pub(super) async fn relate(
    work: &mut Work,
    id: CustomerId,
    relationship: RelationshipId,
    new: &NewRelationship,
    if_match: Option<i64>,
) -> Result<()> {
    let mut mistakes = Mistakes::default();
    domain::relationship::days(new, &mut mistakes);
    if new.to_customer_id == id {
        mistakes.add("/to_customer_id", "nobody is related to themselves; name another customer");
    }
    mistakes.none_or_problem()?;

    let missing = || Problem::field("/to_customer_id", "no customer with this id is within your scope");
    let other = super::other_to_change(work, id, new.to_customer_id, missing).await?;
    let file = super::file_to_change(work, id, if_match).await?;
    domain::relationship::ends(new.kind, file.kind, other.kind)
        .map_err(|(pointer, rule)| Problem::field(pointer, rule))?;
    if storage::relationship::is_related(work, id, new).await? {
        let detail =
            "the two are so related on some of these days already; end that relationship, or choose others";
        return Err(Problem::new(Code::AlreadyExists, detail).into());
    }
    storage::relationship::add(work, id, relationship, new).await?;
    super::tell_changed(work, "customer.relationship.add", None, &other).await?;
    super::tell_changed(work, "customer.relationship.add", None, &file).await
}
