//! Registers and updates whoever identified themselves.
//!
//! A user whom nobody knows by the source's namespace becomes a customer of the source's unit. What the
//! traits say is taken up field by field: a wrong phone number costs nobody their name.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use kit::Result;
use schema::{
    api::{
        batch::{Batch, BatchResult, ITEMS_MAX},
        customer::{
            AttributeText, ContactKind, CustomerKind, NewContactPoint, NewCustomer, NewCustomerItem,
            NewExternalId, ProfileUpdate, ProfileUpdated, ProfileUpdates, RegisterCustomersInternally,
            UPDATES_MAX, UpdateProfilesInternally,
        },
        ingestion::MessageState,
        problem::Problem,
        section::Section,
    },
    ids::CustomerId,
};

use super::{
    super::Gateway,
    batches::in_batches,
    forward::{Task, User, refused},
    settle::Settlement,
};
use crate::domain::ingestion::{
    message::{anonymous_key, user_key},
    plan::Plan,
    profile::Profile,
};

/// Identifies the people of a round; `known` has them afterwards.
pub(super) async fn identify(
    gateway: &Arc<Gateway>,
    tasks: &[Task],
    known: &mut HashMap<User, CustomerId>,
    settlement: &mut Settlement,
) -> Result<()> {
    let identifies: Vec<(&Task, &Profile, User)> = tasks
        .iter()
        .filter_map(|task| match (&task.plan, task.user()) {
            (Plan::Identify(profile), Some(user)) => Some((task, profile, user)),
            _ => None,
        })
        .collect();
    register(gateway, &identifies, known, settlement).await?;
    update(gateway, &identifies, known, settlement).await
}

/// Registers those whom nobody knows, each once.
async fn register(
    gateway: &Arc<Gateway>,
    identifies: &[(&Task, &Profile, User)],
    known: &mut HashMap<User, CustomerId>,
    settlement: &mut Settlement,
) -> Result<()> {
    let mut seen: HashSet<&User> = HashSet::new();
    // The namespace is the source of the batch: two sources of one namespace mean the same person.
    let mut by_namespace: HashMap<&str, Vec<&(&Task, &Profile, User)>> = HashMap::new();
    for one in identifies.iter().filter(|(_, _, user)| !known.contains_key(user)) {
        if seen.insert(&one.2) {
            by_namespace.entry(one.2.0.as_str()).or_default().push(one);
        }
    }
    let mut problems = HashMap::new();
    for (namespace, new) in by_namespace {
        let body = |part: &[&(&Task, &Profile, User)]| Batch {
            source: format!("tracking.{namespace}"),
            items: part.iter().map(|(task, profile, user)| item(task, profile, user)).collect(),
        };
        let settle =
            |(_, _, user): &&(&Task, &Profile, User), result: Result<BatchResult, Problem>| match result {
                Ok(BatchResult { id: Some(id), .. }) => {
                    known.insert(user.clone(), id.into());
                }
                Ok(BatchResult { problem: Some(problem), .. }) | Err(problem) => {
                    problems.insert(user.clone(), problem);
                }
                Ok(BatchResult { id: None, problem: None, .. }) => {}
            };
        in_batches::<RegisterCustomersInternally, _, _>(
            gateway,
            Section::File,
            (&new, ITEMS_MAX),
            body,
            |reply| reply.items,
            settle,
        )
        .await?;
    }
    for (task, _, user) in identifies {
        if let Some(problem) = problems.get(user) {
            refused(task, problem, settlement);
        }
    }
    Ok(())
}

fn item(task: &Task, profile: &Profile, user: &User) -> NewCustomerItem {
    let (system, value) = user.clone();
    let command = NewCustomer {
        kind: CustomerKind::Consumer,
        // Somebody of whom nothing is said but an id.
        name: profile.name.clone().unwrap_or_else(|| value.clone()),
        birth_date: None,
        language: None,
        market_type: None,
        home_unit_id: task.source.org_unit_id,
        contact_points: Vec::new(),
        external_ids: vec![NewExternalId { system, value: value.clone() }],
        observations: Vec::new(),
    };
    NewCustomerItem { reference: value, command }
}

/// Takes up what the traits say, and joins what the device did before.
async fn update(
    gateway: &Arc<Gateway>,
    identifies: &[(&Task, &Profile, User)],
    known: &HashMap<User, CustomerId>,
    settlement: &mut Settlement,
) -> Result<()> {
    let mut by_source: HashMap<&str, Vec<(&Task, ProfileUpdate)>> = HashMap::new();
    for (task, profile, user) in identifies {
        let Some(customer) = known.get(user) else { continue };
        let update = profile_update(task, profile, *customer);
        by_source.entry(task.source.code.as_str()).or_default().push((task, update));
    }
    for (source, updates) in by_source {
        let body = |part: &[(&Task, ProfileUpdate)]| ProfileUpdates {
            source: source.to_owned(),
            items: part.iter().map(|(_, update)| update.clone()).collect(),
        };
        let settle =
            |(task, update): &(&Task, ProfileUpdate), result: Result<ProfileUpdated, Problem>| match result {
                Ok(updated) => taken_up(task, update.customer_id, &updated, settlement),
                Err(problem) => refused(task, &problem, settlement),
            };
        in_batches::<UpdateProfilesInternally, _, _>(
            gateway,
            Section::File,
            (&updates, UPDATES_MAX),
            body,
            |reply| reply.items,
            settle,
        )
        .await?;
    }
    Ok(())
}

/// What became of what was said of a customer.
fn taken_up(task: &Task, customer: CustomerId, updated: &ProfileUpdated, settlement: &mut Settlement) {
    if !updated.is_known {
        return settlement.put_off(task.id, task.attempts);
    }
    join(task, customer, settlement);
    let left_out: Vec<String> =
        updated.left_out.iter().map(|one| format!("{}: {}", one.pointer, one.detail)).collect();
    if left_out.is_empty() {
        settlement.end(task.id, MessageState::Applied);
    } else {
        settlement.end_but(task.id, format!("left out {}", left_out.join("; ")));
    }
}

fn profile_update(task: &Task, profile: &Profile, customer_id: CustomerId) -> ProfileUpdate {
    let point = |kind, value: &Option<String>| value.clone().map(|value| NewContactPoint { kind, value });
    let points = [point(ContactKind::Email, &profile.email), point(ContactKind::Phone, &profile.phone)];
    let text = |(attribute, text): (&String, &String)| AttributeText {
        attribute: attribute.clone(),
        text: text.clone(),
    };
    ProfileUpdate {
        customer_id,
        observed_at: task.message.occurred_at,
        name: profile.name.clone(),
        birth_date: profile.birth_date,
        language: profile.language.clone(),
        contact_points: points.into_iter().flatten().collect(),
        attributes: profile.attributes.iter().map(text).collect(),
    }
}

/// What waited for this user, or was done on this device before, is theirs.
fn join(task: &Task, customer: CustomerId, settlement: &mut Settlement) {
    let source = task.source.id;
    if let Some(user) = &task.message.user_id {
        settlement.release(user_key(source, user));
    }
    if let Some(anonymous) = &task.message.anonymous_id {
        settlement.link(anonymous_key(source, anonymous), customer);
    }
}
