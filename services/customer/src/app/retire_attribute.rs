//! Retires an attribute: nothing more is observed of it, and what was observed can still be read.

use kit::{Input, Result, Work};
use schema::api::{
    customer::{Attribute, RetireAttribute},
    problem::{Code, Problem},
};

use crate::storage;

pub(crate) async fn retire_attribute(work: &mut Work, input: Input<RetireAttribute>) -> Result<Attribute> {
    let id = input.path.attribute_id;
    let missing = || Problem::not_found("attribute");
    if storage::attribute::find(work, id).await?.is_none() {
        return Err(missing().into());
    }
    let revision = work.revise(id, input.if_match).await?;
    let held = storage::attribute::find(work, id).await?.ok_or_else(missing)?;
    if held.retired_at.is_some() {
        let detail = "the attribute is retired already; define another one to go on observing";
        return Err(Problem::new(Code::Conflict, detail).into());
    }
    let attribute = Attribute { retired_at: Some(work.now()), revision, ..held };
    storage::attribute::put(work, &attribute).await?;
    work.audit("attribute.retire", id, Some(&attribute.code))?;
    Ok(attribute)
}
