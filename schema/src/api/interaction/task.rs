//! Tasks: work that one person owns until a time, from a case, a plan or a promise.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Why a task is there.
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
pub enum TaskKind {
    /// Part of a case, done by somebody else; whoever is accountable for the case stays so.
    Delegated,
    /// A delivery before the customer runs out, from the action plan.
    Delivery,
    /// To call or visit the customer.
    Call,
    /// Anything else that is owed to the customer.
    Errand,
}

/// Where a task stands.
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
pub enum TaskState {
    /// To be done.
    Open,
    /// Was done.
    Done,
    /// Is not to be done any more.
    Cancelled,
}
