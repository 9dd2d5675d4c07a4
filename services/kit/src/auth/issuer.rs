//! An OpenID Connect issuer: its keys, found by discovery, fetched anew when a token names one that is
//! not among them (keys rotate), but not more often than every ten seconds.

use std::time::{Duration, Instant};

use jsonwebtoken::{Algorithm, DecodingKey, jwk::JwkSet};
use schema::api::problem::{Code, Problem};
use serde::Deserialize;
use tokio::sync::RwLock;

use super::{AuthError, refused};

/// The least time between two fetches of the keys.
const LEAST_INTERVAL: Duration = Duration::from_secs(10);
/// The deadline of one call to the issuer.
const DEADLINE: Duration = Duration::from_secs(3);

/// The part of the discovery document that we use.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Discovery {
    pub(super) jwks_uri: String,
    pub(super) token_endpoint: Option<String>,
}

pub(super) struct Issuer {
    url: String,
    http: reqwest::Client,
    keys: RwLock<Option<(JwkSet, Instant)>>,
}

impl Issuer {
    pub(super) fn new(url: &str) -> Result<Self, AuthError> {
        Ok(Self { url: url.trim_end_matches('/').to_owned(), http: client()?, keys: RwLock::new(None) })
    }

    /// The key that a token names.
    pub(super) async fn key(&self, kid: Option<&str>, algorithm: Algorithm) -> Result<DecodingKey, Problem> {
        if let Some(key) = self.held(kid, algorithm).await {
            return Ok(key);
        }
        self.refresh().await?;
        self.held(kid, algorithm).await.ok_or_else(|| refused("the issuer has no such key"))
    }

    async fn held(&self, kid: Option<&str>, algorithm: Algorithm) -> Option<DecodingKey> {
        let keys = self.keys.read().await;
        let (set, _) = keys.as_ref()?;
        let key = match kid {
            Some(kid) => set.find(kid)?,
            None if set.keys.len() == 1 => set.keys.first()?,
            None => return None,
        };
        let fits = match algorithm {
            Algorithm::ES256 => {
                matches!(key.algorithm, jsonwebtoken::jwk::AlgorithmParameters::EllipticCurve(_))
            }
            _ => matches!(key.algorithm, jsonwebtoken::jwk::AlgorithmParameters::RSA(_)),
        };
        if fits { DecodingKey::from_jwk(key).ok() } else { None }
    }

    async fn refresh(&self) -> Result<(), Problem> {
        let mut keys = self.keys.write().await;
        if keys.as_ref().is_some_and(|(_, at)| at.elapsed() < LEAST_INTERVAL) {
            return Ok(());
        }
        let fetched: Result<JwkSet, reqwest::Error> = async {
            let discovery = discover(&self.http, &self.url).await?;
            self.http.get(&discovery.jwks_uri).send().await?.error_for_status()?.json().await
        }
        .await;
        match fetched {
            Ok(set) => {
                *keys = Some((set, Instant::now()));
                Ok(())
            }
            Err(error) => {
                tracing::error!(error = %crate::error::Chain(&error), "the issuer's keys cannot be fetched");
                Err(Problem::new(Code::Unavailable, "the issuer of tokens does not answer; try again")
                    .retry_after(5))
            }
        }
    }
}

pub(super) async fn discover(http: &reqwest::Client, issuer: &str) -> Result<Discovery, reqwest::Error> {
    let url = format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'));
    http.get(url).send().await?.error_for_status()?.json().await
}

pub(super) fn client() -> Result<reqwest::Client, AuthError> {
    crate::client::install_tls();
    reqwest::Client::builder().timeout(DEADLINE).build().map_err(|error| AuthError::Issuer(error.to_string()))
}
