//! Removes a phone number or e-mail address.

use kit::{Input, Result, Work};
use schema::api::{
    customer::{CustomerFile, RemoveContactPoint},
    problem::Problem,
};

use crate::storage;

pub(crate) async fn remove_contact_point(
    work: &mut Work,
    input: Input<RemoveContactPoint>,
) -> Result<CustomerFile> {
    let file = super::file_to_change(work, input.path.customer_id, input.if_match).await?;
    if !storage::contact_point::remove(work, file.id, input.path.contact_point_id).await? {
        return Err(Problem::not_found("contact point").into());
    }
    super::changed(work, "customer.contact_point.remove", None, &file).await
}
