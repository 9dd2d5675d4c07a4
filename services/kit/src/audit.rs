//! The audit: a command's entry is written in its own transaction.
//!
//! Entries name the actor's subject, not a person's data, and keep the reason that a command was given.

use uuid::Uuid;

use crate::{clock::new_id, error::Result, rows::Rows, telemetry, work::Work};

/// Writes one entry.
pub(crate) fn write(work: &Work, action: &str, subject: Uuid, detail: Option<&str>) -> Result<()> {
    write_each(work, action, [(subject, detail.map(str::to_owned))])
}

/// Writes one entry for each of these subjects.
pub(crate) fn write_each(
    work: &Work,
    action: &str,
    done: impl IntoIterator<Item = (Uuid, Option<String>)>,
) -> Result<()> {
    let actor = work.viewer().map_or("system", |viewer| viewer.subject.as_str());
    let trace = telemetry::trace_id();
    let mut rows = Rows::into(
        "audit_entry",
        ["id", "recorded_at", "actor", "action", "subject_id", "detail", "trace_id"],
    );
    for (subject, detail) in done {
        rows.push([
            new_id(work.now()).into(),
            work.now().into(),
            actor.into(),
            action.into(),
            subject.into(),
            detail.into(),
            trace.clone().into(),
        ]);
    }
    work.insert_with_commit(rows, "")
}
