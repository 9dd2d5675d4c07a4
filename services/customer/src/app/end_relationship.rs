//! Ends a relationship, or ends it earlier than was set before; seen from either end.

use kit::{Input, Result, Work};
use schema::api::{
    customer::{CustomerFile, EndRelationship},
    problem::Problem,
};

use crate::{
    domain::{self, person::Mistakes},
    storage,
};

pub(crate) async fn end_relationship(work: &mut Work, input: Input<EndRelationship>) -> Result<CustomerFile> {
    let (id, until) = (input.path.customer_id, input.body.valid_until);
    let mut mistakes = Mistakes::default();
    domain::relationship::check(until, "/valid_until", &mut mistakes);
    mistakes.none_or_problem()?;

    if storage::customer::find(work, id).await?.is_none() {
        return Err(Problem::not_found("customer").into());
    }
    let missing = || Problem::not_found("relationship");
    let found = storage::relationship::find(work, id, input.path.relationship_id).await?;
    let other_id = found.ok_or_else(missing)?.other_customer_id;
    let other = super::other_to_change(work, id, other_id, missing).await?;
    let file = super::file_to_change(work, id, input.if_match).await?;
    // Read again, now that nobody else can end it.
    let found = storage::relationship::find(work, id, input.path.relationship_id).await?;
    let relationship = found.ok_or_else(missing)?;
    domain::relationship::may_end(relationship.valid_from, relationship.valid_until, until)
        .map_err(|rule| Problem::field("/valid_until", rule))?;
    storage::relationship::end(work, id, &relationship, until).await?;
    super::changed(work, "customer.relationship.end", None, &other).await?;
    super::changed(work, "customer.relationship.end", None, &file).await
}
