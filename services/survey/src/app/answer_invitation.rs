//! Keeps what somebody with a one-time token filled in: a part of it, or the whole answer, which ends the token.

use kit::{Result, Work};
use schema::{
    api::{
        interaction::Channel,
        survey::{Answer, QuestionnaireAnswer},
    },
    event::{RecoveryMeasured, survey},
    ids::AnswerId,
};

use super::{answer_questionnaire, invite, record_answer};
use crate::{
    domain::{
        form::{Asked, Filled, Given},
        instrument::Score,
        invitation::{self, Step},
        low, questionnaire,
        token::Token,
    },
    storage::{self, invitation::Kept},
};

/// Keeps a part. `false` when the token is none, or none any more.
pub(crate) async fn keep_part(work: &mut Work, token: Token, filled: &Filled) -> Result<bool> {
    let Some((mut kept, revision)) = take(work, token).await? else { return Ok(false) };
    kept.shown.state = invitation::after(kept.shown.state, Step::Start).map_err(super::refused)?;
    kept.shown.revision = revision;
    kept.draft = filled.clone();
    storage::invitation::keep(work, &kept).await?;
    Ok(true)
}

/// Keeps the answer. `false` when the token is none, or none any more.
pub(crate) async fn answer_invitation(
    work: &mut Work,
    token: Token,
    asked: &Asked,
    filled: &Filled,
) -> Result<bool> {
    // The page was shown by the same rules; whoever sends something else by hand gets nothing kept.
    let Ok((given, words)) = filled.read(asked) else { return Ok(false) };
    let Some((mut kept, revision)) = take(work, token).await? else { return Ok(false) };
    let id: AnswerId = work.new_id();
    kept.shown.answer_id = Some(id);
    kept.shown.revision = revision;
    match (given, asked) {
        (Given::One(score), Asked::One(_)) => one(work, &kept, id, score, words).await?,
        (Given::Many(items), Asked::Many(asked)) => {
            let Ok(items) = questionnaire::answered(&asked.items, &items) else { return Ok(false) };
            let count = |items: usize| i32::try_from(items).unwrap_or(i32::MAX);
            let shown = &kept.shown;
            let answer = QuestionnaireAnswer {
                id,
                customer_id: shown.customer_id,
                questionnaire: asked.code.clone(),
                version: asked.version,
                asked: count(asked.items.len()),
                answered: count(items.len()),
                partial: items.len() < asked.items.len(),
                items,
                verbatim: words,
                org_unit_id: shown.org_unit_id,
                purchase_id: shown.purchase_id,
                phase: shown.phase,
                case_id: shown.case_id,
                invitation_id: Some(shown.id),
                channel: Channel::Web,
                occurred_at: work.now(),
                revision,
            };
            answer_questionnaire::keep(work, &answer, shown.wave_id).await?;
        }
        (Given::One(_), Asked::Many(_)) | (Given::Many(_), Asked::One(_)) => return Ok(false),
    }
    invite::settle(work, revision, &mut kept, Step::Answer).await?;
    work.audit("invitation.answer", kept.shown.customer_id, None)?;
    Ok(true)
}

/// The invitation that the token opens, with the customer's revision raised. It is looked up before that, so that
/// a token made up by somebody changes nothing, and again after it, so that it is answered once.
async fn take(work: &mut Work, token: Token) -> Result<Option<(Kept, i64)>> {
    if storage::invitation::answerable_by(work, token).await?.is_none() {
        return Ok(None);
    }
    let revision = work.revise(token.customer, None).await?;
    Ok(storage::invitation::answerable_by(work, token).await?.map(|kept| (kept, revision)))
}

/// The answer to one question, and what became of the low score that it follows.
async fn one(work: &mut Work, kept: &Kept, id: AnswerId, score: Score, words: Option<String>) -> Result<()> {
    let shown = &kept.shown;
    let Some(instrument) = shown.instrument else { return Ok(()) };
    let is_low = low::is_low(instrument, score, kept.low_at_most);
    let answer = Answer {
        id,
        customer_id: shown.customer_id,
        instrument,
        score: Some(score.value()),
        category: score.category(),
        verbatim: words,
        org_unit_id: shown.org_unit_id,
        purchase_id: shown.purchase_id,
        case_id: shown.case_id,
        invitation_id: Some(shown.id),
        phase: shown.phase,
        low: Some(is_low),
        channel: Channel::Web,
        occurred_at: work.now(),
        revision: shown.revision,
    };
    record_answer::keep(work, &answer, shown.wave_id).await?;
    let (Some(first), Some(case_id)) = (kept.first_answer, shown.case_id) else { return Ok(()) };
    let Some(before) = storage::answer::find(work, shown.customer_id, first).await? else { return Ok(()) };
    let measured = survey::RecoveryMeasured {
        customer_id: shown.customer_id,
        case_id,
        first_answer_id: first,
        second_answer_id: id,
        score_before: before.score.unwrap_or_default(),
        score_after: score.value(),
        recovered: !is_low,
        occurred_at: answer.occurred_at,
    };
    work.tell::<RecoveryMeasured>(shown.customer_id, shown.revision, answer.occurred_at, &measured)?;
    Ok(())
}
