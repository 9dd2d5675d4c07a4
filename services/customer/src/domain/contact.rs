//! Contact points in their one normal form: phones in E.164, e-mail addresses in lower case.

use std::str::FromStr as _;

use email_address::EmailAddress;
use phonenumber::{Mode, country};
use schema::api::customer::ContactKind;

/// The most contact points of one customer.
pub(crate) const MOST: usize = 20;
/// The longest e-mail address (RFC 5321).
const LONGEST_EMAIL: usize = 254;

/// The region in which a number without a country code is read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Region(country::Id);

/// `default_region` is no region.
#[derive(Debug, thiserror::Error)]
#[error("default_region must be an ISO 3166 code of two letters that has phone numbers, for example CN")]
pub struct UnknownRegion;

impl Region {
    /// The region of this code.
    pub(crate) fn of(code: &str) -> Result<Self, UnknownRegion> {
        country::Id::from_str(code).map(Self).map_err(|_| UnknownRegion)
    }
}

/// The normal form of a contact as people write it; `Err` says what would be right.
pub(crate) fn normalise(kind: ContactKind, written: &str, region: Region) -> Result<String, &'static str> {
    match kind {
        ContactKind::Phone => phonenumber::parse(Some(region.0), written.trim())
            .ok()
            .filter(phonenumber::is_valid)
            .map(|number| number.format().mode(Mode::E164).to_string())
            .ok_or("not a phone number; write it with its country code, for example +86 138 1234 5678"),
        ContactKind::Email => {
            let address = written.trim().to_lowercase();
            if address.len() <= LONGEST_EMAIL && EmailAddress::is_valid(&address) {
                Ok(address)
            } else {
                Err("not an e-mail address; write it like name@example.com")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn phone(text: &str) -> Result<String, &'static str> {
        normalise(ContactKind::Phone, text, Region::of("CN").expect("a region"))
    }

    #[test]
    fn one_number_has_one_form() {
        for written in ["138 1234 5678", "+86 138-1234-5678", "0086 13812345678", "+8613812345678"] {
            assert_eq!(phone(written).as_deref(), Ok("+8613812345678"), "{written}");
        }
        assert_eq!(phone("+49 30 901820").as_deref(), Ok("+4930901820"));
        for bad in ["", "12", "abc", "+86 1"] {
            assert!(phone(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn one_address_has_one_form() {
        let region = Region::of("CN").expect("a region");
        let normal = |text| normalise(ContactKind::Email, text, region);
        assert_eq!(normal(" Li.Ming@Example.COM ").as_deref(), Ok("li.ming@example.com"));
        assert!(normal("li.ming").is_err());
    }
}
