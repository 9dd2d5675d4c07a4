//! The tier of a member, by qualifying points: what was earned less what was reversed.

use schema::{api::loyalty::Tier, value::Points};

/// From the highest, so that the first one reached is the tier.
const DOWNWARD: [Tier; 4] = [Tier::Platinum, Tier::Gold, Tier::Silver, Tier::Basic];

/// The tier of this many qualifying points.
pub(crate) fn of(qualifying: Points) -> Tier {
    DOWNWARD.into_iter().find(|tier| qualifying >= threshold(*tier)).unwrap_or(Tier::Basic)
}

/// The next tier and the points missing to it; none above the highest.
pub(crate) fn ahead(tier: Tier, qualifying: Points) -> Option<(Tier, Points)> {
    let next = match tier {
        Tier::Basic => Tier::Silver,
        Tier::Silver => Tier::Gold,
        Tier::Gold => Tier::Platinum,
        Tier::Platinum => return None,
    };
    let missing = threshold(next).get().saturating_sub(qualifying.get()).max(0);
    Some((next, Points::new(missing)))
}

/// The qualifying points from which a tier holds. Everyone has the lowest, even below zero.
const fn threshold(tier: Tier) -> Points {
    Points::new(match tier {
        Tier::Basic => 0,
        Tier::Silver => 1_000,
        Tier::Gold => 5_000,
        Tier::Platinum => 20_000,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tier_begins_at_its_threshold() {
        let expected = [
            (i64::MIN, Tier::Basic),
            (-1, Tier::Basic),
            (0, Tier::Basic),
            (999, Tier::Basic),
            (1_000, Tier::Silver),
            (4_999, Tier::Silver),
            (5_000, Tier::Gold),
            (19_999, Tier::Gold),
            (20_000, Tier::Platinum),
            (i64::MAX, Tier::Platinum),
        ];
        for (points, tier) in expected {
            assert_eq!(of(Points::new(points)), tier, "{points}");
        }
    }

    #[test]
    fn the_way_to_the_next_tier() {
        let ahead = |points| {
            let points = Points::new(points);
            ahead(of(points), points).map(|(tier, missing)| (tier, missing.get()))
        };
        assert_eq!(ahead(0), Some((Tier::Silver, 1_000)));
        assert_eq!(ahead(999), Some((Tier::Silver, 1)));
        assert_eq!(ahead(1_000), Some((Tier::Gold, 4_000)));
        assert_eq!(ahead(19_999), Some((Tier::Platinum, 1)));
        assert_eq!(ahead(20_000), None);
        assert_eq!(ahead(i64::MIN), Some((Tier::Silver, i64::MAX)));
    }
}
