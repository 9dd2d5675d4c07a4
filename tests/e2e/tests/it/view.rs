//! The customer-360 view: it answers while a service is down, replicas tell each other what to drop, and
//! a new view fills itself by asking.

use std::time::Duration;

use kit::service::Shared;
use schema::{
    api::{
        NoParameters,
        customer::{ChangeCustomer, CustomerChange, CustomerPath},
        interaction::RecordPurchase,
    },
    ids::CustomerId,
    topology::Service,
};
use serde_json::{Value, json};
use testkit::{Mode, Person, Place, Suite, eventually, suite::start_service};

use crate::{
    company::{Company, new_purchase},
    on_both,
};

const NONE: NoParameters = NoParameters {};
const WITHIN: Duration = Duration::from_secs(10);
const QUERY: &str = "query ($id: UUID!) { customer(id: $id) { file { name } loyalty { balance } \
    freshness { section stale ageSeconds } } }";

async fn view(suite: &Suite, who: &Person, id: CustomerId) -> Value {
    suite.ask(who, QUERY, json!({ "id": id })).await["customer"].take()
}

/// A customer with 45 points whom the view shows whole.
async fn somebody(suite: &Suite, company: &Company) -> CustomerId {
    let file = company.register(suite, company.north_1, "First Name", "+8613812349999").await;
    let path = CustomerPath { customer_id: file.id };
    eventually("a purchase can be recorded", WITHIN, || async {
        let body = new_purchase(company.north_1, None, &[4_500]);
        suite
            .call::<RecordPurchase>(Service::Interaction, &company.manager_hq, &path, &NONE, &body)
            .await
            .ok()
    })
    .await;
    eventually("the view shows the points", WITHIN, || async {
        (view(suite, &company.manager_hq, file.id).await["loyalty"]["balance"] == json!(45)).then_some(())
    })
    .await;
    file.id
}

async fn rename(suite: &Suite, company: &Company, customer_id: CustomerId, name: &str) {
    let change = CustomerChange { name: Some(name.to_owned()), ..CustomerChange::default() };
    let path = CustomerPath { customer_id };
    suite
        .call::<ChangeCustomer>(Service::Customer, &company.manager_hq, &path, &NONE, &change)
        .await
        .expect("a change");
}

async fn without_loyalty(place: Place) {
    let mut suite = Suite::start(&place).await;
    let company = Company::found(&suite).await;
    let id = somebody(&suite, &company).await;
    let at = suite.running.iter().position(|one| one.runtime.service == Service::Loyalty).expect("loyalty");
    suite.running.remove(at).end().await;
    rename(&suite, &company, id, "Second Name").await;
    let seen = eventually("the file goes on being refreshed", WITHIN, || async {
        let seen = view(&suite, &company.manager_hq, id).await;
        (seen["file"]["name"] == "Second Name").then_some(seen)
    })
    .await;
    assert_eq!(seen["loyalty"]["balance"], 45, "what loyalty said last is served with its age");
    assert!(seen["freshness"].as_array().is_some_and(|sections| {
        sections.iter().any(|one| one["section"] == "LOYALTY" && one["ageSeconds"].is_number())
    }));
    suite.end().await;
}
on_both!(the_view_answers_while_a_service_is_down, super::without_loyalty);

async fn two_replicas(place: Place) {
    let mut suite = Suite::start(&place).await;
    let company = Company::found(&suite).await;
    let id = somebody(&suite, &company).await;
    let second = start_service(Service::Gateway, &suite.config, &Shared::default()).await;
    let gateways = [suite.gateway.clone(), second.url()];
    for name in ["Second Name", "Third Name", "Fourth Name"] {
        rename(&suite, &company, id, name).await;
        for gateway in &gateways {
            suite.gateway.clone_from(gateway);
            eventually("each replica shows the change", WITHIN, || async {
                (view(&suite, &company.manager_hq, id).await["file"]["name"] == name).then_some(())
            })
            .await;
        }
    }
    second.end().await;
    suite.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn replicas_tell_each_other_what_to_drop() {
    Place::with(Mode::Brokered, two_replicas).await;
}

/// A gateway that has lost its database knows nobody; asked for somebody, it asks their owners.
async fn from_nothing(place: Place) {
    let mut suite = Suite::start(&place).await;
    let company = Company::found(&suite).await;
    let id = somebody(&suite, &company).await;
    let gateway = suite.running.pop().expect("the gateway");
    let sql =
        ["customer_view", "customer_view_contact", "view_stale"].map(|table| format!("DELETE FROM {table}"));
    for sql in sql {
        gateway.runtime.db.execute(&sql, vec![]).await.expect("deletes");
    }
    gateway.end().await;
    let again = start_service(Service::Gateway, &suite.config, &Shared::default()).await;
    suite.gateway = again.url();
    suite.running.push(again);
    let seen = eventually("the customer is there again", WITHIN, || async {
        let seen = view(&suite, &company.manager_hq, id).await;
        (seen["file"]["name"] == "First Name" && seen["loyalty"]["balance"] == json!(45)).then_some(seen)
    })
    .await;
    assert_eq!(seen["freshness"].as_array().map(Vec::len), Some(4));
    suite.end().await;
}
on_both!(a_lost_view_heals_by_asking, super::from_nothing);
