//! What other systems learned of customers whom we know: taken up field by field, by a service that has no
//! person.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::NewContactPoint;
use crate::{
    access::SERVICES,
    api::problem::{FieldError, Problem},
    classified,
    ids::CustomerId,
};

crate::api::endpoints! {
    /// Takes up what another system learned of several customers; what is known already changes nothing.
    UpdateProfilesInternally = Command Post "/internal/customers/profiles" 200 for SERVICES => {
        body: ProfileUpdates, reply: ProfilesUpdated,
    }
}

/// The most updates of one request.
pub const UPDATES_MAX: usize = 200;

/// What another system learned.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProfileUpdates {
    /// Which system: 1 to 40 of a-z, 0-9 and hyphen; observations and the audit name it.
    pub source: String,
    /// At most 200, taken up in this order.
    #[schema(max_items = 200)]
    pub items: Vec<ProfileUpdate>,
}

impl ProfileUpdates {
    /// The updates.
    ///
    /// # Errors
    /// When they are too many for one request.
    pub fn checked(&self) -> Result<&[ProfileUpdate], Problem> {
        if self.items.len() <= UPDATES_MAX {
            return Ok(&self.items);
        }
        let detail = format!("at most {UPDATES_MAX} updates at once; send the rest in further calls");
        Err(Problem::field("/items", detail))
    }
}

/// What another system learned of one customer; what is absent stays.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProfileUpdate {
    /// Whom it is about.
    pub customer_id: CustomerId,
    /// When it was so (business time).
    pub observed_at: DateTime<Utc>,
    /// The full name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The birth date.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub birth_date: Option<NaiveDate>,
    /// BCP 47 language to use with them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// How to reach them; added to what is known.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub contact_points: Vec<NewContactPoint>,
    /// Further values; those of attributes that are not defined, or retired, are passed over.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attributes: Vec<AttributeText>,
}

/// The value of an attribute as another system writes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AttributeText {
    /// The attribute's code.
    pub attribute: String,
    /// The value as text: `5`, `5.5`, `true`, `2026-01-31`, a word, or any text.
    pub text: String,
}

/// What became of the updates.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ProfilesUpdated {
    /// One for each update, in their order.
    pub items: Vec<ProfileUpdated>,
}

/// What became of one update.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ProfileUpdated {
    /// Whether there is such a customer.
    pub is_known: bool,
    /// What was left out, because it is not valid; everything else was taken up.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub left_out: Vec<FieldError>,
}

classified! { ProfilesUpdated { items: nested } }
classified! { ProfileUpdated { is_known: plain, left_out: plain } }
