//! Customer files: written row by row, read in batches with thirteen statements however many they are.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};
use kit::{
    Db, Result, Work,
    db::{from_word, statement, word},
    rows::among,
};
use schema::{
    access::Scope,
    api::customer::{
        Completeness, ContactKind, ContactPoint, ContactPreference, CustomerFile, CustomerStage, ServiceBrief,
    },
    event::customer::CustomerState,
    ids::{CustomerId, OrgUnitId},
};
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait as _, FromQueryResult as _, Value};
use uuid::Uuid;

use super::{
    entity::{contact_point, customer, customer_unit},
    profile,
};
use crate::domain::{person, stage};

/// Writes a changed file's own fields, its home unit and serving units; contact points have their own room.
pub(crate) async fn put(work: &Work, file: &CustomerFile) -> Result<()> {
    let name = file.name.clone().unwrap_or_default();
    let row = customer::ActiveModel {
        id: Set(file.id.into()),
        kind: Set(word(&file.kind)?),
        status: Set(word(&file.status)?),
        name_key: Set(person::search_key(&name)),
        name: Set(name),
        birth_date: Set(file.birth_date),
        language: Set(file.language.clone()),
        market_type: Set(file.market_type.as_ref().map(word).transpose()?),
        home_unit_id: Set(file.home_unit_id.into()),
        registered_at: Set(file.registered_at),
        changed_at: Set(work.now()),
    };
    customer::Entity::update(row).exec(work.tx()).await?;
    reference::customer::keep_units(work, [&state(file)].into_iter()).await
}

/// What the others are told of a customer.
pub(crate) fn state(file: &CustomerFile) -> CustomerState {
    CustomerState {
        customer_id: file.id,
        kind: file.kind,
        status: file.status,
        home_unit_id: file.home_unit_id,
        serving_unit_ids: file.serving_unit_ids.clone(),
    }
}

/// The file's own rows within a command, if it is in the scope of whoever commands it: what decisions need.
pub(crate) async fn find(work: &Work, id: CustomerId) -> Result<Option<CustomerFile>> {
    Ok(load(work.tx(), &[id], &work.scope(), work.now().date_naive()).await?.pop())
}

/// The files' own rows of those of these customers who are in the scope of whoever commands it, in their order.
pub(crate) async fn find_each(work: &Work, ids: &[CustomerId]) -> Result<Vec<CustomerFile>> {
    load(work.tx(), ids, &work.scope(), work.now().date_naive()).await
}

/// The whole file within a command, if it is in the scope of whoever commands it: what they get to read.
pub(crate) async fn whole(work: &Work, id: CustomerId) -> Result<Option<CustomerFile>> {
    let today = work.now().date_naive();
    let mut files = load(work.tx(), &[id], &work.scope(), today).await?;
    profile::complete(work.tx(), &mut files, today).await?;
    Ok(files.pop())
}

/// Of these customers, those that are in the scope of whoever commands this.
pub(crate) async fn in_scope(work: &Work, ids: &BTreeSet<CustomerId>) -> Result<BTreeSet<CustomerId>> {
    if ids.is_empty() {
        return Ok(BTreeSet::new());
    }
    let mut values: Vec<Value> = Vec::new();
    let asked = among(work.backend(), "c.id", ids.iter().map(|id| id.uuid()), &mut values);
    let condition = reference::scope::of_customer(&work.scope(), "c.id", &mut values);
    let sql = format!("SELECT c.id FROM customer c WHERE {asked} AND {condition}");
    let rows = work.query_all(&sql, values).await?;
    let ids: Result<BTreeSet<CustomerId>, _> =
        rows.iter().map(|row| row.try_get_by_index::<Uuid>(0).map(CustomerId::from)).collect();
    Ok(ids?)
}

/// The files of those of `ids` that are in scope, in the order of `ids`; `today` decides which relationships
/// are valid.
pub(crate) async fn files(
    db: &Db,
    ids: &[CustomerId],
    scope: &Scope,
    today: NaiveDate,
) -> Result<Vec<CustomerFile>> {
    let mut files = load(db.read(), ids, scope, today).await?;
    profile::complete(db.read(), &mut files, today).await?;
    Ok(files)
}

/// Whether the customer exists and is in scope.
pub(crate) async fn is_in_scope(db: &Db, id: CustomerId, scope: &Scope) -> Result<bool> {
    let mut values: Vec<Value> = vec![id.uuid().into()];
    let condition = reference::scope::of_customer(scope, "c.id", &mut values);
    let sql = format!("SELECT 1 FROM customer c WHERE c.id = $1 AND {condition}");
    Ok(db.read().query_one_raw(statement(db.read(), &sql, values)).await?.is_some())
}

/// Every customer in scope with this normalised contact, changed last first; at most `limit`.
pub(crate) async fn by_contact(
    db: &Db,
    kind: ContactKind,
    value: &str,
    scope: &Scope,
    limit: u32,
    today: NaiveDate,
) -> Result<Vec<CustomerFile>> {
    let mut values: Vec<Value> = vec![word(&kind)?.into(), value.into()];
    let condition = reference::scope::of_customer(scope, "c.id", &mut values);
    values.push(i64::from(limit).into());
    let sql = format!(
        "SELECT c.id FROM contact_point p JOIN customer c ON c.id = p.customer_id \
         WHERE p.kind = $1 AND p.value = $2 AND {condition} ORDER BY c.changed_at DESC, c.id DESC LIMIT ${}",
        values.len()
    );
    let rows = db.read().query_all_raw(statement(db.read(), &sql, values)).await?;
    let ids: Result<Vec<CustomerId>, _> =
        rows.iter().map(|row| row.try_get_by_index::<Uuid>(0).map(CustomerId::from)).collect();
    files(db, &ids?, &Scope::Everything, today).await
}

async fn load(
    connection: &impl ConnectionTrait,
    ids: &[CustomerId],
    scope: &Scope,
    today: NaiveDate,
) -> Result<Vec<CustomerFile>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let backend = connection.get_database_backend();
    let mut values: Vec<Value> = Vec::new();
    let asked = among(backend, "c.id", ids.iter().map(|id| id.uuid()), &mut values);
    let condition = reference::scope::of_customer(scope, "c.id", &mut values);
    let sql = format!(
        "SELECT c.*, r.revision FROM customer c JOIN revision r ON r.subject_id = c.id \
         WHERE {asked} AND {condition}"
    );
    let rows = connection.query_all_raw(statement(connection, &sql, values)).await?;
    let mut files: BTreeMap<Uuid, CustomerFile> = BTreeMap::new();
    for row in &rows {
        let model = customer::Model::from_query_result(row, "")?;
        let reached = from_word(row.try_get("", "stage")?)?;
        let stage = stage::on(today, reached, row.try_get("", "last_purchase_at")?);
        files.insert(model.id, file(model, stage, row.try_get("", "revision")?)?);
    }
    let found: Vec<Uuid> = files.keys().copied().collect();
    if found.is_empty() {
        return Ok(Vec::new());
    }
    // One array on PostgreSQL, so that the texts are the same for any number of customers.
    let theirs = |table: &str, order: &str| {
        let mut values: Vec<Value> = Vec::new();
        let theirs = among(backend, "customer_id", found.iter().copied(), &mut values);
        let sql = format!("SELECT * FROM {table} WHERE {theirs} ORDER BY {order}");
        statement(connection, &sql, values)
    };
    let points =
        contact_point::Entity::find().from_raw_sql(theirs("contact_point", "id")).all(connection).await?;
    for point in points {
        if let Some(file) = files.get_mut(&point.customer_id) {
            let kind = from_word(point.kind)?;
            file.contact_points.push(ContactPoint { id: point.id.into(), kind, value: Some(point.value) });
        }
    }
    let units = customer_unit::Entity::find()
        .from_raw_sql(theirs("customer_unit", "org_unit_id"))
        .all(connection)
        .await?;
    for unit in units {
        let unit_id = OrgUnitId::from(unit.org_unit_id);
        if let Some(file) = files.get_mut(&unit.customer_id)
            && file.home_unit_id != unit_id
        {
            file.serving_unit_ids.push(unit_id);
        }
    }
    Ok(ids.iter().filter_map(|id| files.remove(&id.uuid())).collect())
}

fn file(row: customer::Model, stage: CustomerStage, revision: i64) -> Result<CustomerFile> {
    let registered_at: DateTime<Utc> = row.registered_at;
    Ok(CustomerFile {
        id: row.id.into(),
        kind: from_word(row.kind)?,
        status: from_word(row.status)?,
        name: Some(row.name),
        birth_date: row.birth_date,
        language: row.language,
        market_type: row.market_type.map(from_word).transpose()?,
        stage,
        external_ids: Vec::new(),
        household_id: None,
        household_member_ids: Vec::new(),
        home_unit_id: row.home_unit_id.into(),
        serving_unit_ids: Vec::new(),
        contact_points: Vec::new(),
        attributes: Vec::new(),
        completeness: Completeness::default(),
        containers: Vec::new(),
        relationships: Vec::new(),
        relationship_counts: Vec::new(),
        contact_preference: ContactPreference::default(),
        consents: Vec::new(),
        service_brief: ServiceBrief::default(),
        registered_at,
        revision,
    })
}
