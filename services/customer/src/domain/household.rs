//! How many make a household.

use std::collections::BTreeSet;

use schema::ids::CustomerId;

/// The fewest: one alone is no household.
pub(crate) const FEWEST: usize = 2;
/// The most: a file shows them all.
pub(crate) const MOST: usize = 20;

/// The customers of a new household; `Err` says what would be right.
pub(crate) fn members(named: &[CustomerId]) -> Result<BTreeSet<CustomerId>, String> {
    let members: BTreeSet<CustomerId> = named.iter().copied().collect();
    if members.len() != named.len() {
        return Err("name each customer once".to_owned());
    }
    if !(FEWEST..=MOST).contains(&members.len()) {
        return Err(format!("a household has {FEWEST} to {MOST} customers"));
    }
    Ok(members)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_to_twenty_each_once() {
        let id = |n: u128| CustomerId::from(uuid::Uuid::from_u128(n));
        let of = |count: u128| members(&(0..count).map(id).collect::<Vec<_>>()).is_ok();
        assert_eq!([of(0), of(1), of(2), of(20), of(21)], [false, false, true, true, false]);
        assert!(members(&[id(1), id(2), id(1)]).is_err());
    }
}
