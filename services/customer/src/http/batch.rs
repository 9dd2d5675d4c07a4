//! Batches, and which customers other systems mean: for whoever may give the single commands, and for services.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use kit::{Input, Result, Routes, Runtime};
use schema::{
    access::Scope,
    api::customer::{
        AddRelationships, AddRelationshipsInternally, ExternalKeys, RegisterCustomers,
        RegisterCustomersInternally, ResolveCustomers, ResolveCustomersInternally, ResolvedCustomer,
    },
};

use crate::{
    app::{add_relationships::add_relationships, register_customers::register_customers},
    domain::contact::Region,
    storage,
};

pub(super) fn mount(routes: Routes, region: Region) -> Routes {
    routes
        .batch::<RegisterCustomers>(move |work, batch| {
            Box::pin(async move { register_customers(work, &batch, region).await })
        })
        .batch::<RegisterCustomersInternally>(move |work, batch| {
            Box::pin(async move { register_customers(work, &batch, region).await })
        })
        .batch::<AddRelationships>(|work, batch| {
            Box::pin(async move { add_relationships(work, &batch).await })
        })
        .batch::<AddRelationshipsInternally>(|work, batch| {
            Box::pin(async move { add_relationships(work, &batch).await })
        })
        .read::<ResolveCustomers, _>(|runtime, input: Input<ResolveCustomers>| async move {
            resolve(runtime, &input.body, input.caller.viewer.scope()).await
        })
        .read::<ResolveCustomersInternally, _>(
            |runtime, input: Input<ResolveCustomersInternally>| async move {
                resolve(runtime, &input.body, input.caller.viewer.scope()).await
            },
        )
}

async fn resolve(
    runtime: Arc<Runtime>,
    wanted: &ExternalKeys,
    scope: Scope,
) -> Result<Vec<ResolvedCustomer>> {
    let mut positions: BTreeMap<(String, String), Vec<u32>> = BTreeMap::new();
    for (position, key) in (0..).zip(wanted.checked()?) {
        let key = (key.system.clone(), key.value.trim().to_owned());
        positions.entry(key).or_default().push(position);
    }
    let keys: BTreeSet<(String, String)> = positions.keys().cloned().collect();
    let found = storage::external_id::resolve(&runtime.db, &keys, &scope).await?;
    let mut resolved: Vec<ResolvedCustomer> = found
        .into_iter()
        .flat_map(|(key, customer_id)| {
            let places = positions.get(&key).cloned().unwrap_or_default();
            places.into_iter().map(move |position| ResolvedCustomer { position, customer_id })
        })
        .collect();
    resolved.sort_by_key(|one| one.position);
    Ok(resolved)
}
