//! Records what an attribute of a customer was observed to be; earlier observations stay.

use kit::{Input, Result, Work};
use schema::{
    api::{
        customer::{CustomerFile, RecordObservation},
        problem::{Code, Problem},
    },
    moment,
};

use crate::{
    domain::{attribute, code, person::Mistakes},
    storage,
};

pub(crate) async fn record_observation(
    work: &mut Work,
    input: Input<RecordObservation>,
) -> Result<CustomerFile> {
    let new = &input.body;
    let mut mistakes = Mistakes::default();
    if !code::is_code(&new.source) {
        mistakes.add("/source", code::RULE);
    }
    let observed_at = moment::parse(new.observed_at, work.now());
    if let Err(rule) = observed_at {
        mistakes.add("/observed_at", rule);
    }
    let of = storage::attribute::by_code(work, &new.attribute).await?;
    if of.as_ref().is_some_and(|of| of.retired_at.is_some()) {
        let detail = "the attribute is retired: nothing more is observed of it";
        return Err(Problem::new(Code::Conflict, detail).into());
    }
    let value = of.as_ref().map(|of| attribute::keep(&new.value, of.value_type));
    match &value {
        None => {
            mistakes.add("/attribute", "there is no attribute with this code; see the list of attributes")
        }
        Some(Err(rule)) => mistakes.add("/value", *rule),
        Some(Ok(_)) => {}
    }
    mistakes.none_or_problem()?;
    let (Some(of), Some(Ok(value)), Ok(observed_at)) = (of, value, observed_at) else {
        return Err(kit::Error::Fault("a mistake was not told".into()));
    };

    let file = super::file_to_change(work, input.path.customer_id, input.if_match).await?;
    let before = super::counting::before(work, file.id, &of).await?;
    storage::observation::add(work, file.id, &of, new, value, observed_at).await?;
    super::counting::tell_if_another(work, file.id, file.revision, &of, before).await?;
    super::changed(work, "customer.observation.record", Some(&of.code), &file).await
}
