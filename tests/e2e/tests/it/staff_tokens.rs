//! A token outlives the person to whom it was given: whoever has left is refused by every service.

use std::time::Duration;

use kit::client::CallError;
use schema::{
    access::Role,
    api::{
        Endpoint, NoParameters, Nothing,
        customer::{CustomerPath, GetCustomer, LeaveStaff, StaffLeaving, StaffPath},
        interaction::{GetTimeline, TimelineQuery},
        loyalty::GetAccount,
        problem::Code,
        survey::{AnswersQuery, ListAnswers},
    },
    topology::Service,
};
use serde_json::json;
use testkit::{Person, Place, Suite, eventually};

use crate::{company::Company, desk::Colleague, on_both};

const NONE: NoParameters = NoParameters {};
/// Within which somebody who left must be refused everywhere.
const SOON: Duration = Duration::from_secs(30);

/// What the service says to somebody who reads a customer: nothing when it answers.
async fn refusal<E: Endpoint<Body = Nothing>>(
    suite: &Suite,
    service: Service,
    who: &Person,
    path: &E::Path,
    query: &E::Query,
) -> Option<Code> {
    match suite.call::<E>(service, who, path, query, &Nothing).await {
        Ok(_) => None,
        Err(CallError::Problem(problem)) => Some(problem.code),
        Err(other) => panic!("{service}: {other}"),
    }
}

async fn each(suite: &Suite, who: &Person, path: &CustomerPath) -> [Option<Code>; 4] {
    [
        refusal::<GetCustomer>(suite, Service::Customer, who, path, &NONE).await,
        refusal::<GetTimeline>(suite, Service::Interaction, who, path, &TimelineQuery::default()).await,
        refusal::<GetAccount>(suite, Service::Loyalty, who, path, &NONE).await,
        refusal::<ListAnswers>(suite, Service::Survey, who, path, &AnswersQuery::default()).await,
    ]
}

async fn leaving(place: Place) {
    let suite = Suite::start(&place).await;
    let company = Company::found(&suite).await;
    let here = (company.north_1, "north-1");
    let anna = Colleague::join(&suite, &company, "anna", Role::Manager, here).await;
    let bert = Colleague::join(&suite, &company, "bert", Role::Manager, here).await;
    let customer = company.register(&suite, company.north_1, "Wang Jia", "+8613900008301").await;
    let path = CustomerPath { customer_id: customer.id };
    let query = format!("{{ customer(id: \"{}\") {{ file {{ name }} }} }}", customer.id);
    eventually("everybody knows the customer", SOON, || async {
        let known = each(&suite, &anna.person, &path).await == [None; 4];
        let seen = suite.graphql(&anna.person, &query, json!({})).await;
        (known && seen["data"]["customer"]["file"]["name"] == "Wang Jia").then_some(())
    })
    .await;

    let (staff, leaving) = (StaffPath { staff_id: anna.id }, StaffLeaving { successor_id: bert.id });
    suite
        .call::<LeaveStaff>(Service::Customer, &company.admin, &staff, &NONE, &leaving)
        .await
        .expect("leaves");
    eventually("every service refuses her", SOON, || async {
        let refused = each(&suite, &anna.person, &path).await == [Some(Code::Unauthenticated); 4];
        let body = json!({ "query": query });
        let (status, answer) = suite.graphql_raw(Some(&anna.person), &body).await;
        let says = answer.to_string();
        (refused && status == 401 && says.contains("has left") && !says.contains("Wang")).then_some(())
    })
    .await;
    assert_eq!(each(&suite, &bert.person, &path).await, [None; 4], "her successor goes on");
    let seen = suite.ask(&bert.person, &query, json!({})).await;
    assert_eq!(seen["customer"]["file"]["name"], "Wang Jia");
    suite.end().await;
}
on_both!(who_has_left_is_refused_everywhere, super::leaving);
