//! Invitations: who is asked what, when, and what became of it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

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
