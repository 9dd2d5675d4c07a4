//! Which contacts can be looked up as they are: those in the one normal form that the owner keeps.

use schema::api::customer::ContactKind;

/// The normal form; none when only the owner can tell it, as for a national phone number.
pub(crate) fn normal(kind: ContactKind, written: &str) -> Option<String> {
    match kind {
        ContactKind::Phone => {
            let number = written.trim();
            let digits = number.strip_prefix('+')?;
            let fits = (7..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
            fits.then(|| number.to_owned())
        }
        ContactKind::Email => {
            let address = written.trim().to_lowercase();
            (address.contains('@') && !address.contains(char::is_whitespace)).then_some(address)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_exact_forms_are_looked_up() {
        let phone = |text| normal(ContactKind::Phone, text);
        assert_eq!(phone(" +8613812345678 ").as_deref(), Some("+8613812345678"));
        for other in ["13812345678", "+86 138 1234 5678", "+1", "+", "", "0086138"] {
            assert_eq!(phone(other), None, "{other}");
        }
        let email = |text| normal(ContactKind::Email, text);
        assert_eq!(email(" Li.Ming@Example.COM").as_deref(), Some("li.ming@example.com"));
        assert_eq!(email("li ming@example.com"), None);
        assert_eq!(email("li.ming"), None);
    }
}
