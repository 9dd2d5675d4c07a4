//! Says anew who may give how much. What was given before stays given.

use kit::{Input, Result, Work};
use schema::api::{
    interaction::{AuthorityMatrix, SetAuthorityMatrix},
    problem::Problem,
};

use crate::{domain::gesture, storage};

pub(crate) async fn set_authority(
    work: &mut Work,
    input: Input<SetAuthorityMatrix>,
) -> Result<AuthorityMatrix> {
    let lines = input.body.lines.clone();
    let mistakes = gesture::check_lines(&lines);
    if !mistakes.is_empty() {
        return Err(Problem::fields(mistakes).into());
    }
    let revision = work.revise(storage::authority::MATRIX, input.if_match).await?;
    storage::authority::put(work, &lines).await?;
    work.audit("authority.set", storage::authority::MATRIX, None)?;
    Ok(AuthorityMatrix { lines, revision })
}
