//! Adds a phone number or e-mail address.

use kit::{Input, Result, Work};
use schema::api::{
    customer::{AddContactPoint, CustomerFile},
    problem::{Code, Problem},
};

use crate::{
    domain::contact::{self, Region},
    storage,
};

pub(crate) async fn add_contact_point(
    work: &mut Work,
    input: Input<AddContactPoint>,
    region: Region,
) -> Result<CustomerFile> {
    let point = &input.body;
    let value = contact::normalise(point.kind, &point.value, region)
        .map_err(|rule| Problem::field("/value", rule))?;

    let file = super::file_to_change(work, input.path.customer_id, input.if_match).await?;
    if file.contact_points.len() >= contact::MOST {
        let detail = format!("a customer has at most {} contact points; remove one first", contact::MOST);
        return Err(Problem::new(Code::Conflict, detail).into());
    }
    storage::contact_point::add(work, file.id, &[(point.kind, value)]).await?;
    super::changed(work, "customer.contact_point.add", None, &file).await
}
