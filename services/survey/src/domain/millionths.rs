//! Figures as integers in millionths: how statistics leave the domain.

/// One, in millionths.
const ONE: i128 = 1_000_000;

/// `times × number / of`, rounded half away from zero; none when `of` is not positive.
pub(crate) fn ratio(times: i64, number: i64, of: i64) -> Option<i64> {
    let of = i128::from(of);
    if of <= 0 {
        return None;
    }
    let doubled = i128::from(times) * i128::from(number) * ONE * 2;
    let rounded = (doubled + if doubled < 0 { -of } else { of }) / (of * 2);
    i64::try_from(rounded).ok()
}

/// A figure rounded to millionths.
pub(crate) fn of(figure: f64) -> i64 {
    (figure * 1e6).round() as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ratios_are_exact_and_rounded_half_away_from_zero() {
        assert_eq!(ratio(1, 80, 100), Some(800_000));
        assert_eq!(ratio(100, 30, 100), Some(30_000_000));
        assert_eq!(ratio(1, 2, 3), Some(666_667));
        assert_eq!(ratio(1, -2, 3), Some(-666_667));
        assert_eq!(ratio(1, 1, 2_000_000), Some(1));
        assert_eq!(ratio(1, -1, 2_000_000), Some(-1));
        assert_eq!(ratio(1, 5, 0), None);
    }

    #[test]
    fn figures_are_rounded() {
        assert_eq!(of(0.711_170_4), 711_170);
        assert_eq!(of(-0.000_000_6), -1);
    }
}
