//! Searches customers: the owner searches for the person, the view gives the rows, in one call and one
//! statement.

use std::sync::Arc;

use kit::{Result, client::CallOptions, http::Caller};
use schema::{
    api::{
        NoParameters, Nothing,
        customer::{CustomerFilter, SearchCustomers},
        page::Page,
    },
    ids::CustomerId,
};

use super::{Gateway, read};
use crate::domain::row::Row;

/// A page in the owner's order, with the owner's cursor. A customer whom the owner shows and the view
/// cannot show yet leaves a gap, so that positions on the page stay the owner's.
pub(crate) async fn search(
    gateway: &Arc<Gateway>,
    caller: &Caller,
    filter: &CustomerFilter,
) -> Result<Page<Option<Arc<Row>>>> {
    let page = gateway
        .owners
        .customer()
        .call::<SearchCustomers>(&caller.bearer, &NoParameters {}, filter, &Nothing, &CallOptions::default())
        .await?;
    let ids: Vec<CustomerId> = page.items.iter().map(|file| file.id).collect();
    let rows = read::shown_rows(gateway, &ids, &caller.viewer.scope()).await?;
    let row = |id: &CustomerId| rows.iter().find(|row| row.customer_id == *id).cloned();
    Ok(Page { items: ids.iter().map(row).collect(), next: page.next })
}
