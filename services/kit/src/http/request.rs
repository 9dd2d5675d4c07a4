//! How a request comes in: who it is from, and a body that is whole, small enough, in time, and JSON.

use std::{sync::Arc, time::Duration};

use actix_web::{
    HttpRequest,
    http::header,
    web::{self, Bytes, BytesMut},
};
use futures::StreamExt as _;
use schema::api::problem::{Code, FieldError, Problem};
use serde::de::DeserializeOwned;

use super::Caller;
use crate::service::Runtime;

/// A bearer token as it came; never logged.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Bearer(pub Arc<str>);

impl std::fmt::Debug for Bearer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Bearer(…)")
    }
}

/// The token of a request.
pub fn bearer(request: &HttpRequest) -> Option<&str> {
    let value = request.headers().get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// Who asks.
///
/// # Errors
/// `unauthenticated` without a valid token, and for somebody who has left.
pub async fn authenticate(runtime: &Runtime, request: &HttpRequest) -> Result<Caller, Problem> {
    let token = bearer(request).ok_or_else(|| {
        Problem::new(Code::Unauthenticated, "send `Authorization: Bearer <token>` with a token of the issuer")
    })?;
    let viewer = runtime.verifier.verify(token, runtime.clock.now()).await?;
    runtime.leavers.refuse(&runtime.db, &viewer).await?;
    Ok(Caller { viewer, bearer: Bearer(token.into()) })
}

/// The whole body, within the limit and the deadline.
///
/// # Errors
/// `payload-too-large`, `request-timeout`, or `malformed-request` when the client breaks off.
pub async fn read_body(
    mut payload: web::Payload,
    limit: usize,
    deadline: Duration,
) -> Result<Bytes, Problem> {
    let read = async {
        let mut body = BytesMut::new();
        while let Some(chunk) = payload.next().await {
            let chunk = chunk
                .map_err(|_| Problem::new(Code::MalformedRequest, "the body broke off; send it again"))?;
            if body.len() + chunk.len() > limit {
                let detail = format!("the body is larger than {limit} bytes; send less at a time");
                return Err(Problem::new(Code::PayloadTooLarge, detail));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body.freeze())
    };
    tokio::time::timeout(deadline, read).await.unwrap_or_else(|_| {
        let detail = format!("the body did not arrive within {} ms", deadline.as_millis());
        Err(Problem::new(Code::RequestTimeout, detail))
    })
}

/// Refuses a body that is declared as anything but JSON in UTF-8.
pub(super) fn expect_json(request: &HttpRequest) -> Result<(), Problem> {
    let declared =
        request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("");
    let mut parts = declared.split(';').map(str::trim);
    let essence = parts.next().unwrap_or("").to_ascii_lowercase();
    let charset_fits = parts.all(|parameter| {
        parameter
            .to_ascii_lowercase()
            .strip_prefix("charset=")
            .is_none_or(|set| set.trim_matches('"') == "utf-8")
    });
    if essence == "application/json" && charset_fits {
        Ok(())
    } else {
        Err(Problem::new(Code::UnsupportedMediaType, "send `Content-Type: application/json` in UTF-8"))
    }
}

/// The body as what the endpoint takes; a mistake is named with its place.
pub(super) fn parse_body<T: DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    let text = std::str::from_utf8(body)
        .map_err(|error| malformed(format!("the body is not UTF-8 from byte {}", error.valid_up_to())))?;
    if holds_nul(text) {
        return Err(malformed(
            "the body holds the character U+0000, which cannot be stored; leave it out".into(),
        ));
    }
    let mut json = serde_json::Deserializer::from_str(text);
    let value = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let pointer = pointer(error.path());
        let detail = error.into_inner().to_string();
        if pointer.is_empty() {
            return malformed(detail);
        }
        Problem { errors: vec![FieldError { pointer, detail: detail.clone() }], ..malformed(detail) }
    })?;
    json.end().map_err(|error| malformed(error.to_string()))?;
    Ok(value)
}

/// Parameters in path or query as what the endpoint takes.
pub(super) fn parse_parameters<T: DeserializeOwned>(encoded: &str, place: &str) -> Result<T, Problem> {
    let bytes = decoded(encoded);
    if bytes.contains(&0) {
        return Err(malformed(format!("the {place} holds the character U+0000; leave it out")));
    }
    if std::str::from_utf8(&bytes).is_err() {
        return Err(malformed(format!("the {place} is not UTF-8")));
    }
    serde_urlencoded::from_str(encoded).map_err(|error| malformed(format!("in the {place}: {error}")))
}

/// The bytes that percent-encoding stands for.
fn decoded(encoded: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(encoded.len());
    let mut rest = encoded.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let hex =
            if *first == b'%' { after.get(..2).and_then(|two| std::str::from_utf8(two).ok()) } else { None };
        match hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = &after[2..];
            }
            None => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    bytes
}

/// The revision of `If-Match`, when there is one.
pub(super) fn if_match(request: &HttpRequest) -> Result<Option<i64>, Problem> {
    let Some(value) = request.headers().get(header::IF_MATCH) else { return Ok(None) };
    let text = value.to_str().unwrap_or("").trim();
    if text == "*" {
        return Ok(None);
    }
    // A weak tag never matches here (RFC 9110, 13.1.1), and a revision is at least 1.
    let revision =
        text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).and_then(|text| text.parse().ok());
    revision
        .filter(|revision: &i64| *revision > 0)
        .map(Some)
        .ok_or_else(|| malformed("If-Match takes the ETag of an earlier answer, such as \"7\"".into()))
}

/// The client's `Idempotency-Key`, when there is one.
pub(super) fn idempotency_key(request: &HttpRequest) -> Result<Option<String>, Problem> {
    let Some(value) = request.headers().get("idempotency-key") else { return Ok(None) };
    let key = value.to_str().unwrap_or("").trim();
    if key.is_empty() || key.len() > 200 || !key.bytes().all(|b| b.is_ascii_graphic()) {
        return Err(malformed("Idempotency-Key takes 1 to 200 visible ASCII characters".into()));
    }
    Ok(Some(key.to_owned()))
}

fn malformed(detail: String) -> Problem {
    Problem::new(Code::MalformedRequest, detail)
}

/// Whether a JSON text holds an escaped U+0000, which cannot be stored; a bare one is no JSON anyway.
pub fn holds_nul(text: &str) -> bool {
    text.match_indices("\\u0000").any(|(at, _)| {
        let before = text.as_bytes()[..at].iter().rev().take_while(|byte| **byte == b'\\').count();
        before % 2 == 0
    })
}

fn pointer(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    path.iter().fold(String::new(), |mut all, segment| {
        let part = match segment {
            Segment::Seq { index } => index.to_string(),
            Segment::Map { key } => key.replace('~', "~0").replace('/', "~1"),
            Segment::Enum { variant } => variant.clone(),
            Segment::Unknown => return all,
        };
        all.push('/');
        all.push_str(&part);
        all
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_escaped_nul_is_found_and_an_escaped_backslash_is_not_one() {
        assert!(holds_nul(r#"{"a":"\u0000"}"#));
        assert!(!holds_nul(r#"{"a":"\\u0000"}"#));
        assert!(holds_nul(r#"{"a":"\\\u0000"}"#));
    }

    #[test]
    fn a_mistake_is_named_with_its_place() {
        #[derive(Debug, serde::Deserialize)]
        struct Lines {
            #[expect(dead_code, reason = "only its form matters")]
            lines: Vec<u8>,
        }
        let problem = parse_body::<Lines>(br#"{"lines":[1,"x"]}"#).expect_err("not a number");
        assert_eq!(problem.errors[0].pointer, "/lines/1");
    }
}
