//! What other systems may call a customer.

use super::{code, person::Mistakes};

/// The most external ids of one customer.
pub(crate) const MOST: i64 = 20;
/// The longest value.
const LONGEST: usize = 100;

/// What to say of one that is somebody's.
pub(crate) const TAKEN: &str =
    "this id of that system belongs to a customer already; an id belongs to one only";

/// The value without blanks around it, or what is wrong with it or with the system.
pub(crate) fn check(system: &str, value: &str, mistakes: &mut Mistakes) -> String {
    if !code::is_code(system) {
        mistakes.add("/system", code::RULE);
    }
    let value = value.trim();
    if !(1..=LONGEST).contains(&value.chars().count()) || value.chars().any(char::is_control) {
        mistakes.add("/value", format!("an external id has 1 to {LONGEST} characters, none of control"));
    }
    value.to_owned()
}
