//! Tracked messages at the gateway's door: how many a second are durable when they are acknowledged, and how
//! many a second become contacts of known customers; beside the same batches as rows of a bare table.

use std::time::{Duration, Instant};

use chrono::{DateTime, SecondsFormat, Utc};
use kit::clock::Clock;
use schema::{access::Role, topology::Service};
use sea_orm::{ConnectionTrait as _, DatabaseConnection, Statement};
use serde_json::{Value, json};
use testkit::eventually;

use crate::{
    cpu,
    driver::{self, Requests, Run},
    report::Report,
    stage::{Stage, connect, execute, number, plain_url},
};

/// Messages of a batch: what the libraries send at most by default.
const BATCH: u32 = 100;
/// Batches on their way at once.
const SENDERS: u32 = 8;
/// Batches that are prepared; one that came twice would be known and cost less.
const BATCHES: u32 = 3_000;
const PATIENCE: Duration = Duration::from_secs(600);

/// Measures the door, the table, and the way from the door into the service that owns contacts.
pub(crate) async fn measure(stage: &Stage, customers: u32, plan: &crate::Plan, report: &mut Report) {
    let now = Clock::system().now();
    let key = source(stage, now).await;
    let batches: Vec<String> = (0..BATCHES).map(|number| batch(number, customers, now)).collect();
    let wire: Vec<_> = batches.iter().map(|body| driver::post_with_key("/v1/batch", &key, body)).collect();
    let requests = Requests::new(stage.address(Service::Gateway), wire);
    let gateway = stage.database(Service::Gateway).await;
    for round in 0..plan.rounds {
        let table = table(&batches, round, plan.lasting).await;
        let door = messages(driver::run(&requests, SENDERS as usize, plan.lasting).await);
        let forwarded = forwarded(&gateway).await;
        report.run("tracked messages, in batches of 100", "rows of a bare table", table);
        report.run("tracked messages, in batches of 100", "taken at the door", door);
        report.run("tracked messages, in batches of 100", "forwarded, once taken", forwarded);
        crate::load::settle(stage).await;
    }
    let asked = requests.next.load(std::sync::atomic::Ordering::Relaxed);
    assert!(asked <= BATCHES as usize, "{asked} batches were sent of {BATCHES}: some were known already");
}

/// A batch counts as its messages.
fn messages(run: Run) -> Run {
    Run { rate: run.rate * f64::from(BATCH), cpu: run.cpu / BATCH, ..run }
}

/// A source of its own for each run; gives its key.
async fn source(stage: &Stage, now: DateTime<Utc>) -> String {
    let admin = stage.suite.person(Role::Admin, "hq");
    let create = "mutation ($input: NewIngestionSource!) { createIngestionSource(input: $input) \
        { writeKey errors { message } } }";
    let input = json!({
        "code": format!("bench-{}", now.timestamp()), "name": "Bench", "orgUnitId": stage.root,
        "namespace": "bench", "mappings": [{ "call": "TRACK", "event": "Product Viewed", "effect": "CONTACT", "topic": "product-viewed" }],
    });
    let made = stage.suite.ask(&admin, create, json!({ "input": input })).await;
    let made = &made["createIngestionSource"];
    made["writeKey"].as_str().unwrap_or_else(|| panic!("no source: {made}")).to_owned()
}

/// What a shop tells of a hundred visitors, as the libraries say it.
fn batch(number: u32, customers: u32, now: DateTime<Utc>) -> String {
    let at = now.to_rfc3339_opts(SecondsFormat::Millis, true);
    let message = |position: u32| {
        let number = number * BATCH + position;
        json!({
            "type": "track", "event": "Product Viewed", "userId": (number % customers).to_string(),
            "messageId": format!("{}-{number}", now.timestamp_millis()), "timestamp": at,
            "properties": { "sku": "rice", "price": 39.9, "url": "https://shop.example/rice" },
            "context": { "library": { "name": "bench", "version": "1" }, "locale": "zh-CN" },
        })
    };
    let messages: Vec<Value> = (0..BATCH).map(message).collect();
    json!({ "batch": messages, "sentAt": at }).to_string()
}

/// The same batches, each in one statement into a table that has nothing but them.
async fn table(batches: &[String], round: usize, lasting: Duration) -> Run {
    let plain = connect(&plain_url()).await;
    let name = format!("tracked_{round}");
    execute(&plain, &format!("DROP TABLE IF EXISTS {name}")).await;
    execute(&plain, &format!("CREATE TABLE {name} (position bigserial PRIMARY KEY, said jsonb NOT NULL)"))
        .await;
    let (before, started) = (cpu::others(), Instant::now());
    let until = started + lasting;
    let one = |sender: u32| {
        let sql =
            format!("INSERT INTO {name} (said) SELECT value FROM jsonb_array_elements($1::jsonb -> 'batch')");
        let mine: Vec<String> =
            batches.iter().skip(sender as usize).step_by(SENDERS as usize).cloned().collect();
        async move {
            let plain = connect(&plain_url()).await;
            let mut taken = Vec::new();
            for body in mine {
                if Instant::now() >= until {
                    break;
                }
                let asked = Instant::now();
                let body: Value = serde_json::from_str(&body).expect("JSON");
                let backend = plain.get_database_backend();
                let insert = Statement::from_sql_and_values(backend, &sql, [body.into()]);
                plain.execute_raw(insert).await.expect("it is written");
                taken.push(asked.elapsed());
            }
            taken
        }
    };
    let senders: Vec<_> = (0..SENDERS).map(|sender| tokio::spawn(one(sender))).collect();
    let mut taken = Vec::new();
    for sender in senders {
        taken.extend(sender.await.expect("a sender ends in order"));
    }
    let count = u32::try_from(taken.len()).expect("a count").max(1);
    let worked = cpu::others().saturating_sub(before);
    messages(Run { cpu: worked / count, ..Run::of(taken, started.elapsed()) })
}

/// How many a second leave for the service that owns contacts, from now until none waits.
async fn forwarded(gateway: &DatabaseConnection) -> Run {
    const WAITING: &str = "SELECT count(*) FROM ingestion_message WHERE state IN ('pending', 'waiting')";
    let (waiting, before, started) = (number(gateway, WAITING).await, cpu::others(), Instant::now());
    eventually("all messages are forwarded", PATIENCE, || async {
        (number(gateway, WAITING).await == 0).then_some(())
    })
    .await;
    let count = u32::try_from(waiting).expect("a count").max(1);
    let rate = f64::from(count) / started.elapsed().as_secs_f64();
    Run { rate, cpu: cpu::others().saturating_sub(before) / count, ..Run::default() }
}
