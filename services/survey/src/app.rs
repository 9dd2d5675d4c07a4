//! Decisions, one a file, each seen whole: those of people, those made when an event arrives, and those that time
//! makes.

pub(crate) mod answer_invitation;
pub(crate) mod answer_questionnaire;
pub(crate) mod consider;
pub(crate) mod create_questionnaire;
pub(crate) mod create_wave;
pub(crate) mod decide_outreach;
pub(crate) mod expire;
mod invite;
pub(crate) mod invite_by_hand;
pub(crate) mod invite_wave;
pub(crate) mod move_wave;
pub(crate) mod propose;
pub(crate) mod put_rule;
pub(crate) mod record_answer;
pub(crate) mod record_answers;
pub(crate) mod remind;
pub(crate) mod send_invitation;

use std::collections::BTreeSet;

use kit::{Error, Result, Work};
use schema::{
    api::problem::{Code, FieldError, Problem},
    ids::OrgUnitId,
};

use crate::domain::invitation::NotAllowed;

/// What is right; what is not is noted, so that a caller learns everything at once.
fn note<T>(mistakes: &mut Vec<FieldError>, pointer: &str, checked: Result<T, &'static str>) -> Option<T> {
    checked
        .map_err(|rule| mistakes.push(FieldError { pointer: pointer.to_owned(), detail: rule.to_owned() }))
        .ok()
}

/// Of these units, those that are in the caller's organisation.
async fn units(work: &Work, units: impl IntoIterator<Item = OrgUnitId>) -> Result<BTreeSet<OrgUnitId>> {
    reference::org_unit::in_scope(work, units, &reference::org_unit::reach(work)).await
}

/// Asserts that the unit that an answer is about, if it is about one, is in the caller's organisation.
async fn require_unit(work: &Work, unit: Option<OrgUnitId>) -> Result<()> {
    match unit {
        Some(unit) => reference::org_unit::require(work, unit, "/org_unit_id").await,
        None => Ok(()),
    }
}

/// What the client reads of a step that the invitation does not allow.
fn refused(not_allowed: NotAllowed) -> Error {
    Problem::new(Code::Conflict, not_allowed.to_string()).into()
}
