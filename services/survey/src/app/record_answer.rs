//! Records a customer's answer.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use kit::{Error, Input, Result, Work};
use schema::{
    api::{
        problem::Problem,
        survey::{Answer, NewAnswer, RecordAnswer},
    },
    event::{AnswerReceived, survey},
    ids::{AnswerId, CustomerId, OrgUnitId, WaveId},
};

use super::note;
use crate::{
    domain::{answer, instrument::Score, low},
    storage,
};

pub(crate) async fn record_answer(work: &mut Work, input: Input<RecordAnswer>) -> Result<Answer> {
    let (customer_id, new) = (input.path.customer_id, &input.body);
    let given = checked(new, work.now())?;
    reference::customer::require(work, customer_id).await?;
    require_unit(new, &super::units(work, new.org_unit_id).await?)?;

    let id: AnswerId = work.new_id();
    let answer = answer((customer_id, id, work.revise(customer_id, input.if_match).await?), new, given);
    keep(work, &answer, None).await?;
    work.audit("answer.record", customer_id, None)?;
    Ok(answer)
}

/// What is settled about an answer once it is found right.
pub(super) struct Given {
    score: Score,
    verbatim: Option<String>,
    occurred_at: DateTime<Utc>,
}

/// Finds the answer right, or says everything that is wrong with it.
pub(super) fn checked(new: &NewAnswer, now: DateTime<Utc>) -> Result<Given, Problem> {
    let mut mistakes = Vec::new();
    let score = note(&mut mistakes, "/score", Score::of(new.instrument, new.score));
    let verbatim = note(&mut mistakes, "/verbatim", answer::verbatim(new.verbatim.as_deref()));
    let time = note(&mut mistakes, "/occurred_at", schema::moment::parse(new.occurred_at, now));
    match (score, verbatim, time) {
        (Some(score), Some(verbatim), Some(occurred_at)) => Ok(Given { score, verbatim, occurred_at }),
        _ => Err(Problem::fields(mistakes)),
    }
}

/// Refuses a unit that is not among those in scope.
pub(super) fn require_unit(new: &NewAnswer, units: &BTreeSet<OrgUnitId>) -> Result<(), Problem> {
    match new.org_unit_id {
        Some(unit) if !units.contains(&unit) => Err(reference::org_unit::out_of_reach("/org_unit_id")),
        _ => Ok(()),
    }
}

pub(super) fn answer(
    (customer_id, id, revision): (CustomerId, AnswerId, i64),
    new: &NewAnswer,
    given: Given,
) -> Answer {
    Answer {
        id,
        customer_id,
        instrument: new.instrument,
        score: Some(given.score.value()),
        category: given.score.category(),
        verbatim: given.verbatim,
        org_unit_id: new.org_unit_id,
        purchase_id: new.purchase_id,
        case_id: None,
        invitation_id: None,
        phase: new.phase,
        low: Some(low::is_low(new.instrument, given.score, None)),
        channel: new.channel,
        occurred_at: given.occurred_at,
        revision,
    }
}

/// Writes an answer, which may be one to a wave, and tells it. The customer's revision was raised.
pub(super) async fn keep(work: &mut Work, answer: &Answer, wave: Option<WaveId>) -> Result<()> {
    storage::answer::add(work, answer, wave).await?;
    tell(work, answer)
}

/// Tells an answer.
pub(super) fn tell(work: &mut Work, answer: &Answer) -> Result<()> {
    let received = survey::AnswerReceived {
        answer_id: answer.id,
        customer_id: answer.customer_id,
        instrument: answer.instrument,
        score: answer.score.ok_or_else(|| Error::Fault("an answer without a score".into()))?,
        org_unit_id: answer.org_unit_id,
        purchase_id: answer.purchase_id,
        occurred_at: answer.occurred_at,
        case_id: answer.case_id,
        invitation_id: answer.invitation_id,
        phase: answer.phase,
        low: answer.low,
    };
    work.tell::<AnswerReceived>(answer.customer_id, answer.revision, answer.occurred_at, &received)?;
    // The case that follows it up may have been closed before, in a replay.
    work.arrived(answer.id);
    Ok(())
}
