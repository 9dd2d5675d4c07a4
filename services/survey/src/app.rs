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
pub(crate) mod remind;
pub(crate) mod send_invitation;

use kit::{Error, Result, Work};
use schema::{
    access::{Scope, Viewer},
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

/// Asserts that the unit that an answer is about, if it is about one, is in the caller's organisation.
async fn require_unit(work: &Work, unit: Option<OrgUnitId>) -> Result<()> {
    let Some(unit) = unit else { return Ok(()) };
    let organisation = work.viewer().map_or(Scope::Everything, Viewer::organisation);
    if reference::org_unit::is_in_scope(work, unit, &organisation).await? {
        Ok(())
    } else {
        Err(Problem::field("/org_unit_id", "no unit with this id is within your scope").into())
    }
}

/// What the client reads of a step that the invitation does not allow.
fn refused(not_allowed: NotAllowed) -> Error {
    Problem::new(Code::Conflict, not_allowed.to_string()).into()
}
