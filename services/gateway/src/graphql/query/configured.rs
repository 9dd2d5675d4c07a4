//! What is configured for everybody: attributes, the weights of profiles, questionnaires, rules and policies.

use async_graphql::{Context, Object, Result};
use schema::api::{
    NoParameters,
    customer::{Attribute, AttributeFilter, GetProfileWeights, ListAttributes, ProfileWeights},
    interaction::{
        AuthorityMatrix, Calendar, CalendarsQuery, GetAuthorityMatrix, GetOutreachPolicy, ListCalendars,
        ListStandards, OutreachPolicy, ServiceStandard, StandardsQuery,
    },
    loyalty::{ListProgrammeVersions, ProgrammeVersion, ProgrammeVersionsQuery},
    page::LIMIT_MAX,
    section::Section,
    survey::{
        InvitationRule, InvitationRulesQuery, ListInvitationRules, ListQuestionnaires, Questionnaire,
        QuestionnaireFilter,
    },
};

use crate::graphql::ask::{Listed, ask, call, call_for, list};

const NONE: NoParameters = NoParameters {};
/// The most items that have a weight.
const WEIGHTS_MOST: usize = 300;
/// The most lines of the matrix of authority.
const MATRIX_MOST: usize = 200;

/// The roots of what is configured.
#[derive(Default)]
pub(super) struct Configured;

#[Object]
impl Configured {
    /// What can be known of customers beyond the built-in fields, by code.
    #[graphql(complexity = "call_for(first, child_complexity)")]
    async fn attributes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "1 to 100; 20 when absent.")] first: Option<i32>,
        #[graphql(desc = "The cursor to go on after.")] after: Option<String>,
    ) -> Listed<Attribute> {
        let query = |after, limit| AttributeFilter { after, limit };
        list::<ListAttributes, _>(ctx, Section::File, &NONE, (first, after), LIMIT_MAX, query).await
    }

    /// The weight of every item of a profile that has one, heaviest first.
    #[graphql(complexity = "call(WEIGHTS_MOST.saturating_mul(child_complexity))")]
    async fn profile_weights(&self, ctx: &Context<'_>) -> Option<Result<ProfileWeights>> {
        ask::<GetProfileWeights>(ctx, Section::File, &NONE, &NONE).await
    }

    /// Questionnaires with their items, by code and version.
    #[graphql(complexity = "call_for(first, child_complexity)")]
    async fn questionnaires(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only versions of this code.")] code: Option<String>,
        #[graphql(desc = "Only this version.")] version: Option<i32>,
        #[graphql(desc = "1 to 100; 20 when absent.")] first: Option<i32>,
        #[graphql(desc = "The cursor to go on after.")] after: Option<String>,
    ) -> Listed<Questionnaire> {
        let query = |after, limit| QuestionnaireFilter { code, version, after, limit };
        list::<ListQuestionnaires, _>(ctx, Section::Voice, &NONE, (first, after), LIMIT_MAX, query).await
    }

    /// Who may give how much.
    #[graphql(complexity = "call(MATRIX_MOST.saturating_mul(child_complexity))")]
    async fn authority_matrix(&self, ctx: &Context<'_>) -> Option<Result<AuthorityMatrix>> {
        ask::<GetAuthorityMatrix>(ctx, Section::Dealings, &NONE, &NONE).await
    }

    /// How often a customer and a household are reached at most.
    #[graphql(complexity = "call(child_complexity)")]
    async fn outreach_policy(&self, ctx: &Context<'_>) -> Option<Result<OutreachPolicy>> {
        ask::<GetOutreachPolicy>(ctx, Section::Dealings, &NONE, &NONE).await
    }

    /// All calendars of working time, by code.
    #[graphql(complexity = "call_for(first, child_complexity)")]
    async fn calendars(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "1 to 100; 20 when absent.")] first: Option<i32>,
        #[graphql(desc = "The cursor to go on after.")] after: Option<String>,
    ) -> Listed<Calendar> {
        let query = |after, limit| CalendarsQuery { after, limit };
        list::<ListCalendars, _>(ctx, Section::Dealings, &NONE, (first, after), LIMIT_MAX, query).await
    }

    /// How fast we are to be, by topic and severity.
    #[graphql(complexity = "call_for(first, child_complexity)")]
    async fn service_standards(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "1 to 100; 20 when absent.")] first: Option<i32>,
        #[graphql(desc = "The cursor to go on after.")] after: Option<String>,
    ) -> Listed<ServiceStandard> {
        let query = |after, limit| StandardsQuery { after, limit };
        list::<ListStandards, _>(ctx, Section::Dealings, &NONE, (first, after), LIMIT_MAX, query).await
    }

    /// The versions of the programme, the latest first.
    #[graphql(complexity = "call_for(first, child_complexity)")]
    async fn programme_versions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "1 to 100; 20 when absent.")] first: Option<i32>,
        #[graphql(desc = "The cursor to go on after.")] after: Option<String>,
    ) -> Listed<ProgrammeVersion> {
        let query = |after, limit| ProgrammeVersionsQuery { after, limit };
        list::<ListProgrammeVersions, _>(ctx, Section::Loyalty, &NONE, (first, after), LIMIT_MAX, query).await
    }

    /// The rules of invitation, by code.
    #[graphql(complexity = "call_for(first, child_complexity)")]
    async fn invitation_rules(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "1 to 100; 20 when absent.")] first: Option<i32>,
        #[graphql(desc = "The cursor to go on after.")] after: Option<String>,
    ) -> Listed<InvitationRule> {
        let query = |after, limit| InvitationRulesQuery { after, limit };
        list::<ListInvitationRules, _>(ctx, Section::Voice, &NONE, (first, after), LIMIT_MAX, query).await
    }
}
