//! Questions for everything that the gateway shows: every field of its roots and of a customer, with all that lies
//! below, made from its own description.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use testkit::{Person, Suite};

/// An introspection of all types.
const DESCRIBED: &str = "{ __schema { types { kind name fields { name args { name type { kind } } \
    type { ...T ofType { ...T ofType { ...T ofType { ...T } } } } } } } } fragment T on __Type { kind name }";
/// Roots that lead to what other questions ask already, those that lead everybody to something of their own,
/// and what administrators alone may ask: a classified field there would not be compared, and so fail.
const ELSEWHERE: [&str; 7] =
    ["node", "customer", "myDesk", "myItems", "ingestionSources", "ingestionCounts", "ingestionMessages"];
/// What a customer shows in a list: whatever takes a call for each is asked of one customer.
const IN_LISTS: [&str; 5] = ["file", "dealings", "loyalty", "voice", "nextOwed"];

struct Field {
    name: String,
    /// The type, without lists.
    of: String,
    required: Vec<String>,
    pages: bool,
}

/// The arguments of fields that require some, by `Type.field`; a question for each.
pub(crate) type Arguments = BTreeMap<&'static str, Vec<String>>;

/// All types that have fields.
pub(super) struct Types(BTreeMap<String, Vec<Field>>);

impl Types {
    pub(super) async fn described(suite: &Suite, who: &Person) -> Self {
        let described = suite.ask(who, DESCRIBED, json!({})).await;
        let types = described["__schema"]["types"].as_array().expect("types").iter();
        let objects = types.filter(|one| one["kind"] == "OBJECT").map(|one| {
            let fields = one["fields"].as_array().expect("fields").iter().map(field);
            (text(&one["name"]), fields.collect())
        });
        Self(objects.collect())
    }

    /// Whether the gateway shows this.
    pub(super) fn shows(&self, of: &str, field: &str) -> bool {
        self.0.get(of).is_some_and(|fields| fields.iter().any(|one| one.name == field))
    }

    /// A question for each field of the roots and of the customer, each with what it is about.
    pub(super) fn questions(&self, customer: &str, arguments: &Arguments) -> Vec<(String, String)> {
        let mut questions = Vec::new();
        for field in self.0["Query"].iter().filter(|field| !ELSEWHERE.contains(&field.name.as_str())) {
            for selected in self.every("Query", field, arguments) {
                questions.push((field.name.clone(), format!("{{ {selected} }}")));
            }
        }
        for field in &self.0["Customer"] {
            for selected in self.every("Customer", field, arguments) {
                let query = format!("{{ customer(id: \"{customer}\") {{ __typename {selected} }} }}");
                questions.push((format!("customer.{}", field.name), query));
            }
        }
        questions
    }

    /// A field with everything below it, once for each set of its arguments.
    fn every(&self, of: &str, field: &Field, arguments: &Arguments) -> Vec<String> {
        let name = format!("{of}.{}", field.name);
        let below = self.below(&field.of, &mut vec![of.to_owned()], arguments);
        // Whole customers are much to ask for at once.
        let most = if field.of == "CustomerConnection" { 1 } else { 10 };
        let first = field.pages.then(|| format!("first: {most}"));
        let with = |given: Option<&String>| {
            let given: Vec<String> = given.cloned().into_iter().chain(first.clone()).collect();
            let given = if given.is_empty() { String::new() } else { format!("({})", given.join(", ")) };
            format!("{}{given} {below}", field.name)
        };
        match arguments.get(name.as_str()) {
            Some(all) => all.iter().map(|one| with(Some(one))).collect(),
            None => {
                assert!(field.required.is_empty(), "{name} requires {:?}: say what", field.required);
                vec![with(None)]
            }
        }
    }

    /// The selection of everything below a type; empty for a scalar.
    fn below(&self, of: &str, within: &mut Vec<String>, arguments: &Arguments) -> String {
        let Some(fields) = self.0.get(of) else { return String::new() };
        within.push(of.to_owned());
        let mut selected = vec!["__typename".to_owned()];
        // What a connection gives twice is asked for once.
        let twice = |name: &str| name == "nodes" && fields.iter().any(|one| one.name == "edges");
        for field in fields.iter().filter(|field| !twice(&field.name)) {
            let in_list = of != "Customer" || IN_LISTS.contains(&field.name.as_str());
            if in_list && !within.contains(&field.of) {
                let all = self.every_below(of, field, within, arguments);
                selected.push(all);
            }
        }
        within.pop();
        format!("{{ {} }}", selected.join(" "))
    }

    fn every_below(
        &self,
        of: &str,
        field: &Field,
        within: &mut Vec<String>,
        arguments: &Arguments,
    ) -> String {
        let name = format!("{of}.{}", field.name);
        let given = arguments.get(name.as_str()).and_then(|all| all.first()).cloned();
        assert!(
            given.is_some() || field.required.is_empty(),
            "{name} requires {:?}: say what",
            field.required
        );
        let first = field.pages.then(|| "first: 5".to_owned());
        let given: Vec<String> = given.into_iter().chain(first).collect();
        let given = if given.is_empty() { String::new() } else { format!("({})", given.join(", ")) };
        format!("{}{given} {}", field.name, self.below(&field.of, within, arguments))
    }
}

fn field(field: &Value) -> Field {
    let arguments = field["args"].as_array().expect("arguments");
    let required = arguments.iter().filter(|one| one["type"]["kind"] == "NON_NULL");
    let mut of = &field["type"];
    while of["name"].is_null() {
        of = &of["ofType"];
    }
    Field {
        name: text(&field["name"]),
        of: text(&of["name"]),
        required: required.map(|one| text(&one["name"])).collect(),
        pages: arguments.iter().any(|one| one["name"] == "first"),
    }
}

fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}
