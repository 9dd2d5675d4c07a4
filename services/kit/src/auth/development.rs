//! The development issuer: an ES256 key in the data directory, for this machine only.

use std::{
    fs::OpenOptions,
    io::{ErrorKind, Read as _, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::Path,
};

use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header};
use p256::pkcs8::{EncodePrivateKey as _, EncodePublicKey as _, LineEnding};
use schema::access::{Role, Viewer};

use super::{AuthError, Claims};

/// The issuer that development tokens name.
pub const ISSUER: &str = "urn:customer360:development";
/// The key's file in the data directory.
const FILE: &str = "development-issuer.key";

/// Signs tokens with the development key.
pub struct DevelopmentIssuer {
    key: p256::SecretKey,
}

impl DevelopmentIssuer {
    /// Reads the key, or makes one. Of several processes that start at once, one makes it.
    ///
    /// # Errors
    /// When the file cannot be read, written, or is no key.
    pub fn load_or_create(data: &Path) -> Result<Self, AuthError> {
        let path = data.join(FILE);
        std::fs::create_dir_all(data).map_err(failed)?;
        if !path.exists() {
            create(&path)?;
        }
        let mut pem = String::new();
        std::fs::File::open(&path).map_err(failed)?.read_to_string(&mut pem).map_err(failed)?;
        let key = <p256::SecretKey as p256::pkcs8::DecodePrivateKey>::from_pkcs8_pem(&pem).map_err(failed)?;
        Ok(Self { key })
    }

    /// A token for `viewer`, valid from `now` for `lifetime`.
    ///
    /// # Errors
    /// When it cannot be signed.
    pub fn mint(
        &self,
        viewer: &Viewer,
        audience: &str,
        now: DateTime<Utc>,
        lifetime: TimeDelta,
    ) -> Result<String, AuthError> {
        let claims = Claims {
            iss: ISSUER.to_owned(),
            aud: audience.into(),
            sub: viewer.subject.clone(),
            exp: (now + lifetime).timestamp(),
            iat: now.timestamp(),
            roles: viewer.roles.iter().filter_map(|role: &Role| serde_json::to_value(role).ok()).collect(),
            org_unit: viewer.org_unit.clone(),
            staff: viewer.staff.clone(),
        };
        let pem = self.key.to_pkcs8_pem(LineEnding::LF).map_err(failed)?;
        let key = EncodingKey::from_ec_pem(pem.as_bytes())?;
        Ok(jsonwebtoken::encode(&Header::new(Algorithm::ES256), &claims, &key)?)
    }

    pub(super) fn decoding_key(&self) -> Result<DecodingKey, AuthError> {
        let pem = self.key.public_key().to_public_key_pem(LineEnding::LF).map_err(failed)?;
        Ok(DecodingKey::from_ec_pem(pem.as_bytes())?)
    }
}

/// Writes a new key beside the name and links it there, so that nobody ever reads half a key.
fn create(path: &Path) -> Result<(), AuthError> {
    let key = p256::SecretKey::random(&mut p256::elliptic_curve::rand_core::OsRng);
    let pem = key.to_pkcs8_pem(LineEnding::LF).map_err(failed)?;
    let draft = path.with_extension(format!("key.{}", std::process::id()));
    let mut file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&draft)
        .map_err(failed)?;
    file.write_all(pem.as_bytes()).and_then(|()| file.sync_all()).map_err(failed)?;
    let linked = std::fs::hard_link(&draft, path);
    std::fs::remove_file(&draft).map_err(failed)?;
    match linked {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(failed(error)),
        _ => Ok(()),
    }
}

fn failed(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> AuthError {
    AuthError::DevelopmentKey(error.into())
}
