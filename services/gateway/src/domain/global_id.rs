//! Ids that are unique over all types, as `node(id)` takes them: opaque to clients.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use schema::ids::CustomerId;

/// What a global id names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum GlobalId {
    /// A customer.
    Customer(CustomerId),
}

impl GlobalId {
    /// The id as clients carry it.
    pub(crate) fn text(self) -> String {
        match self {
            Self::Customer(id) => URL_SAFE_NO_PAD.encode(format!("Customer:{id}")),
        }
    }

    /// What an id names; none when it is not one of ours.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        let text = std::str::from_utf8(&bytes).ok()?;
        match text.split_once(':')? {
            ("Customer", id) => Some(Self::Customer(id.parse().ok()?)),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let id = GlobalId::Customer("01930000-0000-7000-8000-000000000001".parse().expect("an id"));
        assert_eq!(GlobalId::parse(&id.text()), Some(id));
        for text in ["", "%", "Q3VzdG9tZXI", "T3RoZXI6MQ", "Q3VzdG9tZXI6eA"] {
            assert_eq!(GlobalId::parse(text), None, "{text}");
        }
    }
}
