//! Registers a customer, with what other systems call them and what is known of them.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use kit::{Input, Result, Work};
use schema::{
    api::{
        customer::{
            Attribute, Completeness, ContactKind, ContactPreference, CustomerFile, CustomerStage,
            CustomerStatus, NewContactPoint, NewCustomer, RegisterCustomer, ServiceBrief,
        },
        problem::{Code, Problem},
    },
    event::{AttributeChanged, CustomerRegistered, customer::AttributeState},
    ids::{CustomerId, OrgUnitId},
};

use super::record_observation;
use crate::{
    domain::{
        attribute,
        contact::{self, Region},
        external_id,
        person::{self, Mistakes},
    },
    storage::{
        self,
        observation::Observed,
        registration::{ExternalKey, Registration},
    },
};

pub(crate) async fn register(
    work: &mut Work,
    input: Input<RegisterCustomer>,
    region: Region,
) -> Result<CustomerFile> {
    let new = input.body.as_ref();
    let id: CustomerId = work.new_id();
    let known = Known::named_by(work, [new]).await?;
    let registration = known.decide(id, new, region, work.now())?;
    work.revise(id, None).await?;
    tell(work, &registration)?;
    storage::registration::add(work, std::slice::from_ref(&registration)).await?;
    work.audit("customer.register", id, None)?;
    storage::customer::whole(work, id).await?.ok_or_else(|| Problem::not_found("customer").into())
}

/// What customers to register refer to, as far as it is there.
pub(super) struct Known {
    units: BTreeSet<OrgUnitId>,
    attributes: BTreeMap<String, Attribute>,
    /// The external ids that belong to somebody.
    taken: BTreeSet<ExternalKey>,
}

impl Known {
    pub(super) async fn named_by<'n>(
        work: &Work,
        customers: impl IntoIterator<Item = &'n NewCustomer>,
    ) -> Result<Self> {
        let (mut units, mut codes, mut keys) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        for new in customers {
            units.insert(new.home_unit_id);
            codes.extend(new.observations.iter().map(|one| one.attribute.as_str()));
            keys.extend(new.external_ids.iter().map(|one| (one.system.clone(), one.value.trim().to_owned())));
        }
        Ok(Self {
            units: reference::org_unit::in_scope(work, units, &reference::org_unit::reach(work)).await?,
            attributes: storage::attribute::by_codes(work, &codes).await?,
            taken: storage::external_id::taken(work, &keys).await?,
        })
    }

    /// The registration, when everything is right.
    pub(super) fn decide(
        &self,
        id: CustomerId,
        new: &NewCustomer,
        region: Region,
        now: DateTime<Utc>,
    ) -> Result<Registration, Problem> {
        let mut mistakes = Mistakes::default();
        let name = person::name(&new.name, "/name", &mut mistakes);
        person::birth_date(new.birth_date, now.date_naive(), &mut mistakes);
        person::language(new.language.as_deref(), &mut mistakes);
        let contact_points = contact_points(&new.contact_points, region, &mut mistakes);
        let external_ids = external_ids(new, &mut mistakes);
        let observations = self.observations(new, now, &mut mistakes);
        mistakes.none_or_problem()?;
        if !self.units.contains(&new.home_unit_id) {
            return Err(reference::org_unit::out_of_reach("/home_unit_id"));
        }
        // Whose it is would tell of a customer out of scope.
        if external_ids.iter().any(|key| self.taken.contains(key)) {
            return Err(Problem::new(Code::AlreadyExists, external_id::TAKEN));
        }
        Ok(Registration { file: file(id, name, new, now), contact_points, external_ids, observations })
    }

    /// External ids belong to somebody from now on.
    pub(super) fn take(&mut self, registration: &Registration) {
        self.taken.extend(registration.external_ids.iter().cloned());
    }

    fn observations(&self, new: &NewCustomer, now: DateTime<Utc>, mistakes: &mut Mistakes) -> Vec<Observed> {
        if new.observations.len() > attribute::SHOWN {
            mistakes
                .add("/observations", format!("at most {} observations with a customer", attribute::SHOWN));
        }
        let mut observed = Vec::new();
        for (at, one) in new.observations.iter().enumerate() {
            let mut wrong = Mistakes::default();
            let of = self.attributes.get(&one.attribute);
            if of.is_some_and(|of| of.retired_at.is_some()) {
                wrong.add("/attribute", attribute::RETIRED);
            }
            observed.extend(record_observation::checked(one, of, now, &mut wrong));
            mistakes.extend_at(&format!("/observations/{at}"), wrong);
        }
        observed
    }
}

fn file(id: CustomerId, name: String, new: &NewCustomer, now: DateTime<Utc>) -> CustomerFile {
    CustomerFile {
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
        registered_at: now,
        revision: 1,
    }
}

/// Tells a registration, and of its attributes those that segments may ask for: what was observed last counts.
pub(super) fn tell(work: &mut Work, registration: &Registration) -> Result<()> {
    let (file, now) = (&registration.file, work.now());
    work.tell::<CustomerRegistered>(file.id, file.revision, now, &storage::customer::state(file))?;
    let mut counting: BTreeMap<&str, &Observed> = BTreeMap::new();
    for one in registration.observations.iter().filter(|one| one.of.segmentable) {
        let held = counting.entry(&one.of.code).or_insert(one);
        if one.observed_at >= held.observed_at {
            *held = one;
        }
    }
    for one in counting.into_values() {
        let state = AttributeState {
            customer_id: file.id,
            attribute: one.of.code.clone(),
            value: attribute::value_of(one.of.value_type, &one.value),
            observed_at: one.observed_at,
        };
        work.tell::<AttributeChanged>(file.id, file.revision, one.observed_at, &state)?;
    }
    work.arrived(file.id);
    Ok(())
}

/// What other systems call the customer, each once.
fn external_ids(new: &NewCustomer, mistakes: &mut Mistakes) -> Vec<ExternalKey> {
    if i64::try_from(new.external_ids.len()).is_ok_and(|count| count > external_id::MOST) {
        mistakes.add("/external_ids", format!("a customer has at most {} external ids", external_id::MOST));
    }
    let mut keys = Vec::new();
    for (at, one) in new.external_ids.iter().enumerate() {
        let mut wrong = Mistakes::default();
        let key = (one.system.clone(), external_id::check(&one.system, &one.value, &mut wrong));
        mistakes.extend_at(&format!("/external_ids/{at}"), wrong);
        if !keys.contains(&key) {
            keys.push(key);
        }
    }
    keys
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
