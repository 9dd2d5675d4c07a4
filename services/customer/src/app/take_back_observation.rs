//! Takes an observation back: it was wrong, or it was never made. It counts no more, on no day.

use kit::{Input, Result, Work};
use schema::api::{
    customer::{CustomerFile, TakeBackObservation},
    problem::{Code, Problem},
};

use crate::storage;

pub(crate) async fn take_back_observation(
    work: &mut Work,
    input: Input<TakeBackObservation>,
) -> Result<CustomerFile> {
    let reason = input.body.reason.trim();
    if reason.is_empty() || reason.chars().count() > 500 {
        return Err(Problem::field("/reason", "say why, in 1 to 500 characters").into());
    }

    let file = super::file_to_change(work, input.path.customer_id, input.if_match).await?;
    let found = storage::observation::find(work, file.id, input.path.observation_id).await?;
    let observation = found.ok_or_else(|| Problem::not_found("observation"))?;
    if observation.taken_back_at.is_some() {
        let detail = "the observation was taken back already; record a new one if it was right after all";
        return Err(Problem::new(Code::Conflict, detail).into());
    }
    let of = storage::attribute::by_code(work, &observation.attribute).await?;
    let of = of.ok_or_else(|| kit::Error::Fault("an observation has no attribute".into()))?;
    let before = super::counting::before(work, file.id, &of).await?;
    let by = work.viewer().map_or("system", |viewer| viewer.staff.as_deref().unwrap_or(&viewer.subject));
    storage::observation::take_back(work, file.id, observation.id, by, reason).await?;
    super::counting::tell_if_another(work, file.id, file.revision, &of, before).await?;
    // Why is free text and stays with the observation.
    super::changed(work, "customer.observation.take_back", Some(&of.code), &file).await
}
