//! Who sees whom: at every service directly and at the gateway, and what moving a unit changes.

use std::time::Duration;

use kit::{client::CallError, db::statement};
use schema::{
    access::Role,
    api::{
        NoParameters, Nothing,
        customer::{
            AddContactPoint, AddServingUnit, ChangeCustomer, ContactKind, ContactQuery, CustomerChange,
            CustomerFilter, CustomerPath, CustomersWanted, FindByContact, GetCustomer, GetCustomers,
            MoveOrgUnit, NewContactPoint, NewServingUnit, OrgUnitMove, OrgUnitPath, SearchCustomers,
        },
        interaction::{
            Channel, GetPurchase, GetTimeline, GetTimelines, NewReturn, NewReturnLine, PurchasePath,
            RecordPurchase, ReturnPurchase, TimelineQuery, TimelineWanted, TimelinesWanted,
        },
        loyalty::{GetAccount, ListPointsEntries, PointsQuery},
        section::SectionsWanted,
        survey::{AnswersQuery, Instrument, ListAnswers, NewAnswer, RecordAnswer},
    },
    ids::{CustomerId, PurchaseId},
    topology::Service,
    value::{Milli, Minor},
};
use sea_orm::ConnectionTrait as _;
use serde_json::{Value, json};
use testkit::{Person, Place, Suite, eventually};

use crate::{
    commands::problem,
    company::{Company, new_purchase},
    on_both,
};

const NONE: NoParameters = NoParameters {};
const PHONE: &str = "+8613812340001";

/// A customer of `north-1` with a purchase, known everywhere.
async fn northerner(suite: &Suite, company: &Company) -> (CustomerId, PurchaseId) {
    let file = company.register(suite, company.north_1, "Northern Nora", PHONE).await;
    let path = CustomerPath { customer_id: file.id };
    let purchase = eventually("a purchase can be recorded", Duration::from_secs(10), || async {
        let body = new_purchase(company.north_1, Some(company.seller), &[5_000]);
        suite
            .call::<RecordPurchase>(Service::Interaction, &company.manager_north_1, &path, &NONE, &body)
            .await
            .ok()
    })
    .await;
    eventually("everybody knows her", Duration::from_secs(10), || async {
        let who = &company.manager_north_1;
        let account = suite.call::<GetAccount>(Service::Loyalty, who, &path, &NONE, &Nothing).await.ok()?;
        answers(suite, who, file.id).await.ok()?;
        let view = sees_in_view(suite, who, file.id).await;
        (account.balance.is_some_and(|points| points.get() == 50) && view).then_some(())
    })
    .await;
    (file.id, purchase.id)
}

async fn answers(suite: &Suite, who: &Person, customer_id: CustomerId) -> Result<(), CallError> {
    let (path, query) = (CustomerPath { customer_id }, AnswersQuery::default());
    suite.call::<ListAnswers>(Service::Survey, who, &path, &query, &Nothing).await.map(|_| ())
}

async fn sees_in_view(suite: &Suite, who: &Person, customer: CustomerId) -> bool {
    let query = "query ($id: UUID!) { customer(id: $id) { file { name } } }";
    suite.graphql(who, query, json!({ "id": customer })).await["data"]["customer"].is_object()
}

async fn nothing_of_a_stranger(place: Place) {
    let suite = Suite::start(&place).await;
    let company = Company::found(&suite).await;
    let (customer_id, purchase_id) = northerner(&suite, &company).await;
    let stranger = &company.manager_south_1;
    let path = CustomerPath { customer_id };
    let bought = PurchasePath { customer_id, purchase_id };

    // The owner of the file.
    let not_found = |status: u16| assert_eq!(status, 404);
    let who = Service::Customer;
    not_found(problem(suite.call::<GetCustomer>(who, stranger, &path, &NONE, &Nothing).await).status);
    let wanted = CustomersWanted { customer_ids: vec![customer_id] };
    assert!(
        suite.call::<GetCustomers>(who, stranger, &NONE, &NONE, &wanted).await.expect("a list").is_empty()
    );
    let contact = ContactQuery { kind: ContactKind::Phone, value: PHONE.to_owned() };
    assert!(
        suite
            .call::<FindByContact>(who, stranger, &NONE, &contact, &Nothing)
            .await
            .expect("a list")
            .is_empty()
    );
    let named = CustomerFilter { name: Some("northern".to_owned()), ..CustomerFilter::default() };
    let page = suite.call::<SearchCustomers>(who, stranger, &NONE, &named, &Nothing).await.expect("a page");
    assert!(page.items.is_empty() && page.next.is_none());
    let within = CustomerFilter { org_unit_id: Some(company.north_1), ..CustomerFilter::default() };
    let page = suite.call::<SearchCustomers>(who, stranger, &NONE, &within, &Nothing).await.expect("a page");
    assert!(page.items.is_empty(), "naming the unit does not open it");
    let change = CustomerChange { name: Some("Mine".to_owned()), ..CustomerChange::default() };
    not_found(problem(suite.call::<ChangeCustomer>(who, stranger, &path, &NONE, &change).await).status);
    let point = NewContactPoint { kind: ContactKind::Phone, value: "+8613812340002".to_owned() };
    not_found(problem(suite.call::<AddContactPoint>(who, stranger, &path, &NONE, &point).await).status);
    let serve = NewServingUnit { org_unit_id: company.south_1, reason: "I want her".to_owned() };
    not_found(problem(suite.call::<AddServingUnit>(who, stranger, &path, &NONE, &serve).await).status);

    // The others.
    let who = Service::Interaction;
    let body = new_purchase(company.south_1, None, &[1]);
    not_found(problem(suite.call::<RecordPurchase>(who, stranger, &path, &NONE, &body).await).status);
    not_found(problem(suite.call::<GetPurchase>(who, stranger, &bought, &NONE, &Nothing).await).status);
    let back = NewReturn {
        occurred_at: kit::clock::Clock::system().now(),
        reason: "damaged".to_owned(),
        lines: vec![NewReturnLine { line_no: 1, quantity_milli: Milli::new(1), amount_minor: Minor::new(1) }],
    };
    not_found(problem(suite.call::<ReturnPurchase>(who, stranger, &bought, &NONE, &back).await).status);
    let line = TimelineQuery::default();
    not_found(problem(suite.call::<GetTimeline>(who, stranger, &path, &line, &Nothing).await).status);
    let lines = TimelinesWanted { of: vec![TimelineWanted { customer_id, after: None }], limit: 5 };
    assert!(
        suite.call::<GetTimelines>(who, stranger, &NONE, &NONE, &lines).await.expect("a list").is_empty()
    );
    let who = Service::Loyalty;
    not_found(problem(suite.call::<GetAccount>(who, stranger, &path, &NONE, &Nothing).await).status);
    let query = PointsQuery::default();
    not_found(problem(suite.call::<ListPointsEntries>(who, stranger, &path, &query, &Nothing).await).status);
    not_found(problem(answers(&suite, stranger, customer_id).await).status);
    let answer = NewAnswer {
        instrument: Instrument::Nps,
        score: 1,
        verbatim: None,
        org_unit_id: None,
        purchase_id: None,
        phase: None,
        channel: Channel::Web,
        occurred_at: kit::clock::Clock::system().now(),
    };
    not_found(
        problem(suite.call::<RecordAnswer>(Service::Survey, stranger, &path, &NONE, &answer).await).status,
    );

    at_the_gateway(&suite, stranger, customer_id).await;
    suite.end().await;
}
on_both!(nobody_reads_finds_counts_or_changes_a_stranger, super::nothing_of_a_stranger);

async fn at_the_gateway(suite: &Suite, stranger: &Person, customer: CustomerId) {
    assert!(!sees_in_view(suite, stranger, customer).await);
    let found = suite
        .ask(
            stranger,
            "query ($v: String!) { customersByContact(kind: PHONE, value: $v) { customerId } }",
            json!({ "v": PHONE }),
        )
        .await;
    assert_eq!(found["customersByContact"], json!([]));
    let listed =
        suite.ask(stranger, "{ customers(first: 50) { edges { node { customerId } } } }", json!({})).await;
    assert!(!listed.to_string().contains(&customer.to_string()));
    let changed = suite
        .graphql(
            stranger,
            "mutation ($id: UUID!) { changeCustomer(customerId: $id, input: { name: \"Mine\" }) \
             { file { name } errors { code } } }",
            json!({ "id": customer }),
        )
        .await;
    assert_eq!(changed["data"]["changeCustomer"]["errors"][0]["code"], "not-found", "{changed}");
}

/// How many events the customer service has told.
async fn told(suite: &Suite) -> i64 {
    let customer =
        suite.running.iter().find(|one| one.runtime.service == Service::Customer).expect("customer");
    let read = customer.runtime.db.read();
    let count = statement(read, "SELECT count(*) FROM outbox", vec![]);
    let row = read.query_one_raw(count).await.expect("a count").expect("a row");
    row.try_get_by_index(0).expect("a number")
}

async fn moving(place: Place) {
    let suite = Suite::start(&place).await;
    let company = Company::found(&suite).await;
    let (customer_id, _) = northerner(&suite, &company).await;
    let (north, south) = (suite.person(Role::Manager, "north"), suite.person(Role::Manager, "south"));
    let path = CustomerPath { customer_id };
    let sees = async |who: &Person| -> Vec<bool> {
        let file = suite.call::<GetCustomer>(Service::Customer, who, &path, &NONE, &Nothing).await.is_ok();
        let line = TimelineQuery::default();
        let timeline =
            suite.call::<GetTimeline>(Service::Interaction, who, &path, &line, &Nothing).await.is_ok();
        let account = suite.call::<GetAccount>(Service::Loyalty, who, &path, &NONE, &Nothing).await.is_ok();
        let answers = answers(&suite, who, customer_id).await.is_ok();
        vec![file, timeline, account, answers, sees_in_view(&suite, who, customer_id).await]
    };
    assert_eq!(sees(&north).await, [true; 5]);
    assert_eq!(sees(&south).await, [false; 5]);
    let body = OrgUnitMove { parent_id: company.south };
    let unit = OrgUnitPath { org_unit_id: company.north_1 };
    let told = told(&suite).await;
    suite.call::<MoveOrgUnit>(Service::Customer, &company.admin, &unit, &NONE, &body).await.expect("moves");
    assert_eq!(self::told(&suite).await, told + 1, "one event");
    eventually("the north lost her and the south has her", Duration::from_secs(10), || async {
        (sees(&north).await == [false; 5] && sees(&south).await == [true; 5]).then_some(())
    })
    .await;
    let body = OrgUnitMove { parent_id: company.north };
    suite
        .call::<MoveOrgUnit>(Service::Customer, &company.admin, &unit, &NONE, &body)
        .await
        .expect("moves back");
    eventually("all is as it was", Duration::from_secs(10), || async {
        (sees(&north).await == [true; 5] && sees(&south).await == [false; 5]).then_some(())
    })
    .await;
    suite.end().await;
}
on_both!(moving_a_unit_changes_who_sees_whom, super::moving);

async fn without_a_token(place: Place) {
    let suite = Suite::start(&place).await;
    let http = reqwest::Client::new();
    for service in [Service::Customer, Service::Interaction, Service::Loyalty, Service::Survey] {
        let url = suite.url(service);
        let document: Value = serde_json::from_str(
            &http
                .get(format!("{url}/openapi.json"))
                .send()
                .await
                .expect("answers")
                .text()
                .await
                .expect("text"),
        )
        .expect("a document");
        let mut tried = 0;
        for (path, item) in document["paths"].as_object().expect("paths") {
            let path = path.replace("{customer_id}", "00000000-0000-0000-0000-000000000001");
            let path = path.replace(['{', '}'], "");
            for method in item.as_object().expect("methods").keys() {
                let method = method.to_uppercase().parse().expect("a method");
                let answer = http.request(method, format!("{url}{path}")).send().await.expect("answers");
                assert_eq!(answer.status(), 401, "{service} {path}");
                tried += 1;
            }
        }
        assert!(tried >= 3, "{service} has endpoints");
        for open in ["/livez", "/readyz", "/metrics", "/openapi.json", "/docs/"] {
            let answer = http.get(format!("{url}{open}")).send().await.expect("answers");
            assert_eq!(answer.status(), 200, "{service} {open}");
        }
    }
    let (status, _) = suite.graphql_raw(None, &json!({ "query": "{ __typename }" })).await;
    assert_eq!(status, 401);
    suite.end().await;
}
on_both!(without_a_token_almost_nothing_answers, super::without_a_token);

async fn service_role(place: Place) {
    use schema::api::customer::GetFileSections;
    let suite = Suite::start(&place).await;
    let company = Company::found(&suite).await;
    let file = company.register(&suite, company.north_1, "Somebody", PHONE).await;
    let robot = suite.person(Role::Service, "hq");
    let path = CustomerPath { customer_id: file.id };
    let wanted = SectionsWanted { customer_ids: vec![file.id] };
    let sections = suite.call::<GetFileSections>(Service::Customer, &robot, &NONE, &NONE, &wanted).await;
    assert_eq!(sections.expect("sections").items.len(), 1);
    let read = suite.call::<GetCustomer>(Service::Customer, &robot, &path, &NONE, &Nothing).await;
    assert_eq!(problem(read).status, 403, "services read nothing but /internal");
    let by_person =
        suite.call::<GetFileSections>(Service::Customer, &company.manager_hq, &NONE, &NONE, &wanted).await;
    assert_eq!(problem(by_person).status, 403, "persons read nothing of /internal");
    let (status, answer) = suite.graphql_raw(Some(&robot), &json!({ "query": "{ __typename }" })).await;
    assert_eq!(status, 403, "{answer}");
    suite.end().await;
}
on_both!(the_service_role_is_for_internal_endpoints_only, super::service_role);
