//! What is configured for everybody: attributes, the weights of profiles, questionnaires.

use async_graphql::{Context, Object, Result};
use schema::api::{
    NoParameters,
    customer::{Attribute, AttributeFilter, GetProfileWeights, ListAttributes, ProfileWeights},
    page::LIMIT_MAX,
    section::Section,
    survey::{ListQuestionnaires, Questionnaire, QuestionnaireFilter},
};

use crate::graphql::ask::{Listed, ask, call, call_for, list};

const NONE: NoParameters = NoParameters {};
/// The most items that have a weight.
const WEIGHTS_MOST: usize = 300;

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
}
