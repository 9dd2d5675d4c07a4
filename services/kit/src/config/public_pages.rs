//! Settings of public pages: those that whoever has a link opens without a login.

use reqwest::Url;
use serde::Deserialize;

use super::ConfigError;

/// Settings of public pages.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PublicPages {
    /// The address under which the public reaches them; links are paths only when absent.
    pub base_url: Option<String>,
    /// Links that open nothing which one client may try at once; at least 1.
    pub misses_most: u32,
    /// Such links that it may try each minute after that; at least 1.
    pub misses_per_minute: u32,
    /// Proxies in front that append to `X-Forwarded-For`; with 0, the client is whoever connects.
    pub trusted_proxies: usize,
}

impl PublicPages {
    /// The whole address of a path that begins with a slash; none when no address is configured.
    pub fn link(&self, path: &str) -> Option<String> {
        self.base_url.as_ref().map(|base| format!("{}{path}", base.trim_end_matches('/')))
    }

    pub(super) fn check(&self) -> Result<(), ConfigError> {
        if self.misses_most == 0 || self.misses_per_minute == 0 {
            return Err(ConfigError::Unusable(
                "public_pages.misses_most and public_pages.misses_per_minute are at least 1",
            ));
        }
        let Some(base) = &self.base_url else { return Ok(()) };
        if is_base(base) {
            return Ok(());
        }
        Err(ConfigError::Unusable(
            "public_pages.base_url is an https:// address (http:// on loopback only) without user, query and \
             fragment, for example https://answers.example.com",
        ))
    }
}

/// Links hold a secret, so they do not travel in the clear.
fn is_base(text: &str) -> bool {
    let Ok(url) = Url::parse(text) else { return false };
    let host = url.host_str().unwrap_or_default();
    let is_local = host == "localhost" || host == "[::1]" || host.starts_with("127.");
    let is_private = url.scheme() == "https" || (url.scheme() == "http" && is_local);
    let is_plain = url.username().is_empty() && url.password().is_none();
    is_private && !host.is_empty() && is_plain && url.query().is_none() && url.fragment().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pages(base: Option<&str>) -> PublicPages {
        let base_url = base.map(str::to_owned);
        PublicPages { base_url, misses_most: 1, misses_per_minute: 1, trusted_proxies: 0 }
    }

    #[test]
    fn a_base_is_a_plain_address_over_tls() {
        for good in [
            "https://answers.example.com",
            "https://answers.example.com/",
            "https://example.com:8443/feedback",
            "http://127.0.0.1:8364",
            "http://localhost",
        ] {
            assert!(pages(Some(good)).check().is_ok(), "{good}");
        }
        for wrong in [
            "",
            "answers.example.com",
            "http://answers.example.com",
            "ftp://example.com",
            "https://",
            "https://me@example.com",
            "https://me:secret@example.com",
            "https://example.com?a=b",
            "https://example.com#a",
            "javascript:alert(1)",
        ] {
            assert!(pages(Some(wrong)).check().is_err(), "{wrong}");
        }
        assert!(pages(None).check().is_ok());
        let none = PublicPages { misses_most: 0, ..pages(None) };
        assert!(none.check().is_err());
    }

    #[test]
    fn a_link_is_whole_when_there_is_a_base() {
        assert_eq!(pages(None).link("/a/b"), None);
        for base in ["https://example.com/x", "https://example.com/x/"] {
            assert_eq!(pages(Some(base)).link("/a/b").as_deref(), Some("https://example.com/x/a/b"));
        }
    }
}
