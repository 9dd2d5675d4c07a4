//! Who belongs to which active segment, as it is kept. Whatever changes a customer's profile has the customer
//! judged again in the same transaction; what time changes is found by a job, which judges strays the same way.
//!
//! Membership is state that others follow, so coming and going is always told, however old the cause. The
//! message carries the business time of its cause: whoever does something outward looks at that, so that
//! importing history disturbs nobody.

use kit::{Result, Work};
use schema::{
    event::{SegmentEntered, SegmentLeft, loyalty::SegmentCrossed},
    ids::{CustomerId, SegmentId},
};

use super::concerned::Concerned;
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

/// Judges customers whose profiles changed, for all active segments.
pub(crate) async fn follow(work: &mut Work, concerned: &mut Concerned) -> Result<()> {
    let judged = ready(work, None).await?;
    if judged.is_empty() || concerned.is_empty() {
        return Ok(());
    }
    concerned.revise(work).await?;
    judge(work, concerned, &judged).await?;
    Ok(())
}

/// Judges customers for one segment. How many came or went.
pub(crate) async fn reconcile(
    work: &mut Work,
    segment: SegmentId,
    customers: &[CustomerId],
) -> Result<usize> {
    let judged = ready(work, Some(segment)).await?;
    let mut concerned = Concerned::by_time(work, customers);
    if judged.is_empty() || concerned.is_empty() {
        return Ok(0);
    }
    concerned.revise(work).await?;
    judge(work, &concerned, &judged).await
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
async fn judge(work: &mut Work, concerned: &Concerned, judged: &[Judged]) -> Result<usize> {
    let ids = concerned.ids();
    let needs = Needs::of(judged.iter().map(|one| &one.plan));
    let facts = storage::profile::facts::load(work.tx(), &ids, needs).await?;
    let belongs = kept::of_customers(work, &ids).await?;
    let (mut entered, mut left) = (Vec::new(), Vec::new());
    for (customer, concern) in concerned.each() {
        let Some(facts) = facts.get(&customer) else { continue };
        work.because(&concern.cause);
        for Judged { segment, plan } in judged {
            let is_member = belongs.get(&customer).is_some_and(|segments| segments.contains(&segment.id));
            let holds = plan.holds(facts);
            if holds == is_member {
                continue;
            }
            let told = SegmentCrossed {
                segment_id: segment.id,
                segment: segment.code.clone(),
                version: segment.version,
                customer_id: customer,
                occurred_at: work.now(),
            };
            if holds {
                entered.push((customer, segment.id));
                work.tell::<SegmentEntered>(customer, concern.revision, concern.at, &told)?;
            } else {
                left.push((customer, segment.id));
                work.tell::<SegmentLeft>(customer, concern.revision, concern.at, &told)?;
            }
        }
    }
    kept::enter(work, &entered).await?;
    kept::leave(work, &left).await?;
    Ok(entered.len() + left.len())
}
