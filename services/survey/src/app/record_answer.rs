//! Records a customer's answer.

use kit::{Input, Result, Work};
use schema::{
    access::{Scope, Viewer},
    api::{
        problem::{FieldError, Problem},
        survey::{Answer, Instrument, RecordAnswer},
    },
    event::{AnswerReceived, survey},
    ids::AnswerId,
};

use crate::{
    domain::{answer, nps::Score},
    storage,
};

pub(crate) async fn record_answer(work: &mut Work, input: Input<RecordAnswer>) -> Result<Answer> {
    let (customer_id, new) = (input.path.customer_id, &input.body);
    let mut mistakes = Vec::new();
    let score = match new.instrument {
        Instrument::Nps => keep(&mut mistakes, "/score", Score::of(new.score)),
    };
    let verbatim = keep(&mut mistakes, "/verbatim", answer::verbatim(new.verbatim.as_deref()));
    let time = keep(&mut mistakes, "/occurred_at", schema::moment::parse(new.occurred_at, work.now()));
    let (Some(score), Some(verbatim), Some(occurred_at)) = (score, verbatim, time) else {
        return Err(Problem::fields(mistakes).into());
    };
    reference::customer::require(work, customer_id).await?;
    if let Some(unit) = new.org_unit_id {
        let organisation = work.viewer().map_or(Scope::Everything, Viewer::organisation);
        if !reference::org_unit::is_in_scope(work, unit, &organisation).await? {
            return Err(Problem::field("/org_unit_id", "no unit with this id is within your scope").into());
        }
    }

    let id: AnswerId = work.new_id();
    let answer = Answer {
        id,
        customer_id,
        instrument: new.instrument,
        score: Some(score.into()),
        category: Some(score.category()),
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
        score: score.into(),
        org_unit_id: answer.org_unit_id,
        purchase_id: answer.purchase_id,
        occurred_at,
    };
    work.tell::<AnswerReceived>(customer_id, answer.revision, occurred_at, &received)?;
    work.audit("answer.record", customer_id, None).await?;
    Ok(answer)
}

/// What is right; what is not is noted, so that a caller learns everything at once.
fn keep<T>(mistakes: &mut Vec<FieldError>, pointer: &str, checked: Result<T, &'static str>) -> Option<T> {
    checked
        .map_err(|rule| mistakes.push(FieldError { pointer: pointer.to_owned(), detail: rule.to_owned() }))
        .ok()
}
