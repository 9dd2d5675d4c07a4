//! Rules of invitation: what leads to one, what is asked, and how often at most.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{Instrument, InvitationTrigger};
use crate::{
    access::{ADMINISTRATORS, EVERYONE},
    api::{
        endpoints,
        interaction::{Channel, Phase},
        page::Page,
    },
    classified,
};

endpoints! {
    /// Creates a rule of invitation.
    CreateInvitationRule = Command Post "/invitation-rules" 201 for ADMINISTRATORS => {
        body: NewInvitationRule, reply: InvitationRule,
    }
    /// Replaces the terms of a rule. Invitations that were proposed before keep theirs.
    ChangeInvitationRule = Command Patch "/invitation-rules/{code}" 200 for ADMINISTRATORS => {
        path: InvitationRulePath, body: InvitationTerms, reply: InvitationRule,
    }
    /// All rules, by code.
    ListInvitationRules = Read Get "/invitation-rules" 200 for EVERYONE => {
        query: InvitationRulesQuery, reply: Page<InvitationRule>,
    }
}

/// Which rule.
#[derive(Clone, Debug, Serialize, Deserialize, IntoParams)]
pub struct InvitationRulePath {
    /// The rule's code.
    pub code: String,
}

/// Which part of the rules.
#[derive(Clone, Debug, Default, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct InvitationRulesQuery {
    /// The `next` of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// At most 200; 50 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

/// A rule to create.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema, async_graphql::InputObject)]
#[serde(deny_unknown_fields)]
pub struct NewInvitationRule {
    /// Its code: 1 to 40 of a-z, 0-9 and hyphen.
    pub code: String,
    /// What it says.
    pub terms: InvitationTerms,
}

/// What a rule says.
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
#[serde(deny_unknown_fields)]
#[graphql(input_name = "InvitationTermsInput")]
pub struct InvitationTerms {
    /// What leads to an invitation; not `recovery`, which needs no rule.
    pub trigger: InvitationTrigger,
    /// The question to ask; or name a questionnaire.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instrument: Option<Instrument>,
    /// The code of the questionnaire to ask, in its latest version; or name an instrument.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub questionnaire: Option<String>,
    /// Whether it is in force.
    #[serde(default = "yes")]
    #[graphql(default = true)]
    pub active: bool,
    /// A customer who was invited within so many days is not invited again, 0 to 365; 30 when absent.
    #[serde(default = "thirty")]
    #[graphql(default = 30)]
    pub cooling_off_days: i32,
    /// The share of occasions that lead to an invitation, 1 to 1,000,000 millionths; all when absent. Which ones
    /// follows from their ids, not from chance.
    #[serde(default = "all")]
    #[graphql(default = 1_000_000)]
    pub share: i64,
    /// How long after the occasion it is proposed, 0 to 8,640 minutes (6 days); at once when absent.
    #[serde(default)]
    #[graphql(default)]
    pub delay_minutes: i32,
    /// How many days it can be answered, 1 to 90; 14 when absent.
    #[serde(default = "fourteen")]
    #[graphql(default = 14)]
    pub expires_days: i32,
    /// A reminder is proposed so many days after sending, 1 to 30; never when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reminder_after_days: Option<i32>,
    /// At most so many reminders, 1 or 2; 1 when absent.
    #[serde(default = "one")]
    #[graphql(default = 1)]
    pub reminders_most: i32,
    /// Scores up to this one are low and followed up; the instrument's own threshold when absent: NPS 6,
    /// CSAT 2, CES 3. Only with an instrument.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub low_at_most: Option<i32>,
    /// Where on the journey it asks; follows from the trigger when absent: after-sales after a case, sales after
    /// a purchase.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phase: Option<Phase>,
    /// The language to ask in, as a BCP 47 tag; the customer's browser decides when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// The channels that can carry the link, the best one first: SMS, e-mail, messenger or chat; when absent SMS,
    /// e-mail and messenger.
    #[serde(default = "channels")]
    #[graphql(default_with = "channels()")]
    pub channels: Vec<Channel>,
}

const fn yes() -> bool {
    true
}

const fn one() -> i32 {
    1
}

const fn fourteen() -> i32 {
    14
}

const fn thirty() -> i32 {
    30
}

const fn all() -> i64 {
    1_000_000
}

fn channels() -> Vec<Channel> {
    vec![Channel::Sms, Channel::Email, Channel::Messenger]
}

/// A rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, async_graphql::SimpleObject)]
pub struct InvitationRule {
    /// Its code.
    pub code: String,
    /// What it says.
    pub terms: InvitationTerms,
    /// Its revision; give it as `If-Match` to change only what you read.
    pub revision: i64,
}

classified! { InvitationRule { code: plain, terms: plain, revision: plain } }
