//! Passes a command on to its owner, for the person who gives it.
//!
//! It always carries an idempotency key, so that it can be repeated. An owner that does not know the
//! customer yet is asked again for [`PATIENCE`]; whether the customer exists at all, the customer
//! service says.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use kit::{
    Result,
    client::{CallError, CallOptions},
    clock::new_id,
    http::Caller,
};
use schema::{
    api::{
        Endpoint, NoParameters,
        problem::{Code, Problem},
        section::Section,
    },
    ids::CustomerId,
};

use super::Gateway;

/// How long a customer may be unknown to the owner.
const PATIENCE: Duration = Duration::from_secs(4);
/// Between two attempts; the owner itself waits too.
const PAUSE: Duration = Duration::from_millis(50);
/// The longest idempotency key.
const KEY_LONGEST: usize = 200;

/// What goes with every command.
#[derive(Clone, Debug, Default)]
pub(crate) struct Terms {
    /// Makes the command safe to repeat for the client.
    pub(crate) idempotency_key: Option<String>,
    /// The revision that the client read.
    pub(crate) if_match: Option<i64>,
}

/// Runs a command of the service that owns `section`; `about` is the customer that it names.
pub(crate) async fn run<E: Endpoint<Query = NoParameters>>(
    gateway: &Arc<Gateway>,
    caller: &Caller,
    section: Section,
    about: Option<CustomerId>,
    path: &E::Path,
    body: &E::Body,
    terms: Terms,
) -> Result<E::Reply> {
    let idempotency_key = match terms.idempotency_key {
        Some(key) => checked(key)?,
        None => new_id(gateway.runtime.clock.now()).to_string(),
    };
    let options = CallOptions {
        idempotency_key: Some(idempotency_key),
        if_match: terms.if_match,
        ..CallOptions::default()
    };
    let client = gateway.owners.of_section(section);
    let started = Instant::now();
    let mut exists = false;
    loop {
        let done = client.call::<E>(&caller.bearer, path, &NoParameters {}, body, &options).await;
        let problem = match done {
            Err(CallError::Problem(problem)) if problem.code == Code::CustomerNotKnownYet => problem,
            done => return Ok(done?),
        };
        if let (Some(id), false) = (about, exists) {
            if !gateway.owners.shows(&caller.bearer, id).await? {
                return Err(Problem::not_found("customer").into());
            }
            exists = true;
        }
        if started.elapsed() >= PATIENCE {
            return Err((*problem).into());
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// What cannot be sent as a header must not be tried: it would count as a failure of the owner.
fn checked(key: String) -> Result<String, Problem> {
    if (1..=KEY_LONGEST).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Ok(key);
    }
    let detail = format!("an idempotency key has 1 to {KEY_LONGEST} visible ASCII characters");
    Err(Problem::field("/idempotency_key", detail))
}
