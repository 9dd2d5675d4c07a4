//! Records a container that stands at a customer's.

use kit::{Input, Result, Work};
use schema::api::{
    customer::{AddContainer, CustomerFile},
    problem::{Code, Problem},
};

use crate::{
    domain::{container, person::Mistakes},
    storage,
};

pub(crate) async fn add_container(work: &mut Work, input: Input<AddContainer>) -> Result<CustomerFile> {
    let mut mistakes = Mistakes::default();
    container::check(&input.body, &mut mistakes);
    mistakes.none_or_problem()?;

    let file = super::file_to_change(work, input.path.customer_id, input.if_match).await?;
    if storage::container::count(work, file.id).await? >= container::MOST {
        let detail = format!("a customer has at most {} containers; remove one first", container::MOST);
        return Err(Problem::new(Code::Conflict, detail).into());
    }
    storage::container::add(work, file.id, &input.body).await?;
    super::changed(work, "customer.container.add", None, &file).await
}
