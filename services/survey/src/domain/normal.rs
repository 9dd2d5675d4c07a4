//! The standard normal distribution.

/// The two-sided 90 % quantile.
pub(crate) const Z90: f64 = 1.644_853_626_951_472_2;
/// The two-sided 95 % quantile.
pub(crate) const Z95: f64 = 1.959_963_984_540_054;
/// The two-sided 99 % quantile.
pub(crate) const Z99: f64 = 2.575_829_303_548_901;

/// How likely a value at least as far from zero as `z` is.
///
/// By the series of G. Marsaglia, "Evaluating the Normal Distribution", Journal of Statistical Software
/// 11(4), 2004: all its terms have one sign, so it is exact to the last digits where it matters.
pub(crate) fn two_sided(z: f64) -> f64 {
    let z = z.abs();
    if z > 8.0 {
        return 0.0;
    }
    let (mut sum, mut term, mut odd) = (z, z, 1.0);
    while term > sum * 1e-17 {
        odd += 2.0;
        term *= z * z / odd;
        sum += term;
    }
    let density = (-z * z / 2.0).exp() / std::f64::consts::TAU.sqrt();
    2.0f64.mul_add(-(sum * density), 1.0).clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_have_the_probability_of_their_name() {
        for (z, p) in [(Z90, 0.10), (Z95, 0.05), (Z99, 0.01), (0.0, 1.0), (-Z95, 0.05), (9.0, 0.0)] {
            assert!((two_sided(z) - p).abs() < 1e-12, "{z}: {}", two_sided(z));
        }
    }
}
