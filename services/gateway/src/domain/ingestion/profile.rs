//! What the traits of an `identify` say of a person: the reserved traits of the Segment specification are
//! fields of the customer's file, all others are attributes where one with that code is defined.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde_json::{Map, Value};

use super::{amount::scaled, message::Message};
use schema::{
    api::customer::{AttributeType, AttributeValue},
    value::Milli,
};

/// The longest name.
const LONGEST_NAME: usize = 200;
/// The longest text of an attribute.
const LONGEST_TEXT: usize = 200;
/// The longest code of an attribute.
const LONGEST_CODE: usize = 40;
/// The longest word that is the value of an attribute.
const LONGEST_WORD: usize = 40;
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
    /// Everything else, by code.
    pub(crate) attributes: BTreeMap<String, Value>,
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
fn attribute((name, value): (&String, &Value)) -> Option<(String, Value)> {
    const FIELDS: [&str; 13] = [
        "name", "firstName", "first_name", "lastName", "last_name", "birthday", "birthdate", "birth_date",
        "language", "email", "phone", "id", "avatar",
    ];
    if FIELDS.contains(&name.as_str()) {
        return None;
    }
    let value = match value {
        Value::Object(address) if name == "address" => Value::String(written_address(address)?),
        Value::String(_) | Value::Number(_) | Value::Bool(_) => value.clone(),
        Value::Null | Value::Array(_) | Value::Object(_) => return None,
    };
    Some((code(name)?, value))
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

/// The value of an attribute of this type; none when the trait is nothing of that type.
pub(crate) fn value(given: &Value, of: AttributeType) -> Option<AttributeValue> {
    let nothing = AttributeValue::default();
    let text = given.as_str().map(str::trim).filter(|text| !text.is_empty());
    Some(match of {
        AttributeType::Integer => {
            let thousandths = scaled(given, 3).filter(|value| value % 1_000 == 0)?;
            AttributeValue { integer: Some(i32::try_from(thousandths / 1_000).ok()?), ..nothing }
        }
        AttributeType::Decimal => {
            AttributeValue { decimal_milli: Some(Milli::new(scaled(given, 3)?)), ..nothing }
        }
        AttributeType::Boolean => {
            let value = given.as_bool().or(match text {
                Some("true") => Some(true),
                Some("false") => Some(false),
                _ => None,
            });
            AttributeValue { boolean: Some(value?), ..nothing }
        }
        AttributeType::Date => AttributeValue { date: Some(text?.get(..10)?.parse().ok()?), ..nothing },
        AttributeType::Code => {
            let word = text?.to_ascii_lowercase().replace([' ', '_'], "-");
            let fits = word.len() <= LONGEST_WORD
                && !word.starts_with('-')
                && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
            AttributeValue { code: Some(word).filter(|_| fits).map(Some)?, ..nothing }
        }
        AttributeType::Text => {
            let written = match given {
                Value::Number(number) => number.to_string(),
                Value::Bool(value) => value.to_string(),
                Value::Null | Value::String(_) | Value::Array(_) | Value::Object(_) => text?.to_owned(),
            };
            AttributeValue { text: Some(written.chars().take(LONGEST_TEXT).collect()), ..nothing }
        }
    })
}

/// A text or number under this name; an empty one is none.
fn word(all: &Map<String, Value>, name: &str) -> Option<String> {
    match all.get(name)? {
        Value::String(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
        Value::Number(number) => Some(number.to_string()),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
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

    #[test]
    fn values_are_of_the_attributes_type_or_none() {
        let of = |given: Value, of| value(&given, of);
        assert_eq!(of(json!(5), AttributeType::Integer).and_then(|one| one.integer), Some(5));
        assert_eq!(of(json!("5"), AttributeType::Integer).and_then(|one| one.integer), Some(5));
        assert_eq!(of(json!(5.5), AttributeType::Integer), None);
        assert_eq!(of(json!(5.5), AttributeType::Decimal).and_then(|one| one.decimal_milli), Some(Milli::new(5_500)));
        assert_eq!(of(json!("true"), AttributeType::Boolean).and_then(|one| one.boolean), Some(true));
        assert_eq!(of(json!(1), AttributeType::Boolean), None);
        assert_eq!(of(json!("Gold Plus"), AttributeType::Code).and_then(|one| one.code).as_deref(), Some("gold-plus"));
        assert_eq!(of(json!("é"), AttributeType::Code), None);
        assert_eq!(of(json!("2026-01-02"), AttributeType::Date).and_then(|one| one.date), NaiveDate::from_ymd_opt(2026, 1, 2));
        assert_eq!(of(json!(7), AttributeType::Text).and_then(|one| one.text).as_deref(), Some("7"));
    }
}
