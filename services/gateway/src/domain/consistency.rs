//! The consistency token: what a command gave back, so that a read after it shows its effect.
//!
//! It covers the service that was written, not what others make of it. It is opaque but no secret: who
//! shows a forged one only makes the gateway ask an owner once more.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use schema::{api::section::Section, ids::CustomerId};
use serde::{Deserialize, Serialize};

/// A revision of one customer in one service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Consistency {
    /// The section of the service that was written.
    #[serde(rename = "s")]
    pub(crate) section: Section,
    /// Whose revision.
    #[serde(rename = "c")]
    pub(crate) customer_id: CustomerId,
    /// The revision after the command.
    #[serde(rename = "r")]
    pub(crate) revision: i64,
}

impl Consistency {
    /// The token as clients carry it.
    pub(crate) fn token(&self) -> String {
        URL_SAFE_NO_PAD.encode(serde_json::to_vec(self).unwrap_or_default())
    }

    /// What a token says; none when it is not one of ours.
    pub(crate) fn parse(token: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
        serde_json::from_slice(&bytes).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let customer_id = "01930000-0000-7000-8000-000000000001".parse().expect("an id");
        let one = Consistency { section: Section::Dealings, customer_id, revision: 7 };
        assert_eq!(Consistency::parse(&one.token()), Some(one));
    }

    #[test]
    fn another_text_is_no_token() {
        for text in ["", "%%", "e30", "bm9uZQ", &"A".repeat(10_000)] {
            assert_eq!(Consistency::parse(text), None, "{text}");
        }
    }
}
