//! Reasons: codes, so that they can be told and counted, and hold nothing about a person.

/// The longest reason.
const LONGEST: usize = 40;

/// What is wrong with a reason, if something is.
pub(crate) fn check(text: &str) -> Result<(), &'static str> {
    let is_code = (1..=LONGEST).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    if is_code { Ok(()) } else { Err("a reason is a code of 1 to 40 of a-z, 0-9 and hyphen") }
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn a_reason_is_a_code() {
        assert!(check("late-delivery-2").is_ok() && check(&"a".repeat(40)).is_ok());
        for wrong in ["", "Voucher", "for Li Ming", "été", &"a".repeat(41)] {
            assert!(check(wrong).is_err(), "{wrong}");
        }
    }
}
