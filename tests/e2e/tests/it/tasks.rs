//! Delegated tasks: who is charged with what (row 37), every step and who may take it, and what is owed.

use std::time::Duration;

use chrono::TimeDelta;
use kit::client::CallError;
use schema::{
    access::Role,
    api::{
        Endpoint, NoParameters, Nothing,
        customer::CustomerPath,
        interaction::{
            BreachQuery, CancelTask, Case, DeskItem, DeskItemsQuery, FinishTask, GetDealingsSections,
            GetDeskItems, GetTask, GetTimeline, ListTasks, NewTask, NewTaskOwner, OpenTask, OwedKind,
            ReassignTask, ReportBreaches, Task, TaskCancelled, TaskDone, TaskKind, TaskPath, TaskState,
            TasksQuery, TimelineKind, TimelineQuery,
        },
        problem::Code,
        section::SectionsWanted,
    },
    event::{TaskBreached, TaskOpened, TaskReassigned, TaskSettled},
    ids::{CaseId, CustomerId, StaffId},
};
use testkit::{Person, Place, eventually};

use crate::{
    commands::problem,
    on_both,
    working_time::{FRIDAY, Floor, NONE, SHOP, SOUTH, at, id, new_case},
};

fn delegated(case: &Case, owner_id: StaffId, due_at: &str) -> NewTask {
    NewTask {
        org_unit_id: id(SHOP),
        kind: TaskKind::Delegated,
        what: "inspect".into(),
        notes: Some("Smell it.".into()),
        owner_id,
        case_id: Some(case.id),
        planned_at: None,
        due_at: at(due_at),
        occurred_at: None,
    }
}

async fn open(
    floor: &Floor,
    who: &Person,
    customer_id: CustomerId,
    new: &NewTask,
) -> Result<Task, CallError> {
    floor.call::<OpenTask>(who, &CustomerPath { customer_id }, &NONE, new).await
}

async fn step<E>(floor: &Floor, who: &Person, task: &Task, body: &E::Body) -> Result<Task, CallError>
where
    E: Endpoint<Path = TaskPath, Query = NoParameters, Reply = Task>,
{
    let path = TaskPath { customer_id: task.customer_id, task_id: task.id };
    floor.call::<E>(who, &path, &NONE, body).await
}

async fn desk(floor: &Floor, who: &Person) -> Vec<DeskItem> {
    let query = DeskItemsQuery::default();
    floor.call::<GetDeskItems>(who, &NONE, &query, &Nothing).await.expect("a desk").items
}

/// Who is charged with how many cases and tasks.
async fn charged(floor: &Floor) -> Vec<(StaffId, i64, i64)> {
    let query = BreachQuery {
        org_unit_id: id(SHOP),
        from: at("2026-11-01T00:00:00Z"),
        to: at("2026-12-31T00:00:00Z"),
    };
    let found = floor.call::<ReportBreaches>(&floor.manager, &NONE, &query, &Nothing).await;
    let mut found: Vec<_> =
        found.expect("a report").into_iter().map(|one| (one.staff_id, one.cases, one.tasks)).collect();
    found.sort_by_key(|(_, cases, _)| -cases);
    found
}

/// Row 37: A delegates to B, B is two hours late: case breach on A, task breach on B.
async fn row_37(place: Place) {
    let floor = Floor::start(&place, FRIDAY).await;
    let customer = floor.customer(SHOP).await;
    let (anna, bert) = (floor.join("anna", SHOP).await, floor.join("bert", SOUTH).await);
    let a = floor.person("anna", Role::Aftersales, "shop");
    // B works in another unit and does not reach the customer, only the task.
    let b = floor.person("bert", Role::Aftersales, "south");
    floor.standard(None, 240).await;
    floor.office_hours().await;
    let case = floor.open(&a, customer, &new_case("spoiled-goods")).await.expect("a case");
    assert_eq!(case.due_at, at("2026-11-23T12:30:00+08:00"));
    let task = open(&floor, &a, customer, &delegated(&case, bert, "2026-11-23T11:00:00+08:00")).await;
    let task = task.expect("a task");
    assert_eq!((task.owner_id, task.opened_by_id, task.case_id), (bert, Some(anna), Some(case.id)));
    assert_eq!(floor.case(&case).await.accountable_id, anna, "delegation moves no accountability");
    let lists = |items: Vec<DeskItem>| items.into_iter().map(|one| (one.kind, one.id)).collect::<Vec<_>>();
    assert_eq!(lists(desk(&floor, &a).await), [(OwedKind::Case, case.id.uuid())]);
    assert_eq!(lists(desk(&floor, &b).await), [(OwedKind::Task, task.id.uuid())]);

    floor.until(at("2026-11-23T13:00:00+08:00"));
    eventually("both due times are seen to", Duration::from_secs(20), || async {
        (charged(&floor).await.len() == 2).then_some(())
    })
    .await;
    let done = step::<FinishTask>(&floor, &b, &task, &TaskDone::default()).await.expect("done");
    assert_eq!((done.state, done.breached), (TaskState::Done, true));
    assert_eq!(done.settled_at, Some(task.due_at + TimeDelta::hours(2)), "two hours late");
    floor.resolve(&a, &case).await.expect("resolved");
    assert_eq!(charged(&floor).await, [(anna, 1, 0), (bert, 0, 1)]);
    let told: Vec<_> =
        floor.told::<TaskBreached>().await.iter().map(|one| (one.task_id, one.owner_id)).collect();
    assert_eq!(told, [(task.id, bert)], "once");
    assert!(desk(&floor, &b).await.is_empty());
    floor.running.end().await;
}
on_both!(
    row_37_a_delegated_task_is_charged_to_its_owner_and_the_case_to_whoever_answers_for_it,
    super::row_37
);

async fn every_step(place: Place) {
    let floor = Floor::start(&place, FRIDAY).await;
    let customer = floor.customer(SHOP).await;
    let (anna, bert) = (floor.join("anna", SHOP).await, floor.join("bert", SHOP).await);
    let cora = floor.join("cora", SOUTH).await;
    let a = floor.person("anna", Role::Aftersales, "shop");
    let b = floor.person("bert", Role::Aftersales, "shop");
    let c = floor.person("cora", Role::Partner, "south");
    floor.standard(None, 240).await;
    let case = floor.open(&a, customer, &new_case("spoiled-goods")).await.expect("a case");
    let later = "2026-11-23T11:00:00+08:00";

    refusals(&floor, (&a, &b), &case, anna).await;
    let task = open(&floor, &a, customer, &delegated(&case, bert, later)).await.expect("a task");
    let to = |owner_id| NewTaskOwner { owner_id, reason: "She knows the mill.".into(), occurred_at: None };
    let done = TaskDone { outcome: Some("inspected".into()), occurred_at: None };
    let cancelled = TaskCancelled { reason: "Not needed.".into(), occurred_at: None };

    // Only the owner has it done; who opened it may cancel it, the owner may not.
    assert_eq!(problem(step::<FinishTask>(&floor, &a, &task, &done).await).code, Code::Forbidden);
    assert_eq!(problem(step::<CancelTask>(&floor, &b, &task, &cancelled).await).code, Code::Forbidden);
    assert_eq!(problem(step::<FinishTask>(&floor, &c, &task, &done).await).code, Code::NotFound);
    assert!(desk(&floor, &c).await.is_empty());
    // A partner who is given it sees it, without words, and settles it.
    let over = step::<ReassignTask>(&floor, &b, &task, &to(cora)).await.expect("reassigned");
    assert_eq!(over.owner_id, cora);
    let path = TaskPath { customer_id: customer, task_id: task.id };
    let seen = floor.call::<GetTask>(&c, &path, &NONE, &Nothing).await.expect("theirs");
    assert_eq!((seen.notes, seen.what.as_str()), (None, "inspect"));
    assert_eq!(desk(&floor, &c).await.len(), 1);
    let finished = step::<FinishTask>(&floor, &c, &task, &done).await.expect("done");
    assert_eq!((finished.state, finished.outcome.as_deref()), (TaskState::Done, Some("inspected")));
    assert!(!finished.breached);
    let again = problem(step::<CancelTask>(&floor, &a, &task, &cancelled).await);
    assert_eq!(again.code, Code::Conflict);
    assert!(
        again.detail.contains("the task is done") && again.detail.contains("allows nothing more"),
        "{again}"
    );

    let second = NewTask { case_id: None, kind: TaskKind::Errand, ..delegated(&case, bert, later) };
    let second = open(&floor, &a, customer, &second).await.expect("a task");
    owed(&floor, customer, &case, &second).await;
    step::<CancelTask>(&floor, &a, &second, &cancelled).await.expect("cancelled");
    let path = CustomerPath { customer_id: customer };
    let list = floor.call::<ListTasks>(&a, &path, &TasksQuery::default(), &Nothing).await.expect("a page");
    let states: Vec<TaskState> = list.items.iter().map(|one| one.state).collect();
    assert_eq!(states, [TaskState::Cancelled, TaskState::Done]);

    let page = floor.call::<GetTimeline>(&a, &path, &TimelineQuery::default(), &Nothing).await;
    let page = page.expect("a timeline").items;
    let kinds: Vec<TimelineKind> = page.iter().rev().map(|entry| entry.kind).collect();
    let expected = [
        TimelineKind::CaseOpened,
        TimelineKind::TaskOpened,
        TimelineKind::TaskReassigned,
        TimelineKind::TaskDone,
        TimelineKind::TaskOpened,
        TimelineKind::TaskCancelled,
    ];
    assert_eq!(kinds, expected);
    assert_eq!(page.iter().filter(|entry| entry.task_id == Some(task.id)).count(), 3);
    let told = (
        floor.told::<TaskOpened>().await.len(),
        floor.told::<TaskReassigned>().await.len(),
        floor.told::<TaskSettled>().await.len(),
    );
    assert_eq!(told, (2, 1, 2));
    floor.running.end().await;
}
on_both!(a_task_lives_and_is_refused_what_its_state_does_not_allow, super::every_step);

/// What is wrong with a task, at its place; and whose case is not theirs to delegate.
async fn refusals(floor: &Floor, (a, b): (&Person, &Person), case: &Case, anna: StaffId) {
    let customer = case.customer_id;
    let wrong = NewTask {
        what: "No!".into(),
        case_id: None,
        planned_at: Some(at("2026-11-24T00:00:00Z")),
        ..delegated(case, anna, "2026-11-23T11:00:00+08:00")
    };
    let refused = problem(open(floor, a, customer, &wrong).await);
    let places: Vec<&str> = refused.errors.iter().map(|error| error.pointer.as_str()).collect();
    assert_eq!(places, ["/planned_at", "/what", "/case_id"]);
    let right = delegated(case, anna, "2026-11-23T11:00:00+08:00");
    let nobody = NewTask { owner_id: id(0xdead), ..right.clone() };
    assert_eq!(problem(open(floor, a, customer, &nobody).await).errors[0].pointer, "/owner_id");
    let no_case = NewTask { case_id: Some(id::<CaseId>(0xdead)), ..right.clone() };
    assert_eq!(problem(open(floor, a, customer, &no_case).await).errors[0].pointer, "/case_id");
    assert_eq!(problem(open(floor, b, customer, &right).await).code, Code::Forbidden);
    let stranger = floor.person("sven", Role::Aftersales, "south");
    assert_eq!(problem(open(floor, &stranger, customer, &right).await).code, Code::NotFound);
}

/// The section tells what is owed, the one due first first.
async fn owed(floor: &Floor, customer: CustomerId, case: &Case, task: &Task) {
    let service = floor.person("gateway", Role::Service, "hq");
    let wanted = SectionsWanted { customer_ids: vec![customer] };
    let sections =
        floor.call::<GetDealingsSections>(&service, &NONE, &NONE, &wanted).await.expect("sections");
    let owed = &sections.items[0].section.owed;
    let seen: Vec<_> =
        owed.iter().map(|one| (one.kind, one.due_at, one.what.as_str(), one.staff_id)).collect();
    let expected = [
        (OwedKind::Case, case.due_at, "spoiled-goods", Some(case.accountable_id)),
        (OwedKind::Task, task.due_at, "inspect", Some(task.owner_id)),
    ];
    assert_eq!(seen, expected);
    assert_eq!((owed[0].case_id, owed[1].task_id), (Some(case.id), Some(task.id)));
}
