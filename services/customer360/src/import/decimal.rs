//! Decimal numbers as people write them, exactly: text to an integer of the smallest unit, without floats.

/// How numbers are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Marks {
    /// What stands before the decimals.
    pub(crate) decimal: char,
    /// What stands between groups of digits; none: nothing does. A blank stands for every kind of blank.
    pub(crate) thousands: Option<char>,
}

impl Marks {
    /// The number times ten to the power of `decimals`.
    ///
    /// A minus stands before or after the number, or the number in parentheses. Decimals beyond those wanted
    /// must be zeros: nothing is rounded.
    ///
    /// # Errors
    /// What is wrong with the text.
    pub(crate) fn scaled(self, text: &str, decimals: u32) -> Result<i64, String> {
        let (negative, digits) = sign(text.trim());
        let (whole, fraction) = digits.split_once(self.decimal).unwrap_or((digits, ""));
        let no_number = || {
            format!(
                "it is not a number with `{}` before the decimals, such as 12{}5",
                self.decimal, self.decimal
            )
        };
        let whole = self.ungrouped(whole).ok_or_else(|| match self.thousands {
            Some(_) => "it is not a number with groups of three digits".to_owned(),
            None => no_number(),
        })?;
        let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if !is_digits(&whole) || !is_digits(fraction) || (whole.is_empty() && fraction.is_empty()) {
            return Err(no_number());
        }
        let decimals = decimals as usize;
        let (kept, beyond) = fraction.split_at(fraction.len().min(decimals));
        if beyond.bytes().any(|byte| byte != b'0') {
            return Err(format!("it has more than {decimals} decimals, and nothing is rounded"));
        }
        let digits = format!("{whole}{kept}{}", "0".repeat(decimals - kept.len()));
        let too_large = |_| "it is too large".to_owned();
        let number: i64 =
            digits.trim_start_matches('0').parse().or_else(|error: std::num::ParseIntError| {
                if *error.kind() == std::num::IntErrorKind::Empty { Ok(0) } else { Err(too_large(error)) }
            })?;
        Ok(if negative { -number } else { number })
    }

    /// The digits without what groups them; none when the groups are not of three.
    fn ungrouped(self, whole: &str) -> Option<String> {
        let Some(mark) = self.thousands else { return Some(whole.to_owned()) };
        let is_mark = |c: char| c == mark || (mark == ' ' && matches!(c, '\u{A0}' | '\u{202F}'));
        let mut groups = whole.split(is_mark);
        let first = groups.next().unwrap_or_default();
        let rest: Vec<&str> = groups.collect();
        let right = rest.is_empty() || (1..=3).contains(&first.len());
        (right && rest.iter().all(|group| group.len() == 3)).then(|| first.to_owned() + &rest.concat())
    }
}

/// Whether a number is negative, and the rest of it.
fn sign(text: &str) -> (bool, &str) {
    const MINUS: [char; 2] = ['-', '\u{2212}'];
    if let Some(inside) = text.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
        return (true, inside.trim());
    }
    if let Some(rest) = text.strip_prefix(MINUS) {
        return (true, rest.trim_start());
    }
    if let Some(rest) = text.strip_suffix(MINUS) {
        return (true, rest.trim_end());
    }
    (false, text.strip_prefix('+').unwrap_or(text))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ENGLISH: Marks = Marks { decimal: '.', thousands: Some(',') };
    const GERMAN: Marks = Marks { decimal: ',', thousands: Some('.') };
    const FRENCH: Marks = Marks { decimal: ',', thousands: Some(' ') };
    const PLAIN: Marks = Marks { decimal: '.', thousands: None };

    #[test]
    fn amounts_become_minor_units_exactly() {
        for (marks, text, decimals, expected) in [
            (PLAIN, "11.77", 2, 1177),
            (PLAIN, "0.29", 2, 29),
            (PLAIN, ".5", 2, 50),
            (PLAIN, "7.", 2, 700),
            (PLAIN, "-0.07", 2, -7),
            (PLAIN, "12.5-", 2, -1250),
            (PLAIN, "\u{2212}3", 2, -300),
            (PLAIN, "+3.10", 2, 310),
            (PLAIN, "(1.00)", 2, -100),
            (PLAIN, "1200", 0, 1200),
            (PLAIN, "1200.00", 0, 1200),
            (PLAIN, "1.234", 3, 1234),
            (PLAIN, "9007199254740993.01", 2, 900_719_925_474_099_301),
            (ENGLISH, "1,234,567.89", 2, 123_456_789),
            (GERMAN, "1.234.567,89", 2, 123_456_789),
            (FRENCH, "1\u{202F}234\u{A0}567,8", 2, 123_456_780),
            (PLAIN, "000", 2, 0),
        ] {
            assert_eq!(marks.scaled(text, decimals), Ok(expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_amount_is_refused_not_guessed() {
        for (marks, text, decimals) in [
            (PLAIN, "11.775", 2),
            (PLAIN, "1200.5", 0),
            (PLAIN, "1,5", 2),
            (ENGLISH, "1,5", 2),
            (ENGLISH, "1234,567", 2),
            (ENGLISH, ",123", 2),
            (GERMAN, "1.5", 2),
            (PLAIN, "", 2),
            (PLAIN, ".", 2),
            (PLAIN, "-", 2),
            (PLAIN, "--1", 2),
            (PLAIN, "1e3", 2),
            (PLAIN, "$5", 2),
            (PLAIN, "١٢", 2),
            (PLAIN, "92233720368547758.08", 2),
            (PLAIN, "NaN", 2),
        ] {
            assert!(marks.scaled(text, decimals).is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(number in -i64::MAX..=i64::MAX, digits in 0_u32..=4, grouped: bool) {
            let marks = if grouped { ENGLISH } else { PLAIN };
            let unsigned = format!("{:0width$}", number.unsigned_abs(), width = digits as usize + 1);
            let (whole, fraction) = unsigned.split_at(unsigned.len() - digits as usize);
            let whole = if grouped {
                let mut groups: Vec<String> = whole.as_bytes().rchunks(3)
                    .map(|group| String::from_utf8(group.to_vec()).expect("digits")).collect();
                groups.reverse();
                groups.join(",")
            } else {
                whole.to_owned()
            };
            let text = format!("{}{whole}.{fraction}00", if number < 0 { "-" } else { "" });
            prop_assert_eq!(marks.scaled(&text, digits), Ok(number));
        }

        #[test]
        fn nothing_makes_it_fail(text in "\\PC{0,30}", digits in 0_u32..=4) {
            let _ = ENGLISH.scaled(&text, digits);
        }
    }
}
