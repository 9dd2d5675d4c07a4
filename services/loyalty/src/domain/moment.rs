//! Business time, as cursors bring it.

use chrono::{DateTime, Datelike as _, Utc};

/// The years that both databases keep and order alike.
const YEARS: std::ops::RangeInclusive<i32> = 1900..=9999;

/// Whether a time can be stored and compared.
pub(crate) fn is_storable(at: DateTime<Utc>) -> bool {
    YEARS.contains(&at.year())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_database_orders_is_not_storable() {
        let at = |text: &str| text.parse().expect("a time");
        assert!(is_storable(at("1900-01-01T00:00:00Z")));
        assert!(is_storable(at("9999-12-31T23:59:59Z")));
        assert!(!is_storable(at("1899-12-31T23:59:59Z")));
        assert!(!is_storable(DateTime::<Utc>::MAX_UTC));
    }
}
