//! Relay connections over the pages of the owners.

use async_graphql::{
    OutputType, Result,
    connection::{Connection, Edge},
};
use schema::api::{page::Page, problem::Problem};

use super::failure::{failure, from_problem};
use crate::domain::cursor::Cursor;

/// Items of a page when the client does not say.
const FIRST_DEFAULT: u32 = 20;
/// The most items of one page.
const FIRST_MOST: u32 = 100;

/// How many items a client asks for.
fn first(wanted: Option<i32>) -> Result<u32, Problem> {
    let wanted = wanted.map_or(Ok(FIRST_DEFAULT), u32::try_from).unwrap_or_default();
    if (1..=FIRST_MOST).contains(&wanted) {
        return Ok(wanted);
    }
    Err(Problem::field("/first", format!("a page has 1 to {FIRST_MOST} items")))
}

/// How many items from where on.
pub(super) fn window(wanted: Option<i32>, after: Option<&str>) -> Result<(u32, Cursor)> {
    let first = first(wanted).map_err(|problem| from_problem(&problem))?;
    Ok((first, Cursor::parse(after).map_err(failure)?))
}

/// What a page costs, for the bound on an operation.
pub(super) fn cost(wanted: Option<i32>, each: usize) -> usize {
    let items = first(wanted).unwrap_or(FIRST_MOST) as usize;
    items.saturating_mul(each).saturating_add(1)
}

/// What a list of as many items as a page may have costs.
pub(super) const fn cost_of_most(each: usize) -> usize {
    each.saturating_mul(FIRST_MOST as usize).saturating_add(1)
}

/// The owner's page from the cursor on, as a connection. What `node` does not know leaves no edge.
pub(super) fn connection<T, N: OutputType>(
    cursor: &Cursor,
    page: Page<T>,
    first: u32,
    node: impl Fn(T) -> Option<N>,
) -> Connection<String, N> {
    let slice = cursor.slice(page, first);
    let mut connection = Connection::new(*cursor != Cursor::default(), slice.has_next);
    connection.edges = slice
        .items
        .into_iter()
        .filter_map(|(cursor, item)| node(item).map(|node| Edge::new(cursor, node)))
        .collect();
    connection
}
