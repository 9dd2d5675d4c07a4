//! Records what an attribute of a customer was observed to be; earlier observations stay.

use chrono::{DateTime, Utc};
use kit::{Input, Result, Work};
use schema::{
    api::{
        customer::{Attribute, CustomerFile, NewObservation, RecordObservation},
        problem::{Code, Problem},
    },
    moment,
};

use crate::{
    domain::{attribute, code, person::Mistakes},
    storage::{self, observation::Observed},
};

pub(crate) async fn record_observation(
    work: &mut Work,
    input: Input<RecordObservation>,
) -> Result<CustomerFile> {
    let new = &input.body;
    let of = storage::attribute::by_code(work, &new.attribute).await?;
    if of.as_ref().is_some_and(|of| of.retired_at.is_some()) {
        return Err(Problem::new(Code::Conflict, attribute::RETIRED).into());
    }
    let mut mistakes = Mistakes::default();
    let observed = checked(new, of.as_ref(), work.now(), &mut mistakes);
    mistakes.none_or_problem()?;
    let observed = observed.ok_or_else(|| kit::Error::Fault("a mistake was not told".into()))?;

    let file = super::file_to_change(work, input.path.customer_id, input.if_match).await?;
    let before = super::counting::before(work, file.id, &observed.of).await?;
    storage::observation::add(work, &[(file.id, &observed)]).await?;
    super::counting::tell_if_another(work, file.id, file.revision, &observed.of, before).await?;
    super::changed(work, "customer.observation.record", Some(&observed.of.code), &file).await
}

/// The observation as it is kept, when everything is right; `of` is its attribute, when there is one.
pub(super) fn checked(
    new: &NewObservation,
    of: Option<&Attribute>,
    now: DateTime<Utc>,
    mistakes: &mut Mistakes,
) -> Option<Observed> {
    if !code::is_code(&new.source) {
        mistakes.add("/source", code::RULE);
    }
    let observed_at = moment::parse(new.observed_at, now);
    if let Err(rule) = observed_at {
        mistakes.add("/observed_at", rule);
    }
    let Some(of) = of else {
        mistakes.add("/attribute", "there is no attribute with this code; see the list of attributes");
        return None;
    };
    let value = attribute::keep(&new.value, of.value_type).map_err(|rule| mistakes.add("/value", rule));
    let (Ok(value), Ok(observed_at)) = (value, observed_at) else { return None };
    Some(Observed { of: of.clone(), value, source: new.source.clone(), observed_at })
}
