//! The mutations, as the gateway itself describes them to any client: what each takes and gives.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use testkit::{Person, Suite};

/// An introspection of what a step needs.
const DESCRIBED: &str = "{ __type(name: \"Mutation\") { fields { name \
    args { name type { kind name ofType { kind name } } } \
    type { fields { name type { name fields { name } } } } } } }";

/// A mutation.
pub(crate) struct Mutation {
    /// The type of each argument.
    arguments: BTreeMap<String, String>,
    /// The field of the payload that holds the result.
    pub(crate) result: String,
    /// Whether the result has an id.
    pub(crate) has_id: bool,
}

/// All of them.
pub(crate) struct Mutations(BTreeMap<String, Mutation>);

impl Mutations {
    /// Asks the gateway for them.
    pub(crate) async fn described(suite: &Suite, who: &Person) -> Self {
        let described = suite.ask(who, DESCRIBED, json!({})).await;
        let fields = described["__type"]["fields"].as_array().expect("fields").iter();
        // The gateway's own commands change no section, and so have no token: `ingestion` gives each of them.
        let of_services = fields.filter(|field| {
            let payload = field["type"]["fields"].as_array().expect("a payload");
            payload.iter().any(|one| one["name"] == "consistency")
        });
        Self(of_services.map(|field| (text(&field["name"]), Mutation::described(field))).collect())
    }

    /// Their names, in order.
    pub(crate) fn names(&self) -> impl Iterator<Item = &String> {
        self.0.keys()
    }

    /// One that there must be.
    pub(crate) fn get(&self, name: &str) -> &Mutation {
        self.0.get(name).unwrap_or_else(|| panic!("there is no mutation {name}"))
    }

    /// Gives one, which must succeed; gives the id of the result, or null when it has none.
    pub(crate) async fn give(&self, suite: &Suite, who: &Person, name: &str, arguments: Value) -> Value {
        let mutation = self.get(name);
        let shown = if mutation.has_id { "{ id }" } else { "{ __typename }" };
        let query = mutation.query(name, &arguments, shown);
        let payload = suite.ask(who, &query, arguments).await[name].take();
        assert_eq!(payload["errors"], json!([]), "{name}");
        payload[&mutation.result]["id"].clone()
    }
}

impl Mutation {
    fn described(field: &Value) -> Self {
        let arguments = field["args"].as_array().expect("arguments").iter();
        let arguments = arguments.map(|argument| {
            let of = &argument["type"];
            let required = of["kind"] == "NON_NULL";
            let kind = if required { format!("{}!", text(&of["ofType"]["name"])) } else { text(&of["name"]) };
            (text(&argument["name"]), kind)
        });
        let payload = field["type"]["fields"].as_array().expect("a payload");
        let result =
            payload.iter().find(|one| !matches!(one["name"].as_str(), Some("consistency" | "errors")));
        let result = result.expect("a result");
        let fields = result["type"]["fields"].as_array().expect("a result with fields");
        Self {
            arguments: arguments.collect(),
            result: text(&result["name"]),
            has_id: fields.iter().any(|one| one["name"] == "id"),
        }
    }

    /// The operation that takes these arguments as variables and selects this of the result.
    pub(crate) fn query(&self, name: &str, arguments: &Value, shown: &str) -> String {
        let given = arguments.as_object().expect("arguments by name");
        let declared: Vec<String> = given
            .keys()
            .map(|argument| {
                let kind = self.arguments.get(argument);
                let kind = kind.unwrap_or_else(|| panic!("{name} takes no {argument}"));
                format!("${argument}: {kind}")
            })
            .collect();
        let passed: Vec<String> = given.keys().map(|argument| format!("{argument}: ${argument}")).collect();
        let (declared, passed) = if given.is_empty() {
            (String::new(), String::new())
        } else {
            (format!("({})", declared.join(", ")), format!("({})", passed.join(", ")))
        };
        let result = &self.result;
        format!(
            "mutation {declared} {{ {name}{passed} {{ {result} {shown} consistency errors {{ code message path }} }} }}"
        )
    }
}

fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}
