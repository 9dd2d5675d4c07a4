//! Mutations of what happens between a customer and us: purchases, contacts, promises and cases.

use schema::{
    api::interaction::{
        AcceptCase, CaseOffer, CaseReason, CaseResolution, CaseStep, CloseCase, DeclineCase, NameAccountable,
        NewAccountable, NewCase, NewContact, NewPurchase, NewReturn, OfferCase, OpenCase, PromiseOutcome,
        RecordContact, RecordPurchase, ReopenCase, ResolveCase, ReturnPurchase, SettlePromise,
    },
    ids::{CaseId, ContactId, CustomerId, PurchaseId},
};

use super::table::mutations;

mutations! {
    /// Purchases, contacts, promises and cases.
    InteractionMutation of Dealings;

    /// Records a purchase.
    record_purchase [customer_id: CustomerId] (input: NewPurchase) => RecordPurchase;
    /// Records the return of some or all of a purchase.
    return_purchase [customer_id: CustomerId, purchase_id: PurchaseId] (input: NewReturn) => ReturnPurchase;
    /// Records a contact, inbound or outbound, with what was promised in it.
    record_contact [customer_id: CustomerId] (input: NewContact) => RecordContact;
    /// Says whether the promise of a contact was kept or broken; said once.
    settle_promise [customer_id: CustomerId, contact_id: ContactId] (input: PromiseOutcome) => SettlePromise;
    /// Opens a case. Whoever received the contact is accountable to its end.
    open_case [customer_id: CustomerId] (input: NewCase) => OpenCase;
    /// Offers a case to a colleague. Until it is accepted, it stays where it is.
    offer_case [customer_id: CustomerId, case_id: CaseId] (input: CaseOffer) => OfferCase;
    /// Accepts a case that was offered to you: you handle it, the accountable person stays.
    accept_case [customer_id: CustomerId, case_id: CaseId] (input: CaseStep) => AcceptCase;
    /// Declines a case that was offered to you, with a reason.
    decline_case [customer_id: CustomerId, case_id: CaseId] (input: CaseReason) => DeclineCase;
    /// Resolves a case.
    resolve_case [customer_id: CustomerId, case_id: CaseId] (input: CaseResolution) => ResolveCase;
    /// Closes a resolved case.
    close_case [customer_id: CustomerId, case_id: CaseId] (input: CaseStep) => CloseCase;
    /// Opens a resolved or closed case again, with a reason; the same person is accountable.
    reopen_case [customer_id: CustomerId, case_id: CaseId] (input: CaseReason) => ReopenCase;
    /// Makes somebody else accountable for a case, with a reason that the audit keeps; managers only.
    name_accountable [customer_id: CustomerId, case_id: CaseId] (input: NewAccountable) => NameAccountable;
}
