//! Contacts and promises: recorded, counted, masked, settled once, and in the view.

use std::time::Duration;

use schema::{
    access::Role,
    api::{
        NoParameters, Nothing,
        customer::CustomerPath,
        interaction::{
            Channel, Contact, ContactDirection, ContactPath, ContactsQuery, GetContact, ListContacts,
            NewContact, NewPromise, Phase, PromiseOutcome, PromiseState, RecordContact, SettlePromise,
        },
        problem::Code,
    },
    ids::{CustomerId, OrgUnitId},
    topology::Service,
};
use serde_json::{Value, json};
use testkit::{Person, Place, Suite, eventually};

use crate::{commands::problem, company::Company, desk::Colleague, on_both};

const NONE: NoParameters = NoParameters {};
const NOTES: &str = "The rice smells of the warehouse.";

/// A contact at this place.
pub(crate) fn new_contact(unit: OrgUnitId, channel: Channel, phase: Phase) -> NewContact {
    NewContact {
        org_unit_id: unit,
        staff_id: None,
        channel,
        direction: ContactDirection::Inbound,
        phase,
        occurred_at: kit::clock::Clock::system().now() - chrono::TimeDelta::hours(1),
        topic: "spoiled-goods".to_owned(),
        notes: Some(NOTES.to_owned()),
        outcome: Some("call-back".to_owned()),
        answered: None,
        promise: None,
    }
}

/// Records a contact.
pub(crate) async fn record(
    suite: &Suite,
    who: &Person,
    customer: CustomerId,
    new: &NewContact,
) -> Result<Contact, kit::client::CallError> {
    let path = CustomerPath { customer_id: customer };
    suite.call::<RecordContact>(Service::Interaction, who, &path, &NONE, new).await
}

async fn recorded(place: Place) {
    let suite = Suite::start(&place).await;
    let company = Company::found(&suite).await;
    let here = (company.north_1, "north-1");
    let anna = Colleague::join(&suite, &company, "anna", Role::Aftersales, here).await;
    let bert = Colleague::join(&suite, &company, "bert", Role::Sales, here).await;
    let south = (company.south_1, "south-1");
    let stranger = Colleague::join(&suite, &company, "sven", Role::Sales, south).await;
    let customer = company.register(&suite, company.north_1, "Frequent Fred", "+8613812340009").await.id;

    let due_at = kit::clock::Clock::system().now() + chrono::TimeDelta::days(2);
    let mut new = new_contact(company.north_1, Channel::Phone, Phase::Aftersales);
    let promise = NewPromise { what: "replace".into(), notes: Some(NOTES.into()), staff_id: None, due_at };
    new.promise = Some(promise);
    let first = record(&suite, &anna.person, customer, &new).await.expect("a contact");
    assert_eq!((first.staff_id, first.revision), (Some(anna.id), 1));
    assert_eq!(first.promise.as_ref().expect("a promise").staff_id, Some(anna.id));
    for (channel, phase) in [(Channel::Phone, Phase::Presales), (Channel::Counter, Phase::Sales)] {
        record(&suite, &bert.person, customer, &new_contact(company.north_1, channel, phase))
            .await
            .expect("a contact");
    }

    // Whoever may not see free text does not; the codes they see.
    let path = ContactPath { customer_id: customer, contact_id: first.id };
    let seen = suite.call::<GetContact>(Service::Interaction, &bert.person, &path, &NONE, &Nothing).await;
    let seen = seen.expect("in scope");
    assert_eq!((seen.notes, seen.promise.expect("a promise").notes), (None, None));
    assert_eq!(seen.topic, "spoiled-goods");
    let seen = suite.call::<GetContact>(Service::Interaction, &anna.person, &path, &NONE, &Nothing).await;
    assert_eq!(seen.expect("in scope").notes.as_deref(), Some(NOTES));

    // A promise is settled once.
    let settle = async |who: &Person, kept| {
        let outcome = PromiseOutcome { kept, occurred_at: None };
        suite.call::<SettlePromise>(Service::Interaction, who, &path, &NONE, &outcome).await
    };
    assert_eq!(problem(settle(&stranger.person, true).await).code, Code::NotFound);
    let kept = settle(&anna.person, true).await.expect("kept").promise.expect("a promise");
    assert_eq!(kept.state, PromiseState::Kept);
    let again = problem(settle(&anna.person, false).await);
    assert_eq!(again.code, Code::Conflict);
    assert!(again.detail.contains("kept"), "{again}");

    refusals(&suite, &company, customer, (&anna, &bert, &stranger)).await;
    pages(&suite, &anna.person, customer).await;
    in_the_view(&suite, &anna.person, customer).await;
    suite.end().await;
}
on_both!(contacts_are_recorded_counted_and_masked, super::recorded);

async fn refusals(
    suite: &Suite,
    company: &Company,
    customer: CustomerId,
    (anna, bert, stranger): (&Colleague, &Colleague, &Colleague),
) {
    let good = new_contact(company.north_1, Channel::Web, Phase::Sales);
    let outside = new_contact(company.south_1, Channel::Web, Phase::Sales);
    assert_eq!(problem(record(suite, &stranger.person, customer, &outside).await).code, Code::NotFound);
    let elsewhere = problem(record(suite, &bert.person, customer, &outside).await);
    assert_eq!(elsewhere.errors[0].pointer, "/org_unit_id");
    // Accountability follows from who received a contact, so nobody puts it on another but a manager.
    let on_another = NewContact { staff_id: Some(anna.id), ..good.clone() };
    assert_eq!(
        problem(record(suite, &bert.person, customer, &on_another).await).errors[0].pointer,
        "/staff_id"
    );
    let by_manager = record(suite, &company.manager_north_1, customer, &on_another).await;
    assert_eq!(by_manager.expect("a manager may").staff_id, Some(anna.id));
    let due_at = good.occurred_at - chrono::TimeDelta::seconds(1);
    let promise = NewPromise { what: "Call!".into(), notes: None, staff_id: None, due_at };
    let wrong = NewContact {
        topic: "Two words".into(),
        notes: Some(" ".into()),
        outcome: Some(String::new()),
        promise: Some(promise),
        ..good
    };
    let refusal = problem(record(suite, &anna.person, customer, &wrong).await);
    let places: Vec<&str> = refusal.errors.iter().map(|error| error.pointer.as_str()).collect();
    assert_eq!(places, ["/topic", "/notes", "/outcome", "/promise/what", "/promise/due_at"]);
}

async fn pages(suite: &Suite, who: &Person, customer: CustomerId) {
    let path = CustomerPath { customer_id: customer };
    let (mut found, mut after) = (Vec::new(), None);
    loop {
        let query = ContactsQuery { after, limit: Some(3) };
        let page = suite.call::<ListContacts>(Service::Interaction, who, &path, &query, &Nothing).await;
        let page = page.expect("a page");
        found.extend(page.items);
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(found.len(), 4);
    assert!(found.windows(2).all(|two| two[0].occurred_at >= two[1].occurred_at), "newest first");
}

async fn in_the_view(suite: &Suite, who: &Person, customer: CustomerId) {
    let query = "query ($id: UUID!) { customer(id: $id) { \
        dealings { lastContactAt contactsByChannel { channel contacts } contactsByPhase { phase contacts } \
        timeline { kind channel amountMinor contactId } } \
        timeline(first: 2) { nodes { kind } pageInfo { hasNextPage } } } }";
    let seen = eventually("the view counts four contacts", Duration::from_secs(10), || async {
        let seen = suite.ask(who, query, json!({ "id": customer })).await["customer"].take();
        let counts = seen["dealings"]["contactsByChannel"].as_array()?;
        let sum: i64 = counts.iter().filter_map(|one| one["contacts"].as_i64()).sum();
        (sum == 4).then_some(seen)
    })
    .await;
    let dealings = &seen["dealings"];
    let by_channel = json!([
        { "channel": "PHONE", "contacts": 2 },
        { "channel": "WEB", "contacts": 1 },
        { "channel": "COUNTER", "contacts": 1 },
    ]);
    assert_eq!(dealings["contactsByChannel"], by_channel);
    let by_phase = json!([
        { "phase": "PRESALES", "contacts": 1 },
        { "phase": "SALES", "contacts": 2 },
        { "phase": "AFTERSALES", "contacts": 1 },
    ]);
    assert_eq!(dealings["contactsByPhase"], by_phase);
    assert!(dealings["lastContactAt"].is_string());
    let timeline = dealings["timeline"].as_array().expect("a timeline");
    let kinds: Vec<&Value> = timeline.iter().rev().map(|one| &one["kind"]).collect();
    // What was promised stands behind its contact, and that it was kept when it was.
    assert_eq!(kinds, ["CONTACT", "PROMISE_MADE", "CONTACT", "CONTACT", "CONTACT", "PROMISE_KEPT"]);
    assert!(timeline.iter().all(|one| one["amountMinor"] == Value::Null));
    let promised: Vec<&Value> = [4, 0].map(|at| &timeline[at]).into_iter().collect();
    assert!(promised.iter().all(|one| one["contactId"] == timeline[5]["contactId"]), "{timeline:#?}");
    assert_eq!(seen["timeline"]["nodes"].as_array().map(Vec::len), Some(2));
    assert_eq!(seen["timeline"]["pageInfo"]["hasNextPage"], json!(true));
}
