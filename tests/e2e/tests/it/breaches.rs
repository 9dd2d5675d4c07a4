//! Promises and first responses that are late: found by the job, charged once, told, and on the timeline.

use std::time::Duration;

use chrono::{DateTime, Utc};
use schema::{
    access::Role,
    api::{
        Nothing,
        customer::CustomerPath,
        interaction::{
            BreachQuery, BreachesOf, CaseStep, CasesQuery, Channel, Contact, ContactPath, Escalation,
            EscalationsQuery, GetContact, GetDeskItems, GetTimeline, ListCases, ListEscalations, NewContact,
            NewPromise, OwedKind, Phase, PromiseOutcome, PromiseState, RecordContact, ReportBreaches,
            RespondToCase, SettlePromise, TimelineKind, TimelineQuery,
        },
    },
    event::{CaseBreached, CaseResponseBreached, PromiseBreached, interaction::Breach},
    ids::{CustomerId, StaffId},
};
use testkit::{Person, Place, eventually};

use crate::{
    contacts::new_contact,
    on_both,
    working_time::{FRIDAY, Floor, NONE, SHOP, SOUTH, at, id, new_case, path_of},
};

const SOON: Duration = Duration::from_secs(20);

/// Who missed what in the shop.
async fn charged(floor: &Floor) -> Vec<BreachesOf> {
    let query = BreachQuery {
        org_unit_id: id(SHOP),
        from: at("2026-11-01T00:00:00Z"),
        to: at("2026-12-31T00:00:00Z"),
    };
    floor.call::<ReportBreaches>(&floor.manager, &NONE, &query, &Nothing).await.expect("a report")
}

fn only(staff_id: StaffId, [cases, responses, tasks, promises]: [i64; 4]) -> BreachesOf {
    BreachesOf { staff_id, cases, responses, tasks, promises }
}

/// The steps of these kinds on the timeline, the first one first: when, and by whom.
async fn steps(
    floor: &Floor,
    who: &Person,
    customer_id: CustomerId,
    kinds: &[TimelineKind],
) -> Vec<(TimelineKind, DateTime<Utc>, Option<StaffId>)> {
    let (path, query) = (CustomerPath { customer_id }, TimelineQuery::default());
    let page = floor.call::<GetTimeline>(who, &path, &query, &Nothing).await.expect("a timeline");
    let steps = page.items.iter().rev().map(|one| (one.kind, one.occurred_at, one.staff_id));
    steps.filter(|(kind, ..)| kinds.contains(kind)).collect()
}

async fn promise(floor: &Floor, who: &Person, customer_id: CustomerId, due_at: DateTime<Utc>) -> Contact {
    let promise = NewPromise { what: "call-back".into(), notes: None, staff_id: None, due_at };
    let contact = new_contact(id(SHOP), Channel::Phone, Phase::Aftersales);
    let occurred_at = floor.clock.now();
    let new = NewContact { occurred_at, promise: Some(promise), ..contact };
    let path = CustomerPath { customer_id };
    floor.call::<RecordContact>(who, &path, &NONE, &new).await.expect("a contact")
}

async fn get(floor: &Floor, contact: &Contact) -> Contact {
    let path = ContactPath { customer_id: contact.customer_id, contact_id: contact.id };
    floor.call::<GetContact>(&floor.manager, &path, &NONE, &Nothing).await.expect("a contact")
}

async fn settle(floor: &Floor, who: &Person, contact: &Contact, kept: bool) -> Contact {
    let path = ContactPath { customer_id: contact.customer_id, contact_id: contact.id };
    let outcome = PromiseOutcome { kept, occurred_at: None };
    floor.call::<SettlePromise>(who, &path, &NONE, &outcome).await.expect("settled")
}

async fn promises(place: Place) {
    let floor = Floor::start(&place, FRIDAY).await;
    let customer = floor.customer(SHOP).await;
    let anna = floor.join("anna", SHOP).await;
    let a = floor.person("anna", Role::Aftersales, "shop");
    let due = at("2026-11-23T10:00:00+08:00");
    let late = promise(&floor, &a, customer, due).await;
    let in_time = promise(&floor, &a, customer, due).await;
    let broken = promise(&floor, &a, customer, due).await;
    settle(&floor, &a, &in_time, true).await;
    settle(&floor, &a, &broken, false).await;
    // Somebody who is not on our staff promised: it is late, and charged to nobody.
    let ghost = floor.person("ghost", Role::Aftersales, "shop");
    let nobodys = promise(&floor, &ghost, customer, due).await;
    assert_eq!(nobodys.promise.as_ref().expect("a promise").staff_id, None);

    floor.until(due);
    tokio::time::sleep(Duration::from_millis(2_500)).await;
    assert_eq!(charged(&floor).await, [], "due now is not late");
    floor.until(at("2026-11-23T10:00:01+08:00"));
    for one in [&late, &nobodys] {
        eventually("the job sees to the promise", SOON, || async {
            get(&floor, one).await.promise.expect("a promise").breached.then_some(())
        })
        .await;
    }
    // On the desk it stands as late, and it can still be kept.
    let desk = floor.call::<GetDeskItems>(&a, &NONE, &Default::default(), &Nothing).await.expect("a desk");
    let lies: Vec<_> = desk.items.iter().map(|one| (one.kind, one.contact_id, one.escalation)).collect();
    assert_eq!(lies, [(OwedKind::Promise, Some(late.id), Some(Escalation::Breached))]);
    let kept = settle(&floor, &a, &late, true).await.promise.expect("a promise");
    assert_eq!((kept.state, kept.breached), (PromiseState::Kept, true));
    for one in [&in_time, &broken] {
        assert!(!get(&floor, one).await.promise.expect("a promise").breached, "settled in time");
    }
    // The job comes again and again; each is charged and told once.
    tokio::time::sleep(Duration::from_millis(2_500)).await;
    assert_eq!(charged(&floor).await, [only(anna, [0, 0, 0, 1])]);
    let mut told: Vec<_> = floor
        .told::<PromiseBreached>()
        .await
        .into_iter()
        .map(|one| (one.contact_id, one.staff_id, one.due_at, one.what))
        .collect();
    told.sort_by_key(|(_, staff, ..)| staff.is_none());
    let what = || "call-back".to_owned();
    assert_eq!(told, [(late.id, Some(anna), due, what()), (nobodys.id, None, due, what())]);
    use TimelineKind::{PromiseBreached as Missed, PromiseBroken, PromiseKept, PromiseMade};
    let seen = steps(&floor, &a, customer, &[Missed, PromiseBroken, PromiseKept, PromiseMade]).await;
    let seen: Vec<_> = seen.into_iter().map(|(kind, _, staff)| (kind, staff)).collect();
    let (by_anna, by_nobody) = (Some(anna), None);
    let expected = [
        (PromiseMade, by_anna),
        (PromiseMade, by_anna),
        (PromiseMade, by_anna),
        (PromiseKept, by_anna),
        (PromiseBroken, by_anna),
        (PromiseMade, by_nobody),
        (Missed, by_nobody),
        (Missed, by_nobody),
        (PromiseKept, by_anna),
    ];
    assert_eq!(seen, expected);
    settled_late(&floor, &a, customer, anna).await;
    floor.running.end().await;
}
on_both!(a_late_promise_is_charged_once_to_whoever_made_it, super::promises);

/// What nobody saw to before it was settled is charged when it is; what was due long ago is told to nobody.
async fn settled_late(floor: &Floor, a: &Person, customer: CustomerId, anna: StaffId) {
    let told = floor.told::<PromiseBreached>().await.len();
    let contact = new_contact(id(SHOP), Channel::Phone, Phase::Aftersales);
    let due_at = at("2026-11-02T10:00:00Z");
    let promise = NewPromise { what: "call-back".into(), notes: None, staff_id: None, due_at };
    let new = NewContact { occurred_at: at("2026-11-01T10:00:00Z"), promise: Some(promise), ..contact };
    let path = CustomerPath { customer_id: customer };
    let old = floor.call::<RecordContact>(a, &path, &NONE, &new).await.expect("a contact");
    let kept = settle(floor, a, &old, true).await.promise.expect("a promise");
    assert_eq!((kept.state, kept.breached), (PromiseState::Kept, true));
    assert_eq!(charged(floor).await, [only(anna, [0, 0, 0, 2])]);
    assert_eq!(floor.told::<PromiseBreached>().await.len(), told, "nobody can do anything about it");
}

/// Sixty minutes to the first response, 240 to the resolution: each clock is warned of and charged by itself.
async fn responses(place: Place) {
    let floor = Floor::start(&place, "2026-11-23T09:00:00+08:00").await;
    let customer = floor.customer(SHOP).await;
    let anna = floor.join("anna", SHOP).await;
    let a = floor.person("anna", Role::Aftersales, "shop");
    floor.standard(None, 240).await;
    floor.office_hours().await;
    let unheard = floor.open(&a, customer, &new_case("unheard")).await.expect("a case");
    let warn_at = at("2026-11-23T09:45:00+08:00");
    let respond_by = at("2026-11-23T10:00:00+08:00");
    assert_eq!((unheard.respond_warn_at, unheard.respond_by), (Some(warn_at), Some(respond_by)));
    let heard = floor.open(&a, customer, &new_case("heard")).await.expect("a case");
    let now = CaseStep { occurred_at: None };
    floor.call::<RespondToCase>(&a, &path_of(&heard), &NONE, &now).await.expect("responded");

    let escalated = async |to| {
        eventually("the job sees to the case", SOON, || async {
            (floor.case(&unheard).await.response_escalation == Some(to)).then_some(())
        })
        .await;
    };
    floor.until(warn_at);
    escalated(Escalation::Warned).await;
    floor.until(at("2026-11-23T10:00:01+08:00"));
    escalated(Escalation::Breached).await;
    // The manager's list has it though it is not due yet, and the customer's list says why.
    let query = |unit| EscalationsQuery { org_unit_id: id(unit), after: None, limit: None };
    let list = floor.call::<ListEscalations>(&floor.manager, &NONE, &query(SHOP), &Nothing).await;
    let list: Vec<_> = list
        .expect("a list")
        .items
        .iter()
        .map(|one| (one.id, one.escalation, one.response_escalation))
        .collect();
    assert_eq!(list, [(unheard.id, None, Some(Escalation::Breached))]);
    assert!(floor.call::<ListEscalations>(&floor.manager, &NONE, &query(SOUTH), &Nothing).await.is_err());
    let path = CustomerPath { customer_id: customer };
    let cases = floor.call::<ListCases>(&a, &path, &CasesQuery::default(), &Nothing).await.expect("cases");
    let late = cases.items.iter().filter(|one| one.response_escalation.is_some()).count();
    assert_eq!(late, 1);

    // The customer hears from us too late: nothing is charged twice, and the list has it no more.
    floor.call::<RespondToCase>(&a, &path_of(&unheard), &NONE, &now).await.expect("responded");
    let list = floor.call::<ListEscalations>(&floor.manager, &NONE, &query(SHOP), &Nothing).await;
    assert_eq!(list.expect("a list").items, []);
    // One that is resolved without a word before is a late response too, though it is resolved in time.
    let silent = floor.open(&a, customer, &new_case("silent")).await.expect("a case");
    floor.clock.advance(Duration::from_secs(61 * 60));
    let resolved = floor.resolve(&a, &silent).await.expect("resolved");
    assert_eq!(resolved.response_escalation, Some(Escalation::Breached));
    assert_eq!(resolved.escalation, None);
    tokio::time::sleep(Duration::from_millis(2_500)).await;
    assert_eq!(charged(&floor).await, [only(anna, [0, 2, 0, 0])]);
    let told: Vec<_> =
        floor.told::<CaseResponseBreached>().await.iter().map(|one| (one.case_id, one.breach)).collect();
    let of = |case| told.iter().filter(|(id, _)| *id == case).map(|(_, breach)| *breach).collect::<Vec<_>>();
    assert_eq!(of(unheard.id), [Breach::Warning, Breach::Breach]);
    assert_eq!(of(silent.id).last(), Some(&Breach::Breach));
    assert_eq!(of(heard.id), []);
    assert!(floor.told::<CaseBreached>().await.is_empty(), "the other clock runs on");
    use TimelineKind::{CaseResponded, CaseResponseBreached as Missed, CaseResponseWarned};
    let seen = steps(&floor, &a, customer, &[CaseResponded, Missed, CaseResponseWarned]).await;
    let opened = at("2026-11-23T09:00:00+08:00");
    let expected = [
        (CaseResponded, opened, Some(anna)),
        (CaseResponseWarned, warn_at, None),
        (Missed, respond_by, None),
        (CaseResponded, at("2026-11-23T10:00:01+08:00"), Some(anna)),
    ];
    assert_eq!(seen[..4], expected);
    assert_eq!(seen.last().map(|(kind, ..)| *kind), Some(Missed));
    floor.running.end().await;
}
on_both!(a_late_first_response_is_warned_of_and_charged_once, super::responses);
