//! Opens and closes a wave. Closing lets what was not answered run out.

use kit::{Error, Input, Result, Work};
use schema::{
    api::{
        problem::{Code, Problem},
        survey::{CloseWave, OpenWave, Wave},
    },
    ids::WaveId,
};

use crate::{
    domain::{
        draw,
        wave::{self, NotAllowed, Step},
    },
    storage::{self, wave::Kept},
};

/// Opens it: who belongs to the sample is settled by the customers that there are now.
pub(crate) async fn open(work: &mut Work, input: Input<OpenWave>) -> Result<Wave> {
    let mut kept = to_move(work, input.path.wave_id).await?;
    kept.shown.state = wave::after(kept.shown.state, Step::Open).map_err(refused)?;
    let now = work.now();
    if now < kept.shown.from || now >= kept.shown.until {
        return Err(Problem::new(Code::Conflict, "a wave is opened within its period").into());
    }
    kept.share = Some(match kept.shown.sample_size {
        Some(size) => draw::share_of(size, storage::wave::population(work, &kept.shown).await?),
        None => kept.shown.terms.share,
    });
    kept.shown.opened_at = Some(now);
    keep(work, kept, input.if_match, "wave.open").await
}

/// Closes it.
pub(crate) async fn close(work: &mut Work, input: Input<CloseWave>) -> Result<Wave> {
    let kept = to_move(work, input.path.wave_id).await?;
    closed(work, kept, input.if_match).await
}

/// Closes a wave whose period is over. `false` when it was closed meanwhile.
pub(crate) async fn end(work: &mut Work, id: WaveId) -> Result<bool> {
    let Some(kept) = storage::wave::to_change(work, id).await? else { return Ok(false) };
    if wave::after(kept.shown.state, Step::Close).is_err() || kept.shown.until > work.now() {
        return Ok(false);
    }
    closed(work, kept, None).await?;
    Ok(true)
}

async fn closed(work: &mut Work, mut kept: Kept, if_match: Option<i64>) -> Result<Wave> {
    kept.shown.state = wave::after(kept.shown.state, Step::Close).map_err(refused)?;
    kept.shown.closed_at = Some(work.now());
    storage::invitation::run_out(work, kept.shown.id).await?;
    keep(work, kept, if_match, "wave.close").await
}

async fn keep(work: &mut Work, mut kept: Kept, if_match: Option<i64>, action: &str) -> Result<Wave> {
    kept.shown.revision = work.revise(kept.shown.id, if_match).await?;
    storage::wave::keep(work, &kept).await?;
    work.audit(action, kept.shown.id, Some(&kept.shown.code))?;
    Ok(kept.shown)
}

/// The wave, if its unit is in the caller's organisation.
async fn to_move(work: &Work, id: WaveId) -> Result<Kept> {
    let organisation = reference::org_unit::reach(work);
    let kept = storage::wave::to_change(work, id).await?;
    match kept {
        Some(kept)
            if reference::org_unit::is_in_scope(work, kept.shown.org_unit_id, &organisation).await? =>
        {
            Ok(kept)
        }
        Some(_) | None => Err(Problem::not_found("wave").into()),
    }
}

fn refused(refusal: NotAllowed) -> Error {
    Problem::new(Code::Conflict, refusal.to_string()).into()
}
