//! What an amount of a purchase is worth in points. A return takes back what the purchase was worth before
//! it, less what it is worth after it. So several returns take back the same together, whichever is applied
//! first, and together with the points that stay they give exactly what was earned.

use schema::api::loyalty::Rounding;

use super::MILLION;

/// How the money of one purchase turns into points: in proportion, whichever lines come back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Worth {
    /// The purchase's total in minor units.
    pub(crate) total: i64,
    /// What all of it earns before the tier, in millionths of a point.
    pub(crate) millionths: i64,
    /// How a part of a point is rounded.
    pub(crate) rounding: Rounding,
    /// What the tier multiplies by, in millionths.
    pub(crate) multiplier: i64,
}

impl Worth {
    /// What all of it earns before the tier: what qualifies.
    pub(crate) fn base(&self) -> i64 {
        self.base_of(i128::from(self.total))
    }

    /// What all of it earns.
    pub(crate) fn points(&self) -> i64 {
        self.points_of(i128::from(self.total))
    }

    /// What a return takes back of what qualifies, and of the points.
    pub(crate) fn taken(&self, before: i64, amount: i64) -> (i64, i64) {
        let left = i128::from(self.total) - i128::from(before);
        let after = left - i128::from(amount);
        (self.base_of(left) - self.base_of(after), self.points_of(left) - self.points_of(after))
    }

    fn base_of(&self, amount: i128) -> i64 {
        let total = i128::from(self.total);
        if total <= 0 {
            return 0;
        }
        let part = amount.clamp(0, total) * i128::from(self.millionths.max(0));
        rounded(part, total * i128::from(MILLION), self.rounding)
    }

    fn points_of(&self, amount: i128) -> i64 {
        let base = i128::from(self.base_of(amount));
        rounded(base * i128::from(self.multiplier.max(0)), i128::from(MILLION), self.rounding)
    }
}

/// A fraction that is not negative as a whole number.
fn rounded(part: i128, of: i128, how: Rounding) -> i64 {
    let (whole, rest) = (part / of, part % of);
    let up = match how {
        Rounding::Down => false,
        Rounding::Nearest => rest * 2 >= of,
        Rounding::Up => rest > 0,
    };
    i64::try_from(whole + i128::from(up)).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A purchase at a point for each 1.00.
    fn standard(total: i64) -> Worth {
        let millionths = i64::try_from(i128::from(total) * 10_000).unwrap_or(i64::MAX);
        Worth { total, millionths, rounding: Rounding::Down, multiplier: MILLION }
    }

    #[test]
    fn a_point_for_each_full_unit() {
        for (amount, expected) in [(0, 0), (99, 0), (100, 1), (199, 1), (200, 2), (259_900, 2_599)] {
            assert_eq!(standard(amount).points(), expected, "{amount}");
        }
    }

    #[test]
    fn the_ends_of_the_range_neither_overflow_nor_earn_below_zero() {
        let most = Worth { multiplier: i64::MAX, ..standard(i64::MAX) };
        assert_eq!(most.base(), i64::MAX / MILLION);
        assert_eq!(most.points(), i64::MAX);
        assert_eq!(most.taken(0, i64::MAX), (i64::MAX / MILLION, i64::MAX));
        assert_eq!(standard(-1).points(), 0);
        assert_eq!(standard(i64::MIN).points(), 0);
        assert_eq!(standard(0).taken(i64::MAX, i64::MAX), (0, 0));
    }

    #[test]
    fn rounding_is_as_said() {
        let of = |millionths, rounding| Worth { rounding, millionths, ..standard(1) }.points();
        for (millionths, expected) in [
            (0, [0, 0, 0]),
            (1, [0, 0, 1]),
            (499_999, [0, 0, 1]),
            (500_000, [0, 1, 1]),
            (1_000_000, [1, 1, 1]),
        ] {
            let found = [Rounding::Down, Rounding::Nearest, Rounding::Up].map(|how| of(millionths, how));
            assert_eq!(found, expected, "{millionths}");
        }
    }

    #[test]
    fn several_returns_take_back_the_same_in_every_order() {
        // Each knows what those recorded before it had given back: 150 + 350 + 99 + 401 = 1,000.
        let returns = [(0, 150), (150, 350), (500, 99), (599, 401)];
        for rounding in [Rounding::Down, Rounding::Nearest, Rounding::Up] {
            for multiplier in [MILLION, 1_500_000, 333_333, 0] {
                let worth = Worth { rounding, multiplier, ..standard(1_000) };
                let taken: i64 = returns.iter().map(|(before, amount)| worth.taken(*before, *amount).1).sum();
                assert_eq!(taken, worth.points());
                let base: i64 = returns.iter().map(|(before, amount)| worth.taken(*before, *amount).0).sum();
                assert_eq!(base, worth.base());
            }
        }
        // More than was bought takes back no more than was earned.
        assert_eq!(standard(1_050).taken(0, 9_999), (10, 10));
    }

    #[test]
    fn what_stays_is_worth_what_it_would_have_earned() {
        let worth = standard(300);
        for first in 0..=300 {
            for second in 0..=(300 - first) {
                let taken = worth.taken(0, first).1 + worth.taken(first, second).1;
                assert_eq!(worth.points() - taken, standard(300 - first - second).points());
            }
        }
    }
}
