//! The services, as whoever imports: every call is tried until it is answered, unless there is no sense in it.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::{Duration, Instant},
};

use kit::{
    Config,
    client::{CallError, CallOptions, Client},
    clock::Clock,
    http::Bearer,
};
use rand::Rng as _;
use schema::{
    api::{Endpoint, NoParameters, problem::Problem},
    topology::Service,
};

use super::Failed;

/// How long a batch may take.
const DEADLINE: Duration = Duration::from_secs(60);
/// The first pause before a call is tried again; doubles with each further one.
const FIRST_PAUSE: Duration = Duration::from_millis(200);
/// The longest pause, unless the service asks for a longer one.
const LONGEST_PAUSE: Duration = Duration::from_secs(10);
/// How long a service may be away until the import is given up.
const PATIENCE: Duration = Duration::from_secs(300);

/// What a call came to, when there is no answer.
pub(crate) enum Refusal {
    /// The service refuses the request as it is: another one may be right.
    Problem(Box<Problem>),
    /// The import cannot go on.
    Stop(Failed),
}

impl From<Refusal> for Failed {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Problem(problem) => problem,
            Refusal::Stop(failed) => failed,
        }
    }
}

/// Clients of the services with one token.
pub(crate) struct Door {
    clients: Vec<(Service, Client)>,
    bearer: Bearer,
    given_up: AtomicBool,
}

impl Door {
    /// Clients of the services at the configured addresses.
    ///
    /// # Errors
    /// When no HTTP client can be built.
    pub(crate) fn open(config: &Config, clock: &Clock, token: String) -> Result<Self, Failed> {
        let client =
            |service| Ok((service, Client::new(service, config.services.of(service), clock.clone())?));
        let services = Service::ALL.into_iter().filter(|service| *service != Service::Gateway);
        let clients = services.map(client).collect::<Result<_, Failed>>()?;
        Ok(Self { clients, bearer: Bearer(token.into()), given_up: AtomicBool::new(false) })
    }

    /// Lets calls that wait for a service end: the import has failed elsewhere.
    pub(crate) fn give_up(&self) {
        self.given_up.store(true, Ordering::Relaxed);
    }

    /// Asks the customer service.
    ///
    /// # Errors
    /// Why the import cannot go on.
    pub(crate) async fn ask<E: Endpoint<Path = NoParameters>>(
        &self,
        query: &E::Query,
        body: &E::Body,
    ) -> Result<E::Reply, Failed> {
        Ok(self.call::<E>(Service::Customer, query, body).await?)
    }

    /// Calls an endpoint that is safe to repeat, until it answers.
    ///
    /// # Errors
    /// What the service refuses, or why the import cannot go on.
    pub(crate) async fn call<E: Endpoint<Path = NoParameters>>(
        &self,
        service: Service,
        query: &E::Query,
        body: &E::Body,
    ) -> Result<E::Reply, Refusal> {
        let client = self.clients.iter().find(|(known, _)| *known == service);
        let Some((_, client)) = client else { return Err(Refusal::Stop("there is no such service".into())) };
        let options = CallOptions { deadline: Some(DEADLINE), ..CallOptions::default() };
        let (began, mut pause) = (Instant::now(), FIRST_PAUSE);
        loop {
            let error =
                match client.call::<E>(&self.bearer, &NoParameters::default(), query, body, &options).await {
                    Ok(reply) => return Ok(reply),
                    Err(error) => error,
                };
            let asked_for = match &error {
                CallError::Problem(problem) => match problem.status {
                    400 | 413 | 422 => return Err(Refusal::Problem(Box::new((**problem).clone()))),
                    401 => return Err(Refusal::Stop(NO_TOKEN.into())),
                    408 | 409 | 429 | 500.. => problem.retry_after,
                    _ => return Err(Refusal::Stop(error.into())),
                },
                CallError::Unreachable { .. } | CallError::Malformed { .. } => None,
            };
            if began.elapsed() > PATIENCE || self.given_up.load(Ordering::Relaxed) {
                return Err(Refusal::Stop(error.into()));
            }
            // Some jitter, so that lanes do not all come back at once.
            let jitter = rand::rng().random_range(0.5..1.0);
            let asked_for = Duration::from_secs(asked_for.unwrap_or(0).into());
            tokio::time::sleep(pause.mul_f64(jitter).max(asked_for)).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }
}

const NO_TOKEN: &str = "the token is not valid, or not any more; get another one and run the same command again: \
                        what is in already is recognised";
