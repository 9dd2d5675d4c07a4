//! Gestures of goodwill: limits and who decides about more (row 23), what comes back (row 25), the budget of a
//! month (row 93).

use std::time::Duration;

use kit::client::CallError;
use schema::{
    access::Role,
    api::{
        Endpoint, NoParameters, Nothing,
        customer::{CustomerPath, OrgUnitKind},
        interaction::{
            ApproveGesture, AskGesture, AuthorityLine, CasePath, CustomerGesturesQuery, Gesture, GesturePath,
            GestureReason, GestureReportQuery, GestureState, GestureStep, GesturesQuery, GetAuthorityMatrix,
            GetCase, GetTimeline, ListCustomerGestures, ListGestures, NeededAuthority, NewAuthorityMatrix,
            NewGesture, RefuseGesture, ReportGestures, ReverseGesture, SetAuthorityMatrix, TimelineKind,
            TimelineQuery,
        },
        problem::Code,
    },
    event::{GestureDecided, GestureReversed},
    ids::{CustomerId, OrgUnitId},
    topology::Service,
    value::{Currency, Minor},
};
use serde_json::json;
use testkit::{Person, Place, Suite, eventually};

use crate::{
    cases::{new_case, open},
    commands::problem,
    company::Company,
    desk::Colleague,
    facts_told::told,
    on_both,
};

const NONE: NoParameters = NoParameters {};
const NOW: GestureStep = GestureStep { occurred_at: None };

pub(crate) fn yuan() -> Currency {
    Currency::try_from("CNY".to_owned()).expect("a currency")
}

fn line(
    role: Role,
    unit_kind: Option<OrgUnitKind>,
    limit: Option<i64>,
    monthly: Option<i64>,
) -> AuthorityLine {
    let (limit_minor, monthly_minor) = (limit.map(Minor::new), monthly.map(Minor::new));
    AuthorityLine { role, unit_kind, currency: yuan(), limit_minor, monthly_minor }
}

/// Agents 20.00; managers of outlets 100.00, of companies 1,000.00, at head office without limit. Sellers
/// 100.00, and 200.00 in a month.
async fn set_matrix(suite: &Suite, company: &Company) {
    let lines = vec![
        line(Role::Aftersales, None, Some(2_000), None),
        line(Role::Sales, None, Some(10_000), Some(20_000)),
        line(Role::Manager, Some(OrgUnitKind::Outlet), Some(10_000), None),
        line(Role::Manager, Some(OrgUnitKind::Company), Some(100_000), None),
        line(Role::Manager, Some(OrgUnitKind::Headquarters), None, None),
    ];
    let new = NewAuthorityMatrix { lines: lines.clone() };
    let set = async |who: &Person, new: &NewAuthorityMatrix| {
        suite.call::<SetAuthorityMatrix>(Service::Interaction, who, &NONE, &NONE, new).await
    };
    assert_eq!(problem(set(&company.manager_hq, &new).await).code, Code::Forbidden);
    let twice = NewAuthorityMatrix { lines: vec![lines[0].clone(), lines[0].clone()] };
    assert_eq!(problem(set(&company.admin, &twice).await).errors[0].pointer, "/lines/1");
    set(&company.admin, &new).await.expect("a matrix");
    let who = &company.manager_north_1;
    let read = suite.call::<GetAuthorityMatrix>(Service::Interaction, who, &NONE, &NONE, &Nothing).await;
    assert_eq!(read.expect("the matrix").lines, lines);
}

/// A gesture of this much.
pub(crate) fn new_gesture(unit: OrgUnitId, amount: i64) -> NewGesture {
    NewGesture {
        org_unit_id: unit,
        case_id: None,
        amount_minor: Minor::new(amount),
        currency: yuan(),
        reason: "spoiled-goods".to_owned(),
        notes: Some("No receipt; he came to the wrong shop.".to_owned()),
        occurred_at: None,
    }
}

/// Asks for a gesture.
pub(crate) async fn ask(
    suite: &Suite,
    who: &Person,
    customer: CustomerId,
    new: &NewGesture,
) -> Result<Gesture, CallError> {
    let path = CustomerPath { customer_id: customer };
    suite.call::<AskGesture>(Service::Interaction, who, &path, &NONE, new).await
}

/// Takes one step with a gesture.
pub(crate) async fn step<E>(
    suite: &Suite,
    who: &Person,
    gesture: &Gesture,
    body: &E::Body,
) -> Result<Gesture, CallError>
where
    E: Endpoint<Path = GesturePath, Query = NoParameters, Reply = Gesture>,
{
    let path = GesturePath { customer_id: gesture.customer_id, gesture_id: gesture.id };
    suite.call::<E>(Service::Interaction, who, &path, &NONE, body).await
}

fn reason(text: &str) -> GestureReason {
    GestureReason { reason: text.to_owned(), occurred_at: None }
}

async fn escalated(suite: &Suite, who: &Person) -> Vec<Gesture> {
    let query = GesturesQuery { state: Some(GestureState::Escalated), ..GesturesQuery::default() };
    let page = suite.call::<ListGestures>(Service::Interaction, who, &NONE, &query, &Nothing).await;
    page.expect("a page").items
}

/// Row 23: the agent's limit is 20, the duty manager's 100: 50 escalates and the manager approves; 150 goes on
/// up.
async fn limits(place: Place) {
    let suite = Suite::start(&place).await;
    let company = Company::found(&suite).await;
    let here = (company.north_1, "north-1");
    let anna = Colleague::join(&suite, &company, "anna", Role::Aftersales, here).await;
    let duty = Colleague::join(&suite, &company, "dora", Role::Manager, here).await;
    let region = Colleague::join(&suite, &company, "cora", Role::Manager, (company.north, "north")).await;
    let stranger =
        Colleague::join(&suite, &company, "sven", Role::Manager, (company.south_1, "south-1")).await;
    let customer = company.register(&suite, company.north_1, "Old Uncle", "+8613812340040").await.id;
    let ask_for =
        async |who: &Person, amount| ask(&suite, who, customer, &new_gesture(company.north_1, amount)).await;
    // Before there is a matrix nobody gives anything alone, and nobody could.
    let early = ask_for(&duty.person, 1).await.expect("asked");
    assert_eq!((early.state, early.needs), (GestureState::Escalated, None));
    set_matrix(&suite, &company).await;

    let wrong = NewGesture { reason: "No!".into(), ..new_gesture(company.north_1, 0) };
    let wrong = problem(ask(&suite, &anna.person, customer, &wrong).await);
    let places: Vec<&str> = wrong.errors.iter().map(|one| one.pointer.as_str()).collect();
    assert_eq!(places, ["/amount_minor", "/reason"]);
    let nobody = problem(ask_for(&company.manager_north_1, 100).await);
    assert_eq!(nobody.code, Code::Forbidden, "a token without a member of staff");

    // 20 is within the limit: given at once, without a purchase.
    let small = ask_for(&anna.person, 2_000).await.expect("given");
    assert_eq!((small.state, small.decided_by_id), (GestureState::Approved, Some(anna.id)));
    assert_eq!((small.net_minor.get(), small.entries.len()), (2_000, 1));

    // 50 goes to the duty manager, who approves it.
    let fifty = ask_for(&anna.person, 5_000).await.expect("asked");
    let needs = |unit| Some(NeededAuthority { role: Role::Manager, unit_kind: Some(unit) });
    assert_eq!((fifty.state, fifty.needs), (GestureState::Escalated, needs(OrgUnitKind::Outlet)));
    assert_eq!((fifty.net_minor.get(), fifty.entries.len()), (0, 0));
    assert_eq!(escalated(&suite, &duty.person).await.len(), 2);
    assert_eq!(escalated(&suite, &stranger.person).await.len(), 0, "out of scope");
    let out = problem(step::<ApproveGesture>(&suite, &stranger.person, &fifty, &NOW).await);
    assert_eq!(out.code, Code::NotFound);
    let own = problem(step::<ApproveGesture>(&suite, &anna.person, &fifty, &NOW).await);
    assert_eq!(own.code, Code::Forbidden);
    let given = step::<ApproveGesture>(&suite, &duty.person, &fifty, &NOW).await.expect("approved");
    assert_eq!((given.state, given.needs), (GestureState::Approved, None));
    assert_eq!((given.asked_by_id, given.decided_by_id), (anna.id, Some(duty.id)));
    assert_eq!(given.entries[0].staff_id, duty.id, "whoever approves answers for it");

    // 150 is above the duty manager too.
    let more = ask_for(&anna.person, 15_000).await.expect("asked");
    assert_eq!(more.needs, needs(OrgUnitKind::Company));
    for outcome in [
        step::<ApproveGesture>(&suite, &duty.person, &more, &NOW).await,
        step::<RefuseGesture>(&suite, &duty.person, &more, &reason("Too much.")).await,
    ] {
        let up = problem(outcome);
        assert_eq!(up.code, Code::Forbidden);
        assert!(up.detail.contains("10000") && up.detail.contains("a manager of a company may"), "{up}");
    }
    let own = ask_for(&duty.person, 15_000).await.expect("asked");
    assert!(escalated(&suite, &region.person).await.iter().any(|one| one.id == more.id), "it stays");
    step::<ApproveGesture>(&suite, &region.person, &more, &NOW).await.expect("approved");
    let asked_self = problem(step::<ApproveGesture>(&suite, &duty.person, &own, &NOW).await);
    assert!(asked_self.detail.contains("you asked"), "{asked_self}");
    let silent = problem(step::<RefuseGesture>(&suite, &region.person, &own, &reason(" ")).await);
    assert_eq!(silent.errors[0].pointer, "/reason");
    let refused = step::<RefuseGesture>(&suite, &region.person, &own, &reason("Not our goods.")).await;
    let refused = refused.expect("refused");
    assert_eq!((refused.state, refused.net_minor.get()), (GestureState::Refused, 0));
    assert_eq!(refused.refusal.as_deref(), Some("Not our goods."));
    let late = problem(step::<ApproveGesture>(&suite, &region.person, &own, &NOW).await);
    assert_eq!((late.status, late.code), (409, Code::Conflict));
    // Every question and every decision was told: 5 questions, 3 decisions.
    let states: Vec<GestureState> =
        told::<GestureDecided>(&suite).await.iter().map(|one| one.state).collect();
    use GestureState::{Approved, Escalated, Refused};
    let expected = [Escalated, Approved, Escalated, Approved, Escalated, Escalated, Approved, Refused];
    assert_eq!(states, expected);
    suite.end().await;
}
on_both!(row_23_more_than_ones_limit_goes_up, super::limits);

/// Row 25: 50 is given and comes back: net 0, two entries, outcome `returned`. On the case, the timeline and in
/// the view.
async fn given_back(place: Place) {
    let suite = Suite::start(&place).await;
    let company = Company::found(&suite).await;
    let here = (company.north_1, "north-1");
    let duty = Colleague::join(&suite, &company, "dora", Role::Manager, here).await;
    set_matrix(&suite, &company).await;
    let customer = company.register(&suite, company.north_1, "Old Uncle", "+8613812340041").await.id;
    let case = open(&suite, &duty.person, customer, &new_case(company.north_1, None)).await.expect("a case");
    let elsewhere =
        NewGesture { case_id: Some(uuid::Uuid::from_u128(1).into()), ..new_gesture(company.north_1, 5_000) };
    let refused = problem(ask(&suite, &duty.person, customer, &elsewhere).await);
    assert_eq!(refused.errors[0].pointer, "/case_id");
    let new = NewGesture { case_id: Some(case.id), ..new_gesture(company.north_1, 5_000) };
    let given = ask(&suite, &duty.person, customer, &new).await.expect("given");
    let back =
        step::<ReverseGesture>(&suite, &duty.person, &given, &reason("He laid it on the table.")).await;
    let back = back.expect("reversed");
    assert_eq!((back.state, back.outcome.as_deref()), (GestureState::Reversed, Some("returned")));
    let amounts: Vec<i64> = back.entries.iter().map(|entry| entry.amount_minor.get()).collect();
    assert_eq!((back.net_minor.get(), amounts), (0, vec![5_000, -5_000]));
    let twice = problem(step::<ReverseGesture>(&suite, &duty.person, &given, &reason("Again.")).await);
    assert_eq!(twice.code, Code::Conflict);
    assert_eq!(told::<GestureReversed>(&suite).await.len(), 1);

    // Whoever may not see words sees the figures.
    let seller = suite.person(Role::Sales, "north-1");
    let path = CasePath { customer_id: customer, case_id: case.id };
    let seen = suite.call::<GetCase>(Service::Interaction, &seller, &path, &NONE, &Nothing).await;
    let seen = seen.expect("a case").gestures;
    assert_eq!((seen.len(), seen[0].net_minor.get(), seen[0].notes.as_deref()), (1, 0, None));
    let path = CustomerPath { customer_id: customer };
    let query = TimelineQuery { staff_id: Some(duty.id), ..TimelineQuery::default() };
    let steps = suite.call::<GetTimeline>(Service::Interaction, &seller, &path, &query, &Nothing).await;
    let steps: Vec<_> = steps
        .expect("a timeline")
        .items
        .iter()
        .map(|one| (one.kind, one.amount_minor.map(Minor::get), one.gesture_id))
        .collect();
    let expected = [
        (TimelineKind::GestureReversed, Some(-5_000), Some(given.id)),
        (TimelineKind::GestureGiven, Some(5_000), Some(given.id)),
        (TimelineKind::CaseOpened, None, None),
    ];
    assert_eq!(steps, expected);
    let query = "query ($id: UUID!) { customer(id: $id) { dealings { timeline { kind amountMinor } } } }";
    eventually("the view shows what came back", Duration::from_secs(10), || async {
        let seen = suite.ask(&duty.person, query, json!({ "id": customer })).await;
        let latest = &seen["customer"]["dealings"]["timeline"][0];
        (*latest == json!({ "kind": "GESTURE_REVERSED", "amountMinor": -5_000 })).then_some(())
    })
    .await;
    of_the_customer(&suite, (&duty.person, &seller), (&company, customer), &given).await;
    suite.end().await;
}
on_both!(row_25_what_comes_back_nets_out, super::given_back);

/// A customer's gestures page by page, the latest first, without words for whoever sees none, and for nobody of
/// another unit; and the same over GraphQL.
async fn of_the_customer(
    suite: &Suite,
    (manager, seller): (&Person, &Person),
    (company, customer): (&Company, CustomerId),
    first: &Gesture,
) {
    let second = ask(suite, manager, customer, &new_gesture(company.north_1, 100)).await.expect("given");
    let path = CustomerPath { customer_id: customer };
    let page = async |who: &Person, after: Option<String>| {
        let query = CustomerGesturesQuery { after, limit: Some(1) };
        suite.call::<ListCustomerGestures>(Service::Interaction, who, &path, &query, &Nothing).await
    };
    let latest = page(manager, None).await.expect("a page");
    assert_eq!(latest.items.iter().map(|one| one.id).collect::<Vec<_>>(), [second.id]);
    let rest = page(manager, latest.next.clone()).await.expect("a page");
    assert_eq!((rest.items[0].id, rest.items[0].entries.len(), rest.next), (first.id, 2, None));
    assert!(rest.items[0].notes.is_some());
    assert_eq!(page(seller, latest.next).await.expect("a page").items[0].notes, None, "no words");
    assert_eq!(problem(page(&company.manager_south_1, None).await).code, Code::NotFound);
    assert_eq!(problem(page(manager, Some("bm9uZQ".to_owned())).await).code, Code::InvalidCursor);

    let query = "query ($id: UUID!) { customer(id: $id) { \
        gestures(first: 2) { edges { node { id netMinor entries { amountMinor } } } } } }";
    let seen = suite.ask(seller, query, json!({ "id": customer })).await;
    let nodes = json!([
        { "node": { "id": second.id, "netMinor": 100, "entries": [{ "amountMinor": 100 }] } },
        { "node": { "id": first.id, "netMinor": 0, "entries": [{ "amountMinor": 5_000 }, { "amountMinor": -5_000 }] } },
    ]);
    assert_eq!(seen["customer"]["gestures"]["edges"], nodes);
}

/// Row 93: 200 a month, 180 spent: 50 escalates, 20 does not; what comes back can be given again. And three at
/// the same time cannot spend the same rest.
async fn budget(place: Place) {
    let suite = Suite::start(&place).await;
    let company = Company::found(&suite).await;
    let here = (company.north_1, "north-1");
    let bert = Colleague::join(&suite, &company, "bert", Role::Sales, here).await;
    let fred = Colleague::join(&suite, &company, "fred", Role::Sales, here).await;
    let duty = Colleague::join(&suite, &company, "dora", Role::Manager, here).await;
    set_matrix(&suite, &company).await;
    let customer = company.register(&suite, company.north_1, "Old Uncle", "+8613812340042").await.id;
    let give = async |amount| {
        let asked = ask(&suite, &bert.person, customer, &new_gesture(company.north_1, amount)).await;
        asked.expect("asked")
    };
    let first = give(10_000).await;
    give(8_000).await;
    let fifty = give(5_000).await;
    assert_eq!(fifty.state, GestureState::Escalated, "180 of 200 are spent");
    let manager = NeededAuthority { role: Role::Manager, unit_kind: Some(OrgUnitKind::Outlet) };
    assert_eq!(fifty.needs, Some(manager), "somebody above, though the amount is within the limit");
    assert_eq!(give(2_000).await.state, GestureState::Approved, "the rest");
    assert_eq!(give(1).await.state, GestureState::Escalated, "nothing is left");
    step::<ReverseGesture>(&suite, &bert.person, &first, &reason("He did not want it.")).await.expect("back");
    assert_eq!(give(10_000).await.state, GestureState::Approved, "what came back can be given");
    step::<ApproveGesture>(&suite, &duty.person, &fifty, &NOW).await.expect("approved");
    assert_eq!(give(1).await.state, GestureState::Escalated, "the manager's gift left bert's month alone");

    // Three customers, so that no customer's row keeps them apart: only two can have the 200.
    let mut customers = Vec::new();
    for number in 3..6 {
        let phone = format!("+861381234004{number}");
        customers.push(company.register(&suite, company.north_1, "One of three", &phone).await.id);
    }
    let asked = customers.iter().map(|one| async {
        ask(&suite, &fred.person, *one, &new_gesture(company.north_1, 10_000)).await.expect("asked").state
    });
    let states = futures::future::join_all(asked).await;
    let given = states.iter().filter(|state| **state == GestureState::Approved).count();
    assert_eq!(given, 2, "{states:?}");

    let month = kit::clock::Clock::system().now().format("%Y-%m").to_string();
    let report = async |who: &Person, month: &str| {
        let query = GestureReportQuery { month: month.to_owned(), after: None, limit: None };
        suite.call::<ReportGestures>(Service::Interaction, who, &NONE, &query, &Nothing).await
    };
    let rows = report(&company.manager_north_1, &month).await.expect("a report").items;
    let of = |who: &Colleague| {
        let row = rows.iter().find(|row| row.staff_id == who.id).expect("a row");
        (row.given, row.returned, row.net_minor.get())
    };
    assert_eq!((of(&bert), of(&fred), of(&duty)), ((4, 1, 20_000), (2, 0, 20_000), (1, 0, 5_000)));
    assert_eq!(report(&company.manager_south_1, &month).await.expect("a report").items, []);
    assert_eq!(problem(report(&company.manager_hq, "2026-13").await).errors[0].pointer, "/month");
    suite.end().await;
}
on_both!(row_93_a_month_has_a_budget, super::budget);
