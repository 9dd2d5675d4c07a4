//! The classes of all fields, as the declarations in `schema` say them, for whatever type the gateway shows.
//!
//! Read from the sources: a list of types kept here by hand would not know the next one.

use std::{collections::BTreeMap, fs, path::Path};

use schema::access::{Class, Level, Viewer};
use serde_json::Value;

use super::camel_case;
use crate::architecture::{root, sources};

/// The class of each classified field, by type and by the name that GraphQL gives it.
pub(super) struct Classes(BTreeMap<(String, String), Class>);

impl Classes {
    pub(super) fn declared() -> Self {
        let mut found = BTreeMap::new();
        for path in sources(&root().join("schema/src/api")) {
            read(&path, &mut found);
        }
        assert!(found.len() > 100, "only {} classified fields are found", found.len());
        Self(found)
    }

    /// All fields that have a class.
    pub(super) fn fields(&self) -> impl Iterator<Item = &(String, String)> {
        self.0.keys()
    }

    /// Whether a field has a class.
    pub(super) fn has(&self, of: &str, field: &str) -> bool {
        self.0.contains_key(&(of.to_owned(), field.to_owned()))
    }

    /// How much of a field somebody sees; whole when it has no class. What an attribute of a customer is has the
    /// attribute's class, and where that is not known only those see it who see every class whole.
    pub(super) fn level(&self, object: &Value, of: &str, field: &str, viewer: &Viewer) -> Level {
        let everything = || {
            let all = [Class::Identity, Class::Contact, Class::Sensitive, Class::Value];
            all.into_iter()
                .map(|class| viewer.level(class))
                .fold(Level::Whole, |all, one| if one == Level::Whole { all } else { Level::None })
        };
        match (of, field) {
            ("Observation", "value") => {
                let class = class(&object["class"].as_str().expect("a class").to_lowercase());
                let level = class.map_or(Level::Whole, |class| viewer.level(class));
                if level == Level::Whole { level } else { Level::None }
            }
            ("ProfileAttribute", "value") => everything(),
            ("ClauseSeen", "found") if object["ofAttribute"] == true => everything(),
            _ => {
                let key = (of.to_owned(), field.to_owned());
                self.0.get(&key).map_or(Level::Whole, |class| viewer.level(*class))
            }
        }
    }
}

fn class(word: &str) -> Option<Class> {
    match word {
        "identity" => Some(Class::Identity),
        "contact" => Some(Class::Contact),
        "sensitive" => Some(Class::Sensitive),
        "value" => Some(Class::Value),
        "standing" => Some(Class::Standing),
        _ => None,
    }
}

/// Both ways in which classes are said: by `classified!`, and by hand in an `impl Mask`.
fn read(path: &Path, found: &mut BTreeMap<(String, String), Class>) {
    let text = fs::read_to_string(path).expect("readable");
    for declaration in text.split("classified! {").skip(1) {
        let Some((of, rest)) = declaration.split_once('{') else { continue };
        let fields = rest.split('}').next().unwrap_or_default();
        for field in fields.split(',') {
            if let Some((name, rule)) = field.split_once(':')
                && let Some(class) = class(rule.trim())
            {
                found.insert((of.trim().to_owned(), camel_case(name.trim())), class);
            }
        }
    }
    for by_hand in text.split("\nimpl Mask for ").skip(1) {
        let of = by_hand.split_whitespace().next().unwrap_or_default();
        let declared = by_hand.split("fn mask").next().unwrap_or_default();
        for field in declared.split("name: \"").skip(1) {
            let (name, rest) = field.split_once('"').expect("a name");
            let word = rest.split("Some(Class::").nth(1).and_then(|rest| rest.split(')').next());
            if let Some(class) = word.and_then(|word| class(&word.to_lowercase())) {
                found.insert((of.to_owned(), camel_case(name)), class);
            }
        }
    }
}
