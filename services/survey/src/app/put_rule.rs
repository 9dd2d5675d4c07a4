//! Creates a rule of invitation, or replaces its terms.

use kit::{Input, Result, Work};
use schema::api::{
    problem::{Code, FieldError, Problem},
    survey::{ChangeInvitationRule, CreateInvitationRule, InvitationRule, InvitationTerms},
};

use crate::{
    domain::{questionnaire, rule},
    storage,
};

/// Creates a rule.
pub(crate) async fn create(work: &mut Work, input: Input<CreateInvitationRule>) -> Result<InvitationRule> {
    let new = &input.body;
    let mut mistakes = mistakes(work, &new.terms, "/terms").await?;
    if !questionnaire::is_code(&new.code) {
        mistakes.insert(0, FieldError { pointer: "/code".to_owned(), detail: rule::CODE.to_owned() });
    }
    if !mistakes.is_empty() {
        return Err(Problem::fields(mistakes).into());
    }
    let revision = work.revise(storage::rule::subject(&new.code), input.if_match).await?;
    if storage::rule::find(work, &new.code).await?.is_some() {
        return Err(Problem::new(Code::AlreadyExists, "a rule of this code exists; change it").into());
    }
    keep(work, &new.code, &new.terms, revision).await
}

/// Replaces the terms of a rule.
pub(crate) async fn change(work: &mut Work, input: Input<ChangeInvitationRule>) -> Result<InvitationRule> {
    let (code, terms) = (&input.path.code, &input.body);
    let mistakes = mistakes(work, terms, "").await?;
    if !mistakes.is_empty() {
        return Err(Problem::fields(mistakes).into());
    }
    if storage::rule::find(work, code).await?.is_none() {
        return Err(Problem::not_found("rule").into());
    }
    let revision = work.revise(storage::rule::subject(code), input.if_match).await?;
    keep(work, code, terms, revision).await
}

async fn mistakes(work: &Work, terms: &InvitationTerms, at: &str) -> Result<Vec<FieldError>> {
    let mut mistakes = rule::mistakes(terms, at);
    if let Some(code) = &terms.questionnaire
        && storage::questionnaire::latest(work, code).await?.is_none()
    {
        let detail = "there is no questionnaire of this code".to_owned();
        mistakes.push(FieldError { pointer: format!("{at}/questionnaire"), detail });
    }
    Ok(mistakes)
}

async fn keep(work: &mut Work, code: &str, terms: &InvitationTerms, revision: i64) -> Result<InvitationRule> {
    storage::rule::put(work, code, terms).await?;
    work.audit("invitation_rule.put", storage::rule::subject(code), Some(code))?;
    Ok(InvitationRule { code: code.to_owned(), terms: terms.clone(), revision })
}
