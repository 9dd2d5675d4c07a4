//! A share and its interval: E. B. Wilson, "Probable Inference, the Law of Succession, and Statistical
//! Inference", Journal of the American Statistical Association 22(158), 1927. Unlike the Wald interval it
//! has a width when all or none said yes, and stays between 0 and 1.

use schema::api::survey::{Interval, Share};

use super::{millionths, normal::Z95};

/// The share of `count` in `n` at 95 %; none without answers.
pub(crate) fn share(count: i64, n: i64) -> Option<Share> {
    let share = millionths::ratio(1, count, n)?;
    let (all, z2) = (n as f64, Z95 * Z95);
    let p = count as f64 / all;
    let centre = p + z2 / (2.0 * all);
    let half = Z95 * (p * (1.0 - p) / all + z2 / (4.0 * all * all)).sqrt();
    let end = |figure: f64| millionths::of((figure / (1.0 + z2 / all)).clamp(0.0, 1.0));
    Some(Share { count, share, interval: Interval { low: end(centre - half), high: end(centre + half) } })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reference: statsmodels, `proportion_confint(method="wilson")`.
    #[test]
    fn intervals_are_those_of_the_reference() {
        let published = [
            (80, 100, 71_117, 86_663),
            (10, 10, 72_247, 100_000),
            (0, 10, 0, 27_753),
            (3, 7, 15_822, 74_954),
        ];
        for (count, n, low, high) in published {
            let interval = share(count, n).expect("answers").interval;
            let rounded = ((interval.low + 5) / 10, (interval.high + 5) / 10);
            assert_eq!(rounded, (low, high), "{count}/{n}");
        }
    }

    #[test]
    fn without_answers_there_is_no_share() {
        assert_eq!(share(0, 0), None);
    }
}
