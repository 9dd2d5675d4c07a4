//! A lane: sends its rows in batches, one after the other. All rows of a customer are in one lane, so they
//! arrive in the order of the file, while the batches of other lanes are on their way too.

use std::{
    collections::HashSet,
    sync::{Arc, atomic::Ordering},
    time::{Duration, Instant},
};

use schema::{
    api::{
        NoParameters,
        batch::{Batch, BatchResult, ITEMS_MAX, Outcome},
        problem::{Code, Problem},
    },
    ids::OrgUnitId,
};
use tokio::sync::mpsc::Receiver;

use super::{
    Failed, Session,
    customers::Found,
    kind::{Kind, Whom},
    values::Mistake,
};
use crate::door::Refusal;

/// How long an item is sent again that a service cannot take yet.
const PATIENCE: Duration = Duration::from_secs(120);

/// Rows that were read and are one command.
pub(crate) struct Draft<C> {
    /// The rows, with the numbers of their lines.
    pub(crate) rows: Vec<(u64, String)>,
    /// What it is called.
    pub(crate) reference: String,
    /// Whom it is about, in the ids of the mapping's system.
    pub(crate) customer: Option<String>,
    /// The other end of a relationship.
    pub(crate) other: Option<String>,
    /// The unit of customers who are registered because they are not known.
    pub(crate) home: Option<OrgUnitId>,
    /// What it becomes.
    pub(crate) command: C,
}

type Rows = Vec<(u64, String)>;

/// Sends everything that comes, until nothing more comes.
///
/// # Errors
/// Why the import cannot go on.
pub(crate) async fn run<K: Kind>(
    session: Arc<Session>,
    mut drafts: Receiver<Draft<K::Command>>,
) -> Result<(), Failed> {
    loop {
        let mut batch = Vec::with_capacity(ITEMS_MAX);
        while batch.len() < ITEMS_MAX {
            match drafts.recv().await {
                Some(draft) => batch.push(draft),
                None => break,
            }
        }
        if batch.is_empty() {
            return Ok(());
        }
        enter::<K>(&session, batch).await?;
    }
}

async fn enter<K: Kind>(session: &Session, drafts: Vec<Draft<K::Command>>) -> Result<(), Failed> {
    let found = find(session, &drafts).await?;
    let mut items = Vec::with_capacity(drafts.len());
    for draft in drafts {
        match whom(session, &draft, &found) {
            Err(mistake) => session.report.refuse(&draft.rows, &mistake)?,
            Ok(_) if session.dry_run => session.count(Outcome::Applied, &draft.rows),
            Ok(whom) => match K::item(draft.reference, whom, draft.command) {
                Some(item) => items.push((draft.rows, item)),
                None => session.report.refuse(&draft.rows, &Mistake::new("customer", "it is empty"))?,
            },
        }
    }
    send::<K>(session, items).await
}

/// Asks who the customers are, and registers those unknown when that is wanted.
async fn find<C>(session: &Session, drafts: &[Draft<C>]) -> Result<Found, Failed> {
    let Some(customers) = &session.customers else { return Ok(Found::new()) };
    let values: HashSet<&str> = drafts
        .iter()
        .flat_map(|draft| draft.customer.iter().chain(&draft.other))
        .map(String::as_str)
        .collect();
    let mut found = customers.find(&session.door, &values).await?;
    if !session.register_missing {
        return Ok(found);
    }
    let mut missing = Vec::new();
    let mut seen = HashSet::new();
    for draft in drafts {
        let Some(home) = draft.home else { continue };
        for value in draft.customer.iter().chain(&draft.other).map(String::as_str) {
            if !found.contains_key(value) && seen.insert(value) {
                missing.push((value, home));
            }
        }
    }
    if session.dry_run {
        session.would_register(missing.iter().map(|(value, _)| *value));
    } else {
        let registered = customers.register(&session.door, &missing, &mut found).await?;
        session.report.registered.fetch_add(registered, Ordering::Relaxed);
    }
    Ok(found)
}

fn whom<C>(session: &Session, draft: &Draft<C>, found: &Found) -> Result<Whom, Mistake> {
    if session.customers.is_none() {
        return Ok(Whom::default());
    }
    let one = |field: &str, value: &Option<String>| match value {
        None => Ok(None),
        Some(value) => match found.get(value) {
            Some(Ok(customer)) => Ok(Some(*customer)),
            Some(Err(problem)) => Err(Mistake::new(field, format!("not registered: {}", reason(problem)))),
            None if session.register_missing && session.dry_run && draft.home.is_some() => Ok(None),
            None => {
                let why = "no customer in your units has this id; import the customers first, or use \
                           --register-missing with --unit";
                Err(Mistake::new(field, why))
            }
        },
    };
    Ok(Whom { customer: one("customer", &draft.customer)?, other: one("other", &draft.other)? })
}

/// Sends items until each has a result that stays. What a service cannot take yet is sent again, and a
/// request that is refused as a whole is halved until the item is alone that it is refused for.
async fn send<K: Kind>(session: &Session, items: Vec<(Rows, K::Item)>) -> Result<(), Failed> {
    let (began, mut pause) = (Instant::now(), Duration::from_millis(100));
    let mut parts = vec![items];
    let mut again = Vec::new();
    while let Some(mut part) = parts.pop() {
        if !part.is_empty() {
            let items = part.iter().map(|(_, item)| item.clone()).collect();
            let batch = Batch { source: session.mapping.source.clone(), items };
            match session.door.call::<K::Batch>(K::SERVICE, &NoParameters::default(), &batch).await {
                Ok(reply) if reply.items.len() == part.len() => {
                    for ((rows, item), result) in part.into_iter().zip(reply.items) {
                        let wait =
                            result.problem.as_ref().is_some_and(is_passing) && began.elapsed() < PATIENCE;
                        if wait { again.push((rows, item)) } else { settle(session, &rows, &result)? }
                    }
                }
                Ok(_) => return Err("a service gave another number of results than it was sent items".into()),
                Err(Refusal::Stop(failed)) => return Err(failed),
                Err(Refusal::Problem(problem)) if is_about_the_batch(&problem) => return Err(problem),
                Err(Refusal::Problem(problem)) if part.len() == 1 => {
                    for (rows, _) in &part {
                        session.report.refuse(rows, &mistake(&problem))?;
                    }
                }
                Err(Refusal::Problem(_)) => {
                    let second = part.split_off(part.len() / 2);
                    parts.extend([second, part]);
                }
            }
        }
        if parts.is_empty() && !again.is_empty() {
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(Duration::from_secs(5));
            parts.push(std::mem::take(&mut again));
        }
    }
    Ok(())
}

fn settle(session: &Session, rows: &Rows, result: &BatchResult) -> Result<(), Failed> {
    match (&result.outcome, &result.problem) {
        (Outcome::Refused, Some(problem)) => session.report.refuse(rows, &mistake(problem))?,
        (Outcome::Refused, None) => {
            session.report.refuse(rows, &Mistake::new("", "refused without a reason"))?
        }
        (outcome, _) => session.count(*outcome, rows),
    }
    Ok(())
}

/// Whether sending the same again may help.
fn is_passing(problem: &Problem) -> bool {
    problem.code == Code::CustomerNotKnownYet || problem.status == 429 || problem.status >= 500
}

/// Whether the mistake is in what all batches of this import have in common.
fn is_about_the_batch(problem: &Problem) -> bool {
    problem.errors.iter().any(|error| error.pointer == "/source")
}

/// What a service says of a row: the place and the reason.
fn mistake(problem: &Problem) -> Mistake {
    let place =
        problem.errors.first().map(|error| error.pointer.trim_start_matches("/command")).unwrap_or_default();
    Mistake::new(place.trim_start_matches('/'), reason(problem))
}

fn reason(problem: &Problem) -> String {
    if problem.errors.is_empty() {
        return problem.detail.clone();
    }
    let reasons: Vec<String> =
        problem.errors.iter().map(|error| format!("{}: {}", error.pointer, error.detail)).collect();
    reasons.join("; ")
}
