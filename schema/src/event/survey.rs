//! What the survey service tells: answers, without their words.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    api::survey::Instrument,
    ids::{AnswerId, CustomerId, OrgUnitId, PurchaseId},
};

/// A survey answer was received.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct AnswerReceived {
    /// Which answer.
    pub answer_id: AnswerId,
    /// Whose.
    pub customer_id: CustomerId,
    /// The question that was asked.
    pub instrument: Instrument,
    /// The score on the instrument's scale: NPS 0 to 10, CSAT 1 to 5, CES 1 to 7.
    pub score: i32,
    /// The unit that the answer is about, when it is about one.
    pub org_unit_id: Option<OrgUnitId>,
    /// The purchase that the answer is about, when it is about one.
    pub purchase_id: Option<PurchaseId>,
    /// When it was given (business time).
    pub occurred_at: DateTime<Utc>,
}
