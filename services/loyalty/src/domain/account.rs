//! A member's account: what can be spent, what qualifies, and the tier that follows.

use schema::{
    api::loyalty::{PointsEntryKind, Tier},
    value::Points,
};

use super::{ledger::Movement, tier};

/// How an account stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Standing {
    /// Points on the account; negative when a return took back what was spent already.
    pub balance: Points,
    /// Points earned less reversed; what is spent or given as a gesture does not count.
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
            PointsEntryKind::Burn | PointsEntryKind::Goodwill => self.qualifying,
        };
        Some(Self { balance, qualifying, tier: tier::of(qualifying) })
    }

    /// The points that can be spent while so many are held.
    pub(crate) const fn available(self, held: Points) -> Points {
        Points::new(self.balance.get().saturating_sub(held.get()))
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
    fn what_is_spent_or_given_does_not_qualify() {
        let gold = Standing::OPENED.after(earn(5_000)).expect("fits");
        let spent = gold.after(Movement::burn(Points::new(4_000)).expect("a movement")).expect("fits");
        assert_eq!((spent.tier, spent.balance.get(), spent.qualifying.get()), (Tier::Gold, 1_000, 5_000));
        let given = spent.after(Movement::goodwill(Points::new(20_000)).expect("a movement")).expect("fits");
        assert_eq!((given.tier, given.balance.get(), given.qualifying.get()), (Tier::Gold, 21_000, 5_000));
        assert_eq!(given.available(Points::new(1_000)).get(), 20_000);
    }

    #[test]
    fn more_than_can_be_counted_is_refused() {
        let full = Standing::OPENED.after(earn(i64::MAX)).expect("fits");
        assert_eq!(full.after(earn(1)), None);
    }
}
