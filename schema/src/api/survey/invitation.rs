//! Invitations: who is asked what, when, and what became of it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::Instrument;
use crate::{
    access::{DEALERS, READERS, Role},
    api::{
        customer::CustomerPath,
        endpoints,
        interaction::{Channel, HeldBecause, Phase},
        page::Page,
    },
    classified,
    ids::{AnswerId, CaseId, CustomerId, InvitationId, OrgUnitId, PurchaseId, WaveId},
};

/// Who hands invitations to the channels: they see that somebody is invited, not who it is.
const SENDERS: &[Role] = &[Role::Marketing, Role::Manager];

endpoints! {
    /// Invites a customer by hand, by a rule whose trigger is `manual`. Refused while the customer was invited
    /// within the rule's days of cooling off.
    Invite = Command Post "/customers/{customer_id}/invitations" 201 for DEALERS => {
        path: CustomerPath, body: NewInvitation, reply: Invitation,
    }
    /// A customer's invitations, newest first.
    ListInvitations = Read Get "/customers/{customer_id}/invitations" 200 for READERS => {
        path: CustomerPath, query: InvitationsQuery, reply: Page<Invitation>,
    }
    /// Invitations and reminders that may be sent now and were not, those granted first.
    ListInvitationsToSend = Read Get "/invitations/to-send" 200 for SENDERS => {
        query: InvitationsQuery, reply: Page<InvitationToSend>,
    }
    /// Notes that an invitation is sent, and gives the link to send: once, because only a hash of it is kept.
    /// Sending again within a day, when the link was lost, makes a new link and ends the one before; so this
    /// takes no `Idempotency-Key`.
    SendInvitation = Read Post "/customers/{customer_id}/invitations/{invitation_id}/send" 200 for SENDERS => {
        path: InvitationPath, reply: InvitationLink,
    }
}

/// Where an invitation stands.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    ToSchema,
    async_graphql::Enum,
)]
#[serde(rename_all = "snake_case")]
pub enum InvitationState {
    /// Proposed: waits for whoever decides whether the customer may be reached.
    Proposed,
    /// May be sent.
    Granted,
    /// May not be sent.
    Held,
    /// Was handed to the channel; waits for an answer.
    Sent,
    /// Some of it is answered.
    Started,
    /// Was answered.
    Answered,
    /// Ran out without an answer.
    Expired,
}

/// What an invitation follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema, async_graphql::Enum)]
#[serde(rename_all = "snake_case")]
pub enum InvitationTrigger {
    /// A case was closed.
    CaseClosed,
    /// Something was bought.
    Purchase,
    /// Somebody invited by hand.
    Manual,
    /// A wave was opened.
    Wave,
    /// The case was closed that followed a low score up: the same question is asked again.
    Recovery,
}

/// Which invitation of which customer.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, IntoParams)]
pub struct InvitationPath {
    /// The customer's id.
    pub customer_id: CustomerId,
    /// The invitation's id.
    pub invitation_id: InvitationId,
}

/// Which part of a list of invitations.
#[derive(Clone, Debug, Default, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct InvitationsQuery {
    /// The `next` of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// At most 200; 50 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

/// An invitation by hand.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema, async_graphql::InputObject)]
#[serde(deny_unknown_fields)]
pub struct NewInvitation {
    /// The code of an active rule whose trigger is `manual`: what is asked, and for how long.
    pub rule: String,
    /// The case that it asks about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case_id: Option<CaseId>,
    /// The purchase that it asks about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purchase_id: Option<PurchaseId>,
    /// The unit that it asks about; the customer's home unit counts when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub org_unit_id: Option<OrgUnitId>,
}

/// An invitation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, async_graphql::SimpleObject)]
pub struct Invitation {
    /// Its id.
    pub id: InvitationId,
    /// Whose.
    pub customer_id: CustomerId,
    /// Where it stands.
    pub state: InvitationState,
    /// What it follows.
    pub trigger: InvitationTrigger,
    /// The code of the rule; absent when a low score is asked about again.
    pub rule: Option<String>,
    /// The question asked, when it is a single one.
    pub instrument: Option<Instrument>,
    /// The questionnaire's code, when it is one.
    pub questionnaire: Option<String>,
    /// The questionnaire's version.
    pub version: Option<i32>,
    /// Whether it is owed to the customer: then neither cooling off nor contact pressure holds it.
    pub owed: bool,
    /// The case that it asks about.
    pub case_id: Option<CaseId>,
    /// The purchase that it asks about.
    pub purchase_id: Option<PurchaseId>,
    /// The wave that it is part of.
    pub wave_id: Option<WaveId>,
    /// The unit that it asks about.
    pub org_unit_id: Option<OrgUnitId>,
    /// Where on the journey it asks.
    pub phase: Option<Phase>,
    /// The channel that was granted last.
    pub channel: Option<Channel>,
    /// It may not be sent before this.
    pub not_before: Option<DateTime<Utc>>,
    /// Why it is held.
    pub held_because: Option<HeldBecause>,
    /// When it was proposed.
    pub proposed_at: DateTime<Utc>,
    /// It cannot be answered from this time on.
    pub expires_at: DateTime<Utc>,
    /// When it was sent first.
    pub sent_at: Option<DateTime<Utc>>,
    /// How many reminders were proposed, at most 2.
    pub reminders: i32,
    /// The answer that came of it.
    pub answer_id: Option<AnswerId>,
    /// When it was held, answered or ran out.
    pub settled_at: Option<DateTime<Utc>>,
    /// The customer's revision in this service after the command, or when read.
    pub revision: i64,
}

classified! { Invitation {
    id: plain, customer_id: plain, state: plain, trigger: plain, rule: plain, instrument: plain,
    questionnaire: plain, version: plain, owed: plain, case_id: plain, purchase_id: plain, wave_id: plain,
    org_unit_id: plain, phase: plain, channel: plain, not_before: plain, held_because: plain,
    proposed_at: plain, expires_at: plain, sent_at: plain, reminders: plain, answer_id: plain,
    settled_at: plain, revision: plain,
} }

/// An invitation, or a reminder of one, that waits to be sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct InvitationToSend {
    /// Which invitation.
    pub invitation_id: InvitationId,
    /// Whose.
    pub customer_id: CustomerId,
    /// The channel that was granted; no other one may be used.
    pub channel: Channel,
    /// It may be sent from this time on.
    pub not_before: DateTime<Utc>,
    /// It cannot be answered from this time on.
    pub expires_at: DateTime<Utc>,
    /// 0 for the invitation itself, 1 or 2 for its reminders.
    pub reminder: i32,
    /// The language that its rule names, as a BCP 47 tag.
    pub language: Option<String>,
}

classified! { InvitationToSend {
    invitation_id: plain, customer_id: plain, channel: plain, not_before: plain, expires_at: plain,
    reminder: plain, language: plain,
} }

/// The link to send.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct InvitationLink {
    /// Which invitation.
    pub invitation_id: InvitationId,
    /// The channel to send it by.
    pub channel: Channel,
    /// The path of the answer page with the one-time token, below the public address of the survey service.
    /// Whoever has it can answer: keep it nowhere.
    pub path: String,
    /// The whole link, when the public address is configured (`public_pages.base_url`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// It cannot be answered from this time on.
    pub expires_at: DateTime<Utc>,
}

classified! { InvitationLink {
    invitation_id: plain, channel: plain, path: plain, url: plain, expires_at: plain,
} }
