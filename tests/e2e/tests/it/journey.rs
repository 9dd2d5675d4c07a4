//! One journey through everything, from the same source on `serve all` and on five processes: unit and
//! staff, a customer, a purchase, points and tier, a return, an answer, and all of it in one query.

use std::time::{Duration, Instant};

use schema::{access::Role, topology::Service};
use serde_json::{Value, json};
use testkit::{Person, Place, Suite, collector::Collector, eventually};

use crate::on_both;

/// The whole customer-360 view, and how fresh it is.
const VIEW: &str = "query ($id: UUID!, $token: String) { customer(id: $id, consistency: $token) { \
    id customerId kind status homeUnitId \
    file { name birthDate contactPoints { kind value } revision } \
    dealings { turnover { currency purchases totalMinor returnedMinor } lastPurchaseAt \
        purchases { id totalMinor returnedMinor } timeline { kind amountMinor } } \
    loyalty { tier balance qualifying pointsToNextTier entries { kind points } } \
    voice { answerCount npsScore npsCategory answers { score verbatim } } \
    freshness { section revision stale } } }";

/// Within what time everything must be in the view after the last event.
const WITHIN: Duration = Duration::from_secs(2);

struct Journey<'a> {
    suite: &'a Suite,
    admin: Person,
    manager: Person,
}

impl Journey<'_> {
    /// Runs a mutation that must succeed and gives its payload.
    async fn does(&self, who: &Person, name: &str, arguments: &str, result: &str, variables: Value) -> Value {
        let query = format!("mutation {arguments} {{ {result} errors {{ code message path }} }} }}");
        let mut data = self.suite.ask(who, &query, variables).await;
        let payload = data[name].take();
        assert_eq!(payload["errors"], json!([]), "{name}");
        payload
    }

    async fn unit(&self, code: &str, kind: &str, parent: &Value) -> Value {
        let input = json!({ "code": code, "name": format!("Unit {code}"), "kind": kind, "parentId": parent });
        let arguments = "($input: NewOrgUnit!) { createOrgUnit(input: $input)";
        let payload =
            self.does(&self.admin, "createOrgUnit", arguments, "orgUnit { id }", json!({ "input": input }));
        payload.await["orgUnit"]["id"].take()
    }

    async fn view(&self, id: &Value, token: Option<&Value>) -> Value {
        let variables = json!({ "id": id, "token": token });
        self.suite.ask(&self.manager, VIEW, variables).await["customer"].take()
    }
}

async fn journey(place: Place) {
    let collector = Collector::start();
    let settings =
        [("C360_TELEMETRY__OTLP_ENDPOINT", collector.url.as_str()), ("OTEL_BSP_SCHEDULE_DELAY", "200")];
    let suite = Suite::spawn(&place, &settings).await;
    let traced = walk(&suite).await;
    let hops = eventually("one trace over all hops", Duration::from_secs(10), || async {
        let spans = collector.trace(&traced);
        let of = |service: Service| spans.iter().any(|span| span.service == service.name());
        let hops = [Service::Gateway, Service::Interaction, Service::Loyalty];
        let applied = spans.iter().filter(|span| span.name.starts_with("apply ")).count();
        (hops.into_iter().all(of) && applied >= 3).then_some(spans)
    })
    .await;
    let earned = "apply customer360.points.earned.v1";
    assert!(hops.iter().any(|span| span.name == earned && span.service == "gateway"), "{hops:#?}");
    suite.end().await;
    collector.end().await;
}
on_both!(one_journey_through_everything, super::journey);

/// The journey itself; gives the trace of the purchase.
async fn walk(suite: &Suite) -> String {
    let (admin, manager) = (suite.person(Role::Admin, "hq"), suite.person(Role::Manager, "hq"));
    let journey = Journey { suite, admin, manager };

    // Unit and staff.
    let root = eventually("the root unit exists", Duration::from_secs(10), || async {
        let query = "{ orgUnits(code: \"hq\") { edges { node { id } } } }";
        let mut found = suite.ask(&journey.admin, query, json!({})).await;
        Some(found["orgUnits"]["edges"][0]["node"]["id"].take()).filter(Value::is_string)
    })
    .await;
    let company = journey.unit("east", "COMPANY", &root).await;
    let outlet = journey.unit("east-1", "OUTLET", &company).await;
    let arguments = "($input: NewStaff!) { joinStaff(input: $input)";
    let input = json!({ "code": "chen", "name": "Chen Jing", "orgUnitId": outlet });
    let payload =
        journey.does(&journey.admin, "joinStaff", arguments, "staff { id }", json!({ "input": input }));
    let seller = payload.await["staff"]["id"].take();

    // A customer, and the file at once.
    let input = json!({
        "kind": "CONSUMER", "name": "王小明", "birthDate": "1970-05-01", "homeUnitId": outlet,
        "contactPoints": [{ "kind": "PHONE", "value": "138 1234 5678" }],
    });
    let arguments = "($input: NewCustomer!) { registerCustomer(input: $input)";
    let result = "file { id revision } consistency";
    let payload = journey
        .does(&journey.manager, "registerCustomer", arguments, result, json!({ "input": input }))
        .await;
    let id = &payload["file"]["id"];
    // With the token at once, unless the machine is so busy that it takes over half a second.
    let view = eventually("the file is there", WITHIN, || async {
        let view = journey.view(id, Some(&payload["consistency"])).await;
        view["file"]["name"].is_string().then_some(view)
    })
    .await;
    assert_eq!(view["file"]["name"], "王小明");
    assert_eq!(view["file"]["contactPoints"][0]["value"], "+8613812345678");

    // A purchase straight after: the other services may not know the customer yet.
    let lines = json!([
        { "sku": "rice-jasmine", "quantityMilli": 10_000, "amountMinor": 90_000 },
        { "sku": "oil-peanut", "quantityMilli": 1_800, "amountMinor": 30_050 },
    ]);
    let input = json!({
        "orgUnitId": outlet, "staffId": seller, "channel": "COUNTER", "occurredAt": kit::clock::Clock::system().now(),
        "currency": "CNY", "lines": lines,
    });
    let (purchase, traced) = buy(&journey, id, &input).await;
    assert_eq!(purchase["totalMinor"], 120_050);
    let turnover = json!([{ "currency": "CNY", "purchases": 1, "totalMinor": 120_050, "returnedMinor": 0 }]);
    let view = settled(&journey, id, |view| {
        view["loyalty"]["balance"] == json!(1_200) && view["dealings"]["turnover"] == turnover
    })
    .await;
    assert_eq!(view["loyalty"]["tier"], "SILVER");

    // A return takes points and tier back.
    let input = json!({
        "occurredAt": kit::clock::Clock::system().now(), "reason": "damaged",
        "lines": [{ "lineNo": 1, "quantityMilli": 5_000, "amountMinor": 45_000 }],
    });
    let arguments = "($id: UUID!, $purchase: UUID!, $input: NewReturn!) \
        { returnPurchase(customerId: $id, purchaseId: $purchase, input: $input)";
    let variables = json!({ "id": id, "purchase": purchase["id"], "input": input });
    let result = "purchase { returnedMinor }";
    let payload = journey.does(&journey.manager, "returnPurchase", arguments, result, variables).await;
    assert_eq!(payload["purchase"]["returnedMinor"], 45_000);

    // An answer.
    let input = json!({
        "instrument": "NPS", "score": 9, "verbatim": "They knew that our jar was nearly empty.",
        "channel": "SMS", "occurredAt": kit::clock::Clock::system().now(), "purchaseId": purchase["id"],
    });
    let arguments = "($id: UUID!, $input: NewAnswer!) { recordAnswer(customerId: $id, input: $input)";
    let variables = json!({ "id": id, "input": input });
    journey.does(&journey.manager, "recordAnswer", arguments, "answer { category }", variables).await;

    // All of it in one query, soon.
    let started = Instant::now();
    let view = settled(&journey, id, |view| {
        view["loyalty"]["balance"] == json!(750)
            && view["voice"]["npsScore"] == json!(9)
            && view["dealings"]["turnover"][0]["returnedMinor"] == json!(45_000)
            && view["dealings"]["timeline"][0]["kind"] == json!("ANSWER_RECEIVED")
    })
    .await;
    assert!(started.elapsed() <= WITHIN, "it took {:?}", started.elapsed());
    assert_eq!(view["loyalty"]["tier"], "BASIC");
    assert_eq!(view["loyalty"]["pointsToNextTier"], 250);
    assert_eq!(view["voice"]["npsCategory"], "PROMOTER");
    let steps = view["dealings"]["timeline"].as_array().expect("a timeline");
    let kinds: Vec<&Value> = steps.iter().map(|step| &step["kind"]).collect();
    assert_eq!(kinds, ["ANSWER_RECEIVED", "RETURN", "PURCHASE"]);
    by_phone_and_by_name(&journey, id).await;
    traced
}

/// Buys, with a trace of our own, until the unit is known; gives the purchase and the trace.
async fn buy(journey: &Journey<'_>, id: &Value, input: &Value) -> (Value, String) {
    let query = "mutation ($id: UUID!, $input: NewPurchase!) { recordPurchase(customerId: $id, input: $input) \
        { purchase { id totalMinor } errors { code message path } } }";
    let body = json!({ "query": query, "variables": { "id": id, "input": input } });
    eventually("the unit is known to interaction", Duration::from_secs(10), || async {
        let trace =
            uuid::Uuid::from_u128(kit::clock::Clock::system().now().timestamp_micros().unsigned_abs().into());
        let response = reqwest::Client::new()
            .post(format!("{}/graphql", journey.suite.gateway))
            .bearer_auth(&journey.manager.bearer.0)
            .header("content-type", "application/json")
            .header("traceparent", format!("00-{}-00f067aa0ba902b7-01", trace.simple()))
            .body(body.to_string())
            .send()
            .await
            .expect("an answer");
        let mut answer: Value = serde_json::from_str(&response.text().await.expect("text")).expect("JSON");
        let purchase = answer["data"]["recordPurchase"]["purchase"].take();
        // A unit that is a moment old may be unknown there; a customer never is.
        let codes = answer["data"]["recordPurchase"]["errors"].to_string();
        assert!(purchase.is_object() || codes.contains("\"invalid\""), "{answer}");
        purchase.is_object().then(|| (purchase, trace.simple().to_string()))
    })
    .await
}

/// The view once it is as it must be.
async fn settled(journey: &Journey<'_>, id: &Value, is: impl Fn(&Value) -> bool) -> Value {
    eventually("the view shows it", Duration::from_secs(10), || async {
        let view = journey.view(id, None).await;
        is(&view).then_some(view)
    })
    .await
}

/// Found by the ringing phone, by the name, and by the global id.
async fn by_phone_and_by_name(journey: &Journey<'_>, id: &Value) {
    let query = "query ($value: String!) { customersByContact(kind: PHONE, value: $value) \
        { id customerId loyalty { balance } } }";
    for value in ["+8613812345678", "138 1234 5678"] {
        let found = journey.suite.ask(&journey.manager, query, json!({ "value": value })).await;
        assert_eq!(&found["customersByContact"][0]["customerId"], id, "{value}");
    }
    let query = "query ($name: String!) { customers(name: $name, first: 5) \
        { edges { cursor node { customerId file { name } } } pageInfo { hasNextPage endCursor } } }";
    let found = journey.suite.ask(&journey.manager, query, json!({ "name": "王" })).await;
    assert_eq!(&found["customers"]["edges"][0]["node"]["customerId"], id);
    assert_eq!(found["customers"]["pageInfo"]["hasNextPage"], false);
    let global = journey.view(id, None).await["id"].take();
    let query = "query ($id: ID!) { node(id: $id) { id ... on Customer { customerId } } }";
    let found = journey.suite.ask(&journey.manager, query, json!({ "id": global })).await;
    assert_eq!(&found["node"]["customerId"], id);
}

/// A command about nobody: the gateway asks the owner, who knows that there is no such customer.
async fn about_nobody(place: Place) {
    let suite = Suite::start(&place).await;
    let manager = suite.person(Role::Manager, "hq");
    let query = "mutation { recordAnswer(customerId: \"00000000-0000-0000-0000-000000000007\", input: { \
        instrument: NPS, score: 9, channel: SMS, occurredAt: \"2026-01-01T00:00:00Z\" }) { errors { code } } }";
    let answer = suite.ask(&manager, query, json!({})).await;
    assert_eq!(answer["recordAnswer"]["errors"][0]["code"], "not-found");
    suite.end().await;
}
on_both!(an_erroneous_customer_is_not_found_at_its_owner, super::about_nobody);
