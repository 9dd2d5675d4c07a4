//! What the interaction service tells: purchases and returns.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    ids::{CustomerId, OrgUnitId, PurchaseId, PurchaseReturnId, StaffId},
    value::{Currency, Milli, Minor},
};

/// A purchase was recorded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct PurchaseRecorded {
    /// Which purchase.
    pub purchase_id: PurchaseId,
    /// Whose.
    pub customer_id: CustomerId,
    /// Where it was made.
    pub org_unit_id: OrgUnitId,
    /// Who sold, when known.
    pub staff_id: Option<StaffId>,
    /// When it was made (business time).
    pub occurred_at: DateTime<Utc>,
    /// The currency of all amounts.
    pub currency: Currency,
    /// The sum of the lines.
    pub total_minor: Minor,
    /// What was bought.
    pub lines: Vec<Line>,
}

/// One line of a purchase or return.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Line {
    /// Position in the purchase, from 1.
    pub line_no: i32,
    /// The article's code.
    pub sku: String,
    /// How much, in thousandths of the article's unit.
    pub quantity_milli: Milli,
    /// The price paid for the line.
    pub amount_minor: Minor,
}

/// Some or all of a purchase was returned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct PurchaseReturned {
    /// Which return.
    pub return_id: PurchaseReturnId,
    /// Of which purchase.
    pub purchase_id: PurchaseId,
    /// Whose.
    pub customer_id: CustomerId,
    /// When it was returned (business time).
    pub occurred_at: DateTime<Utc>,
    /// The currency of all amounts.
    pub currency: Currency,
    /// The money given back.
    pub total_minor: Minor,
    /// What earlier returns of the same purchase had given back, so that a consumer needs no order.
    pub returned_before_minor: Minor,
    /// What came back.
    pub lines: Vec<Line>,
}
