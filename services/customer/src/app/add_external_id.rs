//! Records what another system calls a customer.

use kit::{Input, Result, Work};
use schema::api::{
    customer::{AddExternalId, CustomerFile},
    problem::{Code, Problem},
};

use crate::{
    domain::{external_id, person::Mistakes},
    storage,
};

pub(crate) async fn add_external_id(work: &mut Work, input: Input<AddExternalId>) -> Result<CustomerFile> {
    let mut mistakes = Mistakes::default();
    let value = external_id::check(&input.body.system, &input.body.value, &mut mistakes);
    mistakes.none_or_problem()?;

    let file = super::file_to_change(work, input.path.customer_id, input.if_match).await?;
    if storage::external_id::count(work, file.id).await? >= external_id::MOST {
        let detail = format!("a customer has at most {} external ids; remove one first", external_id::MOST);
        return Err(Problem::new(Code::Conflict, detail).into());
    }
    // Whose it is would tell of a customer out of scope.
    if !storage::external_id::add(work, file.id, &input.body.system, &value).await? {
        return Err(Problem::new(Code::AlreadyExists, external_id::TAKEN).into());
    }
    super::changed(work, "customer.external_id.add", None, &file).await
}
