//! What the answer page asks for, and what was filled in.
//!
//! Fields have fixed names: `score` and `words` for a single question; `p-` and `e-` with the item's code for
//! what was perceived and expected of a questionnaire's item. What was filled in is kept as text, so that it can
//! be shown again as it was.

use std::collections::BTreeMap;

use schema::api::survey::{Instrument, NewItemAnswer, Questionnaire};
use serde::{Deserialize, Serialize};

use super::{
    answer,
    instrument::{Score, scale},
};

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Asked {
    /// One question.
    One(Instrument),
    /// A questionnaire.
    Many(Box<Questionnaire>),
}

/// What was filled in: text by field.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Filled(BTreeMap<String, String>);

/// What was answered, on the scales.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Given {
    /// To one question.
    One(Score),
    /// To some items of a questionnaire.
    Many(Vec<NewItemAnswer>),
}

/// What is wrong with a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mistake {
    /// The field's name.
    pub(crate) field: String,
    /// What is wrong.
    pub(crate) what: Wrong,
}

/// What can be wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wrong {
    /// It must be filled in.
    Missing,
    /// It is not on its scale.
    OffScale {
        /// The lowest value.
        lo: i32,
        /// The highest value.
        hi: i32,
    },
    /// The words are too long, or hold characters that cannot be kept.
    Words,
}

impl Asked {
    /// The fields of scales in their order, each with its ends.
    fn scales(&self) -> Vec<(String, (i32, i32))> {
        match self {
            Self::One(instrument) => vec![("score".to_owned(), scale(*instrument))],
            Self::Many(asked) => {
                let mut fields = Vec::new();
                for item in &asked.items {
                    if item.with_expectation {
                        fields.push((format!("e-{}", item.code), (item.lo, item.hi)));
                    }
                    fields.push((format!("p-{}", item.code), (item.lo, item.hi)));
                }
                fields
            }
        }
    }
}

impl Filled {
    /// Of what a form sent, what was asked for and is not empty.
    pub(crate) fn of(asked: &Asked, sent: Vec<(String, String)>) -> Self {
        let scales = asked.scales();
        let is_asked = |name: &str| name == "words" || scales.iter().any(|(field, _)| field == name);
        let kept = sent.into_iter().filter_map(|(name, value)| {
            // Browsers send the line ends of typewriters.
            let value = value.replace("\r\n", "\n").trim().to_owned();
            (is_asked(&name) && !value.is_empty()).then_some((name, value))
        });
        Self(kept.collect())
    }

    /// What stands in a field.
    pub(crate) fn get(&self, field: &str) -> Option<&str> {
        self.0.get(field).map(String::as_str)
    }

    /// Whether nothing was filled in.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What is wrong with what is there; what is missing is not wrong yet.
    pub(crate) fn mistakes(&self, asked: &Asked) -> Vec<Mistake> {
        let mut found = Vec::new();
        for (field, (lo, hi)) in asked.scales() {
            let on_scale = |text: &str| text.parse().is_ok_and(|value: i32| (lo..=hi).contains(&value));
            if self.get(&field).is_some_and(|text| !on_scale(text)) {
                found.push(Mistake { field, what: Wrong::OffScale { lo, hi } });
            }
        }
        if answer::verbatim(self.get("words")).is_err() {
            found.push(Mistake { field: "words".to_owned(), what: Wrong::Words });
        }
        found
    }

    /// The answer, or everything that is wrong or missing.
    pub(crate) fn read(&self, asked: &Asked) -> Result<(Given, Option<String>), Vec<Mistake>> {
        let mut found = self.mistakes(asked);
        let number = |field: &str| self.get(field).and_then(|text| text.parse::<i32>().ok());
        let missing = |field: &str| Mistake { field: field.to_owned(), what: Wrong::Missing };
        let given = match asked {
            Asked::One(instrument) => {
                let score = number("score").and_then(|score| Score::of(*instrument, score).ok());
                if self.get("score").is_none() {
                    found.push(missing("score"));
                }
                score.map(Given::One)
            }
            Asked::Many(questionnaire) => {
                let mut items = Vec::new();
                for item in &questionnaire.items {
                    let (perceived, expected) = (format!("p-{}", item.code), format!("e-{}", item.code));
                    let expectation = item.with_expectation.then(|| number(&expected)).flatten();
                    match number(&perceived) {
                        Some(perception) => {
                            items.push(NewItemAnswer { item: item.code.clone(), perception, expectation });
                        }
                        None if expectation.is_some() && self.get(&perceived).is_none() => {
                            found.push(missing(&perceived));
                        }
                        None => {}
                    }
                }
                let first = questionnaire.items.first().filter(|_| items.is_empty() && found.is_empty());
                if let Some(first) = first {
                    found.push(missing(&format!("p-{}", first.code)));
                }
                Some(Given::Many(items))
            }
        };
        match (given, answer::verbatim(self.get("words"))) {
            (Some(given), Ok(words)) if found.is_empty() => Ok((given, words)),
            _ => Err(found),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::DateTime;
    use schema::api::survey::QuestionnaireItem;

    fn sent(fields: &[(&str, &str)]) -> Vec<(String, String)> {
        fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    fn many() -> Asked {
        let item = |code: &str, with_expectation| QuestionnaireItem {
            code: code.to_owned(),
            texts: Vec::new(),
            lo: 1,
            hi: 5,
            with_expectation,
            weight: None,
        };
        Asked::Many(Box::new(Questionnaire {
            code: "service".to_owned(),
            version: 1,
            titles: Vec::new(),
            items: vec![item("speed", true), item("care", false)],
            created_at: DateTime::UNIX_EPOCH,
        }))
    }

    fn read(asked: &Asked, fields: &[(&str, &str)]) -> Result<(Given, Option<String>), Vec<Mistake>> {
        Filled::of(asked, sent(fields)).read(asked)
    }

    #[test]
    fn one_question_needs_a_score_on_its_scale() {
        let asked = Asked::One(Instrument::Csat);
        let (given, words) = read(&asked, &[("score", "4"), ("words", " a\r\nb ")]).expect("right");
        assert_eq!(given, Given::One(Score::of(Instrument::Csat, 4).expect("a score")));
        assert_eq!(words.as_deref(), Some("a\nb"));
        for (fields, wrong) in [
            (vec![], Wrong::Missing),
            (vec![("score", "")], Wrong::Missing),
            (vec![("score", "6")], Wrong::OffScale { lo: 1, hi: 5 }),
            (vec![("score", "x")], Wrong::OffScale { lo: 1, hi: 5 }),
        ] {
            let found = read(&asked, &fields).expect_err("wrong");
            assert_eq!(found, [Mistake { field: "score".to_owned(), what: wrong }]);
        }
        let long = "好".repeat(2_001);
        let found = read(&asked, &[("score", "4"), ("words", &long)]).expect_err("too long");
        assert_eq!(found, [Mistake { field: "words".to_owned(), what: Wrong::Words }]);
    }

    #[test]
    fn items_may_be_left_out_but_not_all() {
        let asked = many();
        let (given, _) = read(&asked, &[("p-care", "5")]).expect("right");
        let care = NewItemAnswer { item: "care".to_owned(), perception: 5, expectation: None };
        assert_eq!(given, Given::Many(vec![care]));
        let found = read(&asked, &[]).expect_err("nothing");
        assert_eq!(found, [Mistake { field: "p-speed".to_owned(), what: Wrong::Missing }]);
    }

    #[test]
    fn an_expectation_needs_a_perception() {
        let asked = many();
        let found = read(&asked, &[("e-speed", "5")]).expect_err("half");
        assert_eq!(found, [Mistake { field: "p-speed".to_owned(), what: Wrong::Missing }]);
        let found = read(&asked, &[("e-speed", "9"), ("p-speed", "0")]).expect_err("off");
        assert_eq!(found.iter().map(|one| one.field.as_str()).collect::<Vec<_>>(), ["e-speed", "p-speed"]);
    }

    #[test]
    fn what_was_not_asked_is_not_kept() {
        let filled = Filled::of(&many(), sent(&[("e-care", "1"), ("score", "1"), ("p-care", " 2 ")]));
        assert_eq!(
            (filled.get("p-care"), filled.get("e-care"), filled.get("score")),
            (Some("2"), None, None)
        );
        assert!(Filled::of(&many(), sent(&[("p-care", " ")])).is_empty());
    }
}
