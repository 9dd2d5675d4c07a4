//! Records a customer's answer.

use kit::{Input, Result, Work};
use schema::{
    api::{
        problem::Problem,
        survey::{Answer, RecordAnswer},
    },
    event::{AnswerReceived, survey},
    ids::AnswerId,
};

use super::keep;
use crate::{
    domain::{answer, instrument::Score},
    storage,
};

pub(crate) async fn record_answer(work: &mut Work, input: Input<RecordAnswer>) -> Result<Answer> {
    let (customer_id, new) = (input.path.customer_id, &input.body);
    let mut mistakes = Vec::new();
    let score = keep(&mut mistakes, "/score", Score::of(new.instrument, new.score));
    let verbatim = keep(&mut mistakes, "/verbatim", answer::verbatim(new.verbatim.as_deref()));
    let time = keep(&mut mistakes, "/occurred_at", schema::moment::parse(new.occurred_at, work.now()));
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
        channel: new.channel,
        occurred_at,
        revision: work.revise(customer_id, input.if_match).await?,
    };
    storage::answer::add(work, &answer, score).await?;
    let received = survey::AnswerReceived {
        answer_id: id,
        customer_id,
        instrument: answer.instrument,
        score: score.value(),
        org_unit_id: answer.org_unit_id,
        purchase_id: answer.purchase_id,
        occurred_at,
        case_id: None,
        invitation_id: None,
        phase: None,
        low: None,
    };
    work.tell::<AnswerReceived>(customer_id, answer.revision, occurred_at, &received)?;
    work.audit("answer.record", customer_id, None).await?;
    Ok(answer)
}
