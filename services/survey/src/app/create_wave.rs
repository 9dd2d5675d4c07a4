//! Plans a wave by the terms of a rule, as they are now.

use kit::{Input, Result, Work};
use schema::{
    api::{
        problem::{FieldError, Problem},
        survey::{CreateWave, InvitationTrigger, Wave, WaveState},
    },
    ids::WaveId,
};

use crate::{domain::wave, storage};

pub(crate) async fn create_wave(work: &mut Work, input: Input<CreateWave>) -> Result<Wave> {
    let new = &input.body;
    let mut mistakes = wave::mistakes(new, work.now());
    let mut wrong = |pointer: &str, rule: &str| {
        mistakes.push(FieldError { pointer: pointer.to_owned(), detail: rule.to_owned() });
    };
    let terms = storage::rule::find(work, &new.rule).await?;
    let terms = terms.filter(|one| one.active && one.trigger == InvitationTrigger::Wave);
    if terms.is_none() {
        wrong("/rule", "no active rule of this code has the trigger `wave`");
    }
    let organisation = reference::org_unit::reach(work);
    if !reference::org_unit::is_in_scope(work, new.org_unit_id, &organisation).await? {
        wrong("/org_unit_id", reference::org_unit::OUT_OF_REACH);
    }
    let Some(terms) = terms.filter(|_| mistakes.is_empty()) else {
        return Err(Problem::fields(mistakes).into());
    };
    let id: WaveId = work.new_id();
    let wave = Wave {
        id,
        code: new.code.clone(),
        state: WaveState::Planned,
        rule: new.rule.clone(),
        terms,
        org_unit_id: new.org_unit_id,
        from: new.from,
        until: new.until,
        sample_size: new.sample_size,
        target_answers: new.target_answers,
        opened_at: None,
        closed_at: None,
        created_at: work.now(),
        revision: work.revise(id, None).await?,
    };
    storage::wave::add(work, &wave).await?;
    work.audit("wave.create", id, Some(&wave.code))?;
    Ok(wave)
}
