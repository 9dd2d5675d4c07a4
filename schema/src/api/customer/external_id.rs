//! What other systems call a customer: till, webshop, ERP. An id belongs to one customer only.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{CustomerFile, CustomerPath};
use crate::{
    access::FRONT_OFFICE,
    classified,
    ids::{CustomerId, ExternalRefId},
};

crate::api::endpoints! {
    /// Records what another system calls the customer.
    AddExternalId = Command Post "/customers/{customer_id}/external-ids" 201 for FRONT_OFFICE => {
        path: CustomerPath, body: NewExternalId, reply: CustomerFile,
    }
    /// Removes what another system calls the customer.
    RemoveExternalId = Command Delete "/customers/{customer_id}/external-ids/{external_ref_id}" 200 for FRONT_OFFICE => {
        path: ExternalIdPath, reply: CustomerFile,
    }
    /// The customer whom another system knows by this id, when they are in scope.
    FindByExternalId = Read Get "/customers/by-external-id" 200 for FRONT_OFFICE => {
        query: ExternalIdQuery, reply: CustomerFile,
    }
}

/// Which external id of which customer.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, IntoParams)]
pub struct ExternalIdPath {
    /// The customer's id.
    pub customer_id: CustomerId,
    /// The entry's id.
    pub external_ref_id: ExternalRefId,
}

/// What another system calls a customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, async_graphql::SimpleObject)]
pub struct ExternalId {
    /// The entry's id.
    pub id: ExternalRefId,
    /// The system's code.
    pub system: String,
    /// The customer's id there; masked or absent by role.
    pub value: Option<String>,
}

classified! { ExternalId { id: plain, system: plain, value: identity } }

/// An external id to record.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema, async_graphql::InputObject)]
#[serde(deny_unknown_fields)]
pub struct NewExternalId {
    /// The system's code: 1 to 40 of a-z, 0-9 and hyphen, for example `erp`.
    pub system: String,
    /// The customer's id there, 1 to 100 characters; compared as it is written.
    pub value: String,
}

/// An external id to look up.
#[derive(Clone, Debug, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct ExternalIdQuery {
    /// The system's code.
    pub system: String,
    /// The customer's id there.
    pub value: String,
}
