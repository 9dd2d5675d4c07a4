//! What we owe a customer next, from what the view holds.

use async_graphql::{Enum, SimpleObject};
use chrono::{DateTime, Utc};
use schema::{
    api::interaction::Dealings,
    ids::{CaseId, StaffId},
};

/// Why something is owed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub(crate) enum NextOwedKind {
    /// A case is to be resolved.
    Case,
}

/// Something that is owed to a customer until a time.
#[derive(Clone, Debug, PartialEq, Eq, SimpleObject)]
pub(crate) struct NextOwed {
    /// Why.
    kind: NextOwedKind,
    /// By when.
    due_at: DateTime<Utc>,
    /// What, as a code.
    what: String,
    /// Who owes it: whoever answers for the case.
    staff_id: StaffId,
    /// The case that it is or belongs to.
    case_id: Option<CaseId>,
}

/// What is owed, what is due first coming first. The view holds the latest open cases only, so behind
/// ten of them there may be more.
pub(super) fn owed(dealings: &Dealings) -> Vec<NextOwed> {
    let of_case = |case: &schema::api::interaction::CaseSummary| NextOwed {
        kind: NextOwedKind::Case,
        due_at: case.due_at,
        what: case.topic.clone(),
        staff_id: case.accountable_id,
        case_id: Some(case.id),
    };
    let mut owed: Vec<NextOwed> = dealings.open_cases.iter().map(of_case).collect();
    owed.sort_by_key(|one| (one.due_at, one.case_id));
    owed
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_due_first_comes_first() {
        let case = |id: u8, due: &str| {
            let id = format!("01930000-0000-7000-8000-0000000000{id:02x}");
            json!({
                "id": id, "customer_id": id, "org_unit_id": id, "topic": "leak", "severity": "high",
                "state": "open", "accountable_id": id, "handler_id": id, "occurred_at": "2026-11-20T10:00:00Z",
                "due_at": due, "transfers": 0, "ping_pong": false,
            })
        };
        let cases = [
            case(1, "2026-11-23T10:00:00Z"),
            case(2, "2026-11-22T10:00:00Z"),
            case(3, "2026-11-23T10:00:00Z"),
        ];
        let dealings = json!({
            "turnover": [], "last_purchase_at": null, "purchases": [], "timeline": [],
            "open_case_count": 3, "open_cases": cases,
        });
        let dealings: Dealings = serde_json::from_value(dealings).expect("a section");
        let order: Vec<_> =
            owed(&dealings).iter().map(|one| one.case_id.map(|id| id.uuid().as_bytes()[15])).collect();
        assert_eq!(order, [Some(2), Some(1), Some(3)]);
    }
}
