//! Waves: many customers are asked the same, and what they say; and whether unhappy ones recovered.

use async_graphql::{Context, Object, Result};
use chrono::{DateTime, Utc};
use schema::{
    api::{
        NoParameters,
        page::LIMIT_MAX,
        section::Section,
        survey::{
            CurrentQuery, GetCurrent, GetRecovery, GetWave, GetWaveResult, Instrument, ListWaves,
            RecoveryQuery, RecoveryReport, Wave, WavePath, WaveProgress, WaveResult, WavesQuery,
        },
    },
    ids::{OrgUnitId, WaveId},
};

use crate::graphql::ask::{Listed, ask, call, call_for, list};

const NONE: NoParameters = NoParameters {};

/// The roots of waves.
#[derive(Default)]
pub(super) struct Waves;

#[Object]
impl Waves {
    /// Waves of units within your organisation, newest first.
    #[graphql(complexity = "call_for(first, child_complexity)")]
    async fn waves(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "1 to 100; 20 when absent.")] first: Option<i32>,
        #[graphql(desc = "The cursor to go on after.")] after: Option<String>,
    ) -> Listed<Wave> {
        let query = |after, limit| WavesQuery { after, limit };
        list::<ListWaves, _>(ctx, Section::Voice, &NONE, (first, after), LIMIT_MAX, query).await
    }

    /// One wave with its progress; null when its unit is not within your organisation.
    #[graphql(complexity = "call(child_complexity)")]
    async fn wave(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The wave's id.")] id: WaveId,
    ) -> Option<Result<WaveProgress>> {
        ask::<GetWave>(ctx, Section::Voice, &WavePath { wave_id: id }, &NONE).await
    }

    /// What the answers to a wave say.
    #[graphql(complexity = "call(child_complexity)")]
    async fn wave_result(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The wave's id.")] id: WaveId,
    ) -> Option<Result<WaveResult>> {
        ask::<GetWaveResult>(ctx, Section::Voice, &WavePath { wave_id: id }, &NONE).await
    }

    /// How satisfied customers are, by the latest closed wave that asked the unit's customers, and how old that
    /// is; null when there was none.
    #[graphql(complexity = "call(child_complexity)")]
    async fn satisfaction(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The question that was asked.")] instrument: Instrument,
        #[graphql(desc = "The unit, with all below it; the whole organisation when absent.")]
        org_unit_id: Option<OrgUnitId>,
    ) -> Option<Result<WaveResult>> {
        ask::<GetCurrent>(ctx, Section::Voice, &NONE, &CurrentQuery { instrument, org_unit_id }).await
    }

    /// How many unhappy customers were asked again, answered and recovered.
    #[graphql(complexity = "call(child_complexity)")]
    async fn recovery(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The unit, with all below it; everything in your scope when absent.")]
        org_unit_id: Option<OrgUnitId>,
        #[graphql(desc = "Only those asked again from this time on.")] from: Option<DateTime<Utc>>,
        #[graphql(desc = "Only those asked again before this time.")] to: Option<DateTime<Utc>>,
        #[graphql(desc = "Fewer answers are flagged, 1 to 1,000,000; 30 when absent.")] minimum: Option<u32>,
    ) -> Option<Result<RecoveryReport>> {
        ask::<GetRecovery>(ctx, Section::Voice, &NONE, &RecoveryQuery { org_unit_id, from, to, minimum })
            .await
    }
}
