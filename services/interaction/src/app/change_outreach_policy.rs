//! Changes how often a customer and a household are reached at most. What was decided before stays decided.

use kit::{Input, Result, Work};
use schema::api::{
    interaction::{ChangeOutreachPolicy, OutreachPolicy},
    problem::Problem,
};

use crate::{domain::outreach, storage};

pub(crate) async fn change_outreach_policy(
    work: &mut Work,
    input: Input<ChangeOutreachPolicy>,
) -> Result<OutreachPolicy> {
    let mistakes = outreach::check_change(&input.body);
    if !mistakes.is_empty() {
        return Err(Problem::fields(mistakes).into());
    }
    let subject = storage::outreach::POLICY;
    let revision = work.revise(subject, input.if_match).await?;
    let policy = outreach::changed(storage::outreach::policy(work).await?, &input.body, revision);
    storage::outreach::put_policy(work, &policy).await?;
    work.audit("outreach_policy.change", subject, None)?;
    Ok(policy)
}
