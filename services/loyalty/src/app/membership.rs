//! Who belongs to which active segment, as it is kept. Whatever changes a customer's profile has the customer
//! judged again in the same transaction; what time changes is found by a job, which judges strays the same way.
//!
//! Membership is state that others follow, so coming and going is always told, however old the cause. The
//! message carries the business time of its cause: whoever does something outward looks at that, so that
//! importing history disturbs nobody.

use chrono::{DateTime, Utc};
use kit::{Result, Work};
use schema::{
    event::{SegmentEntered, SegmentLeft, loyalty::SegmentCrossed},
    ids::{CustomerId, SegmentId},
};

use crate::{
    domain::segment::{Needs, Plan, plan},
    storage::{
        self,
        segment::{Active, active, kept, known},
    },
};

/// An active segment, ready to be judged.
struct Judged {
    segment: Active,
    plan: Plan,
}

/// Judges a customer whose profile changed, for all active segments. `revision` is the one that was raised,
/// if one was; `at` is the business time of the cause.
pub(crate) async fn follow(
    work: &mut Work,
    customer: CustomerId,
    revision: Option<i64>,
    at: DateTime<Utc>,
) -> Result<()> {
    let judged = ready(work, None).await?;
    if judged.is_empty() {
        return Ok(());
    }
    let revision = match revision {
        Some(revision) => revision,
        None => work.revise(customer, None).await?,
    };
    judge(work, &[(customer, revision)], &judged, at).await?;
    Ok(())
}

/// Judges customers for one segment, each under their own revision. How many came or went.
pub(crate) async fn reconcile(
    work: &mut Work,
    segment: SegmentId,
    customers: &[CustomerId],
) -> Result<usize> {
    let judged = ready(work, Some(segment)).await?;
    let mut revised = Vec::new();
    if !judged.is_empty() {
        for customer in customers {
            revised.push((*customer, work.revise(*customer, None).await?));
        }
    }
    let now = work.now();
    judge(work, &revised, &judged, now).await
}

/// The active segments with their plans, or one of them.
async fn ready(work: &Work, only: Option<SegmentId>) -> Result<Vec<Judged>> {
    let active = active(work.tx()).await?;
    if active.is_empty() {
        return Ok(Vec::new());
    }
    let known = known(work.tx(), &active, &[]).await?;
    let mut judged = Vec::new();
    for segment in active.into_iter().filter(|one| only.is_none_or(|only| one.id == only)) {
        match plan(&segment.condition, "", Some(segment.id), &known, work.now()) {
            Ok(plan) => judged.push(Judged { segment, plan }),
            // It was checked when it was made. One bad segment must not keep back what arrives.
            Err(wrong) => {
                let detail = wrong.first().map(|one| one.detail.as_str()).unwrap_or_default();
                tracing::error!(segment.code = segment.code, detail, "a segment cannot be judged");
            }
        }
    }
    Ok(judged)
}

/// Compares kept membership with what the plans say, mends it, and tells.
async fn judge(
    work: &mut Work,
    customers: &[(CustomerId, i64)],
    judged: &[Judged],
    at: DateTime<Utc>,
) -> Result<usize> {
    let ids: Vec<CustomerId> = customers.iter().map(|(id, _)| *id).collect();
    let needs = Needs::of(judged.iter().map(|one| &one.plan));
    let facts = storage::profile::facts::load(work.tx(), &ids, needs).await?;
    let belongs = kept::of_customers(work, &ids).await?;
    let mut crossed = 0;
    for (customer, revision) in customers {
        let Some(facts) = facts.get(customer) else { continue };
        for Judged { segment, plan } in judged {
            let is_member = belongs.get(customer).is_some_and(|segments| segments.contains(&segment.id));
            let holds = plan.holds(facts);
            if holds == is_member {
                continue;
            }
            let told = SegmentCrossed {
                segment_id: segment.id,
                segment: segment.code.clone(),
                version: segment.version,
                customer_id: *customer,
                occurred_at: work.now(),
            };
            if holds {
                kept::enter(work, *customer, segment.id).await?;
                work.tell::<SegmentEntered>(*customer, *revision, at, &told)?;
            } else {
                kept::leave(work, *customer, segment.id).await?;
                work.tell::<SegmentLeft>(*customer, *revision, at, &told)?;
            }
            crossed += 1;
        }
    }
    Ok(crossed)
}
