//! The one-time token of an invitation: the customer's id, which leads to the rows, and a secret.
//!
//! Only the SHA-256 of the secret is kept. It has 256 random bits, so it cannot be guessed, and a hash without
//! salt or cost is enough.

use std::fmt;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use schema::ids::CustomerId;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

/// The random part.
pub(crate) type Secret = [u8; 32];

/// A token; never logged.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Token {
    /// Whose invitation it is.
    pub(crate) customer: CustomerId,
    secret: Secret,
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

impl Token {
    /// The token of this secret.
    pub(crate) const fn new(customer: CustomerId, secret: Secret) -> Self {
        Self { customer, secret }
    }

    /// As it stands in the link: 64 of A-Z, a-z, 0-9, hyphen and underscore.
    pub(crate) fn text(self) -> String {
        let mut bytes = [0; 48];
        bytes[..16].copy_from_slice(self.customer.uuid().as_bytes());
        bytes[16..].copy_from_slice(&self.secret);
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// The token that the text is, if it is one.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        if text.len() != 64 {
            return None;
        }
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        let (customer, secret) = bytes.split_at_checked(16)?;
        Some(Self::new(Uuid::from_slice(customer).ok()?.into(), secret.try_into().ok()?))
    }

    /// What is kept of it.
    pub(crate) fn hash(self) -> String {
        Sha256::digest(self.secret).iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_read_as_it_was_written() {
        let token = Token::new(Uuid::from_u128(7).into(), [0xAB; 32]);
        let text = token.text();
        assert_eq!(text.len(), 64);
        assert_eq!(Token::parse(&text), Some(token));
        assert!(!format!("{token:?}").contains("AB") && token.hash().len() == 64);
        assert_ne!(token.hash(), Token::new(token.customer, [0xAC; 32]).hash());
    }

    #[test]
    fn what_is_no_token_is_none() {
        for text in ["", "a", &"%".repeat(64), &"a".repeat(63), &"a".repeat(65), &"好".repeat(64)] {
            assert_eq!(Token::parse(text), None, "{text}");
        }
    }
}
