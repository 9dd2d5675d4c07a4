//! Records a customer's answer.

use kit::{Input, Result, Work};
use schema::{
    api::{
        problem::Problem,
        survey::{Answer, RecordAnswer},
    },
    event::{AnswerReceived, survey},
    ids::{AnswerId, WaveId},
};

use super::note;
use crate::{
    domain::{answer, instrument::Score, low},
    storage,
};

pub(crate) async fn record_answer(work: &mut Work, input: Input<RecordAnswer>) -> Result<Answer> {
    let (customer_id, new) = (input.path.customer_id, &input.body);
    let mut mistakes = Vec::new();
    let score = note(&mut mistakes, "/score", Score::of(new.instrument, new.score));
    let verbatim = note(&mut mistakes, "/verbatim", answer::verbatim(new.verbatim.as_deref()));
    let time = note(&mut mistakes, "/occurred_at", schema::moment::parse(new.occurred_at, work.now()));
    let (Some(score), Some(verbatim), Some(occurred_at)) = (score, verbatim, time) else {
        return Err(Problem::fields(mistakes).into());
    };
    reference::customer::require(work, customer_id).await?;
    super::require_unit(work, new.org_unit_id).await?;

    let id: AnswerId = work.new_id();
    let answer = Answer {
        id,
        customer_id,
        instrument: new.instrument,
        score: Some(score.value()),
        category: score.category(),
        verbatim,
        org_unit_id: new.org_unit_id,
        purchase_id: new.purchase_id,
        case_id: None,
        invitation_id: None,
        phase: new.phase,
        low: Some(low::is_low(new.instrument, score, None)),
        channel: new.channel,
        occurred_at,
        revision: work.revise(customer_id, input.if_match).await?,
    };
    keep(work, &answer, score, None).await?;
    work.audit("answer.record", customer_id, None).await?;
    Ok(answer)
}

/// Writes an answer, which may be one to a wave, and tells it. The customer's revision was raised.
pub(super) async fn keep(work: &mut Work, answer: &Answer, score: Score, wave: Option<WaveId>) -> Result<()> {
    storage::answer::add(work, answer, score, wave).await?;
    let received = survey::AnswerReceived {
        answer_id: answer.id,
        customer_id: answer.customer_id,
        instrument: answer.instrument,
        score: score.value(),
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
