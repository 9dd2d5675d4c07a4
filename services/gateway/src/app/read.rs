//! Reads rows of the view for somebody: from memory when it may be trusted, else in one statement.

use std::{collections::HashMap, sync::Arc};

use kit::{Result, http::Caller};
use schema::{access::Scope, api::section::Section, ids::CustomerId};

use super::{Gateway, catch_up, memory::Stamp, refresh};
use crate::{
    domain::{consistency::Consistency, row::Row},
    storage,
};

/// One customer, if in scope. A customer that the view does not show is asked of the owner: they may
/// have been registered a moment ago.
pub(crate) async fn customer(
    gateway: &Arc<Gateway>,
    caller: &Caller,
    id: CustomerId,
    consistency: Option<Consistency>,
) -> Result<Option<Arc<Row>>> {
    let scope = caller.viewer.scope();
    if scope == Scope::Nothing {
        return Ok(None);
    }
    let mut found = rows(gateway, &[id], &scope).await?.pop();
    if found.is_none() && gateway.owners.shows(&caller.bearer, id).await? {
        found = shown_rows(gateway, &[id], &scope).await?.pop();
    }
    match (found, consistency) {
        (Some(row), Some(wanted)) if wanted.customer_id == id => {
            catch_up::catch_up(gateway, row, &scope, wanted).await
        }
        (found, _) => Ok(found),
    }
}

/// The rows of those of `ids` that are in scope, in the order of `ids`.
pub(crate) async fn rows(gateway: &Arc<Gateway>, ids: &[CustomerId], scope: &Scope) -> Result<Vec<Arc<Row>>> {
    if *scope == Scope::Nothing || ids.is_empty() {
        return Ok(Vec::new());
    }
    let found = match gateway.runtime.announcements.epoch() {
        Some(epoch) => remembered(gateway, gateway.memory.stamp(epoch), ids, scope).await?,
        // Nobody tells what changes: memory is bypassed.
        None => {
            storage::view::load(&gateway.runtime.db, ids, scope).await?.into_iter().map(Arc::new).collect()
        }
    };
    let mut by_id: HashMap<CustomerId, Arc<Row>> =
        found.into_iter().map(|row| (row.customer_id, row)).collect();
    let rows: Vec<Arc<Row>> = ids.iter().filter_map(|id| by_id.remove(id)).collect();
    for row in &rows {
        row.stale.iter().for_each(|section| gateway.hint(*section, row.customer_id));
    }
    Ok(rows)
}

/// The rows of customers that their owner has just shown to this person. Those that the view does not
/// know yet are fetched at once; the view's own scope decides nevertheless.
pub(crate) async fn shown_rows(
    gateway: &Arc<Gateway>,
    ids: &[CustomerId],
    scope: &Scope,
) -> Result<Vec<Arc<Row>>> {
    let held = rows(gateway, ids, scope).await?;
    let missing: Vec<CustomerId> =
        ids.iter().filter(|id| held.iter().all(|row| row.customer_id != **id)).copied().collect();
    if missing.is_empty() || *scope == Scope::Nothing {
        return Ok(held);
    }
    refresh::fetch_now(gateway, Section::File, &missing).await?;
    rows(gateway, ids, scope).await
}

async fn remembered(
    gateway: &Arc<Gateway>,
    stamp: Stamp,
    ids: &[CustomerId],
    scope: &Scope,
) -> Result<Vec<Arc<Row>>> {
    let memory = &gateway.memory;
    let top = match scope {
        Scope::Subtree(code) => path(gateway, stamp, code).await?,
        Scope::Nothing | Scope::Everything => None,
    };
    let mut found = Vec::with_capacity(ids.len());
    let mut missing = Vec::new();
    for id in ids {
        match memory.row(stamp, *id) {
            Some(row) => found.push(row),
            None => missing.push(*id),
        }
    }
    let changes: HashMap<CustomerId, u64> = missing.iter().map(|id| (*id, memory.changes(*id))).collect();
    for row in storage::view::load(&gateway.runtime.db, &missing, &Scope::Everything).await? {
        let row = Arc::new(row);
        if row.unreadable.is_empty() {
            if let Some(changes) = changes.get(&row.customer_id) {
                memory.keep(stamp, *changes, &row);
            }
        } else {
            refresh::again(gateway, &row);
        }
        found.push(row);
    }
    found.retain(|row| row.is_in(scope, top.as_deref()));
    Ok(found)
}

/// The path of the unit with this code.
async fn path(gateway: &Gateway, stamp: Stamp, code: &str) -> Result<Option<String>> {
    if let Some(path) = gateway.memory.path(stamp, code) {
        return Ok(path);
    }
    let path = reference::org_unit::path_of_code(&gateway.runtime.db, code).await?;
    gateway.memory.keep_path(stamp, code, path.clone());
    Ok(path)
}
