//! Reads the file from its first row to its last, makes commands of the rows, and deals them out to lanes.

use std::{
    fs::File,
    hash::{BuildHasher as _, BuildHasherDefault, DefaultHasher},
    sync::atomic::Ordering,
};

use tokio::sync::mpsc::Sender;

use super::{
    Failed, Session,
    identity::{Content, Identities},
    kind::Kind,
    lane::Draft,
    mapping::KindName,
    row::{Columns, Rows},
    values::{Mistake, Values},
};

/// A draft that further rows may belong to, and what stands in its rows.
struct Pending<C> {
    draft: Draft<C>,
    content: Content,
}

/// Reads everything, or until the import is stopped.
///
/// # Errors
/// When the file cannot be read, or the refused rows cannot be written.
pub(crate) fn read<K: Kind>(
    session: &Session,
    mut rows: Rows<File>,
    lanes: &[Sender<Draft<K::Command>>],
) -> Result<(), Failed> {
    let mut identities = Identities::default();
    let mut pending: Option<Pending<K::Command>> = None;
    while !session.stopped.load(Ordering::Relaxed) {
        let Some(row) = rows.next_row()? else { break };
        session.report.rows.fetch_add(1, Ordering::Relaxed);
        let at = vec![(row.line, row.raw)];
        let columns = match row.columns {
            Ok(columns) => columns,
            Err(reason) => {
                session.report.refuse(&at, &Mistake::new("", reason))?;
                continue;
            }
        };
        let (draft, content) = match draft::<K>(session, &columns) {
            Ok(draft) => (Draft { rows: at, ..draft }, columns.content()),
            Err(mistake) => {
                session.report.refuse(&at, &mistake)?;
                continue;
            }
        };
        let next = join::<K>(&mut pending, Pending { draft, content });
        if let Some(next) = next
            && let Some(whole) = pending.replace(next)
            && !deal(session, &mut identities, whole, lanes)?
        {
            return Ok(());
        }
    }
    if let Some(whole) = pending {
        deal(session, &mut identities, whole, lanes)?;
    }
    Ok(())
}

/// What a row becomes; its rows are put in by the caller, and a reference that it does not have, later.
fn draft<K: Kind>(session: &Session, columns: &Columns) -> Result<Draft<K::Command>, Mistake> {
    let (mapping, directory) = (&session.mapping, &session.directory);
    let values = Values { columns, mapping, directory };
    let customer = match mapping.kind {
        KindName::Customers => values.text("customer"),
        _ => Some(values.required("customer")?),
    };
    let own = match mapping.kind {
        KindName::Customers => customer,
        _ => None,
    };
    let reference = values.text("reference").or(own).unwrap_or_default();
    if reference.chars().count() > 200 {
        return Err(Mistake::new("reference", "it is longer than 200 characters"));
    }
    Ok(Draft {
        rows: Vec::new(),
        reference: reference.to_owned(),
        customer: customer.map(str::to_owned),
        other: values.text("other").map(str::to_owned),
        home: values.unit_if_any("unit")?,
        command: K::read(&values)?,
    })
}

/// Adds a row to the draft before it, when they are one thing; else gives it back.
fn join<K: Kind>(
    pending: &mut Option<Pending<K::Command>>,
    next: Pending<K::Command>,
) -> Option<Pending<K::Command>> {
    let Some(before) = pending else { return Some(next) };
    let (one, other) = (&before.draft, &next.draft);
    if one.reference.is_empty() || one.reference != other.reference || one.customer != other.customer {
        return Some(next);
    }
    let Pending { draft, content } = next;
    match K::join(&mut before.draft.command, draft.command) {
        Ok(()) => {
            before.draft.rows.extend(draft.rows);
            before.content = before.content.and(content);
            None
        }
        Err(command) => Some(Pending { draft: Draft { command, ..draft }, content }),
    }
}

/// Names a draft and sends it to its lane; false when nobody takes it any more.
fn deal<C: Send>(
    session: &Session,
    identities: &mut Identities,
    whole: Pending<C>,
    lanes: &[Sender<Draft<C>>],
) -> Result<bool, Failed> {
    let Pending { mut draft, content } = whole;
    // Of customers the reference alone is what they are called; the customer is not there yet.
    let customer = match session.mapping.kind {
        KindName::Customers => "",
        _ => draft.customer.as_deref().unwrap_or_default(),
    };
    if draft.reference.is_empty() {
        draft.reference = identities.of_content(content);
    } else if !identities.is_only(&draft.reference, customer, content) {
        let why = "a row before has the same reference and says something else";
        session.report.refuse(&draft.rows, &Mistake::new("reference", why))?;
        return Ok(true);
    }
    let by = draft.customer.as_deref().unwrap_or(&draft.reference);
    let lane = BuildHasherDefault::<DefaultHasher>::default().hash_one(by) % lanes.len().max(1) as u64;
    let lane = usize::try_from(lane).ok().and_then(|lane| lanes.get(lane));
    Ok(lane.is_some_and(|lane| lane.blocking_send(draft).is_ok()))
}
