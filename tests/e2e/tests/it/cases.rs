//! Cases: first-contact ownership (row 36) and every step with its refusals; being passed around (row 38)
//! is in `shunting`.

use std::time::Duration;

use chrono::{TimeDelta, Utc};
use kit::{client::CallError, db::statement};
use schema::{
    access::Role,
    api::{
        Endpoint, NoParameters, Nothing,
        customer::CustomerPath,
        interaction::{
            AcceptCase, Case, CaseOffer, CasePath, CaseReason, CaseResolution, CaseState, CaseStep,
            CasesQuery, Channel, CloseCase, DeclineCase, GetCase, HandOverState, ListCases, NameAccountable,
            NewAccountable, NewCase, OfferCase, OpenCase, Phase, ReopenCase, ResolveCase, Severity,
        },
        problem::Code,
    },
    ids::{ContactId, CustomerId, OrgUnitId, StaffId},
    topology::Service,
};
use sea_orm::ConnectionTrait as _;
use serde_json::json;
use testkit::{Person, Place, Suite, eventually};

use crate::{
    commands::problem,
    company::Company,
    contacts::{new_contact, record},
    desk::Colleague,
    on_both,
};

const NONE: NoParameters = NoParameters {};
const NOW: CaseStep = CaseStep { occurred_at: None };

/// A case that came up here.
pub(crate) fn new_case(unit: OrgUnitId, contact_id: Option<ContactId>) -> NewCase {
    NewCase {
        org_unit_id: unit,
        contact_id,
        accountable_id: None,
        topic: "spoiled-goods".to_owned(),
        complaint: false,
        severity: Severity::High,
        subject: Some("The rice smells.".to_owned()),
        occurred_at: None,
        due_at: Some(now() + TimeDelta::days(2)),
    }
}

fn now() -> chrono::DateTime<Utc> {
    kit::clock::Clock::system().now()
}

/// Opens a case.
pub(crate) async fn open(
    suite: &Suite,
    who: &Person,
    customer: CustomerId,
    new: &NewCase,
) -> Result<Case, CallError> {
    let path = CustomerPath { customer_id: customer };
    suite.call::<OpenCase>(Service::Interaction, who, &path, &NONE, new).await
}

/// Takes one step with a case.
pub(crate) async fn step<E>(
    suite: &Suite,
    who: &Person,
    case: &Case,
    body: &E::Body,
) -> Result<Case, CallError>
where
    E: Endpoint<Path = CasePath, Query = NoParameters, Reply = Case>,
{
    let path = CasePath { customer_id: case.customer_id, case_id: case.id };
    suite.call::<E>(Service::Interaction, who, &path, &NONE, body).await
}

/// An offer to somebody.
pub(crate) fn offer_to(to_staff_id: StaffId) -> CaseOffer {
    CaseOffer { to_staff_id, reason: "You know the mill.".to_owned(), occurred_at: None }
}

fn reason(text: &str) -> CaseReason {
    CaseReason { reason: text.to_owned(), occurred_at: None }
}

/// Row 36: A answers, A is accountable; B cannot take it; a supervisor may give it away with a reason.
async fn first_contact(place: Place) {
    let suite = Suite::start(&place).await;
    let company = Company::found(&suite).await;
    let here = (company.north_1, "north-1");
    let anna = Colleague::join(&suite, &company, "anna", Role::Aftersales, here).await;
    let bert = Colleague::join(&suite, &company, "bert", Role::Aftersales, here).await;
    let customer = company.register(&suite, company.north_1, "Angry Ann", "+8613812340008").await.id;
    let contact = new_contact(company.north_1, Channel::Counter, Phase::Aftersales);
    let contact = record(&suite, &anna.person, customer, &contact).await.expect("a contact");

    // Bert writes the case down, but Anna received the contact.
    let taking = NewCase { accountable_id: Some(bert.id), ..new_case(company.north_1, Some(contact.id)) };
    assert_eq!(problem(open(&suite, &bert.person, customer, &taking).await).status, 403);
    let case = open(&suite, &bert.person, customer, &new_case(company.north_1, Some(contact.id))).await;
    let case = case.expect("a case");
    assert_eq!((case.accountable_id, case.handler_id, case.state), (anna.id, anna.id, CaseState::Open));
    assert_eq!(anna.load(&suite).await, (1, 1, 0), "A's open list counts it");
    assert_eq!(bert.load(&suite).await, (0, 0, 0));

    // Bert cannot take it, in any way.
    let to_bert = |text: &str| NewAccountable { staff_id: bert.id, reason: text.into(), occurred_at: None };
    let (who, mine) = (&bert.person, to_bert("I want it."));
    assert_eq!(problem(step::<NameAccountable>(&suite, who, &case, &mine).await).status, 403);
    assert_eq!(problem(step::<OfferCase>(&suite, who, &case, &offer_to(bert.id)).await).status, 403);
    let unasked = problem(step::<AcceptCase>(&suite, who, &case, &NOW).await);
    assert_eq!((unasked.status, unasked.code), (409, Code::Conflict));
    assert!(unasked.detail.contains("offer, resolve or name-accountable"), "{unasked}");

    // A hand-over moves the work and not who answers for it.
    let offered = step::<OfferCase>(&suite, &anna.person, &case, &offer_to(bert.id)).await.expect("offered");
    assert_eq!((offered.state, offered.offered_to_id), (CaseState::Offered, Some(bert.id)));
    assert_eq!(bert.load(&suite).await, (0, 0, 1));
    state_in_the_view(&suite, &anna.person, customer, "OFFERED").await;
    let by_another = problem(step::<AcceptCase>(&suite, &anna.person, &case, &NOW).await);
    assert_eq!(by_another.code, Code::Forbidden);
    let declined = step::<DeclineCase>(&suite, who, &case, &reason("On leave.")).await.expect("declined");
    assert_eq!((declined.handler_id, declined.transfers), (anna.id, 0));
    assert_eq!(declined.hand_overs[0].decline_reason.as_deref(), Some("On leave."));
    state_in_the_view(&suite, &anna.person, customer, "OPEN").await;
    step::<OfferCase>(&suite, &anna.person, &case, &offer_to(bert.id)).await.expect("offered");
    let over = step::<AcceptCase>(&suite, who, &case, &NOW).await.expect("accepted");
    assert_eq!((over.accountable_id, over.handler_id, over.transfers), (anna.id, bert.id, 1));
    assert_eq!(over.hand_overs[1].state, HandOverState::Accepted);
    assert_eq!((anna.load(&suite).await, bert.load(&suite).await), ((1, 0, 0), (0, 1, 0)));

    // The supervisor may, and must say why.
    let manager = &company.manager_north_1;
    let silent = problem(step::<NameAccountable>(&suite, manager, &case, &to_bert(" ")).await);
    assert_eq!(silent.errors[0].pointer, "/reason");
    let named = step::<NameAccountable>(&suite, manager, &case, &to_bert("Anna left for good.")).await;
    assert_eq!(named.expect("a manager may").accountable_id, bert.id);
    assert_eq!((anna.load(&suite).await, bert.load(&suite).await), ((0, 0, 0), (1, 1, 0)));
    audited(&suite, customer, "case.name_accountable", "Anna left for good.").await;
    suite.end().await;
}
on_both!(row_36_whoever_answers_first_is_accountable, super::first_contact);

/// The audit has an entry of this action that keeps these words.
async fn audited(suite: &Suite, customer: CustomerId, action: &str, words: &str) {
    let one = suite.running.iter().find(|one| one.runtime.service == Service::Interaction);
    let db = one.expect("interaction").runtime.db.clone();
    let sql = "SELECT detail FROM audit_entry WHERE action = $1 AND subject_id = $2";
    let values = vec![action.into(), customer.uuid().into()];
    let rows = db.read().query_all_raw(statement(db.read(), sql, values)).await.expect("the audit");
    let details: Vec<String> = rows.iter().filter_map(|row| row.try_get("", "detail").ok()).collect();
    assert!(details.iter().any(|detail| detail.contains(words)), "{action}: {details:?}");
}

/// From opening to closing and back, with what each stage refuses, on the timeline and in the view.
async fn whole_life(place: Place) {
    let suite = Suite::start(&place).await;
    let company = Company::found(&suite).await;
    let here = (company.north_1, "north-1");
    let anna = Colleague::join(&suite, &company, "anna", Role::Aftersales, here).await;
    let outsider =
        Colleague::join(&suite, &company, "sven", Role::Aftersales, (company.south_1, "south-1")).await;
    let who = &anna.person;
    let customer = company.register(&suite, company.north_1, "Angry Ann", "+8613812340007").await.id;
    let early = NewCase {
        due_at: Some(now() - TimeDelta::days(1)),
        topic: "X".into(),
        ..new_case(company.north_1, None)
    };
    let early = problem(open(&suite, who, customer, &early).await);
    let places: Vec<&str> = early.errors.iter().map(|error| error.pointer.as_str()).collect();
    assert_eq!(places, ["/due_at", "/topic"]);
    let case = open(&suite, who, customer, &new_case(company.north_1, None)).await.expect("a case");
    assert_eq!(case.accountable_id, anna.id, "whoever opens it without a contact received it");

    // In the view, as far as the role sees it: no words, so nothing is hidden from anybody.
    in_the_view(&suite, who, customer, (1, &["CASE_OPENED"])).await;

    assert_eq!(problem(step::<CloseCase>(&suite, who, &case, &NOW).await).code, Code::Conflict);
    let unknown = problem(step::<CloseCase>(&suite, &outsider.person, &case, &NOW).await);
    assert_eq!(unknown.code, Code::NotFound, "out of scope");
    let resolution =
        CaseResolution { outcome: "replaced".into(), notes: Some("Five kilos.".into()), occurred_at: None };
    let resolved = step::<ResolveCase>(&suite, who, &case, &resolution).await.expect("resolved");
    assert_eq!((resolved.state, resolved.resolved_at.is_some()), (CaseState::Resolved, true));
    assert_eq!(anna.load(&suite).await, (0, 0, 0), "no open case any more");
    let twice = problem(step::<ResolveCase>(&suite, who, &case, &resolution).await);
    assert!(twice.detail.contains("close, reopen or name-accountable"), "{twice}");
    assert_eq!(problem(step::<OfferCase>(&suite, who, &case, &offer_to(outsider.id)).await).status, 409);
    let closed = step::<CloseCase>(&suite, who, &case, &NOW).await.expect("closed");
    assert_eq!((closed.state, closed.closed_at.is_some()), (CaseState::Closed, true));
    in_the_view(&suite, who, customer, (0, &["CASE_CLOSED", "CASE_RESOLVED", "CASE_OPENED"])).await;
    let again = step::<ReopenCase>(&suite, who, &case, &reason("It smells again.")).await.expect("reopened");
    assert_eq!((again.state, again.reopened, again.closed_at), (CaseState::Open, 1, None));
    assert_eq!(again.accountable_id, anna.id, "the same person goes on answering for it");
    audited(&suite, customer, "case.reopen", "It smells again.").await;
    let steps = ["CASE_REOPENED", "CASE_CLOSED", "CASE_RESOLVED", "CASE_OPENED"];
    in_the_view(&suite, who, customer, (1, &steps)).await;

    // Words are for those who serve after the sale.
    let path = CasePath { customer_id: customer, case_id: case.id };
    let seller = suite.person(Role::Sales, "north-1");
    let seen = suite.call::<GetCase>(Service::Interaction, &seller, &path, &NONE, &Nothing).await;
    let seen = seen.expect("in scope");
    assert_eq!((seen.subject, seen.resolution, seen.outcome.as_deref()), (None, None, Some("replaced")));
    let query = CasesQuery::default();
    let path = CustomerPath { customer_id: customer };
    let list = suite.call::<ListCases>(Service::Interaction, &seller, &path, &query, &Nothing).await;
    assert_eq!(list.expect("a page").items.len(), 1);
    let list = suite.call::<ListCases>(Service::Interaction, &outsider.person, &path, &query, &Nothing).await;
    assert_eq!(problem(list).code, Code::NotFound);
    over_graphql(&suite, &anna, customer, &case).await;
    suite.end().await;
}
on_both!(a_case_lives_and_is_refused_what_its_stage_does_not_allow, super::whole_life);

/// The same commands as mutations: an outcome, or what is wrong with its place.
async fn over_graphql(suite: &Suite, anna: &Colleague, customer: CustomerId, case: &Case) {
    let mutation = "mutation ($customer: UUID!, $case: UUID!, $unit: UUID!, $at: DateTime!) { \
        recordContact(customerId: $customer, input: { orgUnitId: $unit, channel: PHONE, direction: OUTBOUND, \
            phase: AFTERSALES, occurredAt: $at, topic: \"call-back\" }) \
            { contact { staffId } consistency errors { code } } \
        wrong: resolveCase(customerId: $customer, caseId: $case, input: { outcome: \"No!\" }) \
            { case { id } errors { code path } } \
        resolveCase(customerId: $customer, caseId: $case, input: { outcome: \"replaced\" }) \
            { case { state accountableId } errors { code message } } \
        again: closeCase(customerId: $customer, caseId: $case, input: {}) { case { state } errors { code } } \
        late: offerCase(customerId: $customer, caseId: $case, input: { toStaffId: $unit, reason: \"x\" }) \
            { errors { code message } } }";
    let names = json!({ "customer": customer, "case": case.id, "unit": case.org_unit_id, "at": now() });
    let done = suite.ask(&anna.person, mutation, names).await;
    assert_eq!(done["recordContact"]["contact"]["staffId"], json!(anna.id), "{done:#}");
    assert!(done["recordContact"]["consistency"].is_string());
    assert_eq!(done["wrong"]["errors"][0]["path"], json!(["input", "outcome"]));
    assert_eq!(done["resolveCase"]["case"], json!({ "state": "RESOLVED", "accountableId": anna.id }));
    assert_eq!(done["again"]["case"]["state"], json!("CLOSED"));
    let late = &done["late"]["errors"][0];
    assert_eq!(late["code"], json!("conflict"));
    assert!(late["message"].as_str().is_some_and(|text| text.ends_with("it allows reopen")), "{late}");
}

/// Waits until the view shows so many open cases, and these steps on the timeline.
async fn in_the_view(suite: &Suite, who: &Person, customer: CustomerId, (cases, steps): (usize, &[&str])) {
    let query = "query ($id: UUID!) { customer(id: $id) { dealings { openCaseCount \
        openCases { topic severity state dueAt } timeline { kind caseId channel } } } }";
    eventually("the view shows the cases", Duration::from_secs(10), || async {
        let dealings = suite.ask(who, query, json!({ "id": customer })).await["customer"]["dealings"].take();
        let listed = dealings["openCases"].as_array()?.len();
        let kinds: Vec<&str> =
            dealings["timeline"].as_array()?.iter().filter_map(|one| one["kind"].as_str()).collect();
        (listed == cases && dealings["openCaseCount"] == json!(cases) && kinds == steps).then_some(())
    })
    .await;
}

/// Waits until the view shows the one open case in this state.
async fn state_in_the_view(suite: &Suite, who: &Person, customer: CustomerId, state: &str) {
    let query = "query ($id: UUID!) { customer(id: $id) { dealings { openCases { state } } } }";
    eventually("the view shows the state", Duration::from_secs(10), || async {
        let seen = suite.ask(who, query, json!({ "id": customer })).await;
        (seen["customer"]["dealings"]["openCases"][0]["state"] == json!(state)).then_some(())
    })
    .await;
}
