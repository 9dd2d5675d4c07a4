//! Removes a container that does not stand at a customer's any more.

use kit::{Input, Result, Work};
use schema::api::{
    customer::{CustomerFile, RemoveContainer},
    problem::Problem,
};

use crate::storage;

pub(crate) async fn remove_container(work: &mut Work, input: Input<RemoveContainer>) -> Result<CustomerFile> {
    let file = super::file_to_change(work, input.path.customer_id, input.if_match).await?;
    if !storage::container::remove(work, file.id, input.path.container_id).await? {
        return Err(Problem::not_found("container").into());
    }
    super::changed(work, "customer.container.remove", None, &file).await
}
