//! Changes a customer's file.

use kit::{Input, Result, Work};
use schema::api::customer::{ChangeCustomer, CustomerFile};

use crate::{
    domain::person::{self, Mistakes},
    storage,
};

pub(crate) async fn change(work: &mut Work, input: Input<ChangeCustomer>) -> Result<CustomerFile> {
    let change = &input.body;
    let mut mistakes = Mistakes::default();
    let name = change.name.as_ref().map(|name| person::name(name, "/name", &mut mistakes));
    person::birth_date(change.birth_date, work.now().date_naive(), &mut mistakes);
    person::language(change.language.as_deref(), &mut mistakes);
    mistakes.none_or_problem()?;
    if let Some(unit) = change.home_unit_id {
        reference::org_unit::require(work, unit, "/home_unit_id").await?;
    }

    let mut file = super::file_to_change(work, input.path.customer_id, input.if_match).await?;
    file.name = name.or(file.name);
    file.birth_date = change.birth_date.or(file.birth_date);
    file.language = change.language.clone().or(file.language);
    file.market_type = change.market_type.or(file.market_type);
    file.status = change.status.unwrap_or(file.status);
    file.home_unit_id = change.home_unit_id.unwrap_or(file.home_unit_id);
    file.serving_unit_ids.retain(|unit| *unit != file.home_unit_id);
    storage::customer::put(work, &file).await?;
    super::changed(work, "customer.change", None, &file).await
}
