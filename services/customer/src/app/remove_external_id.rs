//! Removes what another system calls a customer.

use kit::{Input, Result, Work};
use schema::api::{
    customer::{CustomerFile, RemoveExternalId},
    problem::Problem,
};

use crate::storage;

pub(crate) async fn remove_external_id(
    work: &mut Work,
    input: Input<RemoveExternalId>,
) -> Result<CustomerFile> {
    let file = super::file_to_change(work, input.path.customer_id, input.if_match).await?;
    if !storage::external_id::remove(work, file.id, input.path.external_ref_id).await? {
        return Err(Problem::not_found("external id").into());
    }
    super::changed(work, "customer.external_id.remove", None, &file).await
}
