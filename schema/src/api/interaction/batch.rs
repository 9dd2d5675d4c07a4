//! Batches of contacts, purchases and cases.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{CaseResolution, CaseStep, NewCase, NewContact, NewPurchase};
use crate::{
    access::{DEALERS, FRONT_OFFICE, SERVICES},
    api::batch::{Batch, BatchItem, BatchReply},
};

crate::api::endpoints! {
    /// Records several contacts.
    RecordContacts = Batch Post "/batches/contacts" 200 for FRONT_OFFICE => {
        body: Batch<BatchItem<NewContact>>, reply: BatchReply,
    }
    /// Records several contacts, for a service that has no person.
    RecordContactsInternally = Batch Post "/internal/batches/contacts" 200 for SERVICES => {
        body: Batch<BatchItem<NewContact>>, reply: BatchReply,
    }
    /// Records several purchases.
    RecordPurchases = Batch Post "/batches/purchases" 200 for DEALERS => {
        body: Batch<BatchItem<NewPurchase>>, reply: BatchReply,
    }
    /// Records several purchases, for a service that has no person.
    RecordPurchasesInternally = Batch Post "/internal/batches/purchases" 200 for SERVICES => {
        body: Batch<BatchItem<NewPurchase>>, reply: BatchReply,
    }
    /// Opens several cases, and resolves and closes those that are over.
    OpenCases = Batch Post "/batches/cases" 200 for FRONT_OFFICE => {
        body: Batch<BatchItem<CaseToRecord>>, reply: BatchReply,
    }
    /// Opens several cases, and resolves and closes those that are over, for a service that has no person.
    OpenCasesInternally = Batch Post "/internal/batches/cases" 200 for SERVICES => {
        body: Batch<BatchItem<CaseToRecord>>, reply: BatchReply,
    }
}

/// A case with what became of it since, if something did.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CaseToRecord {
    /// The case.
    pub case: NewCase,
    /// How it was resolved; absent while it is open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resolution: Option<CaseResolution>,
    /// When it was closed; only of a case that was resolved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closing: Option<CaseStep>,
}
