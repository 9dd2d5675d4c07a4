//! Decides whether a customer is reached of our own accord: the only place that grants it.
//!
//! Each proposal is decided once. The decision is one in time: it is made with the consents, the household and
//! the outreaches that are held when the proposal arrives, and a consent that arrives later does not change
//! it, as one given later would not. So the order of arrival can decide what is granted; it never decides
//! whether something is decided, or twice.

use kit::{Received, Result, Work};
use schema::{
    api::{
        customer::ConsentPurpose,
        interaction::{Channel, OutreachToSend, TimelineEntry, TimelineKind},
    },
    event::{
        OutreachGranted, OutreachHeld, interaction as told, loyalty::PointsExpiring, survey::OutreachProposed,
    },
};

use crate::{
    domain::outreach::{self, Known, Verdict},
    storage,
};

/// How a customer can be told that points expire.
const CHANNELS: [Channel; 4] = [Channel::Messenger, Channel::Sms, Channel::Email, Channel::Phone];

/// Decides what somebody else proposed, who sends it as well.
pub(crate) async fn decide_outreach(work: &mut Work, proposed: &OutreachProposed) -> Result<()> {
    decide(work, proposed).await.map(drop)
}

/// What was decided now; none when it had been decided before.
async fn decide(work: &mut Work, proposed: &OutreachProposed) -> Result<Option<Verdict>> {
    let customer = proposed.customer_id;
    reference::customer::require(work, customer).await?;
    let revision = work.revise(customer, None).await?;
    if storage::outreach::is_decided(work, customer, proposed.outreach_id).await? {
        return Ok(None);
    }
    let household = storage::consent::household(work, customer).await?;
    let together = match household {
        Some(household) => {
            // Two members must not both be the last one who may be reached.
            work.exclusive(&format!("outreach.{household}")).await?;
            storage::outreach::to_household(work, household).await?
        }
        None => Vec::new(),
    };
    let person = storage::outreach::to_person(work, customer).await?;
    let policy = storage::outreach::policy(work).await?;
    let allowed = storage::consent::held(work, customer).await?;
    let known = Known {
        active: storage::consent::is_active(work, customer).await?,
        allowed: allowed.as_ref(),
        person: &person,
        household: &together,
        policy: &policy,
    };
    let now = work.now();
    let verdict = outreach::decide(proposed, &known, now);
    storage::outreach::add(work, proposed, verdict).await?;
    let (outreach_id, purpose) = (proposed.outreach_id, proposed.purpose);
    let (kind, channel) = match verdict {
        Verdict::Granted { channel, .. } => (TimelineKind::OutreachGranted, Some(channel)),
        Verdict::Held(_) => (TimelineKind::OutreachHeld, None),
    };
    let unit = storage::consent::home_unit(work, customer).await?;
    let entry = TimelineEntry {
        channel,
        outreach_id: Some(outreach_id),
        ..TimelineEntry::new(outreach_id.into(), kind, now, unit)
    };
    storage::timeline::add(work, customer, &entry)?;
    match verdict {
        Verdict::Granted { channel, not_before } => {
            let granted = told::OutreachGranted {
                outreach_id,
                customer_id: customer,
                purpose,
                channel,
                not_before,
                occurred_at: now,
            };
            work.tell::<OutreachGranted>(customer, revision, now, &granted)?;
        }
        Verdict::Held(because) => {
            let held =
                told::OutreachHeld { outreach_id, customer_id: customer, purpose, because, occurred_at: now };
            work.tell::<OutreachHeld>(customer, revision, now, &held)?;
        }
    }
    Ok(Some(verdict))
}

/// Proposes to tell a customer that points expire, and decides it; when it is granted, it waits to be sent.
pub(crate) async fn points_expire(work: &mut Work, event: &Received<PointsExpiring>) -> Result<()> {
    let proposed = OutreachProposed {
        outreach_id: super::derived(event.id, "outreach"),
        customer_id: event.data.customer_id,
        purpose: ConsentPurpose::Service,
        channels: CHANNELS.to_vec(),
        reason: "points-expiring".to_owned(),
        caused_at: event.occurred_at,
        expires_at: event.data.expires_at,
        owed: false,
    };
    let Some(Verdict::Granted { channel, not_before }) = decide(work, &proposed).await? else {
        return Ok(());
    };
    let waiting = OutreachToSend {
        outreach_id: proposed.outreach_id,
        customer_id: proposed.customer_id,
        reason: proposed.reason,
        channel,
        not_before,
        expires_at: proposed.expires_at,
        points: Some(event.data.points),
        sent_at: None,
    };
    storage::outreach_notice::add(work, &waiting).await
}
