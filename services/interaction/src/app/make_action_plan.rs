//! Makes the action plan of a unit and a day: a delivery task for every customer who runs out within the
//! horizon, whoever runs out first coming first. Ids follow from customer, article and day, so that making it
//! again adds only what is new.

use chrono::{Days, NaiveDate, NaiveTime, TimeDelta};
use kit::{Input, Result, Work};
use schema::{
    api::{
        interaction::{ActionPlan, MakeActionPlan, Task, TaskKind, TaskState, TimelineKind},
        problem::{FieldError, Problem},
    },
    event::TaskOpened,
    ids::{OrgUnitId, StaffId},
};

use crate::{domain::task, storage};

/// The tasks that one run adds at most: one transaction.
const MOST: usize = 200;
/// How far ahead a plan looks at most.
pub(super) const LONGEST_HORIZON: i32 = 60;
/// What a customer ran out of longer ago than this is not brought of our own accord.
const STALE: TimeDelta = TimeDelta::days(7);

/// What to plan.
pub(super) struct Order {
    pub(super) unit: OrgUnitId,
    pub(super) date: NaiveDate,
    pub(super) horizon_days: i32,
    /// Whose a task is when nobody who works for us dealt with the customer there.
    pub(super) default_owner: StaffId,
    /// Who has it made; nobody at night.
    pub(super) made_by: Option<StaffId>,
}

pub(crate) async fn make_action_plan(work: &mut Work, input: Input<MakeActionPlan>) -> Result<ActionPlan> {
    let new = input.body.as_ref();
    let mut mistakes = Vec::new();
    if !(1..=LONGEST_HORIZON).contains(&new.horizon_days) {
        let detail = format!("a plan looks 1 to {LONGEST_HORIZON} days ahead");
        mistakes.push(FieldError { pointer: "/horizon_days".to_owned(), detail });
    }
    let today = work.now().date_naive();
    if !(-1..=366).contains(&(new.date - today).num_days()) {
        let detail = "a plan is for a day from yesterday to a year from now".to_owned();
        mistakes.push(FieldError { pointer: "/date".to_owned(), detail });
    }
    if !mistakes.is_empty() {
        return Err(Problem::fields(mistakes).into());
    }
    reference::org_unit::require(work, new.org_unit_id, "/org_unit_id").await?;
    let made_by = super::actor(work).await?.staff;
    let default_owner = default_owner(work, new.default_owner_id, made_by).await?;
    let order = Order {
        unit: new.org_unit_id,
        date: new.date,
        horizon_days: new.horizon_days,
        default_owner,
        made_by,
    };
    make(work, &order).await
}

/// Whoever is named, else whoever asks.
pub(super) async fn default_owner(
    work: &Work,
    named: Option<StaffId>,
    asks: Option<StaffId>,
) -> Result<StaffId> {
    if let Some(named) = named {
        super::require_colleague(work, "/default_owner_id", named).await?;
        return Ok(named);
    }
    let nobody = "your token names nobody who works for us, so somebody must be named here";
    asks.ok_or_else(|| Problem::field("/default_owner_id", nobody).into())
}

/// Adds what is new.
pub(super) async fn make(work: &mut Work, order: &Order) -> Result<ActionPlan> {
    let Order { unit, date, .. } = *order;
    // Two plans at once could find the same customers.
    work.exclusive("action_plan").await?;
    let (_, calendar) = super::working_time(work, unit).await?;
    let day = |after: i32| {
        let date = date + Days::new(u64::from(after.unsigned_abs()));
        calendar.at(date, NaiveTime::MIN)
    };
    let (begin, end) = (day(0), day(order.horizon_days));
    let limit = i64::try_from(MOST + 1).unwrap_or(i64::MAX);
    let mut found = storage::replenishment::upcoming(work, unit, begin - STALE, end, limit).await?;
    let more = found.len() > MOST;
    found.truncate(MOST);

    let now = work.now();
    let mut added = 0;
    for one in found {
        let revision = work.revise(one.customer, None).await?;
        let task = Task {
            id: task::delivery_id(one.customer, &one.sku, one.runs_out_at.date_naive()),
            customer_id: one.customer,
            org_unit_id: unit,
            kind: TaskKind::Delivery,
            what: "deliver".to_owned(),
            notes: None,
            state: TaskState::Open,
            owner_id: task::owner(one.dealt_last, order.default_owner),
            opened_by_id: order.made_by,
            case_id: None,
            sku: Some(one.sku),
            quantity_milli: one.quantity,
            runs_out_at: Some(one.runs_out_at),
            occurred_at: now,
            planned_at: None,
            due_at: task::delivery_due(one.deliver_by, one.runs_out_at, now, day(1)),
            settled_at: None,
            outcome: None,
            breached: false,
            revision,
        };
        storage::task::add(work, &task, Some(date)).await?;
        super::put_task_on_timeline(work, &task, TimelineKind::TaskOpened, now).await?;
        work.tell::<TaskOpened>(one.customer, revision, now, &super::task_moved(&task, now))?;
        added += 1;
    }
    work.audit("action_plan.make", unit, Some(&format!("{date}: {added} tasks")))?;
    Ok(ActionPlan { org_unit_id: unit, date, added, more })
}
