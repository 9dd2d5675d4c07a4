//! Gestures of goodwill: what somebody may give of their own authority, and who decides about more.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Where a gesture stands.
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
pub enum GestureState {
    /// Above the limit of whoever asked: waits for somebody who may.
    Escalated,
    /// Given.
    Approved,
    /// Not given.
    Refused,
    /// Given, and the customer gave it back.
    Reversed,
}
