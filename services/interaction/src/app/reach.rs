//! Whether a customer may be reached by a plan of ours: what they allow and their quiet hours.
//!
//! Only what is planned is asked about. Recording what already happened is never refused: it happened.

use chrono::{DateTime, Utc};
use kit::{Result, Runtime, Work};
use schema::{
    access::Scope,
    api::{
        customer::ConsentPurpose,
        interaction::{Channel, HeldBecause, Reach, ReachQuery},
        problem::{Code, Problem},
    },
    ids::CustomerId,
    moment,
};

use crate::{
    domain::outreach::{self, Objection},
    storage,
};

/// Refuses a plan to reach a customer who is known here, and says what would be allowed.
pub(crate) async fn check(
    work: &Work,
    customer: CustomerId,
    purpose: ConsentPurpose,
    channel: Channel,
    at: DateTime<Utc>,
) -> Result<()> {
    let allowed = storage::consent::held(work, customer).await?;
    let policy = storage::outreach::policy(work).await?;
    match outreach::objection(allowed.as_ref(), &policy, purpose, channel, at) {
        None => Ok(()),
        Some(objection) => Err(Problem::new(Code::Conflict, objection.in_words(channel)).into()),
    }
}

/// The same for somebody who only asks.
pub(crate) async fn look(
    runtime: &Runtime,
    customer: CustomerId,
    asked: &ReachQuery,
    scope: &Scope,
) -> Result<Reach> {
    let at = asked.at.unwrap_or_else(|| runtime.clock.now());
    if !moment::is_storable(at) {
        return Err(Problem::field("/at", "a time lies between the years 1900 and 9999").into());
    }
    if reference::customer::in_scope(&runtime.db, &[customer], scope).await?.is_empty() {
        return Err(Problem::not_found("customer").into());
    }
    let allowed = storage::consent::get(&runtime.db, customer).await?;
    let policy = storage::outreach::get_policy(&runtime.db).await?;
    Ok(match outreach::objection(allowed.as_ref(), &policy, asked.purpose, asked.channel, at) {
        None => Reach { allowed: true, because: None, not_before: Some(at) },
        Some(Objection::NoConsent) => {
            Reach { allowed: false, because: Some(HeldBecause::NoConsent), not_before: None }
        }
        Some(Objection::Quiet(not_before, _)) => {
            Reach { allowed: false, because: Some(HeldBecause::QuietHours), not_before }
        }
    })
}
