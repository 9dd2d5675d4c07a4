//! Who asks: bearer tokens, verified by every service by itself.
//!
//! With an issuer configured, keys come from its discovery document. Without one, the development key
//! in the data directory signs and verifies; the configuration then allows loopback only. A verified
//! token is remembered by its hash until it expires, at most 60 s.

mod development;
mod issuer;
mod leavers;
mod own;

use std::time::Duration;

use chrono::{DateTime, Utc};
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use moka::sync::Cache;
use schema::{
    access::{Role, Viewer},
    api::problem::{Code, Problem},
};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

pub use self::{
    development::{DevelopmentIssuer, ISSUER as DEVELOPMENT_ISSUER},
    leavers::HasLeft,
    own::OwnToken,
};
use crate::config::Config;
pub(crate) use leavers::Leavers;

/// How long a verified token is remembered.
const REMEMBERED: Duration = Duration::from_secs(60);
/// Verified tokens remembered.
const CAPACITY: u64 = 100_000;

/// Keys or issuer cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum AuthError {
    /// The development key cannot be read or made.
    #[error("the development key in the data directory cannot be read or made")]
    DevelopmentKey(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The issuer does not answer as one.
    #[error("the issuer cannot be used: {0}")]
    Issuer(String),
    /// A token cannot be signed.
    #[error("a token cannot be signed")]
    Sign(#[from] jsonwebtoken::errors::Error),
}

/// What a token says.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Claims {
    pub(crate) iss: String,
    pub(crate) aud: serde_json::Value,
    pub(crate) sub: String,
    pub(crate) exp: i64,
    #[serde(default)]
    pub(crate) iat: i64,
    #[serde(default)]
    pub(crate) roles: Vec<serde_json::Value>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) org_unit: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) staff: Option<String>,
}

enum Keys {
    Development(Box<DecodingKey>),
    Issuer(issuer::Issuer),
}

/// Verifies tokens.
pub struct Verifier {
    keys: Keys,
    audience: String,
    issuer: String,
    verified: Cache<[u8; 32], (Viewer, i64)>,
}

impl Verifier {
    /// The verifier of a configuration.
    ///
    /// # Errors
    /// When the development key cannot be read or made, or the issuer's address is none.
    pub async fn of(config: &Config) -> Result<Self, AuthError> {
        let (keys, issuer) = match config.auth.issuer.as_deref().filter(|issuer| !issuer.is_empty()) {
            Some(url) => (Keys::Issuer(issuer::Issuer::new(url)?), url.to_owned()),
            None => {
                let development = DevelopmentIssuer::load_or_create(&config.data)?;
                (Keys::Development(Box::new(development.decoding_key()?)), DEVELOPMENT_ISSUER.to_owned())
            }
        };
        let verified = Cache::builder().max_capacity(CAPACITY).time_to_live(REMEMBERED).build();
        Ok(Self { keys, audience: config.auth.audience.clone(), issuer, verified })
    }

    /// Whoever the token names.
    ///
    /// # Errors
    /// `unauthenticated` when it is not valid now, `unavailable` when the issuer cannot be asked.
    pub async fn verify(&self, token: &str, now: DateTime<Utc>) -> Result<Viewer, Problem> {
        let hash: [u8; 32] = Sha256::digest(token.as_bytes()).into();
        if let Some((viewer, expires)) = self.verified.get(&hash) {
            return if now.timestamp() < expires { Ok(viewer) } else { Err(refused("it has expired")) };
        }
        let header = jsonwebtoken::decode_header(token).map_err(|_| refused("it is not a JWT"))?;
        if !matches!(header.alg, Algorithm::ES256 | Algorithm::RS256) {
            return Err(refused("it must be signed with ES256 or RS256"));
        }
        let key = match &self.keys {
            Keys::Development(key) => key.as_ref().clone(),
            Keys::Issuer(issuer) => issuer.key(header.kid.as_deref(), header.alg).await?,
        };
        let mut validation = Validation::new(header.alg);
        validation.set_audience(&[&self.audience]);
        validation.set_issuer(&[&self.issuer]);
        validation.set_required_spec_claims(&["exp", "aud", "iss", "sub"]);
        validation.validate_nbf = true;
        validation.validate_exp = false; // By our clock, below.
        let claims = jsonwebtoken::decode::<Claims>(token, &key, &validation)
            .map_err(|error| refused(&format!("it does not verify ({error})")))?
            .claims;
        if now.timestamp() >= claims.exp {
            return Err(refused("it has expired"));
        }
        let expires = claims.exp;
        let viewer = viewer(claims)?;
        self.verified.insert(hash, (viewer.clone(), expires));
        Ok(viewer)
    }
}

/// Roles that we do not know are somebody else's; a token without any of ours is refused.
fn viewer(claims: Claims) -> Result<Viewer, Problem> {
    let mut roles: Vec<Role> =
        claims.roles.into_iter().filter_map(|role| serde_json::from_value(role).ok()).collect();
    roles.sort_unstable();
    roles.dedup();
    if roles.is_empty() {
        return Err(refused("it names none of our roles"));
    }
    if roles.contains(&Role::Service) && roles.len() > 1 {
        return Err(refused("the role service goes with no other"));
    }
    Ok(Viewer { subject: claims.sub, staff: claims.staff, org_unit: claims.org_unit, roles })
}

fn refused(why: &str) -> Problem {
    Problem::new(Code::Unauthenticated, format!("the token is refused: {why}; get a new one from the issuer"))
}
