//! What may be recorded as a purchase.

use chrono::{DateTime, Utc};
use schema::{
    api::{interaction::NewPurchase, problem::FieldError},
    value::Minor,
};

use schema::moment;

use super::{line, mistake};

/// The longest code of an article.
const LONGEST_SKU: usize = 64;

/// What is settled about a purchase once it is found right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Bill {
    /// When, to the microsecond.
    pub(crate) occurred_at: DateTime<Utc>,
    /// The sum of the lines.
    pub(crate) total_minor: Minor,
}

/// Finds the purchase right, or says everything that is wrong with it.
pub(crate) fn bill(new: &NewPurchase, now: DateTime<Utc>) -> Result<Bill, Vec<FieldError>> {
    let mut mistakes = Vec::new();
    let occurred_at =
        moment::parse(new.occurred_at, now).map_err(|rule| mistakes.push(mistake("/occurred_at", rule)));
    line::check_count(new.lines.len(), &mut mistakes);
    for (position, one) in new.lines.iter().take(line::MOST).enumerate() {
        if !is_sku(&one.sku) {
            let rule = format!(
                "an article's code has 1 to {LONGEST_SKU} characters, none of them a control character"
            );
            mistakes.push(mistake(format!("/lines/{position}/sku"), rule));
        }
        line::check(position, one.quantity_milli, one.amount_minor, &mut mistakes);
    }
    let total = line::sum(new.lines.iter().map(|line| line.amount_minor));
    if total.is_none() {
        mistakes.push(mistake("/lines", "the amounts add up to more than can be counted"));
    }
    match (occurred_at, total) {
        (Ok(occurred_at), Some(total_minor)) if mistakes.is_empty() => Ok(Bill { occurred_at, total_minor }),
        _ => Err(mistakes),
    }
}

fn is_sku(text: &str) -> bool {
    (1..=LONGEST_SKU).contains(&text.chars().count()) && !text.chars().any(char::is_control)
}

#[cfg(test)]
mod tests {
    use schema::{
        api::interaction::{Channel, NewPurchaseLine},
        value::{Currency, Milli},
    };
    use uuid::Uuid;

    use super::*;

    fn now() -> DateTime<Utc> {
        "2026-11-21T12:00:00Z".parse().expect("a time")
    }

    fn line(sku: &str, quantity: i64, amount: i64) -> NewPurchaseLine {
        let (quantity_milli, amount_minor) = (Milli::new(quantity), Minor::new(amount));
        NewPurchaseLine { sku: sku.into(), quantity_milli, amount_minor }
    }

    fn purchase(lines: Vec<NewPurchaseLine>) -> NewPurchase {
        NewPurchase {
            org_unit_id: Uuid::nil().into(),
            staff_id: None,
            channel: Channel::Counter,
            occurred_at: now(),
            currency: Currency::try_from("EUR".to_owned()).expect("a currency"),
            lines,
        }
    }

    fn pointers(lines: Vec<NewPurchaseLine>) -> Vec<String> {
        let mistakes = bill(&purchase(lines), now()).expect_err("something wrong");
        mistakes.into_iter().map(|mistake| mistake.pointer).collect()
    }

    #[test]
    fn the_lines_add_up() {
        let lines = vec![line("bag-10", 2_000, 1_999), line("狗粮", 1, 0), line("x", 2_000_000_000, 1)];
        let bill = bill(&purchase(lines), now()).expect("a right purchase");
        assert_eq!(bill, Bill { occurred_at: now(), total_minor: Minor::new(2_000) });
    }

    #[test]
    fn all_mistakes_are_told_at_once() {
        let long = "s".repeat(65);
        let lines = vec![line("", 0, -1), line("a\nb", 2_000_000_001, 0), line(&long, 1, 0)];
        let wrong = [
            "/lines/0/sku",
            "/lines/0/quantity_milli",
            "/lines/0/amount_minor",
            "/lines/1/sku",
            "/lines/1/quantity_milli",
            "/lines/2/sku",
        ];
        assert_eq!(pointers(lines), wrong);
    }

    #[test]
    fn there_are_1_to_200_lines() {
        assert_eq!(pointers(Vec::new()), ["/lines"]);
        assert_eq!(pointers(vec![line("a", 1, 1); 201]), ["/lines"]);
        assert!(bill(&purchase(vec![line("a", 1, 1); 200]), now()).is_ok());
    }

    #[test]
    fn a_sum_that_cannot_be_counted_is_a_mistake() {
        assert_eq!(pointers(vec![line("a", 1, i64::MAX), line("b", 1, 1)]), ["/lines"]);
        assert_eq!(pointers(vec![line("a", 1, i64::MIN), line("b", 1, -1)]).last().unwrap(), "/lines");
    }

    #[test]
    fn tomorrow_is_the_latest() {
        let new = NewPurchase {
            occurred_at: now() + chrono::TimeDelta::days(2),
            ..purchase(vec![line("a", 1, 1)])
        };
        assert_eq!(bill(&new, now()).expect_err("too late")[0].pointer, "/occurred_at");
    }
}
