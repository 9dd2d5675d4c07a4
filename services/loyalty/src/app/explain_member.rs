//! Says of a customer in scope whether they belong to a segment, and why: the plan itself is asked.

use std::sync::Arc;

use kit::{Error, Input, Result, Runtime};
use schema::api::{
    loyalty::{ClauseSeen, ExplainMember, Explanation},
    problem::Problem,
};

use super::plan_segment;
use crate::{
    domain::segment::{Needs, Seen},
    storage::profile::facts,
};

pub(crate) async fn explain_member(
    runtime: Arc<Runtime>,
    input: Input<ExplainMember>,
) -> Result<Explanation> {
    let (id, customer) = (input.path.segment_id, input.path.customer_id);
    let as_of = plan_segment::as_of(input.query.as_of, runtime.clock.now())?;
    let scope = input.caller.viewer.scope();
    if reference::customer::in_scope(&runtime.db, &[customer], &scope).await?.is_empty() {
        return Err(Problem::not_found("customer").into());
    }
    let (segment, plan) = plan_segment::of_segment(&runtime.db, id, as_of).await?;
    let mut found = facts::load(runtime.db.read(), &[customer], Needs::of([&plan])).await?;
    let facts = found
        .remove(&customer)
        .ok_or_else(|| Error::Fault(format!("customer {customer} is known but has no profile")))?;
    let clauses = plan.explain(&facts).into_iter().map(|seen| {
        let Seen { pointer, holds, found, of_attribute } = seen;
        ClauseSeen { pointer, holds, found, of_attribute }
    });
    Ok(Explanation {
        customer_id: customer,
        segment_id: id,
        version: segment.version,
        as_of,
        member: plan.holds(&facts),
        clauses: clauses.collect(),
    })
}
