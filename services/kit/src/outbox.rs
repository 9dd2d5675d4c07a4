//! The outbox: events wait in the database of whoever tells them, in the transaction that made them true.

use schema::event::Envelope;
use sea_orm::{ConnectionTrait as _, DatabaseTransaction};

use crate::{
    error::{Error, Result},
    rows::Rows,
};

/// Writes what was told, in order.
pub(crate) async fn write(tx: &DatabaseTransaction, told: &[Envelope]) -> Result<()> {
    let mut rows = Rows::into("outbox", ["event_id", "event_type", "envelope", "recorded_at"]);
    for envelope in told {
        let text = serde_json::to_string(envelope).map_err(|error| Error::malformed("envelope", error))?;
        rows.push([
            envelope.id.uuid().into(),
            envelope.kind.as_str().into(),
            text.into(),
            envelope.recordedat.into(),
        ]);
    }
    for statement in rows.statements(tx.get_database_backend(), "")? {
        tx.execute_raw(statement).await?;
    }
    Ok(())
}
