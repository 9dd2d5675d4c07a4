//! What answers say together. What is counted is decided by the statement, what it means by the domain.

use std::sync::Arc;

use kit::{Error, Input, Result, Routes, Runtime};
use schema::{
    access::Viewer,
    api::{
        problem::{FieldError, Problem},
        survey::{
            CompareResults, Comparison, GapReport, GetGaps, GetRecovery, GetResult, PlanSample,
            RecoveryReport, ResultSummary, SamplePlan,
        },
    },
};

use crate::{
    domain::{result, sample, wilson},
    storage::{
        self,
        selection::{Period, Selection},
    },
};

pub(super) fn mount(routes: Routes) -> Routes {
    routes
        .read::<GetResult, _>(summary)
        .read::<CompareResults, _>(comparison)
        .read::<GetGaps, _>(gaps)
        .read::<GetRecovery, _>(recovery)
        .read::<PlanSample, _>(plan)
}

async fn summary(runtime: Arc<Runtime>, input: Input<GetResult>) -> Result<ResultSummary> {
    let (asked, now) = (&input.query, runtime.clock.now());
    let minimum = minimum(asked.minimum)?;
    if asked.latest_days.is_some_and(|days| !(1..=3_660).contains(&days)) {
        return Err(Problem::field("/latest_days", "the latest days are 1 to 3,660").into());
    }
    let selection = Selection {
        unit: asked.org_unit_id,
        phase: asked.phase,
        wave: asked.wave_id,
        period: Period::of(asked.from, asked.to)?,
        ..Selection::of(&input.caller.viewer)
    };
    let found = storage::result::scores(&runtime.db, &selection, asked.instrument, asked.latest_days).await?;
    let (scores, latest) = found.ok_or_else(no_unit)?;
    Ok(result::summary(asked.instrument, scores, latest, minimum, now))
}

async fn comparison(runtime: Arc<Runtime>, input: Input<CompareResults>) -> Result<Comparison> {
    let (asked, now) = (&input.query, runtime.clock.now());
    let minimum = minimum(asked.minimum)?;
    Period::of(Some(asked.base_from), Some(asked.base_to))?;
    Period::of(Some(asked.from), Some(asked.to))?;
    if asked.base_to > asked.from {
        return Err(Problem::field("/base_to", "the earlier period ends before the later one starts").into());
    }
    let selection = Selection {
        unit: asked.org_unit_id,
        phase: asked.phase,
        period: Period::of(Some(asked.base_from), Some(asked.to))?,
        ..Selection::of(&input.caller.viewer)
    };
    let found = storage::result::two_periods(&runtime.db, &selection, asked.base_to, asked.from).await?;
    let [earlier, later] = found.ok_or_else(no_unit)?;
    Ok(result::comparison(&later, &earlier, minimum, now))
}

async fn gaps(runtime: Arc<Runtime>, input: Input<GetGaps>) -> Result<GapReport> {
    let (asked, now) = (&input.query, runtime.clock.now());
    let minimum = minimum(asked.minimum)?;
    let selection = Selection {
        unit: asked.org_unit_id,
        phase: asked.phase,
        wave: asked.wave_id,
        period: Period::of(asked.from, asked.to)?,
        ..Selection::of(&input.caller.viewer)
    };
    let found = storage::gap::report(&runtime.db, &selection, asked, minimum, now).await?;
    found.ok_or_else(|| Problem::not_found("questionnaire or unit").into())
}

async fn recovery(runtime: Arc<Runtime>, input: Input<GetRecovery>) -> Result<RecoveryReport> {
    let asked = &input.query;
    let minimum = minimum(asked.minimum)?;
    let selection = Selection {
        unit: asked.org_unit_id,
        period: Period::of(asked.from, asked.to)?,
        ..Selection::of(&input.caller.viewer)
    };
    let counts = storage::recovery::counts(&runtime.db, &selection).await?.ok_or_else(no_unit)?;
    Ok(RecoveryReport {
        asked: counts.asked,
        answered: counts.answered,
        minimum,
        insufficient_sample: result::insufficient(counts.answered, minimum),
        as_of: runtime.clock.now(),
        recovered: wilson::share(counts.recovered, counts.answered),
    })
}

async fn plan(_: Arc<Runtime>, input: Input<PlanSample>) -> Result<SamplePlan> {
    Ok(SamplePlan { answers: sample::size(&input.query).map_err(Problem::fields)? })
}

fn minimum(asked: Option<u32>) -> Result<u32> {
    let wrong = |rule: &str| FieldError { pointer: "/minimum".to_owned(), detail: rule.to_owned() };
    result::minimum(asked).map_err(|rule| Problem::fields(vec![wrong(rule)]).into())
}

fn no_unit() -> Error {
    Problem::not_found("unit").into()
}

impl Selection {
    /// Everything that the viewer reaches.
    pub(super) fn of(viewer: &Viewer) -> Self {
        Self {
            scope: viewer.scope(),
            organisation: viewer.organisation(),
            unit: None,
            phase: None,
            wave: None,
            period: Period::default(),
        }
    }
}
