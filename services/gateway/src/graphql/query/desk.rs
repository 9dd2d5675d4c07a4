//! What lies on the desk of whoever asks.

use std::sync::Arc;

use async_graphql::{ComplexObject, Context, Object, Result, SimpleObject, connection::Connection};
use kit::client::CallOptions;
use schema::{
    api::{
        NoParameters, Nothing,
        customer::GetCustomer,
        interaction::{
            CaseSummary, Desk, DeskItem, DeskItemsQuery, DeskQuery, DeskRole, GetDesk, GetDeskItems,
        },
        page::{LIMIT_MAX, Page},
        section::Section,
    },
    ids::CustomerId,
};

use crate::{
    app::{Gateway, read},
    graphql::{
        ask::{Listed, call, call_for, list},
        connection::{connection, cost_of_most, window},
        customer::Customer,
        failure::{allowed, failure, from_problem},
    },
};

const NONE: NoParameters = NoParameters {};

/// What is yours to do.
#[derive(SimpleObject)]
#[graphql(complex)]
pub(super) struct MyDesk {
    /// What the desk says beside the cases.
    #[graphql(flatten)]
    desk: Desk,
    #[graphql(skip)]
    cases: Connection<String, CaseSummary>,
    #[graphql(skip)]
    customer_ids: Vec<CustomerId>,
}

#[ComplexObject]
impl MyDesk {
    /// The open cases that lie there for the reason asked for, the one due first coming first.
    #[graphql(complexity = "cost_of_most(child_complexity)")]
    async fn cases(&self) -> &Connection<String, CaseSummary> {
        &self.cases
    }

    /// Whose the cases of this page are, each customer once, as the view shows them.
    #[graphql(complexity = "cost_of_most(child_complexity)")]
    async fn customers(&self, ctx: &Context<'_>) -> Option<Result<Vec<Customer>>> {
        let found = async {
            let caller = allowed::<GetCustomer>(ctx).map_err(|problem| from_problem(&problem))?;
            let gateway = ctx.data::<Arc<Gateway>>()?;
            let rows = read::rows(gateway, &self.customer_ids, &caller.viewer.scope()).await;
            Ok(rows.map_err(failure)?.into_iter().map(Customer).collect())
        };
        Some(found.await)
    }

    /// Everything that waits for you: cases that you answer for or work on, promises, cases that are offered
    /// to you, and tasks, the one due first coming first.
    #[graphql(complexity = "call_for(first, child_complexity)")]
    async fn items(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "1 to 100; 20 when absent.")] first: Option<i32>,
        #[graphql(desc = "The cursor to go on after.")] after: Option<String>,
    ) -> Listed<DeskItem> {
        items(ctx, first, after).await
    }
}

async fn items(ctx: &Context<'_>, first: Option<i32>, after: Option<String>) -> Listed<DeskItem> {
    let query = |after, limit| DeskItemsQuery { after, limit };
    list::<GetDeskItems, _>(ctx, Section::Dealings, &NONE, (first, after), LIMIT_MAX, query).await
}

/// The roots about whoever asks.
#[derive(Default)]
pub(super) struct DeskRoots;

#[Object]
impl DeskRoots {
    /// Your own desk: how much lies there, and the open cases that you answer for, handle, or are offered.
    // What is as long as a page counts as such itself, so that `items` is not counted with each case.
    #[graphql(complexity = "call(child_complexity)")]
    async fn my_desk(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Why the cases lie there; those that you handle when absent.")] role: Option<
            DeskRole,
        >,
        #[graphql(desc = "1 to 100; 20 when absent.")] first: Option<i32>,
        #[graphql(desc = "The cursor to go on after.")] after: Option<String>,
    ) -> Option<Result<MyDesk>> {
        let found = async {
            let caller = allowed::<GetDesk>(ctx).map_err(|problem| from_problem(&problem))?;
            let (first, cursor) = window(first, after.as_deref())?;
            let limit = Some(cursor.limit(first, LIMIT_MAX));
            let role = role.unwrap_or(DeskRole::Handler);
            let query = DeskQuery { role, after: cursor.after.clone(), limit };
            let client = ctx.data::<Arc<Gateway>>()?.owners.of_section(Section::Dealings);
            let options = CallOptions::default();
            let asked = client.call::<GetDesk>(&caller.bearer, &NONE, &query, &Nothing, &options).await;
            let mut desk = asked.map_err(failure)?;
            let cases = std::mem::replace(&mut desk.cases, Page { items: Vec::new(), next: None });
            let cases = connection(&cursor, cases, first, Some);
            let mut customer_ids: Vec<CustomerId> = Vec::new();
            for case in &cases.edges {
                if !customer_ids.contains(&case.node.customer_id) {
                    customer_ids.push(case.node.customer_id);
                }
            }
            Ok(MyDesk { desk, cases, customer_ids })
        };
        Some(found.await)
    }

    /// Everything that waits for you, as in `myDesk`; also for those who reach nothing but tasks that were
    /// given to them, as partners do.
    #[graphql(complexity = "call_for(first, child_complexity)")]
    async fn my_items(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "1 to 100; 20 when absent.")] first: Option<i32>,
        #[graphql(desc = "The cursor to go on after.")] after: Option<String>,
    ) -> Listed<DeskItem> {
        items(ctx, first, after).await
    }
}
