//! Calls an endpoint that answers with a file, which is read piece by piece.
//!
//! The first piece has the deadline of a call, each further one has its own: a file may take as long as it
//! likes while it comes. One that breaks off is an error; it is not asked for again, since part of it was read.

use std::time::Duration;

use actix_web::web::Bytes;
use schema::{api::Endpoint, topology::Service};

use super::{CallError, CallOptions, Client, DEADLINE};
use crate::http::Bearer;

/// How long the next piece may take: longer than a statement may run.
const SILENCE: Duration = Duration::from_secs(90);

/// A file that comes in.
pub struct Incoming {
    service: Service,
    response: reqwest::Response,
}

/// A file ended before its end.
#[derive(Debug, thiserror::Error)]
pub enum BrokenOff {
    /// The connection ended.
    #[error("{service} broke off in the middle of the file")]
    Cut {
        /// Which service.
        service: Service,
        /// Why.
        #[source]
        source: reqwest::Error,
    },
    /// Nothing came for a long time.
    #[error("{service} fell silent in the middle of the file")]
    Silent {
        /// Which service.
        service: Service,
    },
}

impl Incoming {
    /// The next piece; none after the last one.
    ///
    /// # Errors
    /// When the file ended before its end.
    pub async fn piece(&mut self) -> Result<Option<Bytes>, BrokenOff> {
        let service = self.service;
        match tokio::time::timeout(SILENCE, self.response.chunk()).await {
            Ok(Ok(piece)) => Ok(piece),
            Ok(Err(source)) => Err(BrokenOff::Cut { service, source }),
            Err(_) => Err(BrokenOff::Silent { service }),
        }
    }
}

impl Client {
    /// Calls an endpoint that answers with a file, for whoever holds the token.
    ///
    /// # Errors
    /// The problem it answered, or that it could not be asked.
    pub async fn download<E: Endpoint>(
        &self,
        bearer: &Bearer,
        path: &E::Path,
        query: &E::Query,
        options: &CallOptions,
    ) -> Result<Incoming, CallError> {
        self.refuse_while_resting()?;
        let url = self.url::<E>(path, query)?;
        let unreachable = |source| CallError::Unreachable { service: self.service, source };
        let sent = self.request::<E>(&url, bearer, None, options).send();
        let response = match tokio::time::timeout(options.deadline.unwrap_or(DEADLINE), sent).await {
            Ok(Ok(response)) => response,
            Ok(Err(error)) => {
                self.failed();
                return Err(unreachable(Some(error)));
            }
            Err(_) => {
                self.failed();
                return Err(unreachable(None));
            }
        };
        self.failures.store(0, std::sync::atomic::Ordering::Relaxed);
        if response.status().is_success() {
            return Ok(Incoming { service: self.service, response });
        }
        let bytes = response.bytes().await.map_err(|error| unreachable(Some(error)))?;
        Err(self.refusal(&bytes))
    }
}
