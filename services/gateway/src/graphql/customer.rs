//! A customer as the view shows them, and what lies deeper.

use std::sync::Arc;

use async_graphql::dataloader::DataLoader;
use async_graphql::{Context, ID, Interface, Object, Result, SimpleObject, connection::Connection};
use chrono::{DateTime, Utc};
use kit::client::{CallError, CallOptions};
use schema::{
    access::Mask,
    api::{
        NoParameters, Nothing,
        customer::{CustomerFile, CustomerKind, CustomerPath, CustomerStatus, GetCustomer},
        interaction::{Dealings, GetPurchase, GetTimelines, Purchase, PurchasePath, TimelineEntry},
        loyalty::{ListPointsEntries, LoyaltyAccount, PointsEntry, PointsQuery},
        page::{LIMIT_MAX, Page},
        problem::Code,
        section::Section,
        survey::Voice,
    },
    ids::{CustomerId, OrgUnitId, PurchaseId},
};

use super::{
    connection::{connection, cost, window},
    failure::{allowed, failure, from_problem},
    timelines::{ENTRIES_MOST, Part, Timelines},
};
use crate::{
    app::Gateway,
    domain::{
        global_id::GlobalId,
        row::{Held, Row},
    },
};

/// Anything with an id that is unique over all types.
#[derive(Clone, Interface)]
#[graphql(field(name = "id", ty = "ID", desc = "The id for `node`; opaque."))]
pub(crate) enum Node {
    /// A customer.
    Customer(Customer),
}

/// A customer, from the customer-360 view.
#[derive(Clone)]
pub(crate) struct Customer(pub(super) Arc<Row>);

/// How fresh a section is.
#[derive(SimpleObject)]
pub(crate) struct SectionFreshness {
    /// Which section.
    section: Section,
    /// The revision of the customer in the section's service; none while it was never fetched.
    revision: Option<i64>,
    /// When it was read from the service.
    as_of: Option<DateTime<Utc>>,
    /// Whether the service has something newer, which is on its way.
    stale: bool,
    /// How long ago it was read.
    age_seconds: Option<i64>,
}

/// A customer-360: who they are, what happens between us, what the relationship is worth, what they think.
#[Object]
impl Customer {
    /// The id for `node`; opaque.
    async fn id(&self) -> ID {
        ID(GlobalId::Customer(self.0.customer_id).text())
    }

    /// The customer's id, as the services know it.
    async fn customer_id(&self) -> CustomerId {
        self.0.customer_id
    }

    /// What they are to us.
    async fn kind(&self) -> CustomerKind {
        self.0.kind
    }

    /// Whether we deal with them.
    async fn status(&self) -> CustomerStatus {
        self.0.status
    }

    /// The unit that they belong to.
    async fn home_unit_id(&self) -> OrgUnitId {
        self.0.home_unit_id
    }

    /// Who they are; null while it is on its way.
    async fn file(&self, ctx: &Context<'_>) -> Result<Option<CustomerFile>> {
        masked(ctx, self.0.file.as_ref())
    }

    /// What happens between us; null while it is on its way.
    async fn dealings(&self, ctx: &Context<'_>) -> Result<Option<Dealings>> {
        masked(ctx, self.0.dealings.as_ref())
    }

    /// What the relationship is worth; null while it is on its way.
    async fn loyalty(&self, ctx: &Context<'_>) -> Result<Option<LoyaltyAccount>> {
        masked(ctx, self.0.loyalty.as_ref())
    }

    /// What they think; null while it is on its way.
    async fn voice(&self, ctx: &Context<'_>) -> Result<Option<Voice>> {
        masked(ctx, self.0.voice.as_ref())
    }

    /// How fresh each section is.
    async fn freshness(&self, ctx: &Context<'_>) -> Result<Vec<SectionFreshness>> {
        let now = ctx.data::<Arc<Gateway>>()?.runtime.clock.now();
        let of = |section| {
            let fresh = self.0.freshness(section);
            let age_seconds = fresh.as_of.map(|at| (now - at).num_seconds().max(0));
            let (revision, as_of, stale) = (fresh.revision, fresh.as_of, fresh.is_stale);
            SectionFreshness { section, revision, as_of, stale, age_seconds }
        };
        Ok(Section::ALL.map(of).into())
    }

    /// Everything that happened between us, newest first.
    #[graphql(complexity = "cost(first, child_complexity)")]
    async fn timeline(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "1 to 100; 20 when absent.")] first: Option<i32>,
        #[graphql(desc = "The cursor to go on after.")] after: Option<String>,
    ) -> Option<Result<Connection<String, TimelineEntry>>> {
        let found = async {
            allowed::<GetTimelines>(ctx).map_err(|problem| from_problem(&problem))?;
            let (first, cursor) = window(first, after.as_deref())?;
            let limit = cursor.limit(first, ENTRIES_MOST);
            let part = Part { limit, customer_id: self.0.customer_id, after: cursor.after.clone() };
            let loaded = ctx.data::<DataLoader<Timelines>>()?.load_one(part).await;
            let page = loaded.map_err(|problem| from_problem(&problem))?;
            let page = page.unwrap_or(Page { items: Vec::new(), next: None });
            Ok(Some(connection(&cursor, page, first, Some)))
        };
        found.await.transpose()
    }

    /// Every movement of points, newest first.
    #[graphql(complexity = "cost(first, child_complexity)")]
    async fn points_entries(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "1 to 100; 20 when absent.")] first: Option<i32>,
        #[graphql(desc = "The cursor to go on after.")] after: Option<String>,
    ) -> Option<Result<Connection<String, PointsEntry>>> {
        let found = async {
            let caller = allowed::<ListPointsEntries>(ctx).map_err(|problem| from_problem(&problem))?;
            let (first, cursor) = window(first, after.as_deref())?;
            let query =
                PointsQuery { after: cursor.after.clone(), limit: Some(cursor.limit(first, LIMIT_MAX)) };
            let path = CustomerPath { customer_id: self.0.customer_id };
            let client = ctx.data::<Arc<Gateway>>()?.owners.of_section(Section::Loyalty);
            let options = CallOptions::default();
            let page =
                client.call::<ListPointsEntries>(&caller.bearer, &path, &query, &Nothing, &options).await;
            Ok(Some(connection(&cursor, page.map_err(failure)?, first, Some)))
        };
        found.await.transpose()
    }

    /// One purchase with its lines and returns.
    async fn purchase(&self, ctx: &Context<'_>, id: PurchaseId) -> Option<Result<Purchase>> {
        let found = async {
            let caller = allowed::<GetPurchase>(ctx).map_err(|problem| from_problem(&problem))?;
            let path = PurchasePath { customer_id: self.0.customer_id, purchase_id: id };
            let client = ctx.data::<Arc<Gateway>>()?.owners.of_section(Section::Dealings);
            let (nothing, options) = (NoParameters {}, CallOptions::default());
            match client.call::<GetPurchase>(&caller.bearer, &path, &nothing, &Nothing, &options).await {
                Ok(purchase) => Ok(Some(purchase)),
                Err(CallError::Problem(problem)) if problem.code == Code::NotFound => Ok(None),
                Err(error) => Err(failure(error)),
            }
        };
        found.await.transpose()
    }
}

/// A copy of a section, masked for whoever asks.
fn masked<T: Mask + Clone>(ctx: &Context<'_>, held: Option<&Held<T>>) -> Result<Option<T>> {
    let caller = allowed::<GetCustomer>(ctx).map_err(|problem| from_problem(&problem))?;
    Ok(held.map(|held| {
        let mut copy = held.value.clone();
        copy.mask(&caller.viewer);
        copy
    }))
}
