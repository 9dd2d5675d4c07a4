//! What the traits of an `identify` say of a person: the reserved traits of the Segment specification are
//! fields of the customer's file, all others are attributes where one with that code is defined.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde_json::{Map, Value};

use super::{amount::written, message::Message};

/// The longest name.
const LONGEST_NAME: usize = 200;
/// The longest text of an attribute.
const LONGEST_TEXT: usize = 200;
/// The longest code of an attribute.
const LONGEST_CODE: usize = 40;
/// The parts of an address, in the order in which they are written.
const ADDRESS: [&str; 5] = ["street", "postalCode", "city", "state", "country"];

/// What is known of a person.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Profile {
    /// The full name.
    pub(crate) name: Option<String>,
    /// The birth date.
    pub(crate) birth_date: Option<NaiveDate>,
    /// The language to use with them.
    pub(crate) language: Option<String>,
    /// An e-mail address, as people write it.
    pub(crate) email: Option<String>,
    /// A phone number, as people write it.
    pub(crate) phone: Option<String>,
    /// Everything else as it is written, by the code of an attribute.
    pub(crate) attributes: BTreeMap<String, String>,
}

impl Profile {
    /// What an `identify` says.
    pub(crate) fn of(message: &Message) -> Self {
        let traits = &message.fields;
        let text = |names: &[&str]| names.iter().find_map(|name| word(traits, name));
        let name = text(&["name"]).or_else(|| {
            let parts = [text(&["firstName", "first_name"]), text(&["lastName", "last_name"])];
            let parts: Vec<String> = parts.into_iter().flatten().collect();
            (!parts.is_empty()).then(|| parts.join(" "))
        });
        let day = text(&["birthday", "birthdate", "birth_date"]);
        let language = text(&["language"]).or_else(|| message.locale.clone());
        Self {
            name: name.map(|name| name.chars().take(LONGEST_NAME).collect()),
            birth_date: day.and_then(|day| day.get(..10)?.parse().ok()),
            language: language.map(|tag| tag.replace('_', "-")).filter(|tag| is_language(tag)),
            email: text(&["email"]),
            phone: text(&["phone"]),
            attributes: traits.iter().filter_map(attribute).collect(),
        }
    }
}

/// A trait that may be an attribute, by the attribute's code.
fn attribute((name, value): (&String, &Value)) -> Option<(String, String)> {
    const FIELDS: [&str; 13] = [
        "name",
        "firstName",
        "first_name",
        "lastName",
        "last_name",
        "birthday",
        "birthdate",
        "birth_date",
        "language",
        "email",
        "phone",
        "id",
        "avatar",
    ];
    if FIELDS.contains(&name.as_str()) {
        return None;
    }
    let value = match value {
        Value::Object(address) if name == "address" => written_address(address),
        Value::Bool(value) => Some(value.to_string()),
        other => written(other),
    };
    Some((code(name)?, value?.chars().take(LONGEST_TEXT).collect()))
}

fn written_address(address: &Map<String, Value>) -> Option<String> {
    let parts: Vec<String> = ADDRESS.iter().filter_map(|part| word(address, part)).collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// `familySize` and `Family size` are the attribute `family_size`.
fn code(name: &str) -> Option<String> {
    let mut code = String::new();
    for letter in name.chars() {
        match letter {
            'a'..='z' | '0'..='9' => code.push(letter),
            'A'..='Z' => {
                if code.ends_with(|last: char| last.is_ascii_lowercase() || last.is_ascii_digit()) {
                    code.push('_');
                }
                code.push(letter.to_ascii_lowercase());
            }
            '_' | '-' | ' ' | '.' if !code.is_empty() && !code.ends_with('_') => code.push('_'),
            _ => return None,
        }
    }
    (code.starts_with(|first: char| first.is_ascii_lowercase()) && code.len() <= LONGEST_CODE).then_some(code)
}

/// A text or number under this name; an empty one is none.
fn word(all: &Map<String, Value>, name: &str) -> Option<String> {
    all.get(name).and_then(written)
}

fn is_language(tag: &str) -> bool {
    let fits = |part: &str| (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric());
    tag.len() <= 35 && tag.split('-').all(fits)
}

#[cfg(test)]
mod tests {
    use schema::api::ingestion::TrackingCall;
    use serde_json::json;

    use super::*;

    fn profile(traits: Value) -> Profile {
        let Value::Object(fields) = traits else { panic!("an object") };
        Profile::of(&Message {
            call: TrackingCall::Identify,
            user_id: Some("u".to_owned()),
            anonymous_id: None,
            previous_id: None,
            event: None,
            occurred_at: "2026-11-22T12:00:00Z".parse().expect("a time"),
            fields,
            locale: Some("en_GB".to_owned()),
        })
    }

    #[test]
    fn reserved_traits_are_fields_and_others_attributes() {
        let known = profile(json!({
            "firstName": "Ada", "lastName": "Lovelace", "email": "ada@example.com", "phone": "+441632960000",
            "birthday": "1815-12-10T00:00:00Z", "familySize": 5, "avatar": "https://example.com/a.png",
            "address": { "street": "12 St James's Sq", "city": "London", "country": "GB" }, "tags": ["a"],
        }));
        assert_eq!(known.name.as_deref(), Some("Ada Lovelace"));
        assert_eq!(known.birth_date, NaiveDate::from_ymd_opt(1815, 12, 10));
        assert_eq!(known.language.as_deref(), Some("en-GB"));
        let codes: Vec<&str> = known.attributes.keys().map(String::as_str).collect();
        assert_eq!(codes, ["address", "family_size"]);
        assert_eq!(known.attributes["address"], "12 St James's Sq, London, GB");
    }

    #[test]
    fn a_trait_without_meaning_is_left_out() {
        let known = profile(json!({ "name": " ", "email": "", "birthday": "soon", "漢字": 1 }));
        assert_eq!(Profile { language: None, ..known }, Profile::default());
    }
}
