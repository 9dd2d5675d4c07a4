//! Attributes: their codes, and values as they are given and as they are kept.

use chrono::NaiveDate;
use schema::{
    api::customer::{AttributeType, AttributeValue},
    value::{Milli, decimal},
};

use super::{code, completeness, day};

/// The most attributes that can be defined: a file is read with all that is known at once.
pub(crate) const MOST: i64 = 200;
/// The most attributes that a file shows.
pub(crate) const SHOWN: usize = 50;
/// The longest code.
const LONGEST_CODE: usize = 40;
/// The longest text: a section is bounded.
const LONGEST_TEXT: usize = 200;
/// The longest unit.
const LONGEST_UNIT: usize = 20;

/// What to say of a code that is none.
pub(crate) const CODE_RULE: &str = "a code is 1 to 40 of a-z, 0-9 and underscore, begins with a letter and is not the name of a built-in item";

/// What to say of an attribute that is retired.
pub(crate) const RETIRED: &str = "the attribute is retired: nothing more is observed of it";

/// Whether the text can be an attribute's code.
pub(crate) fn is_code(text: &str) -> bool {
    (1..=LONGEST_CODE).contains(&text.len())
        && text.starts_with(|first: char| first.is_ascii_lowercase())
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
        && !completeness::BUILT_IN.contains(&text)
}

/// Checks a unit; only numbers have one.
pub(crate) fn unit(unit: &str, value_type: AttributeType) -> Result<String, &'static str> {
    let unit = unit.trim();
    match value_type {
        AttributeType::Integer | AttributeType::Decimal
            if (1..=LONGEST_UNIT).contains(&unit.chars().count()) =>
        {
            Ok(unit.to_owned())
        }
        AttributeType::Integer | AttributeType::Decimal => Err("a unit has 1 to 20 characters"),
        AttributeType::Boolean | AttributeType::Date | AttributeType::Code | AttributeType::Text => {
            Err("only an integer or a decimal has a unit; leave it out")
        }
    }
}

/// A value as it is kept: a number, or a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Kept {
    Number(i64),
    Text(String),
}

/// The value in the form in which it is kept; `Err` says what would be right.
pub(crate) fn keep(value: &AttributeValue, value_type: AttributeType) -> Result<Kept, &'static str> {
    let AttributeValue { integer, decimal_milli, boolean, date, code, text } = value;
    let given = [
        integer.is_some(),
        decimal_milli.is_some(),
        boolean.is_some(),
        date.is_some(),
        code.is_some(),
        text.is_some(),
    ];
    if given.into_iter().filter(|is_given| *is_given).count() != 1 {
        return Err("give exactly one value, in the field of the attribute's type");
    }
    match value_type {
        AttributeType::Integer => integer
            .map(|number| Kept::Number(number.into()))
            .ok_or("the attribute is an integer; give `integer`"),
        AttributeType::Decimal => decimal_milli
            .map(|number| Kept::Number(number.get()))
            .ok_or("the attribute is a decimal; give `decimal_milli`, in thousandths"),
        AttributeType::Boolean => boolean
            .map(|is_so| Kept::Number(is_so.into()))
            .ok_or("the attribute is a boolean; give `boolean`"),
        AttributeType::Date => date
            .filter(|date| day::is_storable(*date))
            .map(|date| Kept::Text(date.to_string()))
            .ok_or("the attribute is a date; give `date`, between the years 1900 and 9999"),
        AttributeType::Code => code
            .as_deref()
            .filter(|word| code::is_code(word))
            .map(|word| Kept::Text(word.to_owned()))
            .ok_or("the attribute is a code; give `code`, 1 to 40 of a-z, 0-9 and hyphen"),
        AttributeType::Text => text
            .as_deref()
            .map(str::trim)
            .filter(|text| (1..=LONGEST_TEXT).contains(&text.chars().count()) && !text.contains('\0'))
            .map(|text| Kept::Text(text.to_owned()))
            .ok_or("the attribute is a text; give `text`, 1 to 200 characters"),
    }
}

/// The value that a text stands for, as other systems write it; `None` when it is nothing of this type.
pub(crate) fn parse(text: &str, value_type: AttributeType) -> Option<AttributeValue> {
    let (text, none) = (text.trim(), AttributeValue::default());
    Some(match value_type {
        AttributeType::Integer => {
            let number = decimal::scaled(text, 3).filter(|number| number % 1_000 == 0)? / 1_000;
            AttributeValue { integer: Some(i32::try_from(number).ok()?), ..none }
        }
        AttributeType::Decimal => {
            AttributeValue { decimal_milli: Some(Milli::new(decimal::scaled(text, 3)?)), ..none }
        }
        AttributeType::Boolean => AttributeValue { boolean: Some(text.parse().ok()?), ..none },
        // A time stands for its day.
        AttributeType::Date => AttributeValue { date: Some(text.get(..10)?.parse().ok()?), ..none },
        AttributeType::Code => {
            let word = text.to_ascii_lowercase().replace([' ', '_'], "-");
            AttributeValue { code: Some(word).filter(|word| code::is_code(word)).map(Some)?, ..none }
        }
        AttributeType::Text => AttributeValue { text: Some(text.to_owned()), ..none },
    })
}

/// The value that was kept; `None` when the row does not have the form of its type.
pub(crate) fn value(
    value_type: AttributeType,
    number: Option<i64>,
    text: Option<String>,
) -> Option<AttributeValue> {
    let none = AttributeValue::default();
    Some(match value_type {
        AttributeType::Integer => AttributeValue { integer: Some(i32::try_from(number?).ok()?), ..none },
        AttributeType::Decimal => AttributeValue { decimal_milli: Some(Milli::new(number?)), ..none },
        AttributeType::Boolean => AttributeValue { boolean: Some(number? != 0), ..none },
        AttributeType::Date => AttributeValue { date: Some(text?.parse::<NaiveDate>().ok()?), ..none },
        AttributeType::Code => AttributeValue { code: Some(text?), ..none },
        AttributeType::Text => AttributeValue { text: Some(text?), ..none },
    })
}

/// What was kept, as a value; `None` when it is not of the type.
pub(crate) fn value_of(value_type: AttributeType, kept: &Kept) -> Option<AttributeValue> {
    match kept {
        Kept::Number(number) => value(value_type, Some(*number), None),
        Kept::Text(text) => value(value_type, None, Some(text.clone())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_of_its_type_and_comes_back_as_it_was() {
        let none = AttributeValue::default;
        let values = [
            (AttributeType::Integer, AttributeValue { integer: Some(-4), ..none() }),
            (AttributeType::Decimal, AttributeValue { decimal_milli: Some(Milli::new(23_750)), ..none() }),
            (AttributeType::Boolean, AttributeValue { boolean: Some(false), ..none() }),
            (AttributeType::Date, AttributeValue { date: NaiveDate::from_ymd_opt(2026, 3, 1), ..none() }),
            (AttributeType::Code, AttributeValue { code: Some("long-grain".to_owned()), ..none() }),
            (AttributeType::Text, AttributeValue { text: Some("蓬萊米".to_owned()), ..none() }),
        ];
        for (own, given) in &values {
            for (other, _) in &values {
                let kept = keep(given, *other);
                assert_eq!(kept.is_ok(), own == other, "{own:?} as {other:?}");
            }
            let (number, text) = match keep(given, *own).expect("of its type") {
                Kept::Number(number) => (Some(number), None),
                Kept::Text(text) => (None, Some(text)),
            };
            assert_eq!(value(*own, number, text).as_ref(), Some(given));
        }
        assert!(keep(&none(), AttributeType::Integer).is_err());
        let two = AttributeValue { integer: Some(1), boolean: Some(true), ..none() };
        assert!(keep(&two, AttributeType::Integer).is_err());
    }

    #[test]
    fn a_text_of_another_system_is_of_the_attributes_type_or_nothing() {
        let integer = |text| parse(text, AttributeType::Integer).and_then(|value| value.integer);
        assert_eq!(
            (integer("5"), integer(" 5.0 "), integer("5.5"), integer("five")),
            (Some(5), Some(5), None, None)
        );
        let decimal = parse("5.5", AttributeType::Decimal).and_then(|value| value.decimal_milli);
        assert_eq!(decimal, Some(Milli::new(5_500)));
        assert_eq!(parse("true", AttributeType::Boolean).and_then(|value| value.boolean), Some(true));
        assert_eq!(parse("1", AttributeType::Boolean), None);
        let code = |text| parse(text, AttributeType::Code).and_then(|value| value.code);
        assert_eq!((code("Gold Plus").as_deref(), code("é")), (Some("gold-plus"), None));
        let date = parse("2026-01-02T03:04:05Z", AttributeType::Date).and_then(|value| value.date);
        assert_eq!(date, NaiveDate::from_ymd_opt(2026, 1, 2));
    }

    #[test]
    fn a_built_in_item_is_no_attribute() {
        assert!(is_code("household_size"));
        for bad in ["", "name", "phone", "Size", "1st", "_a", "a-b"] {
            assert!(!is_code(bad), "{bad}");
        }
    }
}
