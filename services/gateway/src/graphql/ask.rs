//! Reads of the owners, for the person who asks and with their own token: one call each.
//!
//! What an owner gives of several customers in one call has a loader (see `timelines`). What it gives of
//! one customer at a time costs [`CALL`], so that a list of customers with such a field below is refused
//! before anything is asked.

use std::sync::Arc;

use async_graphql::{Context, OutputType, Result, connection::Connection};
use kit::client::{CallError, CallOptions};
use schema::api::{
    Endpoint, Nothing,
    page::Page,
    problem::{Code, Problem},
    section::Section,
};
use serde::Serialize;

use super::{
    connection::{connection, cost, window},
    failure::{allowed, failure, from_problem},
};
use crate::app::Gateway;

/// What a call of its own costs, for the bound on an operation: it leaves room for 19.
const CALL: usize = 500;
/// The longest query that is sent as part of an address.
const QUERY_LONGEST: usize = 4_096;

/// A page of a list of an owner; null when the owner fails.
pub(super) type Listed<T> = Option<Result<Connection<String, T>>>;

/// What a field costs that takes a call of its own.
pub(super) const fn call(below: usize) -> usize {
    below.saturating_add(CALL)
}

/// What a page costs that takes a call of its own.
pub(super) fn call_for(first: Option<i32>, each: usize) -> usize {
    call(cost(first, each))
}

/// What an owner gives. What it does not find is null, as everything is that is not in scope.
pub(super) async fn ask<E: Endpoint<Body = Nothing>>(
    ctx: &Context<'_>,
    section: Section,
    path: &E::Path,
    query: &E::Query,
) -> Option<Result<E::Reply>> {
    ask_with::<E>(ctx, section, path, query, &Nothing).await
}

/// What an owner gives to a read that is asked with a body.
pub(super) async fn ask_with<E: Endpoint>(
    ctx: &Context<'_>,
    section: Section,
    path: &E::Path,
    query: &E::Query,
    body: &E::Body,
) -> Option<Result<E::Reply>> {
    match called::<E>(ctx, section, path, query, body).await {
        Ok(Ok(reply)) => Some(Ok(reply)),
        Ok(Err(CallError::Problem(problem))) if problem.code == Code::NotFound => None,
        Ok(Err(error)) => Some(Err(failure(error))),
        Err(error) => Some(Err(error)),
    }
}

/// A page of a list of an owner, which gives at most `most` items at once. `query` makes the owner's
/// query from its cursor and a number of items.
pub(super) async fn list<E, T>(
    ctx: &Context<'_>,
    section: Section,
    path: &E::Path,
    (first, after): (Option<i32>, Option<String>),
    most: u32,
    query: impl FnOnce(Option<String>, Option<u32>) -> E::Query,
) -> Listed<T>
where
    E: Endpoint<Body = Nothing, Reply = Page<T>>,
    T: OutputType,
{
    let found = async {
        let (first, cursor) = window(first, after.as_deref())?;
        let query = query(cursor.after.clone(), Some(cursor.limit(first, most)));
        let page = called::<E>(ctx, section, path, &query, &Nothing).await?.map_err(failure)?;
        Ok(connection(&cursor, page, first, Some))
    };
    Some(found.await)
}

async fn called<E: Endpoint>(
    ctx: &Context<'_>,
    section: Section,
    path: &E::Path,
    query: &E::Query,
    body: &E::Body,
) -> Result<Result<E::Reply, CallError>> {
    let caller = allowed::<E>(ctx).map_err(|problem| from_problem(&problem))?;
    short(query).map_err(|problem| from_problem(&problem))?;
    let client = ctx.data::<Arc<Gateway>>()?.owners.of_section(section);
    Ok(client.call::<E>(&caller.bearer, path, query, body, &CallOptions::default()).await)
}

/// What would make an address that no owner takes must not be tried: it would count as its failure.
fn short(query: &impl Serialize) -> Result<(), Problem> {
    let length = serde_json::to_string(query).map_or(usize::MAX, |text| text.len());
    if length <= QUERY_LONGEST {
        return Ok(());
    }
    Err(Problem::new(Code::Invalid, "the arguments are longer than anything they could name"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graphql::COMPLEXITY_MOST;

    #[test]
    fn a_page_of_one_customer_is_rich_and_a_list_of_customers_is_not() {
        assert!(10 * call_for(None, 10) < COMPLEXITY_MOST, "ten lists of one customer");
        assert!(cost(Some(20), call_for(Some(1), 1)) > COMPLEXITY_MOST, "one list of each of twenty");
        assert!(cost(Some(50), call(1)) > COMPLEXITY_MOST, "one call for each of fifty");
    }

    #[test]
    fn what_no_address_holds_is_refused() {
        assert!(short(&"a".repeat(40)).is_ok());
        assert_eq!(short(&"a".repeat(5_000)).map_err(|problem| problem.status), Err(422));
    }
}
