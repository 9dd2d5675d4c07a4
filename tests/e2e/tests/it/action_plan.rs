//! The action plan (row 4): what loyalty reckons becomes a ranked list of deliveries, once.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use kit::client::CallError;
use schema::{
    access::Role,
    api::{
        Nothing,
        customer::CustomerPath,
        interaction::{
            ActionPlan, ActionPlanQuery, Channel, ListActionPlan, MakeActionPlan, NewActionPlan,
            NewNightlyPlan, Phase, PlannedTask, RecordContact, RecordPurchase, SetNightlyPlan, TaskKind,
            TaskState,
        },
        problem::Code,
    },
    event::{ReplenishmentDue, TaskOpened, loyalty::ReplenishmentDue as Due},
    ids::CustomerId,
    value::Milli,
};
use testkit::{Person, Place, eventually};

use crate::{
    commands::problem,
    company::new_purchase,
    contacts::new_contact,
    on_both,
    working_time::{Floor, NONE, SHOP, SOUTH, at, id},
};

/// Midnight of a Monday, by which days are counted.
const MONDAY: &str = "2026-11-23T00:00:00Z";

async fn reckoned(floor: &Floor, customer_id: CustomerId, revision: i64, runs_out_at: DateTime<Utc>) {
    let due = Due {
        customer_id,
        sku: "rice-jasmine".to_owned(),
        runs_out_at,
        deliver_by: runs_out_at - TimeDelta::hours(6),
        quantity_milli: Some(Milli::new(20_000)),
    };
    floor.deliver(&[floor.event::<ReplenishmentDue>(customer_id.into(), revision, &due)]).await;
}

async fn make(floor: &Floor, who: &Person, unit: u128) -> Result<ActionPlan, CallError> {
    let date = floor.clock.now().date_naive();
    let new = NewActionPlan { org_unit_id: id(unit), date, horizon_days: 3, default_owner_id: None };
    floor.call::<MakeActionPlan>(who, &NONE, &NONE, &new).await
}

async fn plan(floor: &Floor, date: &str) -> Vec<PlannedTask> {
    let query = ActionPlanQuery {
        org_unit_id: id(SHOP),
        date: date.parse().expect("a date"),
        after: None,
        limit: None,
    };
    floor.call::<ListActionPlan>(&floor.manager, &NONE, &query, &Nothing).await.expect("a plan").items
}

/// Row 4: five files, days left 0.5/2/4.5/9/30, horizon 3 days: two tasks in that order; a second run adds 0.
async fn row_4(place: Place) {
    let floor = Floor::start(&place, MONDAY).await;
    let lena = floor.join("lena", SHOP).await;
    let zhao = floor.join("zhao", SHOP).await;
    let begin = floor.clock.now();
    let mut files = Vec::new();
    // Told in another order than that in which they run out.
    for hours in [720, 108, 48, 216, 12] {
        let customer = floor.customer(SHOP).await;
        reckoned(&floor, customer, 5, begin + TimeDelta::hours(hours)).await;
        files.push((hours, customer));
    }
    files.sort_by_key(|(hours, _)| *hours);
    // Whoever runs out first bought here from Zhao, after a contact with the manager. An older reckoning, which
    // comes late, changes nothing; neither does a customer of another unit count.
    let first = CustomerPath { customer_id: files[0].1 };
    let contact = new_contact(id(SHOP), Channel::Phone, Phase::Sales);
    let contact = schema::api::interaction::NewContact { occurred_at: begin - TimeDelta::days(2), ..contact };
    floor.call::<RecordContact>(&floor.manager, &first, &NONE, &contact).await.expect("a contact");
    let purchase = schema::api::interaction::NewPurchase {
        occurred_at: begin - TimeDelta::days(1),
        ..new_purchase(id(SHOP), Some(zhao), &[4_000])
    };
    floor.call::<RecordPurchase>(&floor.manager, &first, &NONE, &purchase).await.expect("a purchase");
    reckoned(&floor, files[4].1, 4, begin + TimeDelta::hours(1)).await;
    let elsewhere = floor.customer(SOUTH).await;
    reckoned(&floor, elsewhere, 1, begin + TimeDelta::hours(1)).await;

    let made = make(&floor, &floor.manager, SHOP).await.expect("a plan");
    assert_eq!((made.added, made.more), (2, false));
    let ranked = plan(&floor, "2026-11-23").await;
    let seen: Vec<_> = ranked.iter().map(|one| (one.rank, one.task.customer_id, one.task.owner_id)).collect();
    assert_eq!(seen, [(1, files[0].1, zhao), (2, files[1].1, lena)]);
    let task = &ranked[0].task;
    assert_eq!(
        (task.kind, task.state, task.sku.as_deref()),
        (TaskKind::Delivery, TaskState::Open, Some("rice-jasmine"))
    );
    assert_eq!(task.quantity_milli, Some(Milli::new(20_000)));
    assert_eq!(task.runs_out_at, Some(begin + TimeDelta::hours(12)));
    assert_eq!(task.due_at, begin + TimeDelta::hours(6), "when to deliver at the latest");

    let again = make(&floor, &floor.manager, SHOP).await.expect("a plan");
    assert_eq!(again.added, 0, "a second run adds nothing");
    assert_eq!(plan(&floor, "2026-11-23").await, ranked);
    assert_eq!(floor.told::<TaskOpened>().await.len(), 2);

    // Who may, and for which unit.
    assert_eq!(problem(make(&floor, &floor.manager, SOUTH).await).errors[0].pointer, "/org_unit_id");
    let clerk = floor.person("zhao", Role::Sales, "shop");
    assert_eq!(problem(make(&floor, &clerk, SHOP).await).code, Code::Forbidden);
    let unnamed = floor.person("nobody", Role::Manager, "shop");
    assert_eq!(problem(make(&floor, &unnamed, SHOP).await).errors[0].pointer, "/default_owner_id");
    floor.running.end().await;
}
on_both!(row_4_two_of_five_files_are_planned_and_a_second_run_adds_none, super::row_4);

/// Every night at two by the unit's clock, and no more when it is ended.
async fn nightly(place: Place) {
    let floor = Floor::start(&place, MONDAY).await;
    let lena = floor.join("lena", SHOP).await;
    let customer = floor.customer(SHOP).await;
    reckoned(&floor, customer, 1, at("2026-11-25T12:00:00Z")).await;
    floor.office_hours().await;
    let set = async |horizon_days| {
        let new = NewNightlyPlan { org_unit_id: id(SHOP), horizon_days, default_owner_id: None };
        floor.call::<SetNightlyPlan>(&floor.manager, &NONE, &NONE, &new).await.expect("set")
    };
    let set_for = set(3).await;
    assert_eq!(set_for.next_at, at("2026-11-24T02:00:00+08:00"), "it is eight in the morning there");
    assert!(plan(&floor, "2026-11-24").await.is_empty());
    floor.until(set_for.next_at);
    let planned = eventually("the night's plan is made", Duration::from_secs(20), || async {
        plan(&floor, "2026-11-24").await.pop()
    })
    .await;
    assert_eq!(
        (planned.task.customer_id, planned.task.owner_id, planned.task.opened_by_id),
        (customer, lena, None)
    );

    // The next nights find the same, and add nothing; one that is ended is not made.
    floor.until(at("2026-11-25T02:00:00+08:00"));
    tokio::time::sleep(Duration::from_millis(2_500)).await;
    assert!(plan(&floor, "2026-11-25").await.is_empty());
    let ended = set(0).await;
    assert_eq!(ended.next_at, at("2026-11-26T02:00:00+08:00"));
    let another = floor.customer(SHOP).await;
    reckoned(&floor, another, 1, at("2026-11-26T12:00:00Z")).await;
    floor.until(at("2026-11-26T02:00:00+08:00"));
    tokio::time::sleep(Duration::from_millis(2_500)).await;
    assert!(plan(&floor, "2026-11-26").await.is_empty());
    assert_eq!(floor.told::<TaskOpened>().await.len(), 1);
    floor.running.end().await;
}
on_both!(a_nightly_plan_is_made_at_two_by_the_units_clock, super::nightly);
