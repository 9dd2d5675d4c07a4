//! Expectation against perception.
//!
//! The gap is perception less expectation (A. Parasuraman, V. A. Zeithaml & L. L. Berry, "SERVQUAL",
//! Journal of Retailing 64(1), 1988); its sign says whether the expectation was met (R. L. Oliver, "A
//! Cognitive Model of the Antecedents and Consequences of Satisfaction Decisions", Journal of Marketing
//! Research 17(4), 1980). A missing expectation is never read as zero: without one there is no gap.

use schema::api::survey::{ExpectationClass, ItemAnswer};

use super::millionths;

/// An item as it was answered, with what follows from it.
pub(crate) fn answer(item: String, perception: i32, expectation: Option<i32>) -> ItemAnswer {
    let gap = expectation.map(|expected| perception - expected);
    ItemAnswer { item, perception: Some(perception), expectation, gap, class: gap.map(class) }
}

/// What a gap says.
const fn class(gap: i32) -> ExpectationClass {
    match gap {
        ..0 => ExpectationClass::Below,
        0 => ExpectationClass::Met,
        1.. => ExpectationClass::Exceeded,
    }
}

/// The gaps of one item, summed up over its pairs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sum {
    /// The sum of the gaps.
    pub(crate) total: i64,
    /// How many there are.
    pub(crate) pairs: i64,
    /// How much the item counts.
    pub(crate) weight: Option<i32>,
}

impl Sum {
    fn mean(self) -> Option<f64> {
        (self.pairs > 0).then(|| self.total as f64 / self.pairs as f64)
    }
}

/// The mean of the items' gaps and the weighted one, in millionths.
///
/// None when an item has no pair: a mean over fewer items would be the mean of another questionnaire.
pub(crate) fn overall(items: &[Sum]) -> (Option<i64>, Option<i64>) {
    let means: Option<Vec<f64>> = items.iter().map(|item| item.mean()).collect();
    let weights: Option<Vec<f64>> = items.iter().map(|item| item.weight.map(f64::from)).collect();
    let Some(means) = means.filter(|means| !means.is_empty()) else { return (None, None) };
    let unweighted = means.iter().sum::<f64>() / means.len() as f64;
    let weighted = weights.map(|weights| {
        let sum: f64 = means.iter().zip(&weights).map(|(mean, weight)| mean * weight).sum();
        sum / weights.iter().sum::<f64>()
    });
    (Some(millionths::of(unweighted)), weighted.map(millionths::of))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_class_follows_from_the_gap() {
        let of = |expected, perceived| {
            let answer = answer("speed".to_owned(), perceived, Some(expected));
            (answer.gap, answer.class)
        };
        assert_eq!(of(6, 8), (Some(2), Some(ExpectationClass::Exceeded)));
        assert_eq!(of(6, 6), (Some(0), Some(ExpectationClass::Met)));
        assert_eq!(of(6, 5), (Some(-1), Some(ExpectationClass::Below)));
        assert_eq!(of(7, 6), (Some(-1), Some(ExpectationClass::Below)));
        assert_eq!(of(0, 1), (Some(1), Some(ExpectationClass::Exceeded)));
    }

    #[test]
    fn a_missing_expectation_is_not_zero() {
        let answer = answer("speed".to_owned(), 6, None);
        assert_eq!((answer.gap, answer.class, answer.expectation), (None, None, None));
    }

    #[test]
    fn the_worked_example_of_servqual() {
        let sums = [(1, 11), (-5, 32), (-4, 22), (-1, 19), (-2, 16)];
        let items = sums.map(|(total, weight)| Sum { total, pairs: 4, weight: Some(weight) });
        assert_eq!(overall(&items), (Some(-550_000), Some(-720_000)));
    }

    #[test]
    fn an_item_without_pairs_leaves_no_overall_gap() {
        let one = Sum { total: 2, pairs: 2, weight: None };
        assert_eq!(overall(&[one]), (Some(1_000_000), None));
        assert_eq!(overall(&[one, Sum { total: 0, pairs: 0, weight: None }]), (None, None));
        assert_eq!(overall(&[]), (None, None));
    }
}
