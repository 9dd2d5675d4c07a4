//! Cases in a batch: those of the past come resolved and closed, and disturb nobody.

use chrono::TimeDelta;
use schema::{
    access::Role,
    api::{
        Nothing,
        batch::{Batch, BatchItem, Outcome},
        interaction::{
            CasePath, CaseResolution, CaseState, CaseStep, CaseToRecord, GetCase, OpenCases,
            OpenCasesInternally,
        },
    },
    topology::Service,
};
use testkit::Place;

use super::{NONE, Shop, now, outcomes, refusals};
use crate::{cases::new_case, desk::Colleague, on_both};

async fn of_the_past(place: Place) {
    let shop = Shop::open(&place).await;
    let unit = shop.company.north_1;
    let anna = Colleague::join(&shop.suite, &shop.company, "anna", Role::Manager, (unit, "north-1")).await;
    let customer = shop.customers(unit, 1).await[0];
    let came_up = now() - TimeDelta::days(400);
    let case = |reference: &str| {
        let mut case = new_case(unit, None);
        case.accountable_id = Some(anna.id);
        case.occurred_at = Some(came_up);
        case.due_at = Some(came_up + TimeDelta::days(2));
        let resolved_at = Some(came_up + TimeDelta::days(3));
        let resolution =
            CaseResolution { outcome: "replaced".to_owned(), notes: None, occurred_at: resolved_at };
        let closing = CaseStep { occurred_at: Some(came_up + TimeDelta::days(9)) };
        let command = CaseToRecord { case, resolution: Some(resolution), closing: Some(closing) };
        BatchItem { reference: reference.to_owned(), customer_id: customer, command }
    };
    let mut open = case("open");
    (open.command.resolution, open.command.closing) = (None, None);
    let mut early = case("early");
    early.command.closing = Some(CaseStep { occurred_at: Some(came_up + TimeDelta::days(1)) });
    let mut unresolved = case("unresolved");
    unresolved.command.resolution = None;
    let mut nameless = case("nameless");
    nameless.command.case.topic = "No Code".to_owned();
    let items = vec![case("1"), early, unresolved, open, nameless, case("2")];
    let batch = Batch { source: "old-desk".to_owned(), items };
    let who = &anna.person;
    let send = async || shop.suite.call::<OpenCases>(Service::Interaction, who, &NONE, &NONE, &batch).await;
    let reply = send().await.expect("an answer");
    assert_eq!(
        refusals(&reply),
        [
            (1, "invalid", "/command/closing/occurred_at".to_owned()),
            (2, "invalid", "/command/closing".to_owned()),
            (4, "invalid", "/command/case/topic".to_owned()),
        ]
    );
    let find = async |at: usize| {
        let case_id = reply.items[at].id.expect("an id").into();
        let path = CasePath { customer_id: customer, case_id };
        shop.suite.call::<GetCase>(Service::Interaction, who, &path, &NONE, &Nothing).await.expect("a case")
    };
    assert_eq!([find(0).await.state, find(3).await.state], [CaseState::Closed, CaseState::Open]);
    assert_eq!(find(0).await.closed_at, Some(came_up + TimeDelta::days(9)));
    // A refused item leaves nothing: no revision, no event, no step of it.
    let told = shop.told(Service::Interaction, customer).await;
    let told: Vec<(&str, i64)> = told.iter().map(|(kind, revision, _)| (kind.as_str(), *revision)).collect();
    let opened = |at| ("customer360.case.opened.v1", at);
    let resolved = |at| ("customer360.case.resolved.v1", at);
    let closed = |at| ("customer360.case.closed.v1", at);
    let expected = [opened(1), resolved(2), closed(3), opened(4), opened(5), resolved(6), closed(7)];
    assert_eq!(told, expected, "nothing is told of times that were missed a year ago");

    let service = shop.service();
    let inside =
        shop.suite.call::<OpenCasesInternally>(Service::Interaction, &service, &NONE, &NONE, &batch).await;
    let again = outcomes(&inside.expect("an answer"));
    assert_eq!([again[0], again[3], again[5]], [Outcome::Repeated; 3]);
    shop.suite.end().await;
}
on_both!(cases_of_the_past_are_recorded_with_what_became_of_them, super::of_the_past);
