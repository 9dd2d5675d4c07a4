//! A service's own token (role `service`): by client credentials from the issuer, or signed with the
//! development key. Kept until two thirds of its life are over.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use schema::access::{Role, Viewer};
use serde::Deserialize;
use tokio::sync::Mutex;

use super::{AuthError, DevelopmentIssuer, issuer};
use crate::{clock::Clock, config::Config, http::Bearer};

/// Life of a development token.
const DEVELOPMENT_LIFE: TimeDelta = TimeDelta::minutes(10);

enum Source {
    Development(DevelopmentIssuer),
    Issuer { http: reqwest::Client, url: String, id: String, secret: String },
}

/// Where a service gets its token from.
pub struct OwnToken {
    name: String,
    audience: String,
    source: Source,
    clock: Clock,
    kept: Mutex<Option<(Bearer, DateTime<Utc>)>>,
}

#[derive(Deserialize)]
struct TokenReply {
    access_token: String,
    expires_in: i64,
}

impl OwnToken {
    /// The token of the service called `name`.
    ///
    /// # Errors
    /// When the development key cannot be read or made.
    pub fn of(config: &Config, name: &str, clock: Clock) -> Result<Arc<Self>, AuthError> {
        let source = match config.auth.issuer.as_deref().filter(|issuer| !issuer.is_empty()) {
            Some(url) => Source::Issuer {
                http: issuer::client()?,
                url: url.to_owned(),
                id: config.auth.client_id.clone(),
                secret: config.auth.client_secret.clone(),
            },
            None => Source::Development(DevelopmentIssuer::load_or_create(&config.data)?),
        };
        let (name, audience) = (name.to_owned(), config.auth.audience.clone());
        Ok(Arc::new(Self { name, audience, source, clock, kept: Mutex::new(None) }))
    }

    /// A token that is valid now.
    ///
    /// # Errors
    /// When the issuer does not give one.
    pub async fn get(&self) -> Result<Bearer, AuthError> {
        let mut kept = self.kept.lock().await;
        let now = self.clock.now();
        if let Some((token, until)) = kept.as_ref()
            && now < *until
        {
            return Ok(token.clone());
        }
        let (token, life) = match &self.source {
            Source::Development(issuer) => {
                let viewer = Viewer {
                    subject: format!("service:{}", self.name),
                    staff: None,
                    org_unit: None,
                    roles: vec![Role::Service],
                };
                (issuer.mint(&viewer, &self.audience, now, DEVELOPMENT_LIFE)?, DEVELOPMENT_LIFE)
            }
            Source::Issuer { http, url, id, secret } => ask(http, url, id, secret, &self.audience)
                .await
                .map_err(|error| AuthError::Issuer(error.to_string()))?,
        };
        let token = Bearer(token.into());
        *kept = Some((token.clone(), now + life * 2 / 3));
        Ok(token)
    }
}

async fn ask(
    http: &reqwest::Client,
    issuer: &str,
    id: &str,
    secret: &str,
    audience: &str,
) -> Result<(String, TimeDelta), Box<dyn std::error::Error + Send + Sync>> {
    let discovery = issuer::discover(http, issuer).await?;
    let endpoint = discovery.token_endpoint.ok_or("the issuer has no token endpoint")?;
    let form = [("grant_type", "client_credentials"), ("audience", audience)];
    let reply: TokenReply = http
        .post(endpoint)
        .basic_auth(id, Some(secret))
        .header("content-type", "application/x-www-form-urlencoded")
        .body(serde_urlencoded::to_string(form)?)
        .send()
        .await?
        .error_for_status()?
        .json()
        .await?;
    Ok((reply.access_token, TimeDelta::seconds(reply.expires_in.clamp(1, 86_400))))
}
