//! The customers whom the file means: the ids of another system become ours.

use std::collections::{HashMap, HashSet};

use moka::sync::Cache;
use schema::{
    api::{
        NoParameters,
        batch::{Batch, Outcome},
        customer::{
            CustomerKind, ExternalKey, ExternalKeys, KEYS_MAX, NewCustomer, NewCustomerItem, NewExternalId,
            RegisterCustomers, ResolveCustomers,
        },
        problem::{Code, Problem},
    },
    ids::{CustomerId, OrgUnitId},
    topology::Service,
};

use super::Failed;
use crate::door::{Door, Refusal};

/// How many ids are remembered: a file in the order of its customers asks for each once.
const REMEMBERED: u64 = 100_000;

/// What is known of an id of the other system.
pub(crate) type Found = HashMap<String, Result<CustomerId, Problem>>;

/// Finds customers by the ids of one system.
pub(crate) struct Customers {
    system: String,
    source: String,
    known: Cache<String, CustomerId>,
}

impl Customers {
    /// Customers as this system calls them.
    pub(crate) fn of(system: &str, source: &str) -> Self {
        Self { system: system.to_owned(), source: source.to_owned(), known: Cache::new(REMEMBERED) }
    }

    /// Those of these ids that are known and in scope.
    ///
    /// # Errors
    /// Why the import cannot go on.
    pub(crate) async fn find(&self, door: &Door, values: &HashSet<&str>) -> Result<Found, Failed> {
        let mut found = Found::new();
        let mut asked = Vec::new();
        for value in values {
            match self.known.get(*value) {
                Some(customer) => {
                    found.insert((*value).to_owned(), Ok(customer));
                }
                None => asked.push(*value),
            }
        }
        for values in asked.chunks(KEYS_MAX) {
            let key = |value: &&str| ExternalKey { system: self.system.clone(), value: (*value).to_owned() };
            let keys = ExternalKeys { keys: values.iter().map(key).collect() };
            for one in door.ask::<ResolveCustomers>(&NoParameters::default(), &keys).await? {
                if let Some(value) = values.get(one.position as usize) {
                    self.known.insert((*value).to_owned(), one.customer_id);
                    found.insert((*value).to_owned(), Ok(one.customer_id));
                }
            }
        }
        Ok(found)
    }

    /// Registers those who are not known, as customers of whom nothing else is known; gives how many were.
    ///
    /// # Errors
    /// Why the import cannot go on.
    pub(crate) async fn register(
        &self,
        door: &Door,
        missing: &[(&str, OrgUnitId)],
        found: &mut Found,
    ) -> Result<u64, Failed> {
        let mut registered = 0;
        for part in missing.chunks(KEYS_MAX) {
            let items = part.iter().map(|(value, unit)| self.bare(value, *unit)).collect();
            let batch = Batch { source: self.source.clone(), items };
            let reply =
                door.call::<RegisterCustomers>(Service::Customer, &NoParameters::default(), &batch).await;
            let reply = match reply {
                Ok(reply) => reply,
                Err(Refusal::Stop(failed)) => return Err(failed),
                Err(Refusal::Problem(problem)) => return Err(problem),
            };
            let mut taken = HashSet::new();
            for ((value, _), result) in part.iter().zip(reply.items) {
                match (result.id, result.problem) {
                    (Some(id), _) => {
                        registered += u64::from(result.outcome == Outcome::Applied);
                        self.known.insert((*value).to_owned(), id.into());
                        found.insert((*value).to_owned(), Ok(id.into()));
                    }
                    // Somebody else registered them in this moment.
                    (None, Some(problem)) if problem.code == Code::AlreadyExists => {
                        taken.insert(*value);
                        found.insert((*value).to_owned(), Err(problem));
                    }
                    (None, Some(problem)) => {
                        found.insert((*value).to_owned(), Err(problem));
                    }
                    (None, None) => {}
                }
            }
            if !taken.is_empty() {
                found.extend(self.find(door, &taken).await?);
            }
        }
        Ok(registered)
    }

    fn bare(&self, value: &str, unit: OrgUnitId) -> NewCustomerItem {
        let system = self.system.clone();
        NewCustomerItem {
            reference: format!("missing:{system}:{value}"),
            command: NewCustomer {
                kind: CustomerKind::Consumer,
                name: format!("{system} {value}"),
                birth_date: None,
                language: None,
                market_type: None,
                home_unit_id: unit,
                contact_points: Vec::new(),
                external_ids: vec![NewExternalId { system, value: value.to_owned() }],
                observations: Vec::new(),
            },
        }
    }
}
