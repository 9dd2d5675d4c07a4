//! New customers with everything that is registered with them, many at once.

use std::collections::{BTreeMap, BTreeSet};

use kit::{
    Result, Work,
    db::word,
    rows::{Rows, among},
};
use schema::{
    api::customer::{ContactKind, CustomerFile},
    ids::{ContactPointId, CustomerId, ExternalRefId},
};
use sea_orm::Value;
use uuid::Uuid;

use super::observation::{self, Observed};
use crate::domain::person;

/// System and value of an external id.
pub(crate) type ExternalKey = (String, String);

/// A new customer.
pub(crate) struct Registration {
    pub(crate) file: CustomerFile,
    /// Normalised, each once.
    pub(crate) contact_points: Vec<(ContactKind, String)>,
    /// Each once.
    pub(crate) external_ids: Vec<ExternalKey>,
    pub(crate) observations: Vec<Observed>,
}

/// Which of these customers are registered, and whether each is in the scope of whoever commands this.
pub(crate) async fn reached(work: &Work, ids: &BTreeSet<CustomerId>) -> Result<BTreeMap<CustomerId, bool>> {
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let mut values: Vec<Value> = Vec::new();
    let asked = among(work.backend(), "c.id", ids.iter().map(|id| id.uuid()), &mut values);
    let condition = reference::scope::of_customer(&work.scope(), "c.id", &mut values);
    let sql = format!("SELECT c.id, CASE WHEN {condition} THEN 1 ELSE 0 END FROM customer c WHERE {asked}");
    let rows = work.query_all(&sql, values).await?;
    rows.iter()
        .map(|row| Ok((row.try_get_by_index::<Uuid>(0)?.into(), row.try_get_by_index::<i32>(1)? == 1)))
        .collect()
}

/// Gives new customers their first revision. One that another command registers now is a unique violation.
pub(crate) async fn begin(work: &Work, new: &[Registration]) -> Result<()> {
    let mut rows = Rows::into("revision", ["subject_id", "revision"]);
    // In the order of ids, so that two batches do not wait for each other.
    let ids: BTreeSet<Uuid> = new.iter().map(|one| one.file.id.uuid()).collect();
    for id in ids {
        rows.push([id.into(), 1_i64.into()]);
    }
    work.insert(rows, "").await
}

/// Writes new customers; their revisions were raised.
pub(crate) async fn add(work: &Work, new: &[Registration]) -> Result<()> {
    let mut customers = Rows::into(
        "customer",
        [
            "id",
            "kind",
            "status",
            "name",
            "name_key",
            "birth_date",
            "language",
            "market_type",
            "home_unit_id",
            "registered_at",
            "changed_at",
        ],
    );
    let mut units = Rows::into("customer_unit", ["customer_id", "org_unit_id"]);
    let mut points = Rows::into("contact_point", ["customer_id", "id", "kind", "value"]);
    let mut called: BTreeMap<&ExternalKey, CustomerId> = BTreeMap::new();
    for one in new {
        let (file, name) = (&one.file, one.file.name.clone().unwrap_or_default());
        customers.push([
            file.id.uuid().into(),
            word(&file.kind)?.into(),
            word(&file.status)?.into(),
            name.as_str().into(),
            person::search_key(&name).into(),
            file.birth_date.into(),
            file.language.clone().into(),
            file.market_type.as_ref().map(word).transpose()?.into(),
            file.home_unit_id.uuid().into(),
            file.registered_at.into(),
            work.now().into(),
        ]);
        units.push([file.id.uuid().into(), file.home_unit_id.uuid().into()]);
        for (kind, value) in &one.contact_points {
            points.push([
                file.id.uuid().into(),
                work.new_id::<ContactPointId>().uuid().into(),
                word(kind)?.into(),
                value.as_str().into(),
            ]);
        }
        called.extend(one.external_ids.iter().map(|key| (key, file.id)));
    }
    work.insert(customers, "").await?;
    work.insert(units, "").await?;
    work.insert(points, "").await?;
    // In the order of keys, so that two batches do not wait for each other.
    let mut keys = Rows::into("external_id", ["customer_id", "id", "system", "value"]);
    for ((system, value), customer) in called {
        let id = work.new_id::<ExternalRefId>().uuid();
        keys.push([customer.uuid().into(), id.into(), system.as_str().into(), value.as_str().into()]);
    }
    work.insert(keys, "").await?;
    let mut observed = Vec::new();
    for one in new {
        observed.extend(one.observations.iter().map(|seen| (one.file.id, seen)));
    }
    observation::add(work, &observed).await
}
