//! Commands, one a file: the decision, seen whole.

pub(crate) mod answer_questionnaire;
pub(crate) mod create_questionnaire;
pub(crate) mod record_answer;

use kit::{Result, Work};
use schema::{
    access::{Scope, Viewer},
    api::problem::{FieldError, Problem},
    ids::OrgUnitId,
};

/// What is right; what is not is noted, so that a caller learns everything at once.
fn keep<T>(mistakes: &mut Vec<FieldError>, pointer: &str, checked: Result<T, &'static str>) -> Option<T> {
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
