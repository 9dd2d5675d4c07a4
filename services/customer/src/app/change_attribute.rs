//! Changes an attribute's name or unit.

use kit::{Input, Result, Work};
use schema::api::{
    customer::{Attribute, ChangeAttribute},
    problem::Problem,
};

use crate::{
    domain::{
        attribute,
        person::{self, Mistakes},
    },
    storage,
};

pub(crate) async fn change_attribute(work: &mut Work, input: Input<ChangeAttribute>) -> Result<Attribute> {
    let (id, change) = (input.path.attribute_id, &input.body);
    let missing = || Problem::not_found("attribute");
    let held = storage::attribute::find(work, id).await?.ok_or_else(missing)?;
    let mut mistakes = Mistakes::default();
    let name = change.name.as_ref().map(|name| person::name(name, "/name", &mut mistakes));
    let unit = change.unit.as_deref().map(|unit| attribute::unit(unit, held.value_type));
    if let Some(Err(rule)) = unit {
        mistakes.add("/unit", rule);
    }
    mistakes.none_or_problem()?;

    let revision = work.revise(id, input.if_match).await?;
    let held = storage::attribute::find(work, id).await?.ok_or_else(missing)?;
    let attribute = Attribute {
        name: name.unwrap_or(held.name),
        unit: unit.and_then(Result::ok).or(held.unit),
        revision,
        ..held
    };
    storage::attribute::put(work, &attribute).await?;
    work.audit("attribute.change", id, None)?;
    Ok(attribute)
}
