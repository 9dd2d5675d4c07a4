//! What lies deeper than a section of a customer: single things of the owners.

use async_graphql::{Context, Object, Result};
use chrono::{DateTime, NaiveDate, Utc};
use schema::{
    api::{
        NoParameters,
        customer::{AttributesQuery, CustomerPath, GetAttributes, Observation},
        interaction::{
            Case, CasePath, Contact, ContactPath, Gesture, GesturePath, GetCase, GetContact, GetGesture,
            GetPurchase, GetTask, Purchase, PurchasePath, Task, TaskPath,
        },
        loyalty::{CustomerProfile, GetProfile, GetRfm, Rfm, RfmQuery},
        section::Section,
    },
    ids::{CaseId, ContactId, CustomerId, GestureId, PurchaseId, TaskId},
    value::Currency,
};

use crate::graphql::ask::{ask, call};

const NONE: NoParameters = NoParameters {};
/// The most attributes that a customer is known to have.
const ATTRIBUTES_MOST: usize = 50;
/// The most lines of one list of a profile.
const PROFILE_MOST: usize = 50;

/// Single things of one customer.
pub(super) struct Single(pub(super) CustomerId);

#[Object]
impl Single {
    /// One purchase with its lines and returns.
    #[graphql(complexity = "call(child_complexity)")]
    async fn purchase(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The purchase's id.")] id: PurchaseId,
    ) -> Option<Result<Purchase>> {
        let path = PurchasePath { customer_id: self.0, purchase_id: id };
        ask::<GetPurchase>(ctx, Section::Dealings, &path, &NONE).await
    }

    /// One contact with what was promised in it.
    #[graphql(complexity = "call(child_complexity)")]
    async fn contact(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The contact's id.")] id: ContactId,
    ) -> Option<Result<Contact>> {
        let path = ContactPath { customer_id: self.0, contact_id: id };
        ask::<GetContact>(ctx, Section::Dealings, &path, &NONE).await
    }

    /// One case with its hand-overs.
    #[graphql(complexity = "call(child_complexity)")]
    async fn case(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The case's id.")] id: CaseId,
    ) -> Option<Result<Case>> {
        let path = CasePath { customer_id: self.0, case_id: id };
        ask::<GetCase>(ctx, Section::Dealings, &path, &NONE).await
    }

    /// One task.
    #[graphql(complexity = "call(child_complexity)")]
    async fn task(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The task's id.")] id: TaskId,
    ) -> Option<Result<Task>> {
        let path = TaskPath { customer_id: self.0, task_id: id };
        ask::<GetTask>(ctx, Section::Dealings, &path, &NONE).await
    }

    /// One gesture with its ledger.
    #[graphql(complexity = "call(child_complexity)")]
    async fn gesture(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The gesture's id.")] id: GestureId,
    ) -> Option<Result<Gesture>> {
        let path = GesturePath { customer_id: self.0, gesture_id: id };
        ask::<GetGesture>(ctx, Section::Dealings, &path, &NONE).await
    }

    /// What all services told of them, as segments ask for it.
    #[graphql(complexity = "call(PROFILE_MOST.saturating_mul(child_complexity))")]
    async fn profile(&self, ctx: &Context<'_>) -> Option<Result<CustomerProfile>> {
        let path = CustomerPath { customer_id: self.0 };
        ask::<GetProfile>(ctx, Section::Loyalty, &path, &NONE).await
    }

    /// How lately, how often and for how much they bought, each with its score among the customers in
    /// your scope.
    #[graphql(complexity = "call(child_complexity)")]
    async fn rfm(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only purchases in this currency count.")] currency: Currency,
        #[graphql(
            desc = "What happened before this day counts (UTC); tomorrow when absent, and never later."
        )]
        as_of: Option<NaiveDate>,
    ) -> Option<Result<Rfm>> {
        let path = CustomerPath { customer_id: self.0 };
        ask::<GetRfm>(ctx, Section::Loyalty, &path, &RfmQuery { currency, as_of }).await
    }

    /// What was known of their attributes: the latest observation of each until then, by code.
    #[graphql(complexity = "call(ATTRIBUTES_MOST.saturating_mul(child_complexity))")]
    async fn attributes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only what was observed until then; everything when absent.")] as_of: Option<
            DateTime<Utc>,
        >,
    ) -> Option<Result<Vec<Observation>>> {
        let path = CustomerPath { customer_id: self.0 };
        ask::<GetAttributes>(ctx, Section::File, &path, &AttributesQuery { as_of }).await
    }
}
