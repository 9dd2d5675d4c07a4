//! What the stories share: one suite with its people, the mutations as the gateway itself describes them, and
//! the step that gives one of them in every way that it must stand.

use std::{
    collections::BTreeSet,
    sync::{Mutex, PoisonError},
};

use chrono::{DateTime, Utc};
use schema::{access::Role, ids::CustomerId};
use serde_json::{Map, Value, json};
use testkit::{Person, Place, Suite};

use crate::{company::Company, desk::Colleague, mutations::Mutations};

/// Stands in an expectation for what is there, whatever it is.
pub(super) const SET: &str = "<set>";
/// Stands for an empty list of objects.
pub(super) const NONE: &str = "<none>";
/// Stands for a list of objects that is not empty.
pub(super) const SOME: &str = "<some>";

pub(super) struct Story {
    pub(super) suite: Suite,
    pub(super) company: Company,
    /// Serves after the sale at `north-1`.
    pub(super) anna: Colleague,
    /// Serves after the sale at `north-1`, too.
    pub(super) bert: Colleague,
    /// Leads `north-1`.
    pub(super) dora: Colleague,
    /// A customer of `north-1`, known from the beginning.
    pub(super) customer: CustomerId,
    mutations: Mutations,
    told: Mutex<BTreeSet<String>>,
}

/// This instant.
pub(super) fn now() -> DateTime<Utc> {
    kit::clock::Clock::system().now()
}

impl Story {
    pub(super) async fn begin(place: &Place) -> Self {
        let suite = Suite::start(place).await;
        let company = Company::found(&suite).await;
        let here = (company.north_1, "north-1");
        let join = async |code, role| Colleague::join(&suite, &company, code, role, here).await;
        let anna = join("anna", Role::Aftersales).await;
        let bert = join("bert", Role::Aftersales).await;
        let dora = join("dora", Role::Manager).await;
        let customer = company.register(&suite, company.north_1, "Wang Jia", "+8613900008001").await.id;
        let mutations = Mutations::described(&suite, &company.admin).await;
        Self { suite, company, anna, bert, dora, customer, mutations, told: Mutex::default() }
    }

    /// The mutations that no step has given.
    pub(super) fn untold(&self) -> Vec<String> {
        let told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        self.mutations.names().filter(|name| !told.contains(*name)).cloned().collect()
    }

    /// One step: the mutation succeeds and its result holds what is expected; given again with the same key it
    /// answers the same; a role that may not is refused, and so is somebody of another unit when it is about a
    /// customer. Gives the result, with its id when it has one.
    pub(super) async fn does(&self, who: &Person, name: &str, arguments: Value, expected: Value) -> Value {
        let mutation = self.mutations.get(name);
        let mut shown = expected.as_object().expect("an expected result").clone();
        if mutation.has_id {
            shown.insert("id".to_owned(), Value::Null);
        }
        let about = arguments.get("customerId").is_some();
        let mut given = arguments;
        let told = self.told.lock().unwrap_or_else(PoisonError::into_inner).len();
        given["idempotencyKey"] = json!(format!("{name}-{told}"));
        let step = Step { name, query: mutation.query(name, &given, &selection(&shown)), given };

        let first = step.by(&self.suite, who).await;
        assert_eq!(first["errors"], json!([]), "{name}");
        let result = &first[&mutation.result];
        let mut differences = Vec::new();
        compare(result, &expected, name, &mut differences);
        assert!(differences.is_empty(), "{differences:#?}\n{result:#}");
        assert!(first["consistency"].is_string() || !about, "{name}: what was written must be readable");
        assert_eq!(step.by(&self.suite, who).await, first, "{name}: the same key, the same answer");
        self.refused(&step, who, about).await;
        self.told.lock().unwrap_or_else(PoisonError::into_inner).insert(name.to_owned());
        result.clone()
    }

    async fn refused(&self, step: &Step<'_>, who: &Person, about: bool) {
        // A partner may finish what was given to them, and nothing else; an executive decides on gestures only.
        let role = if step.name == "finishTask" { Role::Executive } else { Role::Partner };
        let may_not = step.by(&self.suite, &self.suite.person(role, "hq")).await;
        assert_eq!(may_not["errors"][0]["code"], "forbidden", "{} by {role:?}: {may_not}", step.name);
        if about {
            let stranger = Person::with_roles(&self.suite.data, &who.viewer.roles, "south-1");
            let elsewhere = step.by(&self.suite, &stranger).await;
            assert_eq!(elsewhere["errors"][0]["code"], "not-found", "{} elsewhere: {elsewhere}", step.name);
        }
    }
}

/// One operation with its variables.
struct Step<'a> {
    name: &'a str,
    query: String,
    given: Value,
}

impl Step<'_> {
    async fn by(&self, suite: &Suite, who: &Person) -> Value {
        suite.ask(who, &self.query, self.given.clone()).await[self.name].take()
    }
}

/// Selects the fields that an expectation names; of a list, those of its first item.
fn selection(shown: &Map<String, Value>) -> String {
    let fields = shown.iter().map(|(name, value)| {
        let nested = value.as_object().or_else(|| value.as_array().and_then(|all| all.first()?.as_object()));
        match value.as_str() {
            Some(NONE | SOME) => format!("{name} {{ __typename }}"),
            _ => format!("{name}{}", nested.map(selection).unwrap_or_default()),
        }
    });
    format!(" {{ {} }}", fields.collect::<Vec<_>>().join(" "))
}

/// Notes where what is differs from what is expected.
fn compare(is: &Value, expected: &Value, place: &str, differences: &mut Vec<String>) {
    match (is, expected) {
        (_, Value::String(text)) if text == SET => {
            if is.is_null() {
                differences.push(format!("{place} is not there"));
            }
        }
        (Value::Array(all), Value::String(text)) if text == NONE || text == SOME => {
            if all.is_empty() != (text == NONE) {
                differences.push(format!("{place} has {}", all.len()));
            }
        }
        (Value::Object(_), Value::Object(fields)) => {
            for (name, value) in fields {
                compare(&is[name], value, &format!("{place}.{name}"), differences);
            }
        }
        (Value::Array(all), Value::Array(wanted)) if all.len() == wanted.len() => {
            for (at, (one, value)) in all.iter().zip(wanted).enumerate() {
                compare(one, value, &format!("{place}[{at}]"), differences);
            }
        }
        _ if is == expected => {}
        _ => differences.push(format!("{place} is {is}, not {expected}")),
    }
}
