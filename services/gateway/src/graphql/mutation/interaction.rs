//! Mutations of what happens between a customer and us: purchases, contacts, promises, cases, tasks and
//! gestures.

use schema::{
    api::interaction::{
        AcceptCase, ApproveGesture, AskGesture, CancelTask, CaseOffer, CaseReason, CaseResolution, CaseStep,
        CloseCase, DeclineCase, FinishTask, GestureReason, GestureStep, NameAccountable, NewAccountable,
        NewCase, NewContact, NewGesture, NewPurchase, NewReturn, NewTask, NewTaskOwner, OfferCase, OpenCase,
        OpenTask, PromiseOutcome, ReassignTask, RecordContact, RecordPurchase, RefuseGesture, ReopenCase,
        ResolveCase, RespondToCase, ReturnPurchase, ReverseGesture, SettlePromise, TaskCancelled, TaskDone,
    },
    ids::{CaseId, ContactId, CustomerId, GestureId, PurchaseId, TaskId},
};

use super::table::mutations;

mutations! {
    /// Purchases, contacts, promises, cases, tasks and gestures.
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
    /// Says when the customer heard from us first; once, and not after the case was resolved.
    respond_to_case [customer_id: CustomerId, case_id: CaseId] (input: CaseStep) => RespondToCase;
    /// Resolves a case.
    resolve_case [customer_id: CustomerId, case_id: CaseId] (input: CaseResolution) => ResolveCase;
    /// Closes a resolved case.
    close_case [customer_id: CustomerId, case_id: CaseId] (input: CaseStep) => CloseCase;
    /// Opens a resolved or closed case again, with a reason; the same person is accountable.
    reopen_case [customer_id: CustomerId, case_id: CaseId] (input: CaseReason) => ReopenCase;
    /// Makes somebody else accountable for a case, with a reason that the audit keeps; managers only.
    name_accountable [customer_id: CustomerId, case_id: CaseId] (input: NewAccountable) => NameAccountable;
    /// Opens a task for somebody; as part of a case, it delegates work and leaves accountability.
    open_task [customer_id: CustomerId] (input: NewTask) => OpenTask;
    /// Gives a task to somebody else, with a reason that the audit keeps.
    reassign_task [customer_id: CustomerId, task_id: TaskId] (input: NewTaskOwner) => ReassignTask;
    /// Says that a task was done; whoever owns it may, in whatever unit they are.
    finish_task [customer_id: CustomerId, task_id: TaskId] (input: TaskDone) => FinishTask;
    /// Says that a task is not to be done any more, with a reason that the audit keeps.
    cancel_task [customer_id: CustomerId, task_id: TaskId] (input: TaskCancelled) => CancelTask;
    /// Asks for a gesture. Within your authority it is given at once; above it, it waits for somebody who
    /// may.
    ask_gesture [customer_id: CustomerId] (input: NewGesture) => AskGesture;
    /// Gives a gesture that somebody else asked for, out of your own authority.
    approve_gesture [customer_id: CustomerId, gesture_id: GestureId] (input: GestureStep) => ApproveGesture;
    /// Refuses a gesture that somebody else asked for, with a reason.
    refuse_gesture [customer_id: CustomerId, gesture_id: GestureId] (input: GestureReason) => RefuseGesture;
    /// The customer gave a gesture back: the ledger nets out, what was given stays on record.
    reverse_gesture [customer_id: CustomerId, gesture_id: GestureId] (input: GestureReason)
        => ReverseGesture;
}
