//! A member's account: what can be spent, what qualifies, and the tier that follows.

use schema::{
    api::loyalty::{PointsEntryKind, Tier},
    value::Points,
};

use super::{ledger::Movement, tier};

/// How an account stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Standing {
    /// Points that can be spent; negative when a return took back what was spent already.
    pub balance: Points,
    /// Points earned less reversed.
    pub qualifying: Points,
    /// The tier by qualifying points.
    pub tier: Tier,
}

impl Standing {
    /// A new account.
    pub(crate) const OPENED: Self =
        Self { balance: Points::new(0), qualifying: Points::new(0), tier: Tier::Basic };

    /// How it stands after a movement; none when it would hold more than can be counted.
    pub(crate) fn after(self, movement: Movement) -> Option<Self> {
        let points = movement.points().get();
        let balance = Points::new(self.balance.get().checked_add(points)?);
        let qualifying = match movement.kind() {
            PointsEntryKind::Earn | PointsEntryKind::Reverse => {
                Points::new(self.qualifying.get().checked_add(points)?)
            }
        };
        Some(Self { balance, qualifying, tier: tier::of(qualifying) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn earn(points: i64) -> Movement {
        Movement::earn(Points::new(points)).expect("a movement")
    }

    fn reverse(points: i64) -> Movement {
        Movement::reverse(Points::new(points)).expect("a movement")
    }

    #[test]
    fn a_tier_is_gained_and_lost() {
        let silver = Standing::OPENED.after(earn(1_000)).expect("fits");
        assert_eq!(silver.tier, Tier::Silver);
        let basic = silver.after(reverse(1)).expect("fits");
        assert_eq!((basic.tier, basic.balance.get(), basic.qualifying.get()), (Tier::Basic, 999, 999));
    }

    #[test]
    fn the_order_of_movements_does_not_matter() {
        let movements = [earn(900), reverse(300), earn(5_000), reverse(600)];
        let fold = |order: [usize; 4]| {
            order.into_iter().try_fold(Standing::OPENED, |standing, at| standing.after(movements[at]))
        };
        let standing = fold([0, 1, 2, 3]);
        for order in [[3, 2, 1, 0], [1, 3, 0, 2], [2, 0, 3, 1]] {
            assert_eq!(fold(order), standing);
        }
        assert_eq!(standing.map(|standing| standing.tier), Some(Tier::Gold));
    }

    #[test]
    fn a_reversal_may_leave_less_than_nothing() {
        let standing = Standing::OPENED.after(reverse(5)).expect("fits");
        assert_eq!((standing.balance.get(), standing.tier), (-5, Tier::Basic));
    }

    #[test]
    fn more_than_can_be_counted_is_refused() {
        let full = Standing::OPENED.after(earn(i64::MAX)).expect("fits");
        assert_eq!(full.after(earn(1)), None);
    }
}
