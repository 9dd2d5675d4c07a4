//! Warned before, charged at the due time, and counted afterwards: escalation and service levels.

use std::time::Duration;

use chrono::TimeDelta;
use schema::{
    access::Role,
    api::{
        Nothing,
        customer::CustomerPath,
        interaction::{
            Case, CaseStep, Escalation, EscalationsQuery, GetTimeline, ListEscalations, NewCase,
            ReportServiceLevels, RespondToCase, ServiceLevelQuery, TimelineKind, TimelineQuery,
        },
        problem::Code,
    },
    event::{CaseBreached, interaction::Breach},
};
use testkit::{Place, eventually};

use crate::{
    commands::problem,
    on_both,
    working_time::{FRIDAY, Floor, NONE, SHOP, SOUTH, at, id, new_case, path_of},
};

/// Waits until the job has been there.
async fn escalated(floor: &Floor, case: &Case, to: Escalation) {
    eventually("the job sees to the case", Duration::from_secs(20), || async {
        (floor.case(case).await.escalation == Some(to)).then_some(())
    })
    .await;
}

async fn warned_and_charged(place: Place) {
    let floor = Floor::start(&place, FRIDAY).await;
    let customer = floor.customer(SHOP).await;
    let anna = floor.join("anna", SHOP).await;
    let clerk = floor.person("anna", Role::Aftersales, "shop");
    floor.standard(None, 240).await;
    floor.office_hours().await;
    let case = floor.open(&clerk, customer, &new_case("spoiled-goods")).await.expect("a case");
    // Due long ago, as an imported one is: recorded and charged, and nobody is told.
    let old = NewCase {
        occurred_at: Some(at("2026-10-01T09:00:00Z")),
        due_at: Some(at("2026-10-02T09:00:00Z")),
        ..new_case("old")
    };
    let old = floor.open(&clerk, customer, &old).await.expect("a case");
    escalated(&floor, &old, Escalation::Breached).await;
    assert_eq!(floor.case(&case).await.escalation, None, "not yet near");
    assert!(floor.told::<CaseBreached>().await.is_empty());

    floor.until(at("2026-11-23T11:30:00+08:00"));
    escalated(&floor, &case, Escalation::Warned).await;
    floor.until(at("2026-11-23T12:30:01+08:00"));
    escalated(&floor, &case, Escalation::Breached).await;
    // The job comes again and again; each is told once.
    tokio::time::sleep(Duration::from_millis(2_500)).await;
    let told = floor.told::<CaseBreached>().await;
    let told: Vec<_> =
        told.iter().map(|one| (one.case_id, one.breach, one.accountable_id, one.due_at)).collect();
    let due_at = at("2026-11-23T12:30:00+08:00");
    assert_eq!(told, [(case.id, Breach::Warning, anna, due_at), (case.id, Breach::Breach, anna, due_at)]);

    let path = CustomerPath { customer_id: customer };
    let page = floor.call::<GetTimeline>(&clerk, &path, &TimelineQuery::default(), &Nothing).await;
    let page = page.expect("a timeline").items;
    let steps: Vec<_> = page.iter().map(|entry| (entry.kind, entry.occurred_at)).collect();
    assert_eq!(steps[0], (TimelineKind::CaseBreached, due_at));
    assert_eq!(steps[1], (TimelineKind::CaseWarned, at("2026-11-23T11:30:00+08:00")));

    // The manager's list has both, the one due first first; not that of another part of the company.
    let query = |unit| EscalationsQuery { org_unit_id: id(unit), after: None, limit: None };
    let list = floor.call::<ListEscalations>(&floor.manager, &NONE, &query(SHOP), &Nothing).await;
    let list: Vec<_> = list.expect("a list").items.iter().map(|one| (one.id, one.escalation)).collect();
    assert_eq!(list, [(old.id, Some(Escalation::Breached)), (case.id, Some(Escalation::Breached))]);
    let elsewhere = floor.call::<ListEscalations>(&floor.manager, &NONE, &query(SOUTH), &Nothing).await;
    assert_eq!(problem(elsewhere).code, Code::NotFound);
    floor.running.end().await;
}
on_both!(a_case_is_warned_of_and_charged_once, super::warned_and_charged);

/// Ten cases resolved after 10, 20, … 100 working minutes with an hour promised, one late and one open.
async fn levels(place: Place) {
    let floor = Floor::start(&place, "2026-11-23T09:00:00+08:00").await;
    let customer = floor.customer(SHOP).await;
    floor.join("anna", SHOP).await;
    let clerk = floor.person("anna", Role::Aftersales, "shop");
    floor.office_hours().await;
    floor.standard(None, 60).await;
    let begin = floor.clock.now();
    let mut cases = Vec::new();
    for _ in 0..10 {
        cases.push(floor.open(&clerk, customer, &new_case("spoiled-goods")).await.expect("a case"));
    }
    let answered = &cases[0];
    let now = CaseStep { occurred_at: None };
    let responded = floor.call::<RespondToCase>(&clerk, &path_of(answered), &NONE, &now).await;
    assert_eq!(responded.expect("responded").responded_at, Some(begin));
    let twice = floor.call::<RespondToCase>(&clerk, &path_of(answered), &NONE, &now).await;
    assert_eq!(problem(twice).code, Code::Conflict);
    for case in &cases {
        floor.clock.advance(Duration::from_secs(600));
        floor.resolve(&clerk, case).await.expect("resolved");
    }
    // Over night: opened Monday 17:50, resolved Tuesday 9:10, which is 20 working minutes.
    floor.until(at("2026-11-23T17:50:00+08:00"));
    let night = floor.open(&clerk, customer, &new_case("delivery")).await.expect("a case");
    floor.until(at("2026-11-24T09:10:00+08:00"));
    floor.resolve(&clerk, &night).await.expect("resolved");
    let open = floor.open(&clerk, customer, &new_case("delivery")).await.expect("a case");

    let query = ServiceLevelQuery {
        org_unit_id: id(SHOP),
        from: begin,
        to: floor.clock.now() + TimeDelta::hours(1),
        topic: None,
    };
    let seen = floor.call::<ReportServiceLevels>(&floor.manager, &NONE, &query, &Nothing).await;
    let seen = seen.expect("a report");
    let figures: Vec<_> = [&seen.total]
        .into_iter()
        .chain(&seen.topics)
        .map(|one| {
            let counts = (one.n, one.met, one.breached, one.pending);
            (one.topic.as_deref(), counts, (one.measured, one.p50_minutes, one.p90_minutes))
        })
        .collect();
    // 10 to 100 and 20: the 6th of eleven is 50, the 10th is 90; of ten the 5th is 50 and the 9th is 90.
    assert_eq!(
        figures,
        [
            (None, (12, 7, 4, 1), (11, Some(50), Some(90))),
            (Some("spoiled-goods"), (10, 6, 4, 0), (10, Some(50), Some(90))),
            (Some("delivery"), (2, 1, 0, 1), (1, Some(20), Some(20))),
        ]
    );
    // A day later the open one is late.
    floor.until(open.due_at + TimeDelta::days(1));
    let topic = ServiceLevelQuery { topic: Some("delivery".into()), ..query.clone() };
    let late = floor.call::<ReportServiceLevels>(&floor.manager, &NONE, &topic, &Nothing).await;
    let late = late.expect("a report").total;
    assert_eq!((late.n, late.met, late.breached, late.pending), (2, 1, 1, 0));
    let backwards = ServiceLevelQuery { to: begin - TimeDelta::days(1), ..query };
    let backwards = floor.call::<ReportServiceLevels>(&floor.manager, &NONE, &backwards, &Nothing).await;
    assert_eq!(problem(backwards).errors[0].pointer, "/to");
    floor.running.end().await;
}
on_both!(service_levels_are_counted_in_working_minutes, super::levels);
