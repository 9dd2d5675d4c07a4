//! Mutations of the interaction service besides purchases: contacts, promises and cases.

use async_graphql::{Context, Object, Result};
use schema::{
    api::{
        Endpoint, NoParameters,
        customer::CustomerPath,
        interaction::{
            AcceptCase, Case, CaseOffer, CasePath, CaseReason, CaseResolution, CaseStep, CloseCase,
            ContactPath, DeclineCase, NameAccountable, NewAccountable, NewCase, NewContact, OfferCase,
            OpenCase, PromiseOutcome, RecordContact, ReopenCase, ResolveCase, SettlePromise,
        },
        section::Section,
    },
    ids::{CaseId, ContactId, CustomerId},
};

use super::{
    super::payload::{CasePayload, ContactPayload},
    about,
};
use crate::app::command::Terms;

/// Contacts, promises and cases.
#[derive(Default)]
pub(crate) struct InteractionMutation;

#[Object]
impl InteractionMutation {
    /// Records a contact, inbound or outbound, with what was promised in it.
    async fn record_contact(
        &self,
        ctx: &Context<'_>,
        customer_id: CustomerId,
        input: NewContact,
        idempotency_key: Option<String>,
        if_match: Option<i64>,
    ) -> Option<Result<ContactPayload>> {
        let terms = Terms { idempotency_key, if_match };
        let path = CustomerPath { customer_id };
        about::<RecordContact, _>(ctx, Section::Dealings, customer_id, &path, &input, terms).await
    }

    /// Says whether the promise of a contact was kept or broken; said once.
    async fn settle_promise(
        &self,
        ctx: &Context<'_>,
        customer_id: CustomerId,
        contact_id: ContactId,
        input: PromiseOutcome,
        idempotency_key: Option<String>,
        if_match: Option<i64>,
    ) -> Option<Result<ContactPayload>> {
        let terms = Terms { idempotency_key, if_match };
        let path = ContactPath { customer_id, contact_id };
        about::<SettlePromise, _>(ctx, Section::Dealings, customer_id, &path, &input, terms).await
    }

    /// Opens a case. Whoever received the contact is accountable to its end.
    async fn open_case(
        &self,
        ctx: &Context<'_>,
        customer_id: CustomerId,
        input: NewCase,
        idempotency_key: Option<String>,
        if_match: Option<i64>,
    ) -> Option<Result<CasePayload>> {
        let terms = Terms { idempotency_key, if_match };
        let path = CustomerPath { customer_id };
        about::<OpenCase, _>(ctx, Section::Dealings, customer_id, &path, &input, terms).await
    }

    /// Offers a case to a colleague. Until it is accepted, it stays where it is.
    async fn offer_case(
        &self,
        ctx: &Context<'_>,
        customer_id: CustomerId,
        case_id: CaseId,
        input: CaseOffer,
        idempotency_key: Option<String>,
        if_match: Option<i64>,
    ) -> Option<Result<CasePayload>> {
        let terms = Terms { idempotency_key, if_match };
        step::<OfferCase>(ctx, CasePath { customer_id, case_id }, &input, terms).await
    }

    /// Accepts a case that was offered to you: you handle it, the accountable person stays.
    async fn accept_case(
        &self,
        ctx: &Context<'_>,
        customer_id: CustomerId,
        case_id: CaseId,
        input: CaseStep,
        idempotency_key: Option<String>,
        if_match: Option<i64>,
    ) -> Option<Result<CasePayload>> {
        let terms = Terms { idempotency_key, if_match };
        step::<AcceptCase>(ctx, CasePath { customer_id, case_id }, &input, terms).await
    }

    /// Declines a case that was offered to you, with a reason.
    async fn decline_case(
        &self,
        ctx: &Context<'_>,
        customer_id: CustomerId,
        case_id: CaseId,
        input: CaseReason,
        idempotency_key: Option<String>,
        if_match: Option<i64>,
    ) -> Option<Result<CasePayload>> {
        let terms = Terms { idempotency_key, if_match };
        step::<DeclineCase>(ctx, CasePath { customer_id, case_id }, &input, terms).await
    }

    /// Resolves a case.
    async fn resolve_case(
        &self,
        ctx: &Context<'_>,
        customer_id: CustomerId,
        case_id: CaseId,
        input: CaseResolution,
        idempotency_key: Option<String>,
        if_match: Option<i64>,
    ) -> Option<Result<CasePayload>> {
        let terms = Terms { idempotency_key, if_match };
        step::<ResolveCase>(ctx, CasePath { customer_id, case_id }, &input, terms).await
    }

    /// Closes a resolved case.
    async fn close_case(
        &self,
        ctx: &Context<'_>,
        customer_id: CustomerId,
        case_id: CaseId,
        input: CaseStep,
        idempotency_key: Option<String>,
        if_match: Option<i64>,
    ) -> Option<Result<CasePayload>> {
        let terms = Terms { idempotency_key, if_match };
        step::<CloseCase>(ctx, CasePath { customer_id, case_id }, &input, terms).await
    }

    /// Opens a resolved or closed case again, with a reason; the same person is accountable.
    async fn reopen_case(
        &self,
        ctx: &Context<'_>,
        customer_id: CustomerId,
        case_id: CaseId,
        input: CaseReason,
        idempotency_key: Option<String>,
        if_match: Option<i64>,
    ) -> Option<Result<CasePayload>> {
        let terms = Terms { idempotency_key, if_match };
        step::<ReopenCase>(ctx, CasePath { customer_id, case_id }, &input, terms).await
    }

    /// Makes somebody else accountable for a case, with a reason that the audit keeps; managers only.
    async fn name_accountable(
        &self,
        ctx: &Context<'_>,
        customer_id: CustomerId,
        case_id: CaseId,
        input: NewAccountable,
        idempotency_key: Option<String>,
        if_match: Option<i64>,
    ) -> Option<Result<CasePayload>> {
        let terms = Terms { idempotency_key, if_match };
        step::<NameAccountable>(ctx, CasePath { customer_id, case_id }, &input, terms).await
    }
}

/// A step of a case.
async fn step<E>(
    ctx: &Context<'_>,
    path: CasePath,
    body: &E::Body,
    terms: Terms,
) -> Option<Result<CasePayload>>
where
    E: Endpoint<Path = CasePath, Query = NoParameters, Reply = Case>,
{
    about::<E, _>(ctx, Section::Dealings, path.customer_id, &path, body, terms).await
}
