//! Relates a customer to another; the relationship becomes part of both files.

use kit::{Input, Result, Work};
use schema::api::{
    customer::{AddRelationship, CustomerFile},
    problem::{Code, Problem},
};

use crate::{
    domain::{self, person::Mistakes},
    storage,
};

pub(crate) async fn add_relationship(work: &mut Work, input: Input<AddRelationship>) -> Result<CustomerFile> {
    let (id, new) = (input.path.customer_id, &input.body);
    let mut mistakes = Mistakes::default();
    domain::relationship::days(new, &mut mistakes);
    if new.to_customer_id == id {
        mistakes.add("/to_customer_id", "nobody is related to themselves; name another customer");
    }
    mistakes.none_or_problem()?;

    let missing = || Problem::field("/to_customer_id", "no customer with this id is within your scope");
    let other = super::other_to_change(work, id, new.to_customer_id, missing).await?;
    let file = super::file_to_change(work, id, input.if_match).await?;
    domain::relationship::ends(new.kind, file.kind, other.kind)
        .map_err(|(pointer, rule)| Problem::field(pointer, rule))?;
    if storage::relationship::is_related(work, id, new).await? {
        let detail =
            "the two are so related on some of these days already; end that relationship, or choose others";
        return Err(Problem::new(Code::AlreadyExists, detail).into());
    }
    storage::relationship::add(work, id, new).await?;
    super::changed(work, "customer.relationship.add", None, &other).await?;
    super::changed(work, "customer.relationship.add", None, &file).await
}
