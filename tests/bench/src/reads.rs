//! Reading one customer whole: the suite's view cold and hot, against five pipelined statements, an answer
//! that costs nothing, and what others offer.
//!
//! Cold walks through all customers, so that none comes again while memory holds it; hot asks for a hundred
//! again and again.

use std::time::Duration;

use schema::topology::Service;
use sea_orm::DatabaseConnection;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    driver::{self, Requests, get, post},
    report::Report,
    rival::Rival,
    stage::{Stage, ids, plain_url},
};

const QUESTION: &str = include_str!("question.graphql");
const HOT: usize = 100;
/// How many customers all are asked for, to see that they say the same.
const COMPARED: usize = 20;

/// One that answers.
struct Answerer {
    name: String,
    cold: Requests,
    hot: Requests,
}

/// Measures all, in turns.
pub(crate) async fn measure(
    stage: &Stage,
    plain: &DatabaseConnection,
    plan: &crate::Plan,
    report: &mut Report,
) {
    // In the order of a hash: neighbours in time are no neighbours here.
    let sql = "SELECT id FROM customer ORDER BY md5(id::text) LIMIT 200000";
    let ids = ids(plain, sql).await;
    let ceiling = Rival::ceiling(&plain_url()).await;
    let rivals = Rival::all(&plain_url(), plan).await;

    let bearer = stage.manager.bearer.0.as_ref();
    let address = stage.address(Service::Gateway);
    let suite = answerer("Customer 360", address, &ids, |id| ask(bearer, QUESTION, id));
    let five = answerer("five statements", ceiling.address, &ids, |id| get(&format!("/five/{id}")));
    let nothing = answerer("plain answer", ceiling.address, &ids, |_| get("/plain"));
    compare(&suite, &five).await;
    let mut all = vec![five, suite, nothing];
    for rival in &rivals {
        let wire = |id: Uuid| {
            post("/graphql", None, &json!({ "query": rival.question, "variables": { "id": id } }).to_string())
        };
        all.push(answerer(&rival.name, rival.address, &ids, wire));
    }
    for one in &all {
        // What compiles while it runs, and pools that fill, are not what is measured.
        driver::run(&one.cold, 32, plan.lasting).await;
    }
    for _ in 0..plan.rounds {
        for connections in [1, 32, 128] {
            for one in &all {
                let title = format!("360 read, cold, {connections} at once");
                report.run(&title, &one.name, driver::run(&one.cold, connections, plan.lasting).await);
            }
            for one in &all {
                let title = format!("360 read, hot, {connections} at once");
                report.run(&title, &one.name, driver::run(&one.hot, connections, plan.lasting).await);
            }
        }
    }
    // The memory of rows is trusted for ten seconds; nothing of it must reach into what follows.
    tokio::time::sleep(Duration::from_secs(1)).await;
}

fn answerer(
    name: &str,
    address: std::net::SocketAddr,
    ids: &[Uuid],
    wire: impl Fn(Uuid) -> Vec<u8>,
) -> Answerer {
    let all: Vec<Vec<u8>> = ids.iter().copied().map(wire).collect();
    let hot = Requests::new(address, all.iter().take(HOT).cloned().collect());
    Answerer { name: name.to_owned(), cold: Requests::new(address, all), hot }
}

fn ask(bearer: &str, question: &str, id: Uuid) -> Vec<u8> {
    let body = json!({ "query": question, "variables": { "id": id } });
    post("/graphql", Some(bearer), &body.to_string())
}

/// The suite and the five statements say the same of the same customers; the judges compare the others.
async fn compare(suite: &Answerer, five: &Answerer) {
    for at in 0..COMPARED {
        let answer = |one: &Answerer| {
            let (address, wire) = (one.cold.address, one.cold.wire[at].clone());
            async move {
                serde_json::from_slice::<Value>(driver::Connection::open(address).await.ask(&wire).await)
                    .expect("JSON")
            }
        };
        let (suite, five) = (answer(suite).await, answer(five).await);
        let customer = &suite["data"]["customer"];
        for field in ["name", "birthDate"] {
            assert_eq!(customer["file"][field], five["customer"][field], "{field}");
        }
        for field in ["balance", "qualifying"] {
            assert_eq!(customer["loyalty"][field], five["account"][field], "{field}");
        }
        let ids = |list: &Value| -> Vec<String> {
            list.as_array().expect("a list").iter().map(|one| one["id"].to_string()).collect()
        };
        assert_eq!(ids(&customer["dealings"]["purchases"]), ids(&five["purchases"]), "purchases");
        assert_eq!(ids(&customer["voice"]["answers"]), ids(&five["answers"]), "answers");
        let timeline = customer["dealings"]["timeline"].as_array().expect("a list");
        let contacts = five["contacts"].as_array().expect("a list");
        let told: Vec<&Value> =
            timeline.iter().map(|one| &one["contactId"]).filter(|id| !id.is_null()).collect();
        let same = told.iter().zip(contacts).all(|(one, other)| **one == other["id"]);
        assert!(same, "the timeline tells of other contacts");
    }
}
