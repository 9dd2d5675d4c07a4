//! What the service reacts to. Of customers it keeps the reference, as every service does, the account, and
//! the profile, which all services' events feed.

mod on_answer_received;
mod on_attribute_changed;
mod on_case_closed;
mod on_case_opened;
mod on_case_reopened;
mod on_case_resolved;
mod on_consent_changed;
mod on_contact_recorded;
mod on_customer_changed;
mod on_customer_registered;
mod on_purchase_recorded;
mod on_purchase_returned;
mod on_recovery_measured;

use kit::Reactions;
use schema::event::{
    AnswerReceived, AttributeChanged, CaseClosed, CaseOpened, CaseReopened, CaseResolved, ConsentChanged,
    ContactRecorded, CustomerChanged, CustomerRegistered, PurchaseRecorded, PurchaseReturned,
    RecoveryMeasured,
};

/// The table of reactions.
pub(crate) fn reactions() -> Reactions {
    reference::organisation(Reactions::new())
        .on_many::<CustomerRegistered>(|work, events| Box::pin(on_customer_registered::react(work, events)))
        .on_many::<CustomerChanged>(|work, events| Box::pin(on_customer_changed::react(work, events)))
        .on_many::<PurchaseRecorded>(|work, events| Box::pin(on_purchase_recorded::react(work, events)))
        .on_many::<PurchaseReturned>(|work, events| Box::pin(on_purchase_returned::react(work, events)))
        .on_many::<ContactRecorded>(|work, events| Box::pin(on_contact_recorded::react(work, events)))
        .on_many::<CaseOpened>(|work, events| Box::pin(on_case_opened::react(work, events)))
        .on_many::<CaseResolved>(|work, events| Box::pin(on_case_resolved::react(work, events)))
        .on_many::<CaseClosed>(|work, events| Box::pin(on_case_closed::react(work, events)))
        .on_many::<CaseReopened>(|work, events| Box::pin(on_case_reopened::react(work, events)))
        .on_many::<AnswerReceived>(|work, events| Box::pin(on_answer_received::react(work, events)))
        .on::<RecoveryMeasured>(|work, event| Box::pin(on_recovery_measured::react(work, event)))
        .on::<ConsentChanged>(|work, event| Box::pin(on_consent_changed::react(work, event)))
        .on_many::<AttributeChanged>(|work, events| Box::pin(on_attribute_changed::react(work, events)))
}
