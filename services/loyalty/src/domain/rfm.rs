//! Recency, frequency and money as scores from 1 to 5 (Hughes, "Strategic Database Marketing", 1994).
//!
//! A score is ⌈5 × ECDF(value)⌉, where the ECDF is the share of customers whose value is at most one's own
//! (Kolmogorov, 1933). So equal values have equal scores, which quintiles by row order (`NTILE`) do not give:
//! half of a base may have bought exactly once. When all are equal, everyone has 5.
//!
//! The service scores by a statement (`storage/rfm.rs`); this says the same plainly, and tests hold the two
//! against each other.

/// How a customer bought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Habit {
    /// The day of the last purchase, as a number that grows with time. Later is better.
    pub last_day: i64,
    /// Purchases made.
    pub purchases: i64,
    /// Paid less given back, in minor units; negative when more was given back than paid.
    pub money_minor: i64,
}

/// The three scores of a customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Scores {
    /// 5 for those who bought last.
    pub recency: i32,
    /// 5 for those who bought most often.
    pub frequency: i32,
    /// 5 for those who paid most.
    pub money: i32,
}

/// The scores of each of these customers among all of them, in the same order.
pub fn scores(customers: &[Habit]) -> Vec<Scores> {
    let recency = quintiles(customers, |habit| habit.last_day);
    let frequency = quintiles(customers, |habit| habit.purchases);
    let money = quintiles(customers, |habit| habit.money_minor);
    recency
        .into_iter()
        .zip(frequency)
        .zip(money)
        .map(|((recency, frequency), money)| Scores { recency, frequency, money })
        .collect()
}

/// ⌈5 × ECDF⌉ of each value, in integers: ⌈5k / n⌉ where k of n values are at most this one.
fn quintiles(customers: &[Habit], value: impl Fn(&Habit) -> i64) -> Vec<i32> {
    let mut sorted: Vec<i64> = customers.iter().map(&value).collect();
    sorted.sort_unstable();
    let score = |habit: &Habit| {
        let own = value(habit);
        let at_most = sorted.partition_point(|other| *other <= own);
        // 1 to 5, because at least one and at most all are at most this one.
        i32::try_from((5 * at_most).div_ceil(sorted.len())).unwrap_or(5)
    };
    customers.iter().map(score).collect()
}

#[cfg(test)]
mod tests;
