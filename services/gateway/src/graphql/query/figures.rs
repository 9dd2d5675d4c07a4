//! Figures of many customers at once: what answers say together, scores, the customer base, cases. Only
//! customers in the scope of whoever asks count.

use async_graphql::{Context, Object, Result};
use chrono::{DateTime, NaiveDate, Utc};
use schema::{
    api::{
        NoParameters,
        interaction::{CaseReport, CaseReportQuery, Phase, ReportCases},
        loyalty::{
            BalanceQuery, Cohorts, CustomerBalance, CustomerBase, GetCohorts, GetCustomerBalance,
            GetCustomerBase, GetRfmDistribution, MonthsQuery, RfmDistribution, RfmQuery,
        },
        section::Section,
        survey::{
            CompareResults, Comparison, ComparisonQuery, GapQuery, GapReport, GetGaps, GetResult, Instrument,
            ResultQuery, ResultSummary,
        },
    },
    ids::{OrgUnitId, WaveId},
    value::Currency,
};

use crate::graphql::ask::{ask, call};

const NONE: NoParameters = NoParameters {};
/// The most months of one figure, and the most items of a questionnaire.
const LINES_MOST: usize = 60;
/// Months of cohorts. There are at most 1,830, but what is asked once of a cohort is counted with each.
const COHORT_CELLS: usize = 1_000;

/// The roots of figures.
#[derive(Default)]
pub(super) struct Figures;

#[Object]
impl Figures {
    /// What the answers to one instrument say: mean, top-2-box, NPS, with intervals, the number of answers,
    /// and a flag when they are few. Null when the unit is not in your scope.
    #[expect(clippy::too_many_arguments, reason = "the arguments of the field")]
    #[graphql(complexity = "call(child_complexity)")]
    async fn unit_results(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The question that was asked.")] instrument: Instrument,
        #[graphql(desc = "The unit, with all below it; everything in your scope when absent.")]
        org_unit_id: Option<OrgUnitId>,
        #[graphql(desc = "Only answers given from this time on.")] from: Option<DateTime<Utc>>,
        #[graphql(desc = "Only answers given before this time.")] to: Option<DateTime<Utc>>,
        #[graphql(desc = "Only answers that are known to be about this phase.")] phase: Option<Phase>,
        #[graphql(desc = "Only answers to this wave.")] wave_id: Option<WaveId>,
        #[graphql(desc = "Only the so many days that end with the latest of these answers, 1 to 3,660.")]
        latest_days: Option<u32>,
        #[graphql(desc = "Fewer answers are flagged, 1 to 1,000,000; 30 when absent.")] minimum: Option<u32>,
    ) -> Option<Result<ResultSummary>> {
        let query = ResultQuery { instrument, org_unit_id, phase, wave_id, from, to, latest_days, minimum };
        ask::<GetResult>(ctx, Section::Voice, &NONE, &query).await
    }

    /// The NPS of a period against that of an earlier one. Null when the unit is not in your scope.
    #[expect(clippy::too_many_arguments, reason = "the arguments of the field")]
    #[graphql(complexity = "call(child_complexity)")]
    async fn compare_results(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The unit, with all below it; everything in your scope when absent.")]
        org_unit_id: Option<OrgUnitId>,
        #[graphql(desc = "The later period starts here.")] from: DateTime<Utc>,
        #[graphql(desc = "The later period ends before this.")] to: DateTime<Utc>,
        #[graphql(desc = "The earlier period starts here.")] base_from: DateTime<Utc>,
        #[graphql(desc = "The earlier period ends before this; not after the start of the later one.")]
        base_to: DateTime<Utc>,
        #[graphql(desc = "Only answers that are known to be about this phase.")] phase: Option<Phase>,
        #[graphql(desc = "Fewer answers in one of the periods are flagged; 30 when absent.")] minimum: Option<
            u32,
        >,
    ) -> Option<Result<Comparison>> {
        let query = ComparisonQuery { org_unit_id, phase, from, to, base_from, base_to, minimum };
        ask::<CompareResults>(ctx, Section::Voice, &NONE, &query).await
    }

    /// Expectation against perception, for each item of a questionnaire. Null when there is no such version,
    /// or the unit is not in your scope.
    #[expect(clippy::too_many_arguments, reason = "the arguments of the field")]
    #[graphql(complexity = "call(LINES_MOST.saturating_mul(child_complexity))")]
    async fn questionnaire_gaps(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The questionnaire's code.")] questionnaire: String,
        #[graphql(desc = "Its version.")] version: i32,
        #[graphql(desc = "The unit, with all below it; everything in your scope when absent.")]
        org_unit_id: Option<OrgUnitId>,
        #[graphql(desc = "Only answers given from this time on.")] from: Option<DateTime<Utc>>,
        #[graphql(desc = "Only answers given before this time.")] to: Option<DateTime<Utc>>,
        #[graphql(desc = "Only answers that are known to be about this phase.")] phase: Option<Phase>,
        #[graphql(desc = "Only answers to this wave.")] wave_id: Option<WaveId>,
        #[graphql(desc = "Fewer pairs are flagged; 30 when absent.")] minimum: Option<u32>,
    ) -> Option<Result<GapReport>> {
        let query = GapQuery { questionnaire, version, org_unit_id, phase, wave_id, from, to, minimum };
        ask::<GetGaps>(ctx, Section::Voice, &NONE, &query).await
    }

    /// How many customers in your scope have which recency, frequency and money scores.
    #[graphql(complexity = "call(LINES_MOST.saturating_mul(child_complexity))")]
    async fn rfm_distribution(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only purchases in this currency count.")] currency: Currency,
        #[graphql(
            desc = "What happened before this day counts (UTC); tomorrow when absent, and never later."
        )]
        as_of: Option<NaiveDate>,
    ) -> Option<Result<RfmDistribution>> {
        ask::<GetRfmDistribution>(ctx, Section::Loyalty, &NONE, &RfmQuery { currency, as_of }).await
    }

    /// New, trading and cumulative customers in your scope for each month.
    #[graphql(complexity = "call(LINES_MOST.saturating_mul(child_complexity))")]
    async fn customer_base(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first month (UTC), for example `2026-01`.")] from: String,
        #[graphql(desc = "The last month; at most 60 in all.")] to: String,
    ) -> Option<Result<CustomerBase>> {
        ask::<GetCustomerBase>(ctx, Section::Loyalty, &NONE, &MonthsQuery { from, to }).await
    }

    /// For the customers of each first month: how many of them bought again in each month since.
    #[graphql(complexity = "call(COHORT_CELLS.saturating_mul(child_complexity))")]
    async fn cohorts(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first month (UTC), for example `2026-01`.")] from: String,
        #[graphql(desc = "The last month; at most 60 in all.")] to: String,
    ) -> Option<Result<Cohorts>> {
        ask::<GetCohorts>(ctx, Section::Loyalty, &NONE, &MonthsQuery { from, to }).await
    }

    /// Opening, new, won back, lost and closing customers in your scope for each month.
    #[graphql(complexity = "call(LINES_MOST.saturating_mul(child_complexity))")]
    async fn customer_balance(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first month (UTC), for example `2026-01`.")] from: String,
        #[graphql(desc = "The last month; at most 60 in all.")] to: String,
        #[graphql(
            desc = "A customer is lost after so many months without a purchase: 1 to 60; 12 when absent."
        )]
        lapse_months: Option<u32>,
    ) -> Option<Result<CustomerBalance>> {
        let query = BalanceQuery { from, to, lapse_months };
        ask::<GetCustomerBalance>(ctx, Section::Loyalty, &NONE, &query).await
    }

    /// What the cases of a unit, with all below it, came to in a period: how many were passed around. Null
    /// when the unit is not in your scope.
    #[graphql(complexity = "call(child_complexity)")]
    async fn case_report(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The unit where they came up, or one above it.")] org_unit_id: OrgUnitId,
        #[graphql(desc = "They came up at this time or later.")] from: DateTime<Utc>,
        #[graphql(desc = "They came up before this time.")] to: DateTime<Utc>,
    ) -> Option<Result<CaseReport>> {
        let query = CaseReportQuery { org_unit_id, from, to };
        ask::<ReportCases>(ctx, Section::Dealings, &NONE, &query).await
    }
}
