//! The tiers of members, and from where each holds.

use schema::{
    api::loyalty::{Tier, TierThresholds},
    value::Points,
};

/// From the highest, so that the first one reached is the tier.
const DOWNWARD: [Tier; 4] = [Tier::Platinum, Tier::Gold, Tier::Silver, Tier::Basic];

/// The tier of this many qualifying points. Everyone has the lowest, even below zero.
pub(crate) fn of(thresholds: &TierThresholds, qualifying: i64) -> Tier {
    let reached = |tier: &Tier| threshold(thresholds, *tier).is_none_or(|from| qualifying >= from.get());
    DOWNWARD.into_iter().find(reached).unwrap_or(Tier::Basic)
}

/// The qualifying points from which a tier holds; none of the lowest.
pub(crate) const fn threshold(thresholds: &TierThresholds, tier: Tier) -> Option<Points> {
    match tier {
        Tier::Basic => None,
        Tier::Silver => Some(thresholds.silver),
        Tier::Gold => Some(thresholds.gold),
        Tier::Platinum => Some(thresholds.platinum),
    }
}

/// The tier above; none above the highest.
pub(crate) const fn above(tier: Tier) -> Option<Tier> {
    match tier {
        Tier::Basic => Some(Tier::Silver),
        Tier::Silver => Some(Tier::Gold),
        Tier::Gold => Some(Tier::Platinum),
        Tier::Platinum => None,
    }
}

/// The tier below; the lowest has itself.
pub(crate) const fn below(tier: Tier) -> Tier {
    match tier {
        Tier::Basic | Tier::Silver => Tier::Basic,
        Tier::Gold => Tier::Silver,
        Tier::Platinum => Tier::Gold,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::programme::tests::standard;

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
            assert_eq!(of(&standard().thresholds, points), tier, "{points}");
        }
    }

    #[test]
    fn above_and_below_are_steps_of_one() {
        for tier in DOWNWARD {
            assert_eq!(above(tier).map_or(tier, below), tier);
            assert!(below(tier) < tier || tier == Tier::Basic);
        }
        assert_eq!(above(Tier::Platinum), None);
    }
}
