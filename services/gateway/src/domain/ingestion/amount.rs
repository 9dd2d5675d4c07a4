//! Decimal amounts and quantities as exact integers. Numbers of JSON are taken by the digits they are
//! written with; those of a client that reckons in floats (59.970000000000006) are rounded.

use schema::value::decimal;
use serde_json::Value;

/// A number, or a text that is one, in units of 10^-decimals, rounded half away from zero.
pub(crate) fn scaled(value: &Value, decimals: u32) -> Option<i64> {
    decimal::scaled(&written(value)?, decimals)
}

/// A number as it is written, or a text.
pub(crate) fn written(value: &Value) -> Option<String> {
    match value {
        Value::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(whole), _) => Some(whole.to_string()),
            // The shortest digits that read back as the same number, and never with an exponent.
            (None, Some(float)) => Some(float.to_string()),
            (None, None) => None,
        },
        Value::String(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

/// Shares `total` among parts in proportion to their amounts, so that the shares sum to it exactly.
/// Amounts are not negative and sum to more than nothing.
pub(crate) fn share(total: i64, amounts: &[i64]) -> Vec<i64> {
    let sum: i128 = amounts.iter().map(|amount| i128::from(*amount)).sum();
    if sum <= 0 {
        return amounts.to_vec();
    }
    let exact = |amount: i64| i128::from(amount) * i128::from(total);
    let mut shares: Vec<i128> = amounts.iter().map(|amount| exact(*amount) / sum).collect();
    let mut missing = i128::from(total) - shares.iter().sum::<i128>();
    // Whoever lost most by rounding down gets the next unit; of equals the first.
    let mut by_loss: Vec<usize> = (0..amounts.len()).collect();
    by_loss.sort_by_key(|at| (std::cmp::Reverse(exact(amounts[*at]) % sum), *at));
    for at in by_loss {
        if missing == 0 {
            break;
        }
        shares[at] += 1;
        missing -= 1;
    }
    shares.into_iter().map(|share| i64::try_from(share).unwrap_or(i64::MAX)).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn amounts_are_exact_whatever_floats_make_of_them() {
        assert_eq!(scaled(&json!(19.99), 2), Some(1_999));
        assert_eq!(scaled(&json!("19.99"), 2), Some(1_999));
        assert_eq!(scaled(&json!(59.970000000000006), 2), Some(5_997));
        assert_eq!(scaled(&json!(0.1 + 0.2), 2), Some(30));
        assert_eq!(scaled(&json!(1.005), 2), Some(101), "by its digits, not by its binary value");
        assert_eq!(scaled(&json!(-2.5), 0), Some(-3));
        assert_eq!(scaled(&json!(1e3), 2), Some(100_000));
        assert_eq!(scaled(&json!(7), 3), Some(7_000));
    }

    #[test]
    fn what_is_no_amount_is_none() {
        for value in
            [json!(null), json!("1,99"), json!(""), json!("."), json!("1e3"), json!(1e30), json!([1])]
        {
            assert_eq!(scaled(&value, 2), None, "{value}");
        }
    }

    #[test]
    fn shares_sum_to_the_total() {
        assert_eq!(share(100, &[1, 1, 1]), [34, 33, 33]);
        assert_eq!(share(0, &[5, 7]), [0, 0]);
        for total in 0..200 {
            let shares = share(total, &[3, 141, 59, 26]);
            assert_eq!(shares.iter().sum::<i64>(), total);
        }
    }
}
