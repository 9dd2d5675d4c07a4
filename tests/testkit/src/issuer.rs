//! An OpenID Connect issuer: discovery, keys that rotate, and client credentials. What it signs is
//! verified by nobody but the product.

use std::sync::{Arc, Mutex, PoisonError};

use actix_web::{HttpResponse, web};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use kit::clock::Clock;
use p256::{
    elliptic_curve::sec1::ToEncodedPoint as _,
    pkcs8::{EncodePrivateKey as _, LineEnding},
};
use serde_json::{Value, json};

use crate::server::Server;

struct State {
    url: String,
    keys: Mutex<Vec<(String, p256::SecretKey)>>,
}

/// An issuer that runs.
pub struct Issuer {
    /// Its URL: what `auth.issuer` takes.
    pub url: String,
    state: Arc<State>,
    server: Server,
}

impl Issuer {
    /// Starts on a free port, with one key.
    pub fn start() -> Self {
        let mut held = None;
        let server = Server::start(|url| {
            let state = Arc::new(State { url: url.to_owned(), keys: Mutex::default() });
            let shared = web::Data::from(Arc::clone(&state));
            held = Some(state);
            move |app: &mut web::ServiceConfig| {
                app.app_data(shared.clone())
                    .route("/.well-known/openid-configuration", web::get().to(discovery))
                    .route("/keys", web::get().to(keys))
                    .route("/token", web::post().to(token));
            }
        });
        let issuer = Self { url: server.url.clone(), state: held.expect("configured"), server };
        issuer.rotate("first");
        issuer
    }

    /// Signs with a new key of this name from now on.
    pub fn rotate(&self, name: &str) {
        let key = p256::SecretKey::random(&mut p256::elliptic_curve::rand_core::OsRng);
        self.state.keys.lock().unwrap_or_else(PoisonError::into_inner).push((name.to_owned(), key));
    }

    /// A token with these claims besides issuer, audience, subject and an hour of life; null takes one out.
    pub fn sign(&self, claims: &Value) -> String {
        self.state.sign(claims)
    }

    /// Stops it.
    pub async fn end(self) {
        self.server.end().await;
    }
}

impl State {
    fn sign(&self, claims: &Value) -> String {
        let keys = self.keys.lock().unwrap_or_else(PoisonError::into_inner);
        let (name, key) = keys.last().expect("a key");
        let mut all = json!({
            "iss": self.url, "aud": "customer360", "sub": "somebody", "exp": Clock::system().now().timestamp() + 3600,
        });
        for (claim, value) in claims.as_object().expect("claims") {
            all[claim] = value.clone();
        }
        all.as_object_mut().expect("claims").retain(|_, value| !value.is_null());
        let pem = key.to_pkcs8_pem(LineEnding::LF).expect("a key");
        let header = Header { kid: Some(name.clone()), ..Header::new(Algorithm::ES256) };
        let key = EncodingKey::from_ec_pem(pem.as_bytes()).expect("a key");
        jsonwebtoken::encode(&header, &all, &key).expect("a token")
    }
}

async fn discovery(state: web::Data<State>) -> HttpResponse {
    let url = &state.url;
    answer(
        &json!({ "issuer": url, "jwks_uri": format!("{url}/keys"), "token_endpoint": format!("{url}/token") }),
    )
}

async fn keys(state: web::Data<State>) -> HttpResponse {
    let keys = state.keys.lock().unwrap_or_else(PoisonError::into_inner);
    let jwk = |(name, key): &(String, p256::SecretKey)| {
        let point = key.public_key().to_encoded_point(false);
        let coordinate = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        json!({
            "kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": name,
            "x": coordinate(point.x().expect("a point")), "y": coordinate(point.y().expect("a point")),
        })
    };
    answer(&json!({ "keys": keys.iter().map(jwk).collect::<Vec<_>>() }))
}

async fn token(state: web::Data<State>, request: actix_web::HttpRequest) -> HttpResponse {
    if !request.headers().contains_key("authorization") {
        return HttpResponse::Unauthorized().finish();
    }
    let token = state.sign(&json!({ "sub": "services", "roles": ["service"] }));
    answer(&json!({ "access_token": token, "token_type": "Bearer", "expires_in": 300 }))
}

fn answer(value: &Value) -> HttpResponse {
    HttpResponse::Ok().content_type("application/json").body(value.to_string())
}
