//! Complaints: told apart from other cases, counted over 90 days, in the summary and in the view. With them what
//! goes with a case: to whom it can be offered, whether we reached the customer, and what became of a promise.

use std::time::Duration;

use chrono::TimeDelta;
use schema::{
    access::Role,
    api::{
        NoParameters, Nothing,
        customer::CustomerPath,
        interaction::{
            CasesQuery, Channel, ContactDirection, ContactPath, DealingsSummary, GetDealingsSummary,
            ListCases, NewCase, NewContact, NewPromise, OfferCase, Phase, PromiseOutcome, SettlePromise,
        },
        problem::Code,
    },
    event::{CaseOpened, ContactRecorded, PromiseSettled},
    ids::CustomerId,
    topology::Service,
};
use serde_json::json;
use testkit::{Person, Place, Suite, eventually};

use crate::{
    cases::{new_case, offer_to, open, step},
    commands::problem,
    company::Company,
    contacts::{new_contact, record},
    desk::Colleague,
    facts_told::told,
    on_both,
};

const NONE: NoParameters = NoParameters {};

async fn summary(suite: &Suite, who: &Person, customer: CustomerId) -> DealingsSummary {
    let path = CustomerPath { customer_id: customer };
    let found = suite.call::<GetDealingsSummary>(Service::Interaction, who, &path, &NONE, &Nothing).await;
    found.expect("a summary")
}

async fn counted(place: Place) {
    let suite = Suite::start(&place).await;
    let company = Company::found(&suite).await;
    let here = (company.north_1, "north-1");
    let anna = Colleague::join(&suite, &company, "anna", Role::Aftersales, here).await;
    let who = &anna.person;
    let customer = company.register(&suite, company.north_1, "Complaining Chen", "+8613812340050").await.id;
    let now = kit::clock::Clock::system().now();
    // Two within 90 days, one before, and a case that is none.
    for (complaint, days) in [(true, 0), (true, 89), (true, 91), (false, 1)] {
        let at = now - TimeDelta::days(days);
        let new = NewCase { complaint, occurred_at: Some(at), ..new_case(company.north_1, None) };
        let case = open(&suite, who, customer, &new).await.expect("a case");
        assert_eq!(case.complaint, complaint);
    }
    record(&suite, who, customer, &new_contact(company.north_1, Channel::Phone, Phase::Aftersales))
        .await
        .expect("a contact");
    let seen = summary(&suite, who, customer).await;
    assert_eq!((seen.complaints_in_90_days, seen.open_case_count), (2, 4));
    assert_eq!((seen.contacts_by_channel[0].contacts, seen.contacts_by_phase[0].contacts), (1, 1));
    assert!(seen.last_contact_at.is_some_and(|at| at < now));
    let path = CustomerPath { customer_id: customer };
    let stranger = &company.manager_south_1;
    let outside =
        suite.call::<GetDealingsSummary>(Service::Interaction, stranger, &path, &NONE, &Nothing).await;
    assert_eq!(problem(outside).code, Code::NotFound);

    let list =
        suite.call::<ListCases>(Service::Interaction, who, &path, &CasesQuery::default(), &Nothing).await;
    let listed: Vec<bool> = list.expect("a page").items.iter().map(|case| case.complaint).collect();
    assert_eq!(listed, [true, false, true, true], "newest first");
    let opened: Vec<Option<bool>> =
        told::<CaseOpened>(&suite).await.iter().map(|one| one.complaint).collect();
    assert_eq!(opened, [Some(true), Some(true), Some(true), Some(false)]);

    let query = "query ($id: UUID!) { customer(id: $id) { dealings { complaintsIn90Days \
        openCases { complaint } } } }";
    eventually("the view counts two complaints", Duration::from_secs(10), || async {
        let dealings = suite.ask(who, query, json!({ "id": customer })).await["customer"]["dealings"].take();
        let complaints =
            dealings["openCases"].as_array()?.iter().filter(|one| one["complaint"] == json!(true));
        (dealings["complaintsIn90Days"] == json!(2) && complaints.count() == 3).then_some(())
    })
    .await;
    suite.end().await;
}
on_both!(complaints_are_counted_over_ninety_days, super::counted);

async fn reached(place: Place) {
    let suite = Suite::start(&place).await;
    let company = Company::found(&suite).await;
    let here = (company.north_1, "north-1");
    let anna = Colleague::join(&suite, &company, "anna", Role::Aftersales, here).await;
    let above = Colleague::join(&suite, &company, "cora", Role::Aftersales, (company.north, "north")).await;
    let stranger =
        Colleague::join(&suite, &company, "sven", Role::Aftersales, (company.south_1, "south-1")).await;
    let who = &anna.person;
    let customer = company.register(&suite, company.north_1, "Hard to Reach", "+8613812340051").await.id;

    // A case goes only to somebody who sees the customer.
    let case = open(&suite, who, customer, &new_case(company.north_1, None)).await.expect("a case");
    let away = problem(step::<OfferCase>(&suite, who, &case, &offer_to(stranger.id)).await);
    assert_eq!((away.status, away.errors[0].pointer.as_str()), (422, "/to_staff_id"));
    step::<OfferCase>(&suite, who, &case, &offer_to(above.id)).await.expect("a unit above sees them");

    // Whether we reached them: of what we began, when that is known.
    let good = new_contact(company.north_1, Channel::Phone, Phase::Aftersales);
    let inbound = NewContact { answered: Some(true), ..good.clone() };
    let refused = problem(record(&suite, who, customer, &inbound).await);
    assert_eq!((refused.status, refused.errors[0].pointer.as_str()), (422, "/answered"));
    let due_at = kit::clock::Clock::system().now() + TimeDelta::days(1);
    let promise = NewPromise { what: "call-back".into(), notes: None, staff_id: None, due_at };
    let outbound = NewContact { direction: ContactDirection::Outbound, promise: Some(promise), ..good };
    let mut contacts = Vec::new();
    for answered in [Some(false), Some(true), None] {
        let new = NewContact { answered, ..outbound.clone() };
        let contact = record(&suite, who, customer, &new).await.expect("a contact");
        assert_eq!(contact.answered, answered);
        contacts.push(contact);
    }
    let answered: Vec<Option<bool>> =
        told::<ContactRecorded>(&suite).await.iter().map(|one| one.answered).collect();
    assert_eq!(answered, [Some(false), Some(true), None]);

    for (contact, kept) in contacts.iter().zip([true, false]) {
        let path = ContactPath { customer_id: customer, contact_id: contact.id };
        let outcome = PromiseOutcome { kept, occurred_at: None };
        suite
            .call::<SettlePromise>(Service::Interaction, who, &path, &NONE, &outcome)
            .await
            .expect("settled");
    }
    let settled: Vec<_> =
        told::<PromiseSettled>(&suite).await.iter().map(|one| (one.contact_id, one.kept)).collect();
    assert_eq!(settled, [(contacts[0].id, true), (contacts[1].id, false)]);
    suite.end().await;
}
on_both!(who_is_offered_a_case_and_whether_we_reached_the_customer, super::reached);
