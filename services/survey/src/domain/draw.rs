//! Who belongs to a sample: it follows from ids by a hash, so that doing it again draws the same.

use sha2::{Digest as _, Sha256};
use uuid::Uuid;

/// A whole, in millionths.
pub(crate) const WHOLE: i64 = 1_000_000;

/// Whether what these name belongs to a sample of this share, in millionths. `of` names the sample: other
/// samples draw others.
pub(crate) fn is_drawn(share: i64, of: &str, one: Uuid) -> bool {
    let mut hash = Sha256::new();
    hash.update(of.as_bytes());
    hash.update(one.as_bytes());
    let digest = hash.finalize();
    let number = digest.iter().take(8).fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
    // 2^64 is so much more than a million that the remainder favours nobody.
    number % WHOLE.unsigned_abs() < share.unsigned_abs()
}

/// The share that gives about so many of so many, rounded up; everybody when there are fewer.
pub(crate) fn share_of(size: i64, population: i64) -> i64 {
    if size >= population {
        return WHOLE;
    }
    let share = (i128::from(size) * i128::from(WHOLE) + i128::from(population) - 1) / i128::from(population);
    i64::try_from(share).unwrap_or(WHOLE)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(share: i64, of: &str) -> usize {
        (0..10_000).filter(|number| is_drawn(share, of, Uuid::from_u128(*number))).count()
    }

    #[test]
    fn a_share_draws_about_so_many() {
        assert_eq!((drawn(WHOLE, "a"), drawn(0, "a")), (10_000, 0));
        // Five standard deviations of a binomial of 10,000 with 0.2 are 200.
        assert!((1_800..=2_200).contains(&drawn(200_000, "a")), "{}", drawn(200_000, "a"));
    }

    #[test]
    fn it_is_the_same_again_and_another_one_for_another_sample() {
        let draw =
            |of| (0..100).map(|number| is_drawn(500_000, of, Uuid::from_u128(number))).collect::<Vec<_>>();
        assert_eq!(draw("a"), draw("a"));
        assert_ne!(draw("a"), draw("b"));
    }

    #[test]
    fn a_size_becomes_a_share() {
        assert_eq!(share_of(1, 3), 333_334);
        assert_eq!((share_of(5, 5), share_of(9, 5), share_of(1, 0)), (WHOLE, WHOLE, WHOLE));
    }
}
