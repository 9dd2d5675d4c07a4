//! The outbox: events wait in the database of whoever tells them, in the transaction that made them true.

use schema::event::Envelope;

use crate::{
    error::{Error, Result},
    rows::Rows,
};

/// What was told, in order, as rows to insert.
pub(crate) fn rows(told: &[Envelope]) -> Result<Rows<4>> {
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
    Ok(rows)
}
