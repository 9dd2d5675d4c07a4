//! How long a section that could not be had is left alone.

use std::time::Duration;

/// The shortest time between two fetches of one customer's section.
pub(crate) const FIRST: Duration = Duration::from_millis(50);
/// The longest.
const LONGEST: Duration = Duration::from_secs(30);

/// The pause after this many attempts in vain, from 0: doubles with each.
pub(crate) fn pause(attempts: i32) -> Duration {
    let doublings = u32::try_from(attempts).unwrap_or_default().min(16);
    (FIRST * 2_u32.pow(doublings)).min(LONGEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doubles_up_to_its_bound() {
        assert_eq!(pause(0), FIRST);
        assert_eq!(pause(2), FIRST * 4);
        assert_eq!(pause(i32::MAX), LONGEST);
    }
}
