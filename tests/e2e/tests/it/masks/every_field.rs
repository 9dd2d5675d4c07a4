//! Every classified field that the gateway shows, by every role: a question for everything, asked by who sees all
//! of it and then by each role, and compared field by field. A classified field that no question reaches, or that
//! nobody has a value in, fails the test.

use std::collections::BTreeSet;

use schema::access::{Level, Reach, Role, TABLE};
use serde_json::{Value, json};
use testkit::{Person, Place};

use super::{classes::Classes, everything, questions::Types};
use crate::{bad_week::Week, on_both};

/// What is shown only as the outcome of a command that everybody who may give it sees whole.
const ONLY_WHOLE: [(&str, &str); 1] = [("RfmScoring", "customers")];

/// What was compared, and what was wrong.
struct Comparison<'a> {
    classes: &'a Classes,
    who: &'a Person,
    /// Whether the role reaches the customer.
    reaches: bool,
    compared: &'a mut BTreeSet<(String, String)>,
    wrong: Vec<String>,
}

async fn asked(place: Place) {
    let week = Week::begin(&place).await;
    let arguments = everything::happen(&week).await;
    let (suite, manager, admin) = (&week.suite, &week.company.manager_hq, &week.company.admin);
    let types = Types::described(suite, admin).await;
    let classes = Classes::declared();
    let mut compared = BTreeSet::new();
    let mut wrong = Vec::new();
    for (about, query) in types.questions(&week.customer.to_string(), &arguments) {
        let whole = suite.graphql(manager, &query, json!({})).await;
        if whole.get("errors").is_some() {
            wrong.push(format!("{about} is not answered: {whole}\n{query}"));
            continue;
        }
        for rule in TABLE.iter().filter(|rule| !matches!(rule.role, Role::Service)) {
            let who = suite.person(rule.role, "hq");
            let seen = suite.graphql(&who, &query, json!({})).await;
            let reaches = !matches!(rule.reach, Reach::Nothing | Reach::Assigned);
            let mut comparison =
                Comparison { classes: &classes, who: &who, reaches, compared: &mut compared, wrong: vec![] };
            if seen.get("errors").is_some() {
                // Whoever may not ask is told so, and nothing else.
                let code = &seen["errors"][0]["extensions"]["code"];
                if code != "forbidden" {
                    wrong.push(format!("{about} as {:?}: {seen}", rule.role));
                }
                continue;
            }
            comparison.walk(&seen["data"], &whole["data"], &about);
            wrong.append(&mut comparison.wrong);
        }
    }
    let shown = classes.fields().filter(|(of, field)| types.shows(of, field));
    let unreached: Vec<_> = shown
        .filter(|one| !compared.contains(*one))
        .filter(|(of, field)| !ONLY_WHOLE.contains(&(of.as_str(), field.as_str())))
        .collect();
    let right = wrong.is_empty() && unreached.is_empty();
    assert!(right, "{wrong:#?}\nnobody compared these, let them have a value: {unreached:?}");
    week.suite.end().await;
}
on_both!(every_classified_field_of_the_gateway_is_masked_by_the_table, super::asked);

impl Comparison<'_> {
    fn walk(&mut self, seen: &Value, whole: &Value, place: &str) {
        match (seen, whole) {
            (Value::Object(_), Value::Object(all)) => {
                let of = all.get("__typename").and_then(Value::as_str).unwrap_or_default();
                for (name, value) in all {
                    self.field(&seen[name.as_str()], value, (whole, of, name.as_str()), place);
                }
            }
            (Value::Array(is), Value::Array(all)) => {
                if is.len() == all.len() {
                    for (is, all) in is.iter().zip(all) {
                        self.walk(is, all, place);
                    }
                } else if self.reaches || is.len() > all.len() {
                    self.wrong.push(format!("{place}: {:?} sees {seen}", self.who.viewer.roles));
                }
            }
            (Value::Null, Value::Object(_) | Value::Array(_)) if self.reaches => {
                self.wrong.push(format!("{place}: {:?} sees nothing", self.who.viewer.roles));
            }
            _ => {}
        }
    }

    fn field(&mut self, is: &Value, all: &Value, (object, of, name): (&Value, &str, &str), place: &str) {
        let place = format!("{place}.{name}");
        let viewer = &self.who.viewer;
        let level = self.classes.level(object, of, name, viewer);
        if all.is_null() {
            if !is.is_null() {
                self.wrong.push(format!("{place}: {:?} sees {is}, which is not there", viewer.roles));
            }
            return;
        }
        if self.who.viewer.roles != [Role::Manager] {
            self.compared.insert((of.to_owned(), name.to_owned()));
        }
        let right = match level {
            Level::None => is.is_null(),
            Level::Masked => is.as_str().map_or(is.is_null(), |text| text.contains("****") && is != all),
            Level::Whole if self.classes.has(of, name) => is == all,
            Level::Whole => return self.walk(is, all, &place),
        };
        if !right {
            self.wrong.push(format!("{place}: {:?} sees {is}", viewer.roles));
        }
    }
}
