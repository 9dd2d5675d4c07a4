//! Decimal numbers as exact integers: amounts in minor units, quantities in thousandths.

use super::Currency;

/// The most digits before the point; more is no amount of anything.
const DIGITS_MOST: usize = 15;

impl Currency {
    /// How many decimals the minor unit has, by ISO 4217.
    pub fn decimals(&self) -> u32 {
        match self.as_str() {
            "BIF" | "CLP" | "DJF" | "GNF" | "ISK" | "JPY" | "KMF" | "KRW" | "PYG" | "RWF" | "UGX" | "UYI"
            | "VND" | "VUV" | "XAF" | "XOF" | "XPF" => 0,
            "BHD" | "IQD" | "JOD" | "KWD" | "LYD" | "OMR" | "TND" => 3,
            "CLF" | "UYW" => 4,
            _ => 2,
        }
    }
}

/// A decimal text such as `-19.99` in units of 10^-decimals, rounded half away from zero; none when it is
/// no such text or out of range. Takes a point only, no blanks, separators or exponents.
pub fn scaled(text: &str, decimals: u32) -> Option<i64> {
    let (negative, digits) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_taken_by_its_digits() {
        assert_eq!(scaled("19.99", 2), Some(1_999));
        assert_eq!(scaled("59.970000000000006", 2), Some(5_997));
        assert_eq!(scaled("1.005", 2), Some(101), "by its digits, not by a binary value");
        assert_eq!(scaled("-2.5", 0), Some(-3));
        assert_eq!(scaled("7", 3), Some(7_000));
        for text in ["", ".", ".5", "1,99", "1e3", " 1", "+1", "1.2.3", "1234567890123456"] {
            assert_eq!(scaled(text, 2), None, "{text}");
        }
    }

    #[test]
    fn currencies_have_the_decimals_of_the_standard() {
        let of = |code: &str| Currency::try_from(code.to_owned()).expect("a currency").decimals();
        assert_eq!((of("EUR"), of("JPY"), of("KWD"), of("CNY")), (2, 0, 3, 2));
    }
}
