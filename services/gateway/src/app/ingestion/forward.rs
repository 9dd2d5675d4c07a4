//! Forwards messages to the services that own what they tell: one round takes those that came first.
//!
//! People first: whoever identifies themselves is registered or updated, and what their device did before is
//! theirs from then on. Then contacts and purchases. Every effect is known by a reference, so a round that
//! breaks off is simply done again. A message that is refused ends with the reason; one that nobody can be
//! found for waits; while an owner is away everything waits for it.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
    time::Duration,
};

use kit::Result;
use schema::{
    api::{
        customer::{ExternalKey, ExternalKeys, KEYS_MAX, ResolveCustomersInternally},
        ingestion::{IngestionSource, MessageState},
        problem::{Code, Problem},
        section::Section,
    },
    ids::{CustomerId, IngestionMessageId, IngestionSourceId},
};
use uuid::Uuid;

use super::{super::Gateway, deliver, identify, settle::Settlement};
use crate::{
    domain::ingestion::{
        message::{Message, anonymous_key, user_key},
        plan::{self, Plan},
    },
    storage::ingestion::{link, message, source},
};

/// Messages of one round: as many as a batch takes.
const ROUND: usize = 500;
/// How often a message is forwarded before what hinders it counts as a refusal.
const ATTEMPTS_MOST: i32 = 60;
/// Until a message for a user whom nobody knows is looked at again: they may be registered elsewhere.
const RECHECK_USER: Duration = Duration::from_secs(3_600);
/// Until a message of a device that nobody knows is looked at again: links are followed at once.
const RECHECK_DEVICE: Duration = Duration::from_secs(24 * 3_600);

/// A message in a round, with what is to be done.
pub(super) struct Task {
    pub(super) id: IngestionMessageId,
    pub(super) attempts: i32,
    pub(super) message: Message,
    pub(super) source: Arc<IngestionSource>,
    pub(super) plan: Plan,
}

/// A user as a namespace knows them.
pub(super) type User = (String, String);

impl Task {
    /// Whose it is by the sender's id of users.
    pub(super) fn user(&self) -> Option<User> {
        self.message.user_id.as_ref().map(|id| (self.source.namespace.clone(), id.clone()))
    }

    fn user_key(&self) -> Option<Uuid> {
        self.message.user_id.as_deref().map(|id| user_key(self.source.id, id))
    }

    fn anonymous_key(&self) -> Option<Uuid> {
        self.message.anonymous_id.as_deref().map(|id| anonymous_key(self.source.id, id))
    }
}

/// Whether there is something to forward.
pub(crate) async fn is_due(gateway: &Gateway) -> Result<bool> {
    Ok(!message::due(&gateway.runtime.db, 1).await?.is_empty())
}

/// Forwards the messages that came first. `true` when there may be more.
pub(crate) async fn round(gateway: &Arc<Gateway>) -> Result<bool> {
    let pending = message::due(&gateway.runtime.db, ROUND).await?;
    if pending.is_empty() {
        return Ok(false);
    }
    let is_full = pending.len() == ROUND;
    let sources: HashMap<IngestionSourceId, Arc<IngestionSource>> = source::all(&gateway.runtime.db)
        .await?
        .into_iter()
        .map(|source| (source.id, Arc::new(source)))
        .collect();
    let mut settlement = Settlement::default();
    let mut tasks = Vec::with_capacity(pending.len());
    for one in pending {
        match (one.message, sources.get(&one.source)) {
            (Some(message), Some(source)) => {
                let plan = plan::of(&message, source);
                settlement.counted(one.id, source.id, message.call, message.event.clone());
                tasks.push(Task {
                    id: one.id,
                    attempts: one.attempts,
                    message,
                    source: Arc::clone(source),
                    plan,
                });
            }
            _ => {
                settlement.counted(one.id, one.source, one.call, None);
                settlement.refuse(one.id, "it was written by another version and cannot be read".to_owned());
            }
        }
    }
    let forwarded = forward(gateway, &tasks, &mut settlement).await;
    // What was done is settled, whatever happened to the rest.
    settlement.settle(gateway).await?;
    forwarded?;
    Ok(is_full)
}

async fn forward(gateway: &Arc<Gateway>, tasks: &[Task], settlement: &mut Settlement) -> Result<()> {
    for task in tasks {
        match &task.plan {
            Plan::Unmapped => settlement.end(task.id, MessageState::Unmapped),
            Plan::Refused(why) => settlement.refuse(task.id, why.clone()),
            Plan::Identify(_) | Plan::Alias | Plan::Contact(_) | Plan::Purchase(..) => {}
        }
    }
    let users: HashSet<User> = tasks.iter().filter(|task| is_open(task)).filter_map(Task::user).collect();
    let mut known = resolve(gateway, &users).await?;
    identify::identify(gateway, tasks, &mut known, settlement).await?;

    let keys: Vec<Uuid> = tasks
        .iter()
        .filter(|task| is_open(task))
        .flat_map(|task| [task.user_key(), task.anonymous_key()])
        .flatten()
        .collect();
    let mut links = link::of(&gateway.runtime.db, &keys).await?;
    alias(tasks, &known, &links, settlement);
    links.extend(settlement.links.iter().map(|(key, customer)| (*key, *customer)));

    let mut of_somebody = Vec::new();
    for task in tasks {
        if !matches!(task.plan, Plan::Contact(_) | Plan::Purchase(..)) {
            continue;
        }
        match whose(task, &known, &links) {
            Ok(customer) => of_somebody.push((task, customer)),
            Err((key, recheck)) => settlement.wait(task.id, key, recheck),
        }
    }
    deliver::deliver(gateway, &of_somebody, settlement).await
}

const fn is_open(task: &Task) -> bool {
    !matches!(task.plan, Plan::Unmapped | Plan::Refused(_))
}

/// Two ids are the same person: what is told under the former one belongs to whoever the new one means.
fn alias(
    tasks: &[Task],
    known: &HashMap<User, CustomerId>,
    links: &HashMap<Uuid, CustomerId>,
    settlement: &mut Settlement,
) {
    for task in tasks.iter().filter(|task| matches!(task.plan, Plan::Alias)) {
        match (whose(task, known, links), &task.message.previous_id) {
            (Ok(customer), Some(previous)) => {
                let source = task.source.id;
                settlement.link(anonymous_key(source, previous), customer);
                settlement.link(user_key(source, previous), customer);
                settlement.end(task.id, MessageState::Applied);
            }
            (Err((key, recheck)), _) => settlement.wait(task.id, key, recheck),
            (Ok(_), None) => settlement.refuse(task.id, "an alias has a previousId".to_owned()),
        }
    }
}

/// Whose a message is; else for whom it waits, and until when at most.
fn whose(
    task: &Task,
    known: &HashMap<User, CustomerId>,
    links: &HashMap<Uuid, CustomerId>,
) -> Result<CustomerId, (Uuid, Duration)> {
    if let (Some(user), Some(key)) = (task.user(), task.user_key()) {
        let customer = known.get(&user).or_else(|| links.get(&key));
        return customer.copied().ok_or((key, RECHECK_USER));
    }
    let key = task.anonymous_key().unwrap_or_default();
    links.get(&key).copied().ok_or((key, RECHECK_DEVICE))
}

/// Which customers these users are; those whom nobody knows are left out.
pub(super) async fn resolve(
    gateway: &Arc<Gateway>,
    users: &HashSet<User>,
) -> Result<HashMap<User, CustomerId>> {
    let users: Vec<&User> = users.iter().collect();
    let mut known = HashMap::new();
    for chunk in users.chunks(KEYS_MAX) {
        let key = |(system, value): &&User| ExternalKey { system: system.clone(), value: value.clone() };
        let keys = ExternalKeys { keys: chunk.iter().map(key).collect() };
        let resolved =
            gateway.owners.internal::<ResolveCustomersInternally>(&gateway.runtime, Section::File, &keys);
        for one in resolved.await? {
            if let Some(user) = usize::try_from(one.position).ok().and_then(|at| chunk.get(at)) {
                known.insert((*user).clone(), one.customer_id);
            }
        }
    }
    Ok(known)
}

/// What a refusal of an owner means for a message: whether it is to be tried again.
pub(super) fn refused(task: &Task, problem: &Problem, settlement: &mut Settlement) {
    let passes = matches!(
        problem.code,
        // Somebody else registered the same user just now: the next round finds them.
        Code::AlreadyExists
            | Code::CustomerNotKnownYet
            | Code::Unavailable
            | Code::TooManyRequests
            | Code::RequestTimeout
            | Code::DeadlineExceeded
            | Code::Internal
    );
    if passes && task.attempts < ATTEMPTS_MOST {
        settlement.put_off(task.id, task.attempts);
    } else {
        settlement.refuse(task.id, format!("{}: {}", problem.code.as_str(), problem.detail));
    }
}
