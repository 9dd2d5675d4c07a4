//! Double entry: points are never made or lost, they move between accounts (Pacioli, 1494).

use schema::{api::loyalty::PointsEntryKind, value::Points};
use serde::Serialize;

/// One side of a movement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Side {
    /// What the customer holds.
    Member,
    /// What the programme has given out and so owes: the mirror of all members.
    Programme,
}

/// Points that move between a member and the programme. It cannot be out of balance, because both sides
/// follow from one number, and it cannot be empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Movement {
    kind: PointsEntryKind,
    /// Never zero and never `i64::MIN`, so that its opposite exists.
    to_member: i64,
}

impl Movement {
    /// The member earns; nothing moves when there is nothing to earn.
    pub(crate) fn earn(points: Points) -> Option<Self> {
        (points.get() > 0).then_some(Self { kind: PointsEntryKind::Earn, to_member: points.get() })
    }

    /// The programme takes back; nothing moves when there is nothing to take.
    pub(crate) fn reverse(points: Points) -> Option<Self> {
        (points.get() > 0).then(|| Self { kind: PointsEntryKind::Reverse, to_member: -points.get() })
    }

    /// The member spends; nothing moves when there is nothing to spend.
    pub(crate) fn burn(points: Points) -> Option<Self> {
        (points.get() > 0).then(|| Self { kind: PointsEntryKind::Burn, to_member: -points.get() })
    }

    /// The programme gives as a gesture; nothing moves when there is nothing to give.
    pub(crate) fn goodwill(points: Points) -> Option<Self> {
        (points.get() > 0).then_some(Self { kind: PointsEntryKind::Goodwill, to_member: points.get() })
    }

    /// The member brings points from an account elsewhere; nothing moves when there is nothing to bring.
    pub(crate) fn opening(points: Points) -> Option<Self> {
        (points.get() > 0).then_some(Self { kind: PointsEntryKind::Opening, to_member: points.get() })
    }

    /// So many points expire; fewer than was entered when negative.
    pub(crate) fn expire(points: Points) -> Option<Self> {
        Self::signed(PointsEntryKind::Expire, points.get().checked_neg()?)
    }

    /// What was entered for a purchase is made right, by more or by less.
    pub(crate) fn adjust(points: Points) -> Option<Self> {
        Self::signed(PointsEntryKind::Adjust, points.get())
    }

    fn signed(kind: PointsEntryKind, to_member: i64) -> Option<Self> {
        (to_member != 0 && to_member != i64::MIN).then_some(Self { kind, to_member })
    }

    /// Why.
    pub(crate) const fn kind(self) -> PointsEntryKind {
        self.kind
    }

    /// The change of what the member holds.
    pub(crate) const fn points(self) -> Points {
        Points::new(self.to_member)
    }

    /// The change of each side; their sum is zero.
    pub(crate) const fn postings(self) -> [(Side, Points); 2] {
        [(Side::Member, Points::new(self.to_member)), (Side::Programme, Points::new(-self.to_member))]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_movement_balances() {
        for points in [1, 2, 999, i64::MAX] {
            let makes = [
                Movement::earn,
                Movement::reverse,
                Movement::burn,
                Movement::goodwill,
                Movement::opening,
                Movement::expire,
                Movement::adjust,
                |points: Points| Movement::expire(Points::new(-points.get())),
                |points: Points| Movement::adjust(Points::new(-points.get())),
            ];
            for movement in makes.map(|make| make(Points::new(points))) {
                let postings = movement.expect("a movement").postings();
                assert_eq!(postings.iter().map(|(_, points)| i128::from(points.get())).sum::<i128>(), 0);
                assert_eq!(postings.map(|(side, _)| side), [Side::Member, Side::Programme]);
            }
        }
    }

    #[test]
    fn what_is_earned_is_positive_and_what_is_reversed_negative() {
        let earned = Movement::earn(Points::new(7)).expect("a movement");
        assert_eq!((earned.kind(), earned.points().get()), (PointsEntryKind::Earn, 7));
        let reversed = Movement::reverse(Points::new(7)).expect("a movement");
        assert_eq!((reversed.kind(), reversed.points().get()), (PointsEntryKind::Reverse, -7));
        let burned = Movement::burn(Points::new(7)).expect("a movement");
        assert_eq!((burned.kind(), burned.points().get()), (PointsEntryKind::Burn, -7));
        let given = Movement::goodwill(Points::new(7)).expect("a movement");
        assert_eq!((given.kind(), given.points().get()), (PointsEntryKind::Goodwill, 7));
        let expired = Movement::expire(Points::new(7)).expect("a movement");
        assert_eq!((expired.kind(), expired.points().get()), (PointsEntryKind::Expire, -7));
        let adjusted = Movement::adjust(Points::new(-7)).expect("a movement");
        assert_eq!((adjusted.kind(), adjusted.points().get()), (PointsEntryKind::Adjust, -7));
    }

    #[test]
    fn nothing_does_not_move() {
        for points in [0, -1, i64::MIN] {
            assert_eq!(Movement::earn(Points::new(points)), None);
            assert_eq!(Movement::reverse(Points::new(points)), None);
            assert_eq!(Movement::burn(Points::new(points)), None);
            assert_eq!(Movement::goodwill(Points::new(points)), None);
            assert_eq!(Movement::opening(Points::new(points)), None);
        }
        for points in [0, i64::MIN] {
            assert_eq!(Movement::expire(Points::new(points)), None);
            assert_eq!(Movement::adjust(Points::new(points)), None);
        }
    }
}
