//! Outreach: whether we may reach a customer of our own accord. One place decides, for every purpose.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Why an outreach is held.
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
pub enum HeldBecause {
    /// The customer did not agree to the purpose on any channel that can be used.
    NoConsent,
    /// The customer's quiet hours, until the proposal was out of date.
    QuietHours,
    /// The customer was reached too often lately.
    PersonPressure,
    /// The customer's household was reached too often lately.
    HouseholdPressure,
    /// What it is about lies more than seven days back, or the proposal ran out.
    OutOfDate,
    /// We do not deal with the customer any more.
    Inactive,
}
