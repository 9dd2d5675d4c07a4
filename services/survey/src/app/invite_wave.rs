//! Invites the next customers of an open wave, as many as fit one transaction. Where it stopped is kept in the same
//! transaction, so that nobody is looked at twice.

use chrono::TimeDelta;
use kit::{Result, Work};
use schema::{api::survey::WaveState, ids::WaveId};
use uuid::Uuid;

use super::invite;
use crate::{
    domain::draw,
    storage::{self, wave::Reached},
};

/// Customers of one transaction.
const BATCH: u32 = 50;

/// `true` when there may be more.
pub(crate) async fn invite_wave(work: &mut Work, id: WaveId) -> Result<bool> {
    let Some(kept) = storage::wave::to_change(work, id).await? else { return Ok(false) };
    let (wave, mut reached) = (&kept.shown, kept.reached);
    if wave.state != WaveState::Open || reached.complete || wave.until <= work.now() {
        return Ok(false);
    }
    let customers = storage::wave::next(work, wave, reached.last, BATCH).await?;
    let since = work.now() - TimeDelta::days(wave.terms.cooling_off_days.into());
    let sample = format!("wave {id}");
    for customer in &customers {
        reached = Reached { last: Some(*customer), considered: reached.considered + 1, ..reached };
        if !draw::is_drawn(kept.share.unwrap_or_default(), &sample, customer.uuid()) {
            continue;
        }
        reached.sampled += 1;
        let revision = work.revise(*customer, None).await?;
        if storage::invitation::is_invited_since(work, *customer, since).await? {
            reached.cooling_off += 1;
            continue;
        }
        let invitation = Uuid::new_v5(&id.uuid(), customer.uuid().as_bytes()).into();
        let Some(mut one) = invite::by_terms(work, *customer, invitation, &wave.rule, &wave.terms).await?
        else {
            continue;
        };
        one.shown.revision = revision;
        one.shown.wave_id = Some(id);
        one.shown.expires_at = one.shown.expires_at.min(wave.until);
        invite::propose(work, &one).await?;
    }
    reached.complete = customers.len() < BATCH as usize;
    storage::wave::keep_reached(work, id, reached).await?;
    Ok(!reached.complete)
}
