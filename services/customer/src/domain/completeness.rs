//! How well we know a customer, and what to ask next.

use std::collections::BTreeSet;

use schema::api::customer::{Completeness, ContactKind, CustomerFile, CustomerKind, ProfileWeight};

/// The items that every file has, beside the attributes.
pub(crate) const BUILT_IN: [&str; 5] = ["name", "birth_date", "language", "phone", "email"];
/// The heaviest weight.
pub(crate) const HEAVIEST: i32 = 1_000;
/// The most weights that one request sets: more than there can be items.
pub(crate) const MOST: usize = 300;
/// The most missing items that a file shows.
const SHOWN: usize = 20;

/// The built-in items that the file knows.
pub(crate) fn known_built_in(file: &CustomerFile) -> BTreeSet<&'static str> {
    let has = |kind: ContactKind| file.contact_points.iter().any(|point| point.kind == kind);
    let is_known = |item: &&str| match *item {
        "name" => file.name.as_deref().is_some_and(|name| !name.is_empty()),
        "birth_date" => file.birth_date.is_some(),
        "language" => file.language.is_some(),
        "phone" => has(ContactKind::Phone),
        "email" => has(ContactKind::Email),
        _ => false,
    };
    BUILT_IN.into_iter().filter(is_known).collect()
}

/// The share of the weights that is known, and what is missing.
pub(crate) fn of(weights: &[ProfileWeight], kind: CustomerKind, known: &BTreeSet<&str>) -> Completeness {
    // Only a person was born.
    let counts =
        |one: &&ProfileWeight| one.weight > 0 && (one.item != "birth_date" || kind == CustomerKind::Consumer);
    let (have, mut missing): (Vec<&ProfileWeight>, Vec<&ProfileWeight>) =
        weights.iter().filter(counts).partition(|one| known.contains(one.item.as_str()));
    missing.sort_by(|a, b| b.weight.cmp(&a.weight).then_with(|| a.item.cmp(&b.item)));
    let sum = |of: &[&ProfileWeight]| of.iter().map(|one| one.weight).sum::<i32>();
    let known_weight = sum(&have);
    let total_weight = known_weight + sum(&missing);
    let share = (i64::from(known_weight) * 1_000_000).checked_div(i64::from(total_weight));
    Completeness {
        known_millionths: share.and_then(|share| i32::try_from(share).ok()),
        known_weight,
        total_weight,
        missing: missing.into_iter().take(SHOWN).cloned().collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn weights(of: &[(&str, i32)]) -> Vec<ProfileWeight> {
        of.iter().map(|(item, weight)| ProfileWeight { item: (*item).to_owned(), weight: *weight }).collect()
    }

    #[test]
    fn eight_of_ten() {
        let weights = weights(&[("a", 3), ("b", 2), ("c", 2), ("d", 1), ("e", 1), ("f", 1)]);
        let known = BTreeSet::from(["a", "b", "c", "d"]);
        let completeness = of(&weights, CustomerKind::Consumer, &known);
        assert_eq!((completeness.known_weight, completeness.total_weight), (8, 10));
        assert_eq!(completeness.known_millionths, Some(800_000));
        let missing: Vec<&str> = completeness.missing.iter().map(|one| one.item.as_str()).collect();
        assert_eq!(missing, ["e", "f"]);
    }

    #[test]
    fn the_heaviest_is_asked_first_and_nothing_is_not_a_share() {
        let all = weights(&[("light", 1), ("none", 0), ("heavy", 5), ("birth_date", 9)]);
        let completeness = of(&all, CustomerKind::Organisation, &BTreeSet::new());
        assert_eq!(completeness.known_millionths, Some(0));
        assert_eq!(completeness.missing, weights(&[("heavy", 5), ("light", 1)]));
        assert_eq!(of(&[], CustomerKind::Consumer, &BTreeSet::new()).known_millionths, None);
    }
}
