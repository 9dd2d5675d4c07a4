//! The audit: a command's entry is written in its own transaction.
//!
//! Entries name the actor's subject, not a person's data, and keep the reason that a command was given.

use uuid::Uuid;

use crate::{clock::new_id, error::Result, telemetry, work::Work};

/// Writes one entry.
pub(crate) async fn write(work: &Work, action: &str, subject: Uuid, detail: Option<&str>) -> Result<()> {
    let actor = work.viewer().map_or("system", |viewer| viewer.subject.as_str());
    work.execute(
        "INSERT INTO audit_entry (id, recorded_at, actor, action, subject_id, detail, trace_id) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        vec![
            new_id(work.now()).into(),
            work.now().into(),
            actor.into(),
            action.into(),
            subject.into(),
            detail.map(str::to_owned).into(),
            telemetry::trace_id().into(),
        ],
    )
    .await?;
    Ok(())
}
