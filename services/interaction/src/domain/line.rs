//! What holds for the lines of a purchase and of a return alike.

use schema::{
    api::problem::FieldError,
    value::{Milli, Minor},
};

use super::mistake;

/// The most lines of one purchase or return.
pub(crate) const MOST: usize = 200;
/// The largest quantity of one line, in thousandths: two million of the article's unit.
const LARGEST_QUANTITY: i64 = 2_000_000_000;

/// There are lines, and not too many.
pub(super) fn check_count(count: usize, mistakes: &mut Vec<FieldError>) {
    if !(1..=MOST).contains(&count) {
        mistakes.push(mistake("/lines", format!("there are 1 to {MOST} lines")));
    }
}

/// Quantity and amount of the line at `position` are sound by themselves.
pub(super) fn check(position: usize, quantity: Milli, amount: Minor, mistakes: &mut Vec<FieldError>) {
    if !(1..=LARGEST_QUANTITY).contains(&quantity.get()) {
        let rule = format!("a quantity is 1 to {LARGEST_QUANTITY} thousandths of the article's unit");
        mistakes.push(mistake(format!("/lines/{position}/quantity_milli"), rule));
    }
    if amount.get() < 0 {
        let rule = "an amount is not negative";
        mistakes.push(mistake(format!("/lines/{position}/amount_minor"), rule));
    }
}

/// The sum of amounts; `None` when it is larger than can be counted.
pub(super) fn sum(amounts: impl IntoIterator<Item = Minor>) -> Option<Minor> {
    amounts.into_iter().try_fold(0_i64, |sum, amount| sum.checked_add(amount.get())).map(Minor::new)
}
