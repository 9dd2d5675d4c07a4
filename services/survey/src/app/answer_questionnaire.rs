//! Records a customer's answer to a questionnaire: item by item, expectation beside perception.

use kit::{Input, Result, Work};
use schema::{
    api::{
        problem::Problem,
        survey::{AnswerQuestionnaire, QuestionnaireAnswer},
    },
    event::{QuestionnaireAnswered, survey},
    ids::{AnswerId, WaveId},
};

use super::note;
use crate::{
    domain::{answer, questionnaire},
    storage,
};

pub(crate) async fn answer_questionnaire(
    work: &mut Work,
    input: Input<AnswerQuestionnaire>,
) -> Result<QuestionnaireAnswer> {
    let (customer_id, new) = (input.path.customer_id, &input.body);
    let Some(asked) = storage::questionnaire::find(work, &new.questionnaire, new.version).await? else {
        let rule = "there is no questionnaire of this code and version";
        return Err(Problem::field("/questionnaire", rule).into());
    };
    let mut mistakes = Vec::new();
    let verbatim = note(&mut mistakes, "/verbatim", answer::verbatim(new.verbatim.as_deref()));
    let time = note(&mut mistakes, "/occurred_at", schema::moment::parse(new.occurred_at, work.now()));
    let items = questionnaire::answered(&asked.items, &new.items).map_err(|more| mistakes.extend(more)).ok();
    let (Some(verbatim), Some(occurred_at), Some(items)) = (verbatim, time, items) else {
        return Err(Problem::fields(mistakes).into());
    };
    reference::customer::require(work, customer_id).await?;
    super::require_unit(work, new.org_unit_id).await?;

    let id: AnswerId = work.new_id();
    let count = |items: usize| i32::try_from(items).unwrap_or(i32::MAX);
    let answer = QuestionnaireAnswer {
        id,
        customer_id,
        questionnaire: asked.code,
        version: asked.version,
        asked: count(asked.items.len()),
        answered: count(items.len()),
        partial: items.len() < asked.items.len(),
        items,
        verbatim,
        org_unit_id: new.org_unit_id,
        purchase_id: new.purchase_id,
        phase: new.phase,
        case_id: None,
        invitation_id: None,
        channel: new.channel,
        occurred_at,
        revision: work.revise(customer_id, input.if_match).await?,
    };
    keep(work, &answer, None).await?;
    work.audit("questionnaire.answer", customer_id, None)?;
    Ok(answer)
}

/// Writes an answer, which may be one to a wave, and tells it. The customer's revision was raised.
pub(super) async fn keep(work: &mut Work, answer: &QuestionnaireAnswer, wave: Option<WaveId>) -> Result<()> {
    storage::questionnaire_answer::add(work, answer, wave).await?;
    let answered = survey::QuestionnaireAnswered {
        answer_id: answer.id,
        customer_id: answer.customer_id,
        questionnaire: answer.questionnaire.clone(),
        version: answer.version,
        org_unit_id: answer.org_unit_id,
        invitation_id: answer.invitation_id,
        items: answer.answered,
        occurred_at: answer.occurred_at,
    };
    work.tell::<QuestionnaireAnswered>(answer.customer_id, answer.revision, answer.occurred_at, &answered)?;
    Ok(())
}
