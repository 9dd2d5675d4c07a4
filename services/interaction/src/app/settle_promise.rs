//! Says whether a promise was kept or broken. One that is settled late is charged, whether or not the job has been
//! there.

use kit::{Input, Result, Work};
use schema::{
    api::{
        interaction::{Contact, PromiseState, SettlePromise, TimelineKind},
        problem::{Code, Problem},
    },
    event::{PromiseSettled, interaction as told},
};

use crate::{
    domain::{promise, words},
    storage,
};

pub(crate) async fn settle_promise(work: &mut Work, input: Input<SettlePromise>) -> Result<Contact> {
    let customer = input.path.customer_id;
    let mut mistakes = Vec::new();
    let at = words::check_time(input.body.occurred_at, work.now(), &mut mistakes);
    if !mistakes.is_empty() {
        return Err(Problem::fields(mistakes).into());
    }
    reference::customer::require(work, customer).await?;

    let revision = work.revise(customer, input.if_match).await?;
    let found = storage::contact::find(work, *input.path).await?;
    let mut contact = found.ok_or_else(|| Problem::not_found("contact"))?;
    if at < contact.occurred_at {
        return Err(Problem::field("/occurred_at", "it is not before the contact").into());
    }
    contact.revision = revision;
    super::breach_promise::charge_late(work, &mut contact, at).await?;
    let conflict = |detail: String| Problem::new(Code::Conflict, detail);
    let promise = contact.promise.as_mut();
    let promise = promise.ok_or_else(|| conflict("nothing was promised in this contact".into()))?;
    promise.state = promise::settle(promise.state, input.body.kept).map_err(|no| conflict(no.to_string()))?;
    promise.settled_at = Some(at);

    let (kind, action) = if promise.state == PromiseState::Kept {
        (TimelineKind::PromiseKept, "promise.keep")
    } else {
        (TimelineKind::PromiseBroken, "promise.break")
    };
    storage::contact::settle(work, *input.path, promise).await?;
    let by = super::actor(work).await?.staff;
    super::put_promise_on_timeline(work, &contact, kind, at, by).await?;
    let settled = told::PromiseSettled {
        contact_id: contact.id,
        customer_id: customer,
        kept: input.body.kept,
        occurred_at: at,
    };
    work.tell::<PromiseSettled>(customer, revision, at, &settled)?;
    work.audit(action, customer, Some(&contact.id.to_string()))?;
    Ok(contact)
}
