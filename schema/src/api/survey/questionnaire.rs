//! Questionnaires: versions with several items, and answers that hold expectation beside perception.
//!
//! A version is never changed once it is created, so an answer always says what was asked.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::AnswersQuery;
use crate::{
    access::{EVERYONE, FRONT_OFFICE, Level, MaskField, READERS, Role},
    api::{
        customer::CustomerPath,
        endpoints,
        interaction::{Channel, Phase},
        page::Page,
    },
    classified,
    ids::{AnswerId, CaseId, CustomerId, InvitationId, OrgUnitId, PurchaseId},
};

/// Who writes questionnaires.
const AUTHORS: &[Role] = &[Role::Admin, Role::Manager];
/// The most answers of one page: each holds all its items.
pub const ANSWERS_PER_PAGE: u32 = 50;

endpoints! {
    /// Creates the next version of a questionnaire; the first version of a new code is 1.
    CreateQuestionnaire = Command Post "/questionnaires" 201 for AUTHORS => {
        body: NewQuestionnaire, reply: Questionnaire,
    }
    /// Questionnaires with their items, by code and version.
    ListQuestionnaires = Read Get "/questionnaires" 200 for EVERYONE => {
        query: QuestionnaireFilter, reply: Page<Questionnaire>,
    }
    /// Records a customer's answer to a questionnaire; items may be left out.
    AnswerQuestionnaire = Command Post "/customers/{customer_id}/questionnaire-answers" 201 for FRONT_OFFICE => {
        path: CustomerPath, body: NewQuestionnaireAnswer, reply: QuestionnaireAnswer,
    }
    /// A customer's answers to questionnaires, newest first; at most 50 of a page.
    ListQuestionnaireAnswers = Read Get "/customers/{customer_id}/questionnaire-answers" 200 for READERS => {
        path: CustomerPath, query: AnswersQuery, reply: Page<QuestionnaireAnswer>,
    }
}

/// A text in one language.
#[derive(
    Clone,
    Debug,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    ToSchema,
    async_graphql::SimpleObject,
    async_graphql::InputObject,
)]
#[graphql(name = "LocalText", input_name = "LocalTextInput")]
#[serde(deny_unknown_fields)]
pub struct LocalText {
    /// The language as a BCP 47 tag, for example `zh-Hans`.
    pub language: String,
    /// The text, 1 to 500 characters.
    pub text: String,
}

/// A version of a questionnaire to create.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema, async_graphql::InputObject)]
#[serde(deny_unknown_fields)]
pub struct NewQuestionnaire {
    /// Its code: 1 to 40 of a-z, 0-9 and hyphen.
    pub code: String,
    /// The version: one more than the latest, or 1.
    pub version: i32,
    /// The title in each language, at least in one.
    pub titles: Vec<LocalText>,
    /// The items in their order, 1 to 50.
    pub items: Vec<NewQuestionnaireItem>,
}

/// An item of a questionnaire to create.
#[derive(
    Clone,
    Debug,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    ToSchema,
    async_graphql::SimpleObject,
    async_graphql::InputObject,
)]
#[graphql(name = "QuestionnaireItem", input_name = "NewQuestionnaireItem")]
#[serde(deny_unknown_fields)]
pub struct NewQuestionnaireItem {
    /// Its code, unique in the questionnaire: 1 to 40 of a-z, 0-9 and hyphen.
    pub code: String,
    /// The text in each language of the title.
    pub texts: Vec<LocalText>,
    /// The lowest value of the scale; not below 0.
    pub lo: i32,
    /// The highest value of the scale; at most 100.
    pub hi: i32,
    /// Whether the expectation is asked for beside the perception.
    pub with_expectation: bool,
    /// How much it counts in the weighted gap, 1 to 1,000; all items with an expectation have one, or none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weight: Option<i32>,
}

/// A version of a questionnaire.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, async_graphql::SimpleObject)]
pub struct Questionnaire {
    /// Its code.
    pub code: String,
    /// Its version; the later one replaces the earlier one for whoever asks anew.
    pub version: i32,
    /// The title in each language.
    pub titles: Vec<LocalText>,
    /// The items in their order.
    pub items: Vec<QuestionnaireItem>,
    /// When it was created (system time).
    pub created_at: DateTime<Utc>,
}

classified! { Questionnaire { code: plain, version: plain, titles: plain, items: plain, created_at: plain } }

/// An item of a questionnaire.
pub type QuestionnaireItem = NewQuestionnaireItem;

/// Which questionnaires to list.
#[derive(Clone, Debug, Default, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct QuestionnaireFilter {
    /// Only versions of this code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// Only this version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<i32>,
    /// The `next` of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// At most 200; 50 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

/// An answer to a questionnaire to record.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema, async_graphql::InputObject)]
#[serde(deny_unknown_fields)]
pub struct NewQuestionnaireAnswer {
    /// The questionnaire's code.
    pub questionnaire: String,
    /// The version that was asked.
    pub version: i32,
    /// The items that were answered, at least one; those left out are not answered, never zero.
    pub items: Vec<NewItemAnswer>,
    /// In the customer's own words, at most 2,000 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verbatim: Option<String>,
    /// The unit that it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub org_unit_id: Option<OrgUnitId>,
    /// The purchase that it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purchase_id: Option<PurchaseId>,
    /// The part of the journey that it is about, if known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phase: Option<Phase>,
    /// How it was given.
    pub channel: Channel,
    /// When (business time); not more than a day in the future.
    pub occurred_at: DateTime<Utc>,
}

/// What was answered to one item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, async_graphql::InputObject)]
#[serde(deny_unknown_fields)]
pub struct NewItemAnswer {
    /// The item's code.
    pub item: String,
    /// What the customer perceived, on the item's scale.
    pub perception: i32,
    /// What the customer had expected, on the same scale; absent when not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expectation: Option<i32>,
}

/// How perception stands to expectation (disconfirmation: Oliver, 1980).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema, async_graphql::Enum)]
#[serde(rename_all = "snake_case")]
pub enum ExpectationClass {
    /// Less was perceived than expected.
    Below,
    /// As expected.
    Met,
    /// More was perceived than expected.
    Exceeded,
}

impl MaskField for Option<ExpectationClass> {
    fn reduce(&mut self, level: Level) {
        if level != Level::Whole {
            *self = None;
        }
    }
}

/// An item as it was answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, async_graphql::SimpleObject)]
pub struct ItemAnswer {
    /// The item's code.
    pub item: String,
    /// What the customer perceived.
    pub perception: Option<i32>,
    /// What the customer had expected, if said.
    pub expectation: Option<i32>,
    /// Perception less expectation; absent without an expectation.
    pub gap: Option<i32>,
    /// What the gap says; absent without an expectation.
    pub class: Option<ExpectationClass>,
}

classified! { ItemAnswer { item: plain, perception: value, expectation: value, gap: value, class: value } }

/// An answer to a questionnaire.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, async_graphql::SimpleObject)]
pub struct QuestionnaireAnswer {
    /// Its id.
    pub id: AnswerId,
    /// Whose.
    pub customer_id: CustomerId,
    /// The questionnaire's code.
    pub questionnaire: String,
    /// The version that was asked.
    pub version: i32,
    /// The items that were answered, in the questionnaire's order.
    pub items: Vec<ItemAnswer>,
    /// How many items the questionnaire has.
    pub asked: i32,
    /// How many of them were answered.
    pub answered: i32,
    /// Whether not all items were answered.
    pub partial: bool,
    /// In the customer's own words.
    pub verbatim: Option<String>,
    /// The unit that it is about.
    pub org_unit_id: Option<OrgUnitId>,
    /// The purchase that it is about.
    pub purchase_id: Option<PurchaseId>,
    /// The part of the journey that it is about, if known.
    pub phase: Option<Phase>,
    /// The case that it is about.
    #[serde(default)]
    pub case_id: Option<CaseId>,
    /// The invitation that it follows.
    #[serde(default)]
    pub invitation_id: Option<InvitationId>,
    /// How it was given.
    pub channel: Channel,
    /// When (business time).
    pub occurred_at: DateTime<Utc>,
    /// The customer's revision in this service after the command, or when read.
    pub revision: i64,
}

classified! { QuestionnaireAnswer {
    id: plain, customer_id: plain, questionnaire: plain, version: plain, items: nested, asked: plain,
    answered: plain, partial: plain, verbatim: sensitive, org_unit_id: plain, purchase_id: plain,
    phase: plain, case_id: plain, invitation_id: plain, channel: plain, occurred_at: plain, revision: plain,
} }
