//! Observations: who said when what an attribute of a customer is. None replaces another, so that what was
//! known on any day can be read again.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{AttributeClass, AttributeValue, CustomerFile, CustomerPath};
use crate::{
    access::{Class, ClassifiedField, FRONT_OFFICE, Mask, MaskField as _, READERS, Viewer},
    api::page::Page,
    ids::{CustomerId, ObservationId},
};

crate::api::endpoints! {
    /// Records what an attribute of the customer was observed to be.
    RecordObservation = Command Post "/customers/{customer_id}/observations" 201 for FRONT_OFFICE => {
        path: CustomerPath, body: NewObservation, reply: CustomerFile,
    }
    /// Takes an observation back: it counts no more, on no day; it stays in the history with who and why.
    TakeBackObservation = Command Post "/customers/{customer_id}/observations/{observation_id}/take-back" 200 for FRONT_OFFICE => {
        path: ObservationPath, body: TakingBack, reply: CustomerFile,
    }
    /// What is known of the customer's attributes, now or as of a time: the latest observation of each, by code.
    GetAttributes = Read Get "/customers/{customer_id}/attributes" 200 for READERS => {
        path: CustomerPath, query: AttributesQuery, reply: Vec<Observation>,
    }
    /// Every observation of the customer's attributes, whatever its source, observed last first.
    ListObservations = Read Get "/customers/{customer_id}/observations" 200 for READERS => {
        path: CustomerPath, query: ObservationFilter, reply: Page<Observation>,
    }
}

/// Which observation of which customer.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, IntoParams)]
pub struct ObservationPath {
    /// The customer's id.
    pub customer_id: CustomerId,
    /// The observation's id.
    pub observation_id: ObservationId,
}

/// What an attribute of a customer was observed to be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, async_graphql::SimpleObject)]
pub struct Observation {
    /// Its id.
    pub id: ObservationId,
    /// The attribute's code.
    pub attribute: String,
    /// The attribute's class: who sees the value.
    pub class: AttributeClass,
    /// The value; absent by role.
    pub value: Option<AttributeValue>,
    /// What a number counts.
    pub unit: Option<String>,
    /// Where we have it from.
    pub source: String,
    /// When it was so.
    pub observed_at: DateTime<Utc>,
    /// When we wrote it down.
    pub recorded_at: DateTime<Utc>,
    /// When it was taken back; it counts no more since then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taken_back_at: Option<DateTime<Utc>>,
    /// Who took it back: a staff code, or the subject of the token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taken_back_by: Option<String>,
    /// Why it was taken back; absent by role.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taken_back_reason: Option<String>,
}

// By hand: the class of the value is not the same for all, it is the attribute's. Taken apart without
// `..`, as `classified!` does.
impl Mask for Observation {
    const FIELDS: &'static [ClassifiedField] = &[
        ClassifiedField { name: "id", class: None },
        ClassifiedField { name: "attribute", class: None },
        ClassifiedField { name: "class", class: None },
        ClassifiedField { name: "value", class: None },
        ClassifiedField { name: "unit", class: None },
        ClassifiedField { name: "source", class: None },
        ClassifiedField { name: "observed_at", class: None },
        ClassifiedField { name: "recorded_at", class: None },
        ClassifiedField { name: "taken_back_at", class: None },
        ClassifiedField { name: "taken_back_by", class: None },
        ClassifiedField { name: "taken_back_reason", class: Some(Class::Sensitive) },
    ];

    fn mask(&mut self, viewer: &Viewer) {
        let Self {
            id: _,
            attribute: _,
            class,
            value,
            unit: _,
            source: _,
            observed_at: _,
            recorded_at: _,
            taken_back_at: _,
            taken_back_by: _,
            taken_back_reason,
        } = self;
        taken_back_reason.reduce(viewer.level(Class::Sensitive));
        if !class.is_whole_for(viewer) {
            *value = None;
        }
    }
}

/// An observation to record.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema, async_graphql::InputObject)]
#[serde(deny_unknown_fields)]
pub struct NewObservation {
    /// The attribute's code.
    pub attribute: String,
    /// The value, of the attribute's type.
    pub value: AttributeValue,
    /// Where we have it from: 1 to 40 of a-z, 0-9 and hyphen, for example `counter` or `survey`.
    pub source: String,
    /// When it was so; not more than a day in the future.
    pub observed_at: DateTime<Utc>,
}

/// Why an observation is taken back.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema, async_graphql::InputObject)]
#[serde(deny_unknown_fields)]
pub struct TakingBack {
    /// 1 to 500 characters.
    pub reason: String,
}

/// As of when.
#[derive(Clone, Debug, Default, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct AttributesQuery {
    /// Only what was observed until then; everything when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub as_of: Option<DateTime<Utc>>,
}

/// Which observations to list.
#[derive(Clone, Debug, Default, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct ObservationFilter {
    /// Only of the attribute with this code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attribute: Option<String>,
    /// The `next` of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// At most 200; 50 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}
