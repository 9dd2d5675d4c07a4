//! Waves: planned, opened, closed, and what they say.

use std::sync::Arc;

use kit::{Error, Input, Result, Routes, Runtime};
use schema::api::{
    problem::Problem,
    survey::{
        CloseWave, CreateWave, GetCurrent, GetWave, GetWaveResult, InvitationState, ListWaves,
        MINIMUM_SAMPLE, OpenWave, WaveProgress, WaveResult,
    },
};

use crate::{
    app,
    domain::result,
    storage::{self, selection::Selection, wave::Kept},
};

pub(super) fn mount(routes: Routes) -> Routes {
    routes
        .command::<CreateWave>(|work, input| Box::pin(app::create_wave::create_wave(work, input)))
        .command::<OpenWave>(|work, input| Box::pin(app::move_wave::open(work, input)))
        .command::<CloseWave>(|work, input| Box::pin(app::move_wave::close(work, input)))
        .read::<GetWave, _>(progress)
        .read::<ListWaves, _>(|runtime, input| async move {
            let organisation = input.caller.viewer.organisation();
            storage::wave::page(&runtime.db, &organisation, &input.query).await
        })
        .read::<GetWaveResult, _>(one)
        .read::<GetCurrent, _>(current)
}

async fn progress(runtime: Arc<Runtime>, input: Input<GetWave>) -> Result<WaveProgress> {
    let viewer = &input.caller.viewer;
    let kept = storage::wave::find(&runtime.db, &viewer.organisation(), input.path.wave_id).await?;
    let Kept { shown: wave, reached, .. } = kept.ok_or_else(no_wave)?;
    let selection = Selection { wave: Some(wave.id), ..Selection::of(viewer) };
    let (states, _) = storage::invitation::counts(&runtime.db, &selection).await?;
    Ok(WaveProgress {
        wave,
        considered: reached.considered,
        sampled: reached.sampled,
        cooling_off: reached.cooling_off,
        complete: reached.complete,
        states,
    })
}

async fn one(runtime: Arc<Runtime>, input: Input<GetWaveResult>) -> Result<WaveResult> {
    let viewer = &input.caller.viewer;
    let kept = storage::wave::find(&runtime.db, &viewer.organisation(), input.path.wave_id).await?;
    said(&runtime, kept.ok_or_else(no_wave)?, Selection::of(viewer)).await
}

async fn current(runtime: Arc<Runtime>, input: Input<GetCurrent>) -> Result<WaveResult> {
    let (viewer, asked) = (&input.caller.viewer, &input.query);
    let organisation = viewer.organisation();
    let kept =
        storage::wave::current(&runtime.db, &organisation, asked.org_unit_id, asked.instrument).await?;
    let selection = Selection { unit: asked.org_unit_id, ..Selection::of(viewer) };
    said(&runtime, kept.ok_or_else(no_wave)?, selection).await
}

/// What the answers to a wave say, as far as they are selected.
async fn said(runtime: &Runtime, kept: Kept, selection: Selection) -> Result<WaveResult> {
    let (wave, now) = (kept.shown, runtime.clock.now());
    let selection = Selection { wave: Some(wave.id), ..selection };
    let (states, sent) = storage::invitation::counts(&runtime.db, &selection).await?;
    let answered =
        states.iter().find(|one| one.state == InvitationState::Answered).map_or(0, |one| one.count);
    let mut summary = None;
    if let Some(instrument) = wave.terms.instrument {
        let found = storage::result::scores(&runtime.db, &selection, instrument, None).await?;
        let (scores, latest) = found.ok_or_else(no_wave)?;
        summary = Some(result::summary(instrument, scores, latest, MINIMUM_SAMPLE, now));
    }
    let (value, interval) = summary.as_ref().map_or((None, None), result::headline);
    Ok(WaveResult {
        wave_id: wave.id,
        code: wave.code,
        state: wave.state,
        closed_at: wave.closed_at,
        age_days: wave.closed_at.map(|at| (now - at).num_days().max(0)),
        sent,
        answered,
        target_answers: wave.target_answers,
        n: summary.as_ref().map_or(answered, |one| one.n),
        value,
        interval,
        result: summary,
    })
}

fn no_wave() -> Error {
    Problem::not_found("wave").into()
}
