//! When customers run out of something, as loyalty reckoned last, and who should bring it.

use chrono::{DateTime, Utc};
use kit::{Result, Work};
use schema::{
    event::loyalty::ReplenishmentDue,
    ids::{CustomerId, EventId, OrgUnitId, StaffId},
    value::Milli,
};
use sea_orm::QueryResult;
use uuid::Uuid;

/// Keeps the reckoning if it is later than the one that is held: by revision, then by business time, then by id,
/// so that the same one remains in whatever order they come.
pub(crate) async fn keep(
    work: &Work,
    due: &ReplenishmentDue,
    (revision, occurred_at, event): (i64, DateTime<Utc>, EventId),
) -> Result<()> {
    work.execute(
        "INSERT INTO replenishment_due (customer_id, sku, runs_out_at, runs_out_on, deliver_by, quantity_milli, \
         revision, occurred_at, event_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) \
         ON CONFLICT (customer_id, sku) DO UPDATE SET runs_out_at = excluded.runs_out_at, \
         runs_out_on = excluded.runs_out_on, deliver_by = excluded.deliver_by, \
         quantity_milli = excluded.quantity_milli, revision = excluded.revision, \
         occurred_at = excluded.occurred_at, event_id = excluded.event_id \
         WHERE (replenishment_due.revision, replenishment_due.occurred_at, replenishment_due.event_id) \
         < (excluded.revision, excluded.occurred_at, excluded.event_id)",
        vec![
            due.customer_id.uuid().into(),
            due.sku.as_str().into(),
            due.runs_out_at.into(),
            due.runs_out_at.date_naive().to_string().into(),
            due.deliver_by.into(),
            due.quantity_milli.map(Milli::get).into(),
            revision.into(),
            occurred_at.into(),
            event.uuid().into(),
        ],
    )
    .await?;
    Ok(())
}

/// A customer who runs out of something, and nobody brings it yet.
pub(crate) struct Upcoming {
    pub(crate) customer: CustomerId,
    pub(crate) sku: String,
    pub(crate) runs_out_at: DateTime<Utc>,
    pub(crate) deliver_by: DateTime<Utc>,
    pub(crate) quantity: Option<Milli>,
    /// Who dealt with the customer last in the unit's subtree, of those who still work for us.
    pub(crate) dealt_last: Option<StaffId>,
}

/// The active customers of a unit's subtree who run out of something in a period, the first one first: without
/// those for whom there is a delivery of that day, or an open one of the same article.
pub(crate) async fn upcoming(
    work: &Work,
    unit: OrgUnitId,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
    most: i64,
) -> Result<Vec<Upcoming>> {
    let sql = "WITH part (id) AS (SELECT below.id FROM org_unit below WHERE below.path LIKE \
         (SELECT above.path FROM org_unit above WHERE above.id = $1) || '%') \
         SELECT d.customer_id, d.sku, d.runs_out_at, d.deliver_by, d.quantity_milli, \
         (SELECT dealt.staff_id FROM (\
             SELECT c.staff_id, c.occurred_at, c.id FROM contact c \
             WHERE c.customer_id = d.customer_id AND c.org_unit_id IN (SELECT id FROM part) \
             UNION ALL \
             SELECT p.staff_id, p.occurred_at, p.id FROM purchase p \
             WHERE p.customer_id = d.customer_id AND p.org_unit_id IN (SELECT id FROM part)) dealt \
          JOIN staff s ON s.id = dealt.staff_id AND s.status = 'active' \
          ORDER BY dealt.occurred_at DESC, dealt.id DESC LIMIT 1) AS dealt_last \
         FROM replenishment_due d JOIN customer_ref r ON r.customer_id = d.customer_id AND r.status = 'active' \
         WHERE d.runs_out_at >= $2 AND d.runs_out_at < $3 \
         AND EXISTS (SELECT 1 FROM customer_unit served WHERE served.customer_id = d.customer_id \
             AND served.org_unit_id IN (SELECT id FROM part)) \
         AND NOT EXISTS (SELECT 1 FROM task t WHERE t.customer_id = d.customer_id AND t.sku = d.sku \
             AND (t.runs_out_on = d.runs_out_on OR t.state = 'open')) \
         ORDER BY d.runs_out_at, d.customer_id, d.sku LIMIT $4";
    let rows = work.query_all(sql, vec![unit.uuid().into(), from.into(), to.into(), most.into()]).await?;
    rows.iter().map(read).collect()
}

fn read(row: &QueryResult) -> Result<Upcoming> {
    Ok(Upcoming {
        customer: row.try_get::<Uuid>("", "customer_id")?.into(),
        sku: row.try_get("", "sku")?,
        runs_out_at: row.try_get("", "runs_out_at")?,
        deliver_by: row.try_get("", "deliver_by")?,
        quantity: row.try_get::<Option<i64>>("", "quantity_milli")?.map(Milli::new),
        dealt_last: row.try_get::<Option<Uuid>>("", "dealt_last")?.map(StaffId::from),
    })
}
