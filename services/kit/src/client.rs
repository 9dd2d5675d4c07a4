//! Calls an endpoint of another service by its declaration.
//!
//! Every call has a deadline. Reads, and commands with an idempotency key, are tried a second time when
//! the connection failed. A service that fails again and again is not asked for a moment, so that its
//! callers fail fast.

mod download;

use std::{
    sync::{
        Once,
        atomic::{AtomicI64, AtomicU32, Ordering},
    },
    time::Duration,
};

use schema::{
    api::{
        Endpoint, EndpointKind, Method, Nothing,
        problem::{Code, Problem},
    },
    topology::Service,
};
use serde_json::Value;

pub use self::download::{BrokenOff, Incoming};
use crate::{clock::Clock, http::Bearer, telemetry};

/// The deadline of a call when the caller does not say.
const DEADLINE: Duration = Duration::from_secs(5);
/// Failures in a row after which the service is left alone.
const FAILURES: u32 = 5;
/// How long it is left alone, in milliseconds.
const REST_MS: i64 = 1000;

static TLS: Once = Once::new();

/// Installs the one TLS provider of this process, once.
pub fn install_tls() {
    TLS.call_once(|| {
        // An error means that somebody installed one before, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
    });
}

/// Another service could not be asked, or refused.
#[derive(Debug, thiserror::Error)]
pub enum CallError {
    /// It answered with a problem.
    #[error(transparent)]
    Problem(Box<Problem>),
    /// It did not answer.
    #[error("{service} does not answer")]
    Unreachable {
        /// Which service.
        service: Service,
        /// Why; nothing while it is left alone after failures.
        #[source]
        source: Option<reqwest::Error>,
    },
    /// Its answer is not what the declaration says.
    #[error("{service} answered in another form than declared")]
    Malformed {
        /// Which service.
        service: Service,
        /// What is wrong.
        #[source]
        source: serde_json::Error,
    },
}

impl CallError {
    /// What a client reads of it.
    pub fn into_problem(self) -> Problem {
        match self {
            Self::Problem(problem) => *problem,
            Self::Unreachable { service, source } => {
                if let Some(error) = source {
                    tracing::warn!(service = service.name(), error = %crate::error::Chain(&error), "call failed");
                }
                Problem::new(Code::Unavailable, format!("{service} does not answer; try again"))
                    .retry_after(1)
            }
            Self::Malformed { service, source } => {
                tracing::error!(service = service.name(), %source, "answer not as declared");
                Problem::new(Code::Internal, format!("{service} answered in an unexpected form"))
            }
        }
    }
}

/// How a call is made.
#[derive(Clone, Debug, Default)]
pub struct CallOptions {
    /// Makes a command safe to repeat.
    pub idempotency_key: Option<String>,
    /// The revision that the caller read.
    pub if_match: Option<i64>,
    /// The deadline; a few seconds when absent.
    pub deadline: Option<Duration>,
}

/// Calls one service.
pub struct Client {
    service: Service,
    base: String,
    http: reqwest::Client,
    failures: AtomicU32,
    resting_until: AtomicI64,
    clock: Clock,
}

impl Client {
    /// A client of the service at `base`.
    ///
    /// # Errors
    /// When no HTTP client can be built.
    pub fn new(service: Service, base: &str, clock: Clock) -> Result<Self, reqwest::Error> {
        install_tls();
        let http = reqwest::Client::builder()
            .connect_timeout(Duration::from_secs(1))
            .pool_idle_timeout(Duration::from_secs(60))
            .redirect(reqwest::redirect::Policy::none())
            .build()?;
        Ok(Self {
            service,
            base: base.trim_end_matches('/').to_owned(),
            http,
            failures: AtomicU32::new(0),
            resting_until: AtomicI64::new(0),
            clock,
        })
    }

    /// Calls an endpoint for whoever holds the token.
    ///
    /// # Errors
    /// The problem it answered, or that it could not be asked.
    pub async fn call<E: Endpoint>(
        &self,
        bearer: &Bearer,
        path: &E::Path,
        query: &E::Query,
        body: &E::Body,
        options: &CallOptions,
    ) -> Result<E::Reply, CallError> {
        let malformed = |source| CallError::Malformed { service: self.service, source };
        self.refuse_while_resting()?;
        let url = self.url::<E>(path, query)?;
        let takes_body = std::any::TypeId::of::<E::Body>() != std::any::TypeId::of::<Nothing>();
        let json = if takes_body { Some(serde_json::to_vec(body).map_err(malformed)?) } else { None };
        let repeatable = E::KIND != EndpointKind::Command || options.idempotency_key.is_some();
        let mut tries = 0;
        let response = loop {
            tries += 1;
            let request = self.request::<E>(&url, bearer, json.clone(), options);
            let sent = request.timeout(options.deadline.unwrap_or(DEADLINE)).send().await;
            match sent {
                Err(error) if error.is_connect() && repeatable && tries < 2 => continue,
                Err(error) => {
                    // A request that cannot even be built says nothing about the service.
                    if !error.is_builder() {
                        self.failed();
                    }
                    return Err(CallError::Unreachable { service: self.service, source: Some(error) });
                }
                Ok(response) => break response,
            }
        };
        self.failures.store(0, Ordering::Relaxed);
        let succeeded = response.status().is_success();
        let bytes = response
            .bytes()
            .await
            .map_err(|error| CallError::Unreachable { service: self.service, source: Some(error) })?;
        if succeeded {
            return serde_json::from_slice(&bytes).map_err(malformed);
        }
        Err(self.refusal(&bytes))
    }

    /// What an answer that is no success says.
    fn refusal(&self, bytes: &[u8]) -> CallError {
        match serde_json::from_slice::<Problem>(bytes) {
            Ok(problem) => CallError::Problem(Box::new(problem)),
            Err(source) => CallError::Malformed { service: self.service, source },
        }
    }

    fn refuse_while_resting(&self) -> Result<(), CallError> {
        if self.clock.now().timestamp_millis() < self.resting_until.load(Ordering::Relaxed) {
            return Err(CallError::Unreachable { service: self.service, source: None });
        }
        Ok(())
    }

    fn url<E: Endpoint>(&self, path: &E::Path, query: &E::Query) -> Result<String, CallError> {
        let path = serde_json::to_value(path)
            .map_err(|source| CallError::Malformed { service: self.service, source })?;
        let url = format!("{}{}", self.base, fill(E::PATH, &path));
        let parameters = serde_urlencoded::to_string(query).unwrap_or_default();
        Ok(if parameters.is_empty() { url } else { format!("{url}?{parameters}") })
    }

    fn request<E: Endpoint>(
        &self,
        url: &str,
        bearer: &Bearer,
        json: Option<Vec<u8>>,
        options: &CallOptions,
    ) -> reqwest::RequestBuilder {
        let method = match E::METHOD {
            Method::Get => reqwest::Method::GET,
            Method::Post => reqwest::Method::POST,
            Method::Patch => reqwest::Method::PATCH,
            Method::Delete => reqwest::Method::DELETE,
        };
        let mut request = self.http.request(method, url).bearer_auth(&bearer.0);
        if let Some(traceparent) = telemetry::traceparent() {
            request = request.header("traceparent", traceparent);
        }
        if let Some(key) = &options.idempotency_key {
            request = request.header("idempotency-key", key);
        }
        if let Some(revision) = options.if_match {
            request = request.header("if-match", format!("\"{revision}\""));
        }
        match json {
            Some(json) => request.header("content-type", "application/json").body(json),
            None => request,
        }
    }

    fn failed(&self) {
        if self.failures.fetch_add(1, Ordering::Relaxed) + 1 >= FAILURES {
            let until = self.clock.now().timestamp_millis() + REST_MS;
            self.resting_until.store(until, Ordering::Relaxed);
        }
    }
}

/// The path with its parameters. They are ids and numbers, so nothing needs escaping.
fn fill(path: &str, parameters: &Value) -> String {
    let mut filled = path.to_owned();
    if let Value::Object(parameters) = parameters {
        for (name, value) in parameters {
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            filled = filled.replace(&format!("{{{name}}}"), &text);
        }
    }
    filled
}
