//! What every step of a gesture begins and ends with.

use chrono::{DateTime, Utc};
use kit::{Result, Work};
use schema::{
    access::Role,
    api::{
        customer::OrgUnitKind,
        interaction::{
            AuthorityLine, Gesture, GestureEntry, GesturePath, NeededAuthority, TimelineEntry, TimelineKind,
        },
        problem::{Code, FieldError, Problem},
    },
    event::interaction::GestureMoved,
    ids::StaffId,
    value::{Currency, Minor},
};

use crate::{
    domain::gesture::{self, NotAllowed, Step, Uncovered},
    storage,
};

/// Somebody who gives, and what the matrix says.
pub(super) struct Giver {
    pub(super) staff: StaffId,
    roles: Vec<Role>,
    unit: Option<OrgUnitKind>,
    lines: Vec<AuthorityLine>,
}

/// Whoever gives the command.
pub(super) async fn giver(work: &Work) -> Result<Giver> {
    let staff = super::colleague(work).await?;
    let viewer = work.viewer();
    let unit =
        storage::authority::kind_of_unit(work, viewer.and_then(|viewer| viewer.org_unit.as_deref())).await?;
    let roles = viewer.map(|viewer| viewer.roles.clone()).unwrap_or_default();
    Ok(Giver { staff, roles, unit, lines: storage::authority::lines(work).await? })
}

/// Why somebody may not give an amount, and whose authority covers it.
pub(super) struct Beyond {
    pub(super) why: Uncovered,
    pub(super) needs: Option<NeededAuthority>,
}

impl Giver {
    /// The month whose budget covers one more gesture of this amount, or why none does.
    ///
    /// Until the commit nobody else counts what this person gave: two that are given at the same time
    /// cannot both take the rest of the budget.
    pub(super) async fn month(
        &self,
        work: &Work,
        amount: Minor,
        currency: &Currency,
    ) -> Result<Result<String, Beyond>> {
        work.exclusive(&format!("gesture.{}", self.staff)).await?;
        // By our clock, not by business time: what is written down later spends the budget of now.
        let month = gesture::month(work.now());
        let spent = storage::gesture::spent(work, self.staff, &month, currency).await?;
        let authority = gesture::authority_of(&self.lines, &self.roles, self.unit, currency);
        Ok(authority.covers(amount.get(), spent).map(|()| month).map_err(|why| Beyond {
            why,
            needs: gesture::needed(&self.lines, authority, amount.get(), currency),
        }))
    }
}

impl Giver {
    /// Refuses whoever could not give the gesture, their budget left aside.
    pub(super) fn require_limit(&self, asked: &Gesture) -> Result<()> {
        let (amount, currency) = (asked.amount_minor.get(), &asked.currency);
        let authority = gesture::authority_of(&self.lines, &self.roles, self.unit, currency);
        let needs = gesture::needed(&self.lines, authority, amount, currency);
        Ok(authority.reaches(amount).map_err(|why| beyond(&Beyond { why, needs }))?)
    }
}

/// Gives it: the entry in the ledger.
pub(super) async fn give(
    work: &Work,
    gesture: &mut Gesture,
    by: StaffId,
    at: DateTime<Utc>,
    month: &str,
) -> Result<()> {
    (gesture.decided_by_id, gesture.decided_at, gesture.needs) = (Some(by), Some(at), None);
    enter(work, gesture, (by, gesture.amount_minor), at, month).await
}

/// Adds an entry to the ledger of a gesture.
pub(super) async fn enter(
    work: &Work,
    gesture: &mut Gesture,
    (staff_id, amount_minor): (StaffId, Minor),
    at: DateTime<Utc>,
    month: &str,
) -> Result<()> {
    let entry = GestureEntry { id: work.new_id(), staff_id, amount_minor, occurred_at: at };
    storage::gesture::enter(work, gesture, &entry, month).await?;
    gesture.entries.push(entry);
    gesture.net_minor = Minor::new(gesture.entries.iter().map(|entry| entry.amount_minor.get()).sum());
    Ok(())
}

/// What a step begins with: its mistakes, scope, revision, the gesture, that its state allows the step, and
/// that it is not before the gesture.
pub(super) async fn gesture_to_move(
    work: &mut Work,
    path: GesturePath,
    if_match: Option<i64>,
    mistakes: Vec<FieldError>,
    (step, at): (Step, DateTime<Utc>),
) -> Result<Gesture> {
    if !mistakes.is_empty() {
        return Err(Problem::fields(mistakes).into());
    }
    reference::customer::require(work, path.customer_id).await?;
    let revision = work.revise(path.customer_id, if_match).await?;
    let found = storage::gesture::find(work, path).await?;
    let mut gesture = found.ok_or_else(|| Problem::not_found("gesture"))?;
    let refused = |refusal: NotAllowed| Problem::new(Code::Conflict, refusal.to_string());
    gesture.state = gesture::after(gesture.state, step).map_err(refused)?;
    if at < gesture.occurred_at {
        return Err(Problem::field("/occurred_at", "it is not before the gesture was asked for").into());
    }
    gesture.revision = revision;
    Ok(gesture)
}

/// Refuses whoever asked for it: nobody decides about their own gesture.
pub(super) fn require_another(gesture: &Gesture, staff: StaffId) -> Result<()> {
    if gesture.asked_by_id != staff {
        return Ok(());
    }
    let detail = "you asked for this gesture, so somebody else decides about it";
    Err(Problem::new(Code::Forbidden, detail).into())
}

/// Refuses whoever may not give it, and says who may.
pub(super) fn beyond(beyond: &Beyond) -> Problem {
    let role = |role: Role| format!("{role:?}").to_lowercase();
    let kind = |kind: OrgUnitKind| format!("{kind:?}").to_lowercase();
    let who = match beyond.needs {
        Some(NeededAuthority { role: one, unit_kind: Some(unit) }) => {
            format!("a {} of a {} may", role(one), kind(unit))
        }
        Some(NeededAuthority { role: one, unit_kind: None }) => format!("a {} may", role(one)),
        None => "by the matrix nobody may".to_owned(),
    };
    Problem::new(Code::Forbidden, format!("{}; the gesture stays escalated: {who}", beyond.why))
}

/// The step on the timeline, with what it cost.
pub(super) async fn put_on_timeline(
    work: &Work,
    gesture: &Gesture,
    kind: TimelineKind,
    at: DateTime<Utc>,
    cost: Option<i64>,
) -> Result<()> {
    let entry = TimelineEntry {
        staff_id: super::actor(work).await?.staff,
        currency: cost.map(|_| gesture.currency.clone()),
        amount_minor: cost.map(Minor::new),
        case_id: gesture.case_id,
        gesture_id: Some(gesture.id),
        ..TimelineEntry::new(work.new_id(), kind, at, gesture.org_unit_id)
    };
    storage::timeline::add(work, gesture.customer_id, &entry)
}

/// What others hear of it.
pub(super) fn moved(gesture: &Gesture, at: DateTime<Utc>) -> GestureMoved {
    GestureMoved {
        gesture_id: gesture.id,
        customer_id: gesture.customer_id,
        org_unit_id: gesture.org_unit_id,
        case_id: gesture.case_id,
        state: gesture.state,
        amount_minor: gesture.amount_minor,
        currency: gesture.currency.clone(),
        occurred_at: at,
    }
}

/// Refuses what is no month.
pub(crate) fn check_month(month: &str) -> Result<(), Problem> {
    if gesture::is_month(month) { Ok(()) } else { Err(Problem::field("/month", "a month is as 2026-11")) }
}
