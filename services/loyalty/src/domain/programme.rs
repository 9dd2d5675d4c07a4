//! What a purchase earns, and what a return takes back.

use schema::value::{Minor, Points};

/// Rates count in millionths.
const MILLION: i128 = 1_000_000;

/// The terms under which a purchase earns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Programme {
    /// Points for a million minor units.
    rate_millionths: i64,
}

impl Programme {
    /// One point for each 1.00 of a currency with two decimals.
    pub(crate) const STANDARD: Self = Self::at(10_000);

    /// The programme with this rate.
    pub(crate) const fn at(rate_millionths: i64) -> Self {
        Self { rate_millionths }
    }

    /// The rate, to be remembered with the purchase.
    pub(crate) const fn rate_millionths(self) -> i64 {
        self.rate_millionths
    }

    /// The points for an amount, rounded down. An amount below zero earns nothing.
    pub(crate) fn points(self, amount: Minor) -> Points {
        self.of(i128::from(amount.get()))
    }

    /// The points that a return takes back: what the purchase was worth before it, less what it is worth
    /// after it. So several returns take back the same together, whichever is applied first, and together
    /// with the points that stay they give exactly what was earned.
    pub(crate) fn reversal(self, total: Minor, returned_before: Minor, amount: Minor) -> Points {
        let before = i128::from(total.get()) - i128::from(returned_before.get());
        let after = before - i128::from(amount.get());
        Points::new(self.of(before).get().saturating_sub(self.of(after).get()))
    }

    fn of(self, minor: i128) -> Points {
        let points = minor.max(0) * i128::from(self.rate_millionths) / MILLION;
        Points::new(i64::try_from(points).unwrap_or(i64::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STANDARD: Programme = Programme::STANDARD;

    fn points(amount: i64) -> i64 {
        STANDARD.points(Minor::new(amount)).get()
    }

    fn reversal(total: i64, before: i64, amount: i64) -> i64 {
        STANDARD.reversal(Minor::new(total), Minor::new(before), Minor::new(amount)).get()
    }

    #[test]
    fn a_point_for_each_full_unit() {
        for (amount, expected) in [(0, 0), (99, 0), (100, 1), (199, 1), (200, 2), (259_900, 2_599)] {
            assert_eq!(points(amount), expected, "{amount}");
        }
    }

    #[test]
    fn the_ends_of_the_range_neither_overflow_nor_earn_below_zero() {
        assert_eq!(points(i64::MAX), i64::MAX / 100);
        assert_eq!(points(-1), 0);
        assert_eq!(points(i64::MIN), 0);
        assert_eq!(Programme::at(i64::MAX).points(Minor::new(i64::MAX)).get(), i64::MAX);
        assert_eq!(reversal(i64::MAX, 0, i64::MAX), i64::MAX / 100);
        assert_eq!(reversal(0, i64::MAX, i64::MAX), 0);
    }

    #[test]
    fn a_return_of_everything_takes_back_everything() {
        assert_eq!(reversal(1_050, 0, 1_050), points(1_050));
        // More than was bought takes back no more than was earned.
        assert_eq!(reversal(1_050, 0, 9_999), points(1_050));
    }

    #[test]
    fn several_returns_take_back_the_same_in_every_order() {
        const TOTAL: i64 = 1_000;
        // Each knows what those recorded before it had given back: 150 + 350 + 99 + 401 = 1,000.
        let returns = [(0, 150), (150, 350), (500, 99), (599, 401)];
        let mut orders = Vec::new();
        permute(&mut returns.clone(), 0, &mut orders);
        assert_eq!(orders.len(), 24);
        for order in orders {
            let mut left = points(TOTAL);
            for (before, amount) in &order {
                left -= reversal(TOTAL, *before, *amount);
            }
            assert_eq!(left, 0, "{order:?}");
        }
        // Rounding each return by itself would have left a point behind.
        assert_eq!(returns.iter().map(|(_, amount)| points(*amount)).sum::<i64>(), 8);
    }

    #[test]
    fn what_stays_is_worth_what_it_would_have_earned() {
        for first in 0..=300 {
            for second in 0..=(300 - first) {
                let reversed = reversal(300, 0, first) + reversal(300, first, second);
                assert_eq!(points(300) - reversed, points(300 - first - second), "{first} {second}");
            }
        }
    }

    fn permute<T: Clone>(items: &mut [T], from: usize, all: &mut Vec<Vec<T>>) {
        if from == items.len() {
            all.push(items.to_vec());
            return;
        }
        for at in from..items.len() {
            items.swap(from, at);
            permute(items, from + 1, all);
            items.swap(from, at);
        }
    }
}
