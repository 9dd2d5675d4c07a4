//! The services, as whoever imports or exports: every call is tried until it is answered, unless there is no
//! sense in it.

use std::{
    error::Error,
    sync::atomic::{AtomicBool, Ordering},
    time::{Duration, Instant},
};

use kit::{
    Config,
    client::{CallError, CallOptions, Client, Incoming},
    clock::Clock,
    http::Bearer,
};
use rand::Rng as _;
use schema::{
    api::{Endpoint, NoParameters, problem::Problem},
    topology::Service,
};

/// Why an import or export cannot begin or go on.
pub(crate) type Failed = Box<dyn Error + Send + Sync>;

/// How long a batch may take.
const DEADLINE: Duration = Duration::from_secs(60);
/// The first pause before a call is tried again; doubles with each further one.
const FIRST_PAUSE: Duration = Duration::from_millis(200);
/// The longest pause, unless the service asks for a longer one.
const LONGEST_PAUSE: Duration = Duration::from_secs(10);
/// How long a service may be away until all is given up.
const PATIENCE: Duration = Duration::from_secs(300);

/// What a call came to, when there is no answer.
pub(crate) enum Refusal {
    /// The service refuses the request as it is: another one may be right.
    Problem(Box<Problem>),
    /// There is no going on.
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
        let clients = Service::ALL.into_iter().map(client).collect::<Result<_, Failed>>()?;
        Ok(Self { clients, bearer: Bearer(token.into()), given_up: AtomicBool::new(false) })
    }

    /// Lets calls that wait for a service end: something has failed elsewhere.
    pub(crate) fn give_up(&self) {
        self.given_up.store(true, Ordering::Relaxed);
    }

    /// Asks the customer service.
    ///
    /// # Errors
    /// Why there is no going on.
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
    /// What the service refuses, or why there is no going on.
    pub(crate) async fn call<E: Endpoint<Path = NoParameters>>(
        &self,
        service: Service,
        query: &E::Query,
        body: &E::Body,
    ) -> Result<E::Reply, Refusal> {
        let client = self.client(service)?;
        let options = CallOptions { deadline: Some(DEADLINE), ..CallOptions::default() };
        let mut patience = Patience { began: Instant::now(), pause: FIRST_PAUSE };
        loop {
            match client.call::<E>(&self.bearer, &NoParameters::default(), query, body, &options).await {
                Ok(reply) => return Ok(reply),
                Err(error) => self.wait_after(error, &mut patience).await?,
            }
        }
    }

    /// Calls an endpoint that answers with a file, until the file begins.
    ///
    /// # Errors
    /// What the service refuses, or why there is no going on.
    pub(crate) async fn download<E: Endpoint>(
        &self,
        service: Service,
        path: &E::Path,
        query: &E::Query,
    ) -> Result<Incoming, Refusal> {
        let client = self.client(service)?;
        let options = CallOptions { deadline: Some(DEADLINE), ..CallOptions::default() };
        let mut patience = Patience { began: Instant::now(), pause: FIRST_PAUSE };
        loop {
            match client.download::<E>(&self.bearer, path, query, &options).await {
                Ok(incoming) => return Ok(incoming),
                Err(error) => self.wait_after(error, &mut patience).await?,
            }
        }
    }

    fn client(&self, service: Service) -> Result<&Client, Refusal> {
        let client = self.clients.iter().find(|(known, _)| *known == service);
        client.map(|(_, client)| client).ok_or_else(|| Refusal::Stop("there is no such service".into()))
    }

    /// Waits until a call that failed may be tried again, unless there is no sense in it.
    async fn wait_after(&self, error: CallError, patience: &mut Patience) -> Result<(), Refusal> {
        let asked_for = match &error {
            CallError::Problem(problem) => match problem.status {
                400 | 413 | 422 => return Err(Refusal::Problem(Box::new((**problem).clone()))),
                401 => return Err(Refusal::Stop(NO_TOKEN.into())),
                408 | 409 | 429 | 500.. => problem.retry_after,
                _ => return Err(Refusal::Stop(error.into())),
            },
            CallError::Unreachable { .. } | CallError::Malformed { .. } => None,
        };
        if patience.began.elapsed() > PATIENCE || self.given_up.load(Ordering::Relaxed) {
            return Err(Refusal::Stop(error.into()));
        }
        // Some jitter, so that lanes do not all come back at once.
        let jitter = rand::rng().random_range(0.5..1.0);
        let asked_for = Duration::from_secs(asked_for.unwrap_or(0).into());
        tokio::time::sleep(patience.pause.mul_f64(jitter).max(asked_for)).await;
        patience.pause = (patience.pause * 2).min(LONGEST_PAUSE);
        Ok(())
    }
}

/// How long a call was tried, and the pause before it is tried again.
struct Patience {
    began: Instant,
    pause: Duration,
}

const NO_TOKEN: &str =
    "the token is not valid, or not any more; get another one and run the same command again";
