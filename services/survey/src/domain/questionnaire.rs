//! What a questionnaire may ask, and what may be answered to it.

use std::collections::BTreeSet;

use schema::api::{
    problem::FieldError,
    survey::{
        ItemAnswer, LocalText, NewItemAnswer, NewQuestionnaire, NewQuestionnaireItem, QuestionnaireItem,
    },
};

use super::gap;

/// The most items.
const ITEMS_MOST: usize = 50;
/// The most languages.
const LANGUAGES_MOST: usize = 20;
/// The longest text, in characters.
const LONGEST_TEXT: usize = 500;
/// The longest code.
const LONGEST_CODE: usize = 40;
/// The longest language tag.
const LONGEST_TAG: usize = 35;
/// The highest end of a scale.
const SCALE_MOST: i32 = 100;
/// The greatest weight.
const WEIGHT_MOST: i32 = 1_000;

/// Notes a mistake.
fn wrong(mistakes: &mut Vec<FieldError>, pointer: impl Into<String>, detail: impl Into<String>) {
    mistakes.push(FieldError { pointer: pointer.into(), detail: detail.into() });
}

/// Whether the text is a code.
pub(crate) fn is_code(text: &str) -> bool {
    (1..=LONGEST_CODE).contains(&text.len())
        && !text.starts_with('-')
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

/// Whether the text has the form of a BCP 47 tag: subtags of 1 to 8 letters or digits.
pub(crate) fn is_language(tag: &str) -> bool {
    let subtag =
        |part: &str| (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric());
    tag.len() <= LONGEST_TAG
        && tag.starts_with(|first: char| first.is_ascii_alphabetic())
        && tag.split('-').all(subtag)
}

/// Everything that is wrong with a new version; nothing when it is right.
pub(crate) fn mistakes(new: &NewQuestionnaire) -> Vec<FieldError> {
    const CODE: &str = "a code is 1 to 40 of a-z, 0-9 and hyphen, not beginning with a hyphen";
    let mut found = Vec::new();
    if !is_code(&new.code) {
        wrong(&mut found, "/code", CODE);
    }
    if new.version < 1 {
        wrong(&mut found, "/version", "the first version is 1");
    }
    let languages = check_texts(&mut found, "/titles", &new.titles);
    if !(1..=ITEMS_MOST).contains(&new.items.len()) {
        wrong(&mut found, "/items", "a questionnaire has 1 to 50 items");
    }
    let mut codes = BTreeSet::new();
    for (place, item) in new.items.iter().take(ITEMS_MOST).enumerate() {
        let at = |field: &str| format!("/items/{place}/{field}");
        if !is_code(&item.code) {
            wrong(&mut found, at("code"), CODE);
        } else if !codes.insert(&item.code) {
            wrong(&mut found, at("code"), "another item has this code");
        }
        if check_texts(&mut found, &at("texts"), &item.texts) != languages {
            wrong(
                &mut found,
                at("texts"),
                "an item has a text in each language of the title, and in no other",
            );
        }
        check_scale(&mut found, &at("hi"), item);
        check_weight(&mut found, &at("weight"), item, &new.items);
    }
    found
}

/// The languages of some texts.
fn check_texts<'a>(found: &mut Vec<FieldError>, at: &str, texts: &'a [LocalText]) -> BTreeSet<&'a str> {
    if !(1..=LANGUAGES_MOST).contains(&texts.len()) {
        wrong(found, at, "give the text in 1 to 20 languages");
    }
    let mut languages = BTreeSet::new();
    for (place, one) in texts.iter().take(LANGUAGES_MOST).enumerate() {
        if !is_language(&one.language) {
            wrong(
                found,
                format!("{at}/{place}/language"),
                "a language is a BCP 47 tag, such as en or zh-Hans",
            );
        } else if !languages.insert(one.language.as_str()) {
            wrong(found, format!("{at}/{place}/language"), "this language is there already");
        }
        let length = one.text.chars().count();
        if one.text.trim().is_empty() || length > LONGEST_TEXT || one.text.chars().any(char::is_control) {
            let rule = "a text has 1 to 500 characters, not only blanks and no control characters";
            wrong(found, format!("{at}/{place}/text"), rule);
        }
    }
    languages
}

fn check_scale(found: &mut Vec<FieldError>, at: &str, item: &NewQuestionnaireItem) {
    if item.lo < 0 || item.lo >= item.hi || item.hi > SCALE_MOST {
        wrong(found, at, "a scale goes from lo to a higher hi, within 0 to 100");
    }
}

fn check_weight(
    found: &mut Vec<FieldError>,
    at: &str,
    item: &NewQuestionnaireItem,
    all: &[NewQuestionnaireItem],
) {
    let weighted = all.iter().any(|other| other.weight.is_some());
    match item.weight {
        Some(_) if !item.with_expectation => {
            wrong(found, at, "only an item with an expectation has a weight")
        }
        Some(weight) if !(1..=WEIGHT_MOST).contains(&weight) => wrong(found, at, "a weight is 1 to 1,000"),
        None if weighted && item.with_expectation => {
            wrong(
                found,
                at,
                "another item has a weight: give one to each item with an expectation, or to none",
            );
        }
        Some(_) | None => {}
    }
}

/// What was answered, in the questionnaire's order; `Err` names everything that is wrong.
pub(crate) fn answered(
    asked: &[QuestionnaireItem],
    given: &[NewItemAnswer],
) -> Result<Vec<ItemAnswer>, Vec<FieldError>> {
    let mut found = Vec::new();
    if given.is_empty() {
        wrong(&mut found, "/items", "answer at least one item");
    }
    let mut answers = Vec::new();
    let mut seen = BTreeSet::new();
    // More than twice as many as there can be is nonsense: not every one of them needs a message.
    for (place, one) in given.iter().take(2 * ITEMS_MOST).enumerate() {
        let at = |field: &str| format!("/items/{place}/{field}");
        let Some(position) = asked.iter().position(|item| item.code == one.item) else {
            wrong(&mut found, at("item"), "this version of the questionnaire has no such item");
            continue;
        };
        let item = &asked[position];
        if !seen.insert(position) {
            wrong(&mut found, at("item"), "this item is answered already");
        }
        let on_scale = |value: i32| (item.lo..=item.hi).contains(&value);
        let rule = || format!("the scale of {} is {} to {}", item.code, item.lo, item.hi);
        if !on_scale(one.perception) {
            wrong(&mut found, at("perception"), rule());
        }
        match one.expectation {
            Some(_) if !item.with_expectation => {
                wrong(&mut found, at("expectation"), "this item does not ask for an expectation");
            }
            Some(expected) if !on_scale(expected) => wrong(&mut found, at("expectation"), rule()),
            Some(_) | None => {}
        }
        answers.push((position, one));
    }
    if !found.is_empty() || given.len() > asked.len() {
        if found.is_empty() {
            wrong(&mut found, "/items", "there are more answers than items");
        }
        return Err(found);
    }
    answers.sort_by_key(|(position, _)| *position);
    let answers = answers.into_iter();
    Ok(answers.map(|(_, one)| gap::answer(one.item.clone(), one.perception, one.expectation)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(language: &str) -> Vec<LocalText> {
        vec![LocalText { language: language.to_owned(), text: "How quick were we?".to_owned() }]
    }

    fn item(code: &str, with_expectation: bool) -> NewQuestionnaireItem {
        NewQuestionnaireItem {
            code: code.to_owned(),
            texts: text("en"),
            lo: 1,
            hi: 7,
            with_expectation,
            weight: None,
        }
    }

    fn questionnaire() -> NewQuestionnaire {
        NewQuestionnaire {
            code: "service".to_owned(),
            version: 1,
            titles: text("en"),
            items: vec![item("speed", true), item("care", false)],
        }
    }

    fn pointers(found: &[FieldError]) -> Vec<&str> {
        found.iter().map(|one| one.pointer.as_str()).collect()
    }

    #[test]
    fn a_right_one_has_no_mistakes() {
        assert!(mistakes(&questionnaire()).is_empty());
    }

    #[test]
    fn every_mistake_is_named_with_its_place() {
        let mut new = questionnaire();
        new.code = "Über".to_owned();
        new.version = 0;
        new.items[0].weight = Some(0);
        new.items[1] = NewQuestionnaireItem { hi: 1, weight: Some(3), ..item("speed", false) };
        new.items[1].texts = text("de");
        let expected = [
            "/code",
            "/version",
            "/items/0/weight",
            "/items/1/code",
            "/items/1/texts",
            "/items/1/hi",
            "/items/1/weight",
        ];
        assert_eq!(pointers(&mistakes(&new)), expected);
    }

    #[test]
    fn weights_are_given_to_all_or_none() {
        let mut new = questionnaire();
        new.items.push(NewQuestionnaireItem { weight: Some(5), ..item("tone", true) });
        assert_eq!(pointers(&mistakes(&new)), ["/items/0/weight"]);
        new.items[0].weight = Some(7);
        assert!(mistakes(&new).is_empty());
    }

    #[test]
    fn languages_have_their_form() {
        for good in ["en", "zh-Hans", "de-CH-1996"] {
            assert!(is_language(good), "{good}");
        }
        for bad in ["", "-", "en-", "1en", "e n", "toolongalanguage", &"en-".repeat(12)] {
            assert!(!is_language(bad), "{bad}");
        }
    }

    #[test]
    fn answers_are_in_the_order_of_the_items_and_may_leave_some_out() {
        let asked = questionnaire().items;
        let care = NewItemAnswer { item: "care".to_owned(), perception: 5, expectation: None };
        let speed = NewItemAnswer { item: "speed".to_owned(), perception: 6, expectation: Some(7) };
        let both = answered(&asked, &[care.clone(), speed]).expect("right");
        assert_eq!(both.iter().map(|one| one.item.as_str()).collect::<Vec<_>>(), ["speed", "care"]);
        assert_eq!(answered(&asked, &[care]).map(|some| some.len()), Ok(1));
    }

    #[test]
    fn wrong_answers_are_named_with_their_place() {
        let asked = questionnaire().items;
        let one = |item: &str, perception, expectation| NewItemAnswer {
            item: item.to_owned(),
            perception,
            expectation,
        };
        let given =
            [one("speed", 0, Some(8)), one("speed", 1, None), one("care", 7, Some(7)), one("taste", 1, None)];
        let found = answered(&asked, &given).expect_err("wrong");
        let expected = [
            "/items/0/perception",
            "/items/0/expectation",
            "/items/1/item",
            "/items/2/expectation",
            "/items/3/item",
        ];
        assert_eq!(pointers(&found), expected);
        assert_eq!(pointers(&answered(&asked, &[]).expect_err("nothing")), ["/items"]);
    }
}
