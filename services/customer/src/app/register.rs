//! Registers a customer.

use kit::{Input, Result, Work};
use schema::{
    api::{
        customer::{
            Completeness, ContactKind, ContactPreference, CustomerFile, CustomerStage, CustomerStatus,
            NewContactPoint, RegisterCustomer, ServiceBrief,
        },
        problem::Problem,
    },
    event::CustomerRegistered,
    ids::CustomerId,
};

use crate::{
    domain::{
        contact::{self, Region},
        person::{self, Mistakes},
    },
    storage,
};

pub(crate) async fn register(
    work: &mut Work,
    input: Input<RegisterCustomer>,
    region: Region,
) -> Result<CustomerFile> {
    let new = &input.body;
    let mut mistakes = Mistakes::default();
    let name = person::name(&new.name, "/name", &mut mistakes);
    person::birth_date(new.birth_date, work.now().date_naive(), &mut mistakes);
    person::language(new.language.as_deref(), &mut mistakes);
    let points = contact_points(&new.contact_points, region, &mut mistakes);
    mistakes.none_or_problem()?;
    super::require_unit(work, new.home_unit_id, "/home_unit_id").await?;

    let id: CustomerId = work.new_id();
    let file = CustomerFile {
        id,
        kind: new.kind,
        status: CustomerStatus::Active,
        name: Some(name),
        birth_date: new.birth_date,
        language: new.language.clone(),
        market_type: new.market_type,
        stage: CustomerStage::Lead,
        external_ids: Vec::new(),
        household_id: None,
        household_member_ids: Vec::new(),
        home_unit_id: new.home_unit_id,
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
        registered_at: work.now(),
        revision: work.revise(id, None).await?,
    };
    storage::customer::put(work, &file, true).await?;
    storage::contact_point::add(work, id, &points).await?;
    work.tell::<CustomerRegistered>(id, file.revision, work.now(), &storage::customer::state(&file))?;
    work.audit("customer.register", id, None).await?;
    work.arrived(id);
    storage::customer::whole(work, id).await?.ok_or_else(|| Problem::not_found("customer").into())
}

/// The contact points in their normal form, each once.
fn contact_points(
    written: &[NewContactPoint],
    region: Region,
    mistakes: &mut Mistakes,
) -> Vec<(ContactKind, String)> {
    if written.len() > contact::MOST {
        mistakes.add("/contact_points", format!("a customer has at most {} contact points", contact::MOST));
    }
    let mut points = Vec::new();
    for (at, point) in written.iter().enumerate() {
        match contact::normalise(point.kind, &point.value, region) {
            Ok(value) if points.contains(&(point.kind, value.clone())) => {}
            Ok(value) => points.push((point.kind, value)),
            Err(rule) => mistakes.add(format!("/contact_points/{at}/value"), rule),
        }
    }
    points
}
