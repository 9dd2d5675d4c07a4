//! Decimal amounts and quantities as exact integers. Numbers of JSON are taken by the digits they are
//! written with; those of a client that reckons in floats (59.970000000000006) are rounded.

use schema::value::Currency;
use serde_json::Value;

/// The most digits before the point; more is no amount of anything.
const DIGITS_MOST: usize = 15;

/// How many decimals a currency's minor unit has, by ISO 4217.
pub(crate) fn decimals(currency: &Currency) -> u32 {
    match currency.as_str() {
        "BIF" | "CLP" | "DJF" | "GNF" | "ISK" | "JPY" | "KMF" | "KRW" | "PYG" | "RWF" | "UGX" | "UYI"
        | "VND" | "VUV" | "XAF" | "XOF" | "XPF" => 0,
        "BHD" | "IQD" | "JOD" | "KWD" | "LYD" | "OMR" | "TND" => 3,
        "CLF" | "UYW" => 4,
        _ => 2,
    }
}

/// A number, or a text that is one, in units of 10^-decimals, rounded half away from zero.
pub(crate) fn scaled(value: &Value, decimals: u32) -> Option<i64> {
    let text = match value {
        Value::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(whole), _) => whole.to_string(),
            // The shortest digits that read back as the same number, and never with an exponent.
            (None, Some(float)) => float.to_string(),
            (None, None) => return None,
        },
        Value::String(text) => text.trim().to_owned(),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => return None,
    };
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.as_str()),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || whole.len() > DIGITS_MOST || !all_digits(whole) || !all_digits(fraction) {
        return None;
    }
    let mut scaled: i64 = whole.parse().ok()?;
    let mut fraction = fraction.bytes();
    for _ in 0..decimals {
        let digit = fraction.next().map_or(0, |byte| i64::from(byte - b'0'));
        scaled = scaled.checked_mul(10)?.checked_add(digit)?;
    }
    if fraction.next().is_some_and(|byte| byte >= b'5') {
        scaled = scaled.checked_add(1)?;
    }
    Some(if negative { -scaled } else { scaled })
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
        for value in [json!(null), json!("1,99"), json!(""), json!("."), json!("1e3"), json!(1e30), json!([1])] {
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

    #[test]
    fn currencies_have_the_decimals_of_the_standard() {
        let of = |code: &str| decimals(&Currency::try_from(code.to_owned()).expect("a currency"));
        assert_eq!((of("EUR"), of("JPY"), of("KWD"), of("CNY")), (2, 0, 3, 2));
    }
}
