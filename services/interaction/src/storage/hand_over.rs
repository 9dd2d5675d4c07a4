//! Hand-overs of cases: offers, and what became of them.

use kit::{
    Result, Work,
    db::{from_word, word},
};
use schema::api::interaction::{Case, CasePath, HandOver};
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _};

use super::entity::conversation::case_hand_over;

/// Writes the latest hand-over of a case, if there is one; those before it never change.
pub(super) async fn put_latest(work: &Work, case: &Case) -> Result<()> {
    let Some(latest) = case.hand_overs.last() else { return Ok(()) };
    work.execute(
        "INSERT INTO case_hand_over (customer_id, id, case_id, ordinal, from_staff_id, to_staff_id, occurred_at, \
         reason, state, answered_at, decline_reason) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) \
         ON CONFLICT (customer_id, id) DO UPDATE SET state = excluded.state, \
         answered_at = excluded.answered_at, decline_reason = excluded.decline_reason",
        vec![
            case.customer_id.uuid().into(),
            latest.id.uuid().into(),
            case.id.uuid().into(),
            i32::try_from(case.hand_overs.len()).unwrap_or(i32::MAX).into(),
            latest.from_staff_id.uuid().into(),
            latest.to_staff_id.uuid().into(),
            latest.occurred_at.into(),
            latest.reason.clone().into(),
            word(&latest.state)?.into(),
            latest.answered_at.into(),
            latest.decline_reason.clone().into(),
        ],
    )
    .await?;
    Ok(())
}

/// The hand-overs of a case, the first one first.
pub(super) async fn of(connection: &impl ConnectionTrait, path: CasePath) -> Result<Vec<HandOver>> {
    let rows = case_hand_over::Entity::find()
        .filter(case_hand_over::Column::CustomerId.eq(path.customer_id.uuid()))
        .filter(case_hand_over::Column::CaseId.eq(path.case_id.uuid()))
        .order_by_asc(case_hand_over::Column::Ordinal)
        .all(connection)
        .await?;
    let hand_over = |row: case_hand_over::Model| {
        Ok(HandOver {
            id: row.id.into(),
            from_staff_id: row.from_staff_id.into(),
            to_staff_id: row.to_staff_id.into(),
            occurred_at: row.occurred_at,
            reason: row.reason,
            state: from_word(row.state)?,
            answered_at: row.answered_at,
            decline_reason: row.decline_reason,
        })
    };
    rows.into_iter().map(hand_over).collect()
}
