//! The write key of a request: the user name of basic authentication.

use actix_web::{HttpRequest, http::header};
use base64::{Engine as _, engine::general_purpose::STANDARD};

use crate::domain::ingestion::source::WriteKey;

/// The key in the header; none when it holds no basic authentication with a user name.
pub(super) fn of_header(request: &HttpRequest) -> Option<WriteKey> {
    of_text(request.headers().get(header::AUTHORIZATION)?.to_str().ok()?)
}

fn of_text(text: &str) -> Option<WriteKey> {
    let (scheme, encoded) = text.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?;
    let user = decoded.split_once(':').map_or(decoded.as_str(), |(user, _)| user);
    (!user.is_empty()).then(|| WriteKey::given(user))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_user_name_is_the_key() {
        let of = |text: &str| of_text(&format!("Basic {}", STANDARD.encode(text)));
        assert_eq!(of("key:"), Some(WriteKey::given("key")));
        assert_eq!(of("key:anything"), Some(WriteKey::given("key")));
        assert_eq!(of("key"), Some(WriteKey::given("key")));
        assert_eq!(of(":key"), None);
        assert_eq!(of_text("Bearer a"), None);
        assert_eq!(of_text("Basic %%"), None);
    }
}
