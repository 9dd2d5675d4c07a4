//! Recording contacts: as fast as it goes, beside a plain transaction; and at a steady rate, how long it takes
//! until the view shows them.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use kit::clock::Clock;
use schema::{
    api::interaction::{Channel, ContactDirection, NewContact, Phase},
    topology::Service,
};
use sea_orm::DatabaseConnection;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    driver::{self, Requests, post},
    report::Report,
    rival::Rival,
    stage::{Stage, ids, plain_url},
};

/// The steady rate, per second.
const STEADY: u32 = 500;
/// One of so many writes is watched until the view shows it.
const WATCHED: u32 = 20;
/// How many write at the steady rate: enough that none waits for another.
const WRITERS: u32 = 64;
/// How often the view is asked.
const LOOK: Duration = Duration::from_millis(5);
/// Whoever waits longer than this counts as having waited for so long.
const PATIENCE: Duration = Duration::from_secs(10);

/// Measures both.
pub(crate) async fn measure(
    stage: &Stage,
    plain: &DatabaseConnection,
    plan: &crate::Plan,
    report: &mut Report,
) {
    let sql = "SELECT id FROM customer ORDER BY md5('w' || id::text) LIMIT 50000";
    let ids = ids(plain, sql).await;
    let body = contact(stage);
    let bearer = stage.manager.bearer.0.as_ref();
    let ceiling = Rival::ceiling(&plain_url()).await;
    let plainly = ids.iter().map(|id| post(&format!("/contacts/{id}"), None, &body)).collect();
    let plainly = Requests::new(ceiling.address, plainly);
    let wire: Vec<_> =
        ids.iter().map(|id| post(&format!("/customers/{id}/contacts"), Some(bearer), &body)).collect();
    let address = stage.address(Service::Interaction);
    let commands = Requests::new(address, wire.clone());
    for _ in 0..plan.rounds {
        for (name, requests) in [("plain transaction", &plainly), ("command with its outbox", &commands)] {
            let run = driver::run(requests, 32, plan.lasting).await;
            report.run("recording a contact, 32 at once", name, run);
            crate::load::settle(stage).await;
        }
    }
    lag(stage, &ids, wire, plan, report).await;
    crate::load::settle(stage).await;
}

fn contact(stage: &Stage) -> String {
    let new = NewContact {
        org_unit_id: stage.root,
        staff_id: None,
        channel: Channel::Phone,
        direction: ContactDirection::Inbound,
        phase: Phase::Sales,
        occurred_at: Clock::system().now(),
        topic: "price".to_owned(),
        notes: None,
        outcome: None,
        answered: None,
        promise: None,
    };
    serde_json::to_string(&new).expect("JSON")
}

/// At the steady rate: how long a write takes, counted from when it was due, and until the view shows it,
/// counted from its answer.
async fn lag(stage: &Stage, ids: &[Uuid], wire: Vec<Vec<u8>>, plan: &crate::Plan, report: &mut Report) {
    let (service, gateway) = (stage.address(Service::Interaction), stage.address(Service::Gateway));
    let (ids, wire) = (Arc::<[Uuid]>::from(ids), Arc::<[Vec<u8>]>::from(wire));
    let bearer: Arc<str> = stage.manager.bearer.0.as_ref().into();
    let count = STEADY * u32::try_from(plan.lasting.as_secs()).expect("seconds") * 5;
    let started = Instant::now();
    let writer = |number: u32| {
        let (ids, wire, bearer) = (Arc::clone(&ids), Arc::clone(&wire), Arc::clone(&bearer));
        async move {
            let mut connection = driver::Connection::open(service).await;
            let (mut taken, mut watching) = (Vec::new(), Vec::new());
            for turn in (number..count).step_by(WRITERS as usize) {
                let due = started + Duration::from_secs(1) * turn / STEADY;
                tokio::time::sleep_until(due.into()).await;
                let at = turn as usize % wire.len();
                let answer = connection.ask(&wire[at]).await;
                taken.push(due.elapsed());
                if turn % WATCHED == 0 {
                    let answer: Value = serde_json::from_slice(answer).expect("JSON");
                    watching.push(tokio::spawn(watch(
                        gateway,
                        Arc::clone(&bearer),
                        ids[at],
                        answer["id"].clone(),
                    )));
                }
            }
            let mut seen = Vec::new();
            for one in watching {
                seen.push(one.await.expect("the view shows it"));
            }
            (taken, seen)
        }
    };
    let writers: Vec<_> = (0..WRITERS).map(|number| tokio::spawn(writer(number))).collect();
    let (mut taken, mut seen) = (Vec::new(), Vec::new());
    for one in writers {
        let (its, shown) = one.await.expect("a writer ends in order");
        taken.extend(its);
        seen.extend(shown);
    }
    let elapsed = started.elapsed();
    report.run("500 contacts a second", "until it is recorded", driver::Run::of(taken, elapsed));
    report.run("500 contacts a second", "from then until the view shows it", driver::Run::of(seen, elapsed));
}

/// Asks the view until it shows the contact, or patience ends.
async fn watch(gateway: std::net::SocketAddr, bearer: Arc<str>, customer: Uuid, contact: Value) -> Duration {
    let question = "query($id: UUID!) { customer(id: $id) { dealings { timeline { contactId } } } }";
    let body = json!({ "query": question, "variables": { "id": customer } }).to_string();
    let (started, wire) = (Instant::now(), post("/graphql", Some(&bearer), &body));
    let mut connection = driver::Connection::open(gateway).await;
    while started.elapsed() < PATIENCE {
        let answer: Value = serde_json::from_slice(connection.ask(&wire).await).expect("JSON");
        let timeline = answer["data"]["customer"]["dealings"]["timeline"].as_array();
        if timeline.is_some_and(|all| all.iter().any(|one| one["contactId"] == contact)) {
            return started.elapsed();
        }
        tokio::time::sleep(LOOK).await;
    }
    PATIENCE
}
