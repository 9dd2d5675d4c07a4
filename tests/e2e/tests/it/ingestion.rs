//! Tracked messages as other people's clients send them: the door, what becomes of the messages, and who
//! looks after it.

mod door;
mod outcome;
mod people;

use std::time::Duration;

use schema::ids::CustomerId;
use serde_json::{Value, json};
use testkit::{Person, Place, Suite, eventually};

use crate::company::Company;

/// How long a message may take to have its effect.
const WITHIN: Duration = Duration::from_secs(20);

/// A suite with a source.
pub(crate) struct Stage {
    pub(crate) suite: Suite,
    pub(crate) company: Company,
    source_id: Value,
    key: String,
}

impl Stage {
    pub(crate) async fn set(place: &Place) -> Self {
        let suite = Suite::start(place).await;
        let company = Company::found(&suite).await;
        let mappings = json!([
            { "call": "TRACK", "event": "Product Viewed", "effect": "CONTACT", "topic": "product-viewed" },
            { "call": "PAGE", "event": "Prices", "effect": "CONTACT", "topic": "prices", "phase": "SALES" },
        ]);
        let input = json!({ "code": "web-shop", "name": "Web shop", "orgUnitId": company.north_1, "mappings": mappings });
        let created = create(&suite, &company.admin, input).await;
        let key = created["writeKey"].as_str().expect("a key").to_owned();
        let source_id = created["source"]["id"].clone();
        Self { suite, company, source_id, key }
    }

    /// Sends a body to a path; gives status and answer.
    async fn send(&self, path: &str, body: &Value) -> (u16, Value) {
        let request = reqwest::Client::new()
            .post(format!("{}/v1/{path}", self.suite.gateway))
            .basic_auth(&self.key, Some(""))
            .header("content-type", "application/json")
            .body(body.to_string());
        let response = request.send().await.expect("the gateway answers");
        let status = response.status().as_u16();
        let text = response.text().await.expect("a whole answer");
        (status, serde_json::from_str(&text).unwrap_or(Value::String(text)))
    }

    /// Sends messages that are all taken.
    pub(crate) async fn take(&self, messages: Value) {
        let (status, answer) = self.send("batch", &json!({ "batch": messages })).await;
        assert_eq!(
            (status, &answer["success"], &answer["refused"]),
            (200, &json!(true), &Value::Null),
            "{answer}"
        );
    }

    /// How many messages of a call, and of an event when it is named, had an outcome.
    async fn count(&self, call: &str, event: Option<&str>, state: &str) -> i64 {
        let query = "query ($id: UUID!) { ingestionCounts(sourceId: $id) { call event state count } }";
        let counts = self.suite.ask(&self.company.admin, query, json!({ "id": self.source_id })).await;
        let counts = counts["ingestionCounts"].as_array().cloned().expect("counts");
        let fits = |one: &&Value| {
            one["call"] == call && one["state"] == state && event.is_none_or(|event| one["event"] == event)
        };
        counts.iter().filter(fits).map(|one| one["count"].as_i64().expect("a number")).sum()
    }

    /// Waits until so many messages had an outcome.
    pub(crate) async fn counted(&self, call: &str, event: Option<&str>, state: &str, wanted: i64) {
        eventually(&format!("{wanted} {call} {event:?} are {state}"), WITHIN, || async {
            (self.count(call, event, state).await == wanted).then_some(())
        })
        .await;
    }

    /// How many messages are in a state, by the gateway's own table.
    async fn in_state(&self, state: &str) -> i64 {
        use sea_orm::ConnectionTrait as _;
        let gateway = self.suite.running.last().expect("the gateway");
        let db = gateway.runtime.db.read();
        let sql = "SELECT COUNT(*) FROM ingestion_message WHERE state = $1";
        let row = db.query_one_raw(kit::db::statement(db, sql, vec![state.into()])).await.expect("a query");
        row.expect("a row").try_get_by_index(0).expect("a count")
    }

    /// What the view shows of the customer whom the shop knows by this id.
    async fn seen(&self, user: &str) -> Option<Value> {
        let id = customer(&self.suite, &self.company, user).await?;
        let query = "query ($id: UUID!) { customer(id: $id) { file { name birthDate homeUnitId \
            externalIds { system value } contactPoints { kind value } attributes { attribute value { integer text } } } \
            dealings { turnover { currency totalMinor purchases } timeline { kind occurredAt } \
            contactsByPhase { phase contacts } } } }";
        let seen =
            self.suite.ask(&self.company.manager_hq, query, json!({ "id": id })).await["customer"].take();
        (!seen.is_null()).then_some(seen)
    }
}

/// Creates a source; the payload of the mutation.
async fn create(suite: &Suite, who: &Person, input: Value) -> Value {
    let query = "mutation ($input: NewIngestionSource!) { createIngestionSource(input: $input) \
        { source { id code namespace channel active writeKeyHint } writeKey errors { code message path } } }";
    // The gateway learns of a new unit a moment later.
    eventually("the gateway knows the unit", WITHIN, || async {
        let payload = suite.ask(who, query, json!({ "input": input })).await["createIngestionSource"].take();
        let unknown = payload["errors"][0]["path"] == json!(["input", "orgUnitId"]);
        (!unknown || who.viewer.org_unit.as_deref() == Some("south")).then_some(payload)
    })
    .await
}

/// The customer whom the shop knows by this id.
pub(crate) async fn customer(suite: &Suite, company: &Company, user: &str) -> Option<CustomerId> {
    use schema::{
        api::{
            NoParameters, Nothing,
            customer::{ExternalIdQuery, FindByExternalId},
        },
        topology::Service,
    };
    let query = ExternalIdQuery { system: "web-shop".to_owned(), value: user.to_owned() };
    let none = NoParameters {};
    let found =
        suite.call::<FindByExternalId>(Service::Customer, &company.manager_hq, &none, &query, &Nothing);
    found.await.ok().map(|file| file.id)
}
