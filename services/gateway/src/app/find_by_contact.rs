//! Finds customers by a phone number or e-mail address: from the view, on a miss from the owner.

use std::sync::Arc;

use kit::{Result, client::CallOptions, http::Caller};
use schema::{
    access::Scope,
    api::{
        NoParameters, Nothing,
        customer::{ContactKind, ContactQuery, FindByContact},
    },
    ids::CustomerId,
};

use super::{Gateway, read};
use crate::{
    domain::{contact, row::Row},
    storage,
};

/// The most customers that share one contact and are shown.
const MOST: u32 = 50;

/// Every match in scope, the one contacted last first.
pub(crate) async fn find_by_contact(
    gateway: &Arc<Gateway>,
    caller: &Caller,
    kind: ContactKind,
    value: String,
) -> Result<Vec<Arc<Row>>> {
    let scope = caller.viewer.scope();
    if scope == Scope::Nothing {
        return Ok(Vec::new());
    }
    let mut found = Vec::new();
    if let Some(normal) = contact::normal(kind, &value) {
        let ids = storage::contact::find(&gateway.runtime.db, kind, &normal, &scope, MOST).await?;
        found = read::rows(gateway, &ids, &scope).await?;
    }
    if found.is_empty() {
        let query = ContactQuery { kind, value };
        let files = gateway
            .owners
            .customer()
            .call::<FindByContact>(
                &caller.bearer,
                &NoParameters {},
                &query,
                &Nothing,
                &CallOptions::default(),
            )
            .await?;
        let ids: Vec<CustomerId> = files.iter().map(|file| file.id).collect();
        found = read::shown_rows(gateway, &ids, &scope).await?;
    }
    found.sort_by_key(|row| std::cmp::Reverse((row.last_contact(), row.customer_id)));
    Ok(found)
}
