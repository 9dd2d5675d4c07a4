//! Mutations of the points account: points that are spent in two steps, points given as a gesture, the
//! programme, and what a customer uses up.

use schema::{
    api::loyalty::{
        CancelHold, ConfirmHold, CreateProgrammeVersion, GrantGoodwill, HoldPoints, NewGoodwill, NewHold,
        NewProgrammeVersion, SetSupply, SupplySetting,
    },
    ids::{CustomerId, PointsEntryId},
};

use super::table::mutations;

mutations! {
    /// Holds, goodwill, the programme and supplies.
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
    /// Creates a version of the programme. It begins more than a day ahead, or at any time as long as
    /// nothing was bought; it is never changed afterwards.
    create_programme_version (input: NewProgrammeVersion) => CreateProgrammeVersion;
    /// Says how a customer uses an article up. The whole setting is given: what is absent is none.
    set_supply [customer_id: CustomerId, sku: String] (input: SupplySetting) => SetSupply;
}
