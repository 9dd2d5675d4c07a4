//! Six segments that marketing asks for: how many, the first hundred, and all, asked of the suite and of others
//! over the same rows. The judges' script asks PostgreSQL by hand-written SQL on the wide table, DuckDB and
//! Polars; all must find the same customers.

use std::time::{Duration, Instant};

use kit::clock::Clock;
use schema::{
    api::{
        customer::{ConsentPurpose, ConsentStatus, NewConsent},
        interaction::Channel,
    },
    topology::Service,
};
use sea_orm::DatabaseConnection;
use serde_json::{Value, json};
use tokio::process::Command;
use uuid::Uuid;

use crate::{
    driver::{Connection, Run, get_as, post},
    report::Report,
    rival::judges,
    stage::{Stage, execute, ids, number, plain_url},
};

/// How often each is asked.
const ROUNDS: usize = 21;
/// How many allow us to write to them.
const CONSENTS: i64 = 5_000;
const PATIENCE: Duration = Duration::from_secs(120);
const QUESTIONS: [&str; 3] = ["count", "first_100", "list"];

/// Says for some customers that we may write to them: a file of history has no consents.
pub(crate) async fn consent(stage: &Stage) {
    let customer = stage.database(Service::Customer).await;
    let sql = format!("SELECT id FROM customer ORDER BY md5('c' || id::text) LIMIT {CONSENTS}");
    let consent = NewConsent {
        purpose: ConsentPurpose::Marketing,
        channel: Channel::Email,
        status: ConsentStatus::Granted,
        given_at: Clock::system().now() - chrono::TimeDelta::days(30),
        expires_at: None,
        source: "counter".to_owned(),
        said_by: None,
    };
    let (body, bearer) = (serde_json::to_string(&consent).expect("JSON"), stage.manager.bearer.0.as_ref());
    let mut connection = Connection::open(stage.address(Service::Customer)).await;
    for id in ids(&customer, &sql).await {
        let path = format!("/customers/{id}/consents");
        connection.ask(&post(&path, Some(bearer), &body)).await;
    }
    crate::load::settle(stage).await;
}

/// Has the base scored, as it is every night: what was imported since is not in this morning's scores.
pub(crate) async fn score(stage: &Stage) {
    let loyalty = stage.database(Service::Loyalty).await;
    execute(&loyalty, "DELETE FROM rfm_scoring").await;
    testkit::eventually("the base is scored", PATIENCE, || async {
        let scored = number(&loyalty, "SELECT count(*) FROM rfm_scoring").await;
        (scored > 0).then_some(())
    })
    .await;
}

/// Asks all for every segment.
pub(crate) async fn measure(stage: &Stage, plain: &DatabaseConnection, report: &mut Report) {
    let segments: Value =
        serde_json::from_slice(&std::fs::read(judges().join("segments/segments.json")).expect("segments"))
            .expect("JSON");
    let units = ids(plain, "SELECT DISTINCT unit_id FROM wide").await;
    // The whole organisation below the root, and the root itself.
    let units: Vec<String> = units.iter().chain([&stage.root.uuid()]).map(Uuid::to_string).collect();
    let said = others(&units.join(",")).await;
    let bearer = stage.manager.bearer.0.as_ref();
    let mut connection = Connection::open(stage.address(Service::Loyalty)).await;
    for segment in segments.as_array().expect("a list") {
        let code = segment["code"].as_str().expect("a code");
        let condition = segment["condition"].to_string();
        let condition = condition.replace("{currency}", "CNY").replace("{unit}", &stage.root.to_string());
        let condition: Value = serde_json::from_str(&condition).expect("JSON");
        let new = json!({ "code": code, "name": segment["name"], "condition": condition });
        let id = created(&mut connection, bearer, code, &new).await;
        let preview = post("/segment-previews", Some(bearer), &json!({ "condition": condition }).to_string());
        let members = get_as(&format!("/segments/{id}/members?limit=100"), bearer);
        let export = get_as(&format!("/segments/{id}/export?format=ndjson"), bearer);
        let counted: Value = serde_json::from_slice(connection.ask(&preview).await).expect("JSON");
        let theirs = &said["segments"][code];
        assert_eq!(counted["customers"], theirs["count"], "{code}: {counted}");
        for (question, wire) in QUESTIONS.iter().zip([preview, members, export]) {
            let title = format!("segment {code} ({} of them): {question}", theirs["count"]);
            let micros = &theirs["microseconds"];
            report.run(&title, "hand-written SQL", lasted(&micros["postgresql"][question]));
            let mut taken = Vec::new();
            for _ in 0..ROUNDS {
                let started = Instant::now();
                connection.ask(&wire).await;
                taken.push(started.elapsed());
            }
            let all: Duration = taken.iter().sum();
            report.run(&title, "Customer 360", Run::of(taken, all));
            report.run(&title, "DuckDB", lasted(&micros["duckdb"][question]));
            report.run(&title, "Polars", lasted(&micros["polars"][question]));
        }
    }
}

/// A run of which the median is known.
fn lasted(micros: &Value) -> Run {
    let taken = Duration::from_secs_f64(micros.as_f64().expect("a number") / 1e6);
    Run { rate: 1.0 / taken.as_secs_f64(), p50: taken, ..Run::default() }
}

/// The segment's id once all who belong to it are kept; an earlier run may have made it.
async fn created(connection: &mut Connection, bearer: &str, code: &str, new: &Value) -> String {
    let listed: Value =
        serde_json::from_slice(connection.ask(&get_as("/segments", bearer)).await).expect("JSON");
    let held = listed["items"].as_array().and_then(|all| all.iter().find(|one| one["code"] == code)).cloned();
    let segment = match held {
        Some(segment) => segment,
        None => {
            serde_json::from_slice(connection.ask(&post("/segments", Some(bearer), &new.to_string())).await)
                .expect("JSON")
        }
    };
    segment["id"].as_str().expect("an id").to_owned()
}

/// What the judges' script finds and how long the others take.
async fn others(units: &str) -> Value {
    // The suite judges by days of UTC; today is one of them.
    let day = Clock::system().now().date_naive();
    let asked = Command::new(judges().join("segments/run"))
        .args([&day.to_string(), units, "--rounds", &ROUNDS.to_string()])
        .env("DATABASE_URL", plain_url())
        .kill_on_drop(true)
        .output();
    let output = tokio::time::timeout(PATIENCE, asked).await.expect("an answer in time").expect("it starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("JSON")
}
