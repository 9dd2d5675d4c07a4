//! Defines an attribute. Code, type, class and segmentable never change: what was observed under them stays true.

use kit::{Input, Result, Work};
use schema::{
    api::{
        customer::{Attribute, AttributeType, DefineAttribute},
        problem::{Code, Problem},
    },
    ids::AttributeId,
};

use crate::{
    domain::{
        attribute,
        person::{self, Mistakes},
    },
    storage,
};

pub(crate) async fn define_attribute(work: &mut Work, input: Input<DefineAttribute>) -> Result<Attribute> {
    let new = &input.body;
    let mut mistakes = Mistakes::default();
    if !attribute::is_code(&new.code) {
        mistakes.add("/code", attribute::CODE_RULE);
    }
    let name = person::name(&new.name, "/name", &mut mistakes);
    let unit = match new.unit.as_deref().map(|unit| attribute::unit(unit, new.value_type)) {
        Some(Ok(unit)) => Some(unit),
        Some(Err(rule)) => {
            mistakes.add("/unit", rule);
            None
        }
        None => None,
    };
    if new.segmentable && new.value_type == AttributeType::Text {
        mistakes.add("/segmentable", "a text cannot be segmentable; make it a code");
    }
    mistakes.none_or_problem()?;

    // Counted and added as one.
    work.exclusive("attribute").await?;
    if storage::attribute::count(work).await? >= attribute::MOST {
        let detail = format!("there are {} attributes already, which is the most", attribute::MOST);
        return Err(Problem::new(Code::Conflict, detail).into());
    }
    let id: AttributeId = work.new_id();
    let attribute = Attribute {
        id,
        code: new.code.clone(),
        name,
        value_type: new.value_type,
        unit,
        class: new.class,
        segmentable: new.segmentable,
        retired_at: None,
        revision: work.revise(id, None).await?,
    };
    storage::attribute::add(work, &attribute).await?;
    work.audit("attribute.define", id, Some(&attribute.code))?;
    Ok(attribute)
}
