//! The roots of mutations: each passes one command on to its owner with the person's token. A root that
//! fails is null and leaves the results of those before it.

mod customer;
mod interaction;

use std::sync::Arc;

use async_graphql::{Context, MergedObject, Object, Result};
use schema::{
    api::{
        Endpoint, NoParameters, Nothing,
        customer::{
            AddContactPoint, AddServingUnit, ChangeCustomer, ChangeOrgUnit, ChangeStaff, ContactPointPath,
            CreateOrgUnit, CustomerChange, CustomerPath, JoinStaff, MoveOrgUnit, NewContactPoint,
            NewCustomer, NewOrgUnit, NewServingUnit, NewStaff, OrgUnitChange, OrgUnitMove, OrgUnitPath,
            RegisterCustomer, RemoveContactPoint, StaffChange, StaffPath,
        },
        interaction::{NewPurchase, NewReturn, PurchasePath, RecordPurchase, ReturnPurchase},
        section::Section,
        survey::{NewAnswer, RecordAnswer},
    },
    ids::{ContactPointId, CustomerId, OrgUnitId, PurchaseId, StaffId},
};

use super::{
    failure::{allowed, from_problem},
    payload::{AnswerPayload, CustomerFilePayload, OrgUnitPayload, PurchasePayload, StaffPayload, UserError},
};
use crate::app::{
    Gateway,
    command::{self, Terms},
};

/// Everything that can be done.
///
/// Every mutation takes an `idempotencyKey`: repeated with the same key and arguments it answers the
/// same and does nothing twice. `ifMatch` is the revision that you read; with another one in between
/// the command is refused.
#[derive(Default, MergedObject)]
pub(crate) struct Mutation(Base, customer::CustomerMutation, interaction::InteractionMutation);

/// The organisation, the file's own fields, purchases and answers.
#[derive(Default)]
struct Base;

#[Object]
impl Base {
    /// Creates an organisation unit under a parent.
    async fn create_org_unit(
        &self,
        ctx: &Context<'_>,
        input: NewOrgUnit,
        idempotency_key: Option<String>,
    ) -> Option<Result<OrgUnitPayload>> {
        let terms = Terms { idempotency_key, if_match: None };
        organisation::<CreateOrgUnit, _>(ctx, &NoParameters {}, &input, terms).await
    }

    /// Changes an organisation unit's name.
    async fn change_org_unit(
        &self,
        ctx: &Context<'_>,
        org_unit_id: OrgUnitId,
        input: OrgUnitChange,
        idempotency_key: Option<String>,
        if_match: Option<i64>,
    ) -> Option<Result<OrgUnitPayload>> {
        let terms = Terms { idempotency_key, if_match };
        organisation::<ChangeOrgUnit, _>(ctx, &OrgUnitPath { org_unit_id }, &input, terms).await
    }

    /// Moves an organisation unit, with all below it, under another parent.
    async fn move_org_unit(
        &self,
        ctx: &Context<'_>,
        org_unit_id: OrgUnitId,
        input: OrgUnitMove,
        idempotency_key: Option<String>,
        if_match: Option<i64>,
    ) -> Option<Result<OrgUnitPayload>> {
        let terms = Terms { idempotency_key, if_match };
        organisation::<MoveOrgUnit, _>(ctx, &OrgUnitPath { org_unit_id }, &input, terms).await
    }

    /// Adds a member of staff to a unit.
    async fn join_staff(
        &self,
        ctx: &Context<'_>,
        input: NewStaff,
        idempotency_key: Option<String>,
    ) -> Option<Result<StaffPayload>> {
        let terms = Terms { idempotency_key, if_match: None };
        organisation::<JoinStaff, _>(ctx, &NoParameters {}, &input, terms).await
    }

    /// Changes a member of staff's name or moves them to another unit.
    async fn change_staff(
        &self,
        ctx: &Context<'_>,
        staff_id: StaffId,
        input: StaffChange,
        idempotency_key: Option<String>,
        if_match: Option<i64>,
    ) -> Option<Result<StaffPayload>> {
        let terms = Terms { idempotency_key, if_match };
        organisation::<ChangeStaff, _>(ctx, &StaffPath { staff_id }, &input, terms).await
    }

    /// Registers a customer.
    async fn register_customer(
        &self,
        ctx: &Context<'_>,
        input: NewCustomer,
        idempotency_key: Option<String>,
    ) -> Option<Result<CustomerFilePayload>> {
        let terms = Terms { idempotency_key, if_match: None };
        organisation::<RegisterCustomer, _>(ctx, &NoParameters {}, &input, terms).await
    }

    /// Changes a customer's file; what is absent stays as it is.
    async fn change_customer(
        &self,
        ctx: &Context<'_>,
        customer_id: CustomerId,
        input: CustomerChange,
        idempotency_key: Option<String>,
        if_match: Option<i64>,
    ) -> Option<Result<CustomerFilePayload>> {
        let terms = Terms { idempotency_key, if_match };
        let path = CustomerPath { customer_id };
        about::<ChangeCustomer, _>(ctx, Section::File, customer_id, &path, &input, terms).await
    }

    /// Adds a phone number or e-mail address.
    async fn add_contact_point(
        &self,
        ctx: &Context<'_>,
        customer_id: CustomerId,
        input: NewContactPoint,
        idempotency_key: Option<String>,
        if_match: Option<i64>,
    ) -> Option<Result<CustomerFilePayload>> {
        let terms = Terms { idempotency_key, if_match };
        let path = CustomerPath { customer_id };
        about::<AddContactPoint, _>(ctx, Section::File, customer_id, &path, &input, terms).await
    }

    /// Removes a phone number or e-mail address.
    async fn remove_contact_point(
        &self,
        ctx: &Context<'_>,
        customer_id: CustomerId,
        contact_point_id: ContactPointId,
        idempotency_key: Option<String>,
        if_match: Option<i64>,
    ) -> Option<Result<CustomerFilePayload>> {
        let terms = Terms { idempotency_key, if_match };
        let path = ContactPointPath { customer_id, contact_point_id };
        about::<RemoveContactPoint, _>(ctx, Section::File, customer_id, &path, &Nothing, terms).await
    }

    /// Lets a further unit serve the customer, and so see them; the reason is kept in the audit.
    async fn add_serving_unit(
        &self,
        ctx: &Context<'_>,
        customer_id: CustomerId,
        input: NewServingUnit,
        idempotency_key: Option<String>,
        if_match: Option<i64>,
    ) -> Option<Result<CustomerFilePayload>> {
        let terms = Terms { idempotency_key, if_match };
        let path = CustomerPath { customer_id };
        about::<AddServingUnit, _>(ctx, Section::File, customer_id, &path, &input, terms).await
    }

    /// Records a purchase.
    async fn record_purchase(
        &self,
        ctx: &Context<'_>,
        customer_id: CustomerId,
        input: NewPurchase,
        idempotency_key: Option<String>,
        if_match: Option<i64>,
    ) -> Option<Result<PurchasePayload>> {
        let terms = Terms { idempotency_key, if_match };
        let path = CustomerPath { customer_id };
        about::<RecordPurchase, _>(ctx, Section::Dealings, customer_id, &path, &input, terms).await
    }

    /// Records the return of some or all of a purchase.
    async fn return_purchase(
        &self,
        ctx: &Context<'_>,
        customer_id: CustomerId,
        purchase_id: PurchaseId,
        input: NewReturn,
        idempotency_key: Option<String>,
        if_match: Option<i64>,
    ) -> Option<Result<PurchasePayload>> {
        let terms = Terms { idempotency_key, if_match };
        let path = PurchasePath { customer_id, purchase_id };
        about::<ReturnPurchase, _>(ctx, Section::Dealings, customer_id, &path, &input, terms).await
    }

    /// Records a customer's answer.
    async fn record_answer(
        &self,
        ctx: &Context<'_>,
        customer_id: CustomerId,
        input: NewAnswer,
        idempotency_key: Option<String>,
        if_match: Option<i64>,
    ) -> Option<Result<AnswerPayload>> {
        let terms = Terms { idempotency_key, if_match };
        let path = CustomerPath { customer_id };
        about::<RecordAnswer, _>(ctx, Section::Voice, customer_id, &path, &input, terms).await
    }
}

/// A command of the customer service that names no customer.
async fn organisation<E, P>(
    ctx: &Context<'_>,
    path: &E::Path,
    body: &E::Body,
    terms: Terms,
) -> Option<Result<P>>
where
    E: Endpoint<Query = NoParameters>,
    P: From<Result<E::Reply, Vec<UserError>>>,
{
    run::<E, P>(ctx, Section::File, None, path, body, terms).await
}

/// A command about a customer, of the service that owns the section.
async fn about<E, P>(
    ctx: &Context<'_>,
    section: Section,
    customer: CustomerId,
    path: &E::Path,
    body: &E::Body,
    terms: Terms,
) -> Option<Result<P>>
where
    E: Endpoint<Query = NoParameters>,
    P: From<Result<E::Reply, Vec<UserError>>>,
{
    run::<E, P>(ctx, section, Some(customer), path, body, terms).await
}

async fn run<E, P>(
    ctx: &Context<'_>,
    section: Section,
    customer: Option<CustomerId>,
    path: &E::Path,
    body: &E::Body,
    terms: Terms,
) -> Option<Result<P>>
where
    E: Endpoint<Query = NoParameters>,
    P: From<Result<E::Reply, Vec<UserError>>>,
{
    let done = match (ctx.data::<Arc<Gateway>>(), allowed::<E>(ctx)) {
        (Ok(gateway), Ok(caller)) => command::run::<E>(gateway, caller, section, customer, path, body, terms)
            .await
            .map_err(kit::Error::into_problem),
        (Ok(_), Err(problem)) => Err(problem),
        (Err(error), _) => return Some(Err(error)),
    };
    Some(match done {
        Ok(reply) => Ok(Ok(reply).into()),
        Err(problem) => match UserError::of(problem) {
            Ok(errors) => Ok(Err(errors).into()),
            Err(problem) => Err(from_problem(&problem)),
        },
    })
}
