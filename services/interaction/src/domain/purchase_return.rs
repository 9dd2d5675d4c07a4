//! What may come back of a purchase: never more than was bought, all returns together.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use schema::{
    api::{
        interaction::{NewReturn, Purchase, PurchaseLine, PurchaseReturn},
        problem::FieldError,
    },
    ids::PurchaseReturnId,
    value::{Milli, Minor},
};

use schema::moment;

use super::{line, mistake, words};

/// The most returns of one purchase: it is read with all of them.
pub(crate) const MOST: usize = 200;

/// Takes a return into the purchase, which then says what came back of it in all.
///
/// # Errors
/// Everything that is wrong with the return; the purchase is then as it was.
pub(crate) fn take_back(
    purchase: &mut Purchase,
    new: &NewReturn,
    id: PurchaseReturnId,
    now: DateTime<Utc>,
) -> Result<PurchaseReturn, Vec<FieldError>> {
    let mut mistakes = Vec::new();
    let occurred_at = moment::parse(new.occurred_at, now)
        .and_then(|at| if at < purchase.occurred_at { Err("it is not before the purchase") } else { Ok(at) });
    let occurred_at = occurred_at.map_err(|rule| mistakes.push(mistake("/occurred_at", rule)));
    if !words::is_code(&new.reason) {
        mistakes.push(mistake("/reason", "a reason is a code of 1 to 40 of a-z, 0-9 and hyphen"));
    }
    check_lines(&purchase.lines, new, &mut mistakes);
    let total = line::sum(new.lines.iter().map(|line| line.amount_minor));
    let returned = total.and_then(|total| line::sum([purchase.returned_minor, total]));
    let (Ok(occurred_at), Some(total_minor), Some(returned_minor)) = (occurred_at, total, returned) else {
        if mistakes.is_empty() {
            mistakes.push(mistake("/lines", "the amounts add up to more than can be counted"));
        }
        return Err(mistakes);
    };
    if !mistakes.is_empty() {
        return Err(mistakes);
    }

    for back in &new.lines {
        for bought in purchase.lines.iter_mut().filter(|bought| bought.line_no == back.line_no) {
            // What is still out was not exceeded, so neither can overflow.
            let quantity = bought.returned_quantity_milli.get() + back.quantity_milli.get();
            let amount = bought.returned_amount_minor.get() + back.amount_minor.get();
            bought.returned_quantity_milli = Milli::new(quantity);
            bought.returned_amount_minor = Minor::new(amount);
        }
    }
    let returned = PurchaseReturn { id, occurred_at, reason: new.reason.clone(), total_minor };
    purchase.returned_minor = returned_minor;
    purchase.returns.push(returned.clone());
    Ok(returned)
}

fn check_lines(bought: &[PurchaseLine], new: &NewReturn, mistakes: &mut Vec<FieldError>) {
    line::check_count(new.lines.len(), mistakes);
    let mut seen = BTreeSet::new();
    for (position, back) in new.lines.iter().take(line::MOST).enumerate() {
        line::check(position, back.quantity_milli, back.amount_minor, mistakes);
        let mut wrong = |field: &str, detail: String| {
            mistakes.push(mistake(format!("/lines/{position}/{field}"), detail));
        };
        if !seen.insert(back.line_no) {
            wrong("line_no", "each line comes back at most once in a return".to_owned());
            continue;
        }
        let Some(bought) = bought.iter().find(|bought| bought.line_no == back.line_no) else {
            wrong("line_no", "the purchase has no such line".to_owned());
            continue;
        };
        let quantity = bought.quantity_milli.get() - bought.returned_quantity_milli.get();
        if back.quantity_milli.get() > quantity {
            wrong("quantity_milli", format!("of this line {quantity} can still come back"));
        }
        let amount = bought.amount_minor.get() - bought.returned_amount_minor.get();
        if back.amount_minor.get() > amount {
            wrong("amount_minor", format!("of this line {amount} can still be given back"));
        }
    }
}

#[cfg(test)]
mod tests {
    use schema::{
        api::interaction::{Channel, NewReturnLine},
        value::Currency,
    };
    use uuid::Uuid;

    use super::*;

    fn now() -> DateTime<Utc> {
        "2026-11-21T12:00:00Z".parse().expect("a time")
    }

    /// A purchase of two lines: 3 pieces for 30.00 and 1 piece for 5.00.
    fn purchase() -> Purchase {
        let line = |line_no, quantity, amount| PurchaseLine {
            line_no,
            sku: format!("sku-{line_no}"),
            quantity_milli: Milli::new(quantity),
            amount_minor: Minor::new(amount),
            returned_quantity_milli: Milli::new(0),
            returned_amount_minor: Minor::new(0),
        };
        Purchase {
            id: Uuid::nil().into(),
            customer_id: Uuid::nil().into(),
            org_unit_id: Uuid::nil().into(),
            staff_id: None,
            channel: Channel::Counter,
            occurred_at: now() - chrono::TimeDelta::days(7),
            currency: Currency::try_from("EUR".to_owned()).expect("a currency"),
            total_minor: Minor::new(3_500),
            returned_minor: Minor::new(0),
            lines: vec![line(1, 3_000, 3_000), line(2, 1_000, 500)],
            returns: Vec::new(),
            revision: 1,
        }
    }

    fn new(lines: &[(i32, i64, i64)]) -> NewReturn {
        let line = |&(line_no, quantity, amount): &(i32, i64, i64)| NewReturnLine {
            line_no,
            quantity_milli: Milli::new(quantity),
            amount_minor: Minor::new(amount),
        };
        let lines = lines.iter().map(line).collect();
        NewReturn { occurred_at: now(), reason: "damaged".into(), lines }
    }

    fn take(purchase: &mut Purchase, new: &NewReturn) -> Result<PurchaseReturn, Vec<String>> {
        take_back(purchase, new, Uuid::nil().into(), now())
            .map_err(|mistakes| mistakes.into_iter().map(|mistake| mistake.pointer).collect())
    }

    #[test]
    fn partial_returns_add_up_to_what_was_bought_and_no_further() {
        let mut purchase = purchase();
        let first = take(&mut purchase, &new(&[(1, 1_000, 1_000)])).expect("a part");
        assert_eq!(first.total_minor, Minor::new(1_000));
        let second = take(&mut purchase, &new(&[(1, 2_000, 2_000), (2, 1_000, 500)])).expect("the rest");
        assert_eq!(second.total_minor, Minor::new(2_500));
        assert_eq!(purchase.returned_minor, purchase.total_minor);
        assert_eq!(purchase.returns, [first, second]);
        for line in &purchase.lines {
            assert_eq!(line.returned_quantity_milli, line.quantity_milli);
            assert_eq!(line.returned_amount_minor, line.amount_minor);
        }
        assert_eq!(take(&mut purchase, &new(&[(1, 1, 0)])), Err(vec!["/lines/0/quantity_milli".into()]));
    }

    #[test]
    fn more_than_was_bought_leaves_the_purchase_as_it_was() {
        let mut purchase = purchase();
        let wrong = take(&mut purchase, &new(&[(2, 1_000, 500), (1, 3_001, 3_001)]));
        assert_eq!(wrong, Err(vec!["/lines/1/quantity_milli".into(), "/lines/1/amount_minor".into()]));
        assert_eq!(purchase, self::purchase());
    }

    #[test]
    fn money_may_be_kept_but_not_added() {
        let mut purchase = purchase();
        assert!(take(&mut purchase, &new(&[(1, 1_000, 3_000)])).is_ok());
        assert_eq!(take(&mut purchase, &new(&[(1, 1_000, 1)])), Err(vec!["/lines/0/amount_minor".into()]));
        assert!(take(&mut purchase, &new(&[(1, 2_000, 0)])).is_ok());
    }

    #[test]
    fn lines_are_of_the_purchase_and_each_once() {
        let wrong = take(&mut purchase(), &new(&[(1, 1_000, 0), (1, 2_000, 0), (3, 1, 0), (-1, 1, 0)]));
        let pointers = ["/lines/1/line_no", "/lines/2/line_no", "/lines/3/line_no"];
        assert_eq!(wrong, Err(pointers.map(String::from).to_vec()));
        assert_eq!(take(&mut purchase(), &new(&[])), Err(vec!["/lines".into()]));
    }

    #[test]
    fn extreme_numbers_are_mistakes() {
        for (quantity, amount) in [(i64::MAX, i64::MAX), (i64::MIN, i64::MIN), (0, -1)] {
            assert!(take(&mut purchase(), &new(&[(1, quantity, amount), (2, quantity, amount)])).is_err());
        }
    }

    #[test]
    fn not_before_the_purchase_and_with_a_reason() {
        let early = now() - chrono::TimeDelta::days(8);
        let new = NewReturn { occurred_at: early, reason: "Was damaged".into(), ..new(&[(1, 1, 0)]) };
        assert_eq!(take(&mut purchase(), &new), Err(vec!["/occurred_at".into(), "/reason".into()]));
    }
}
