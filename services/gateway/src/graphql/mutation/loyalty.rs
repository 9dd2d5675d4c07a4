//! Mutations of the points account: points that are spent in two steps, and points given as a gesture.

use schema::{
    api::loyalty::{CancelHold, ConfirmHold, GrantGoodwill, HoldPoints, NewGoodwill, NewHold},
    ids::{CustomerId, PointsEntryId},
};

use super::table::mutations;

mutations! {
    /// Holds and goodwill.
    LoyaltyMutation of Loyalty;

    /// Holds points that are about to be spent: nobody else can spend them until the hold is confirmed,
    /// cancelled or expired.
    hold_points [customer_id: CustomerId] (input: NewHold) => HoldPoints;
    /// Spends the points of an open hold.
    confirm_hold [customer_id: CustomerId, hold_id: PointsEntryId] => ConfirmHold;
    /// Lets the points of an open hold go.
    cancel_hold [customer_id: CustomerId, hold_id: PointsEntryId] => CancelHold;
    /// Gives points as a gesture; they can be spent and do not count for the tier. Managers only.
    grant_goodwill [customer_id: CustomerId] (input: NewGoodwill) => GrantGoodwill;
}
