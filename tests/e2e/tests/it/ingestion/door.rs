//! The door: keys, sizes, forms, other origins; and that what was taken is there after an end.

use kit::service::Shared;
use schema::{access::Role, topology::Service};
use serde_json::{Value, json};
use testkit::{Place, suite::start_service};

use super::{Stage, create};
use crate::on_both;

async fn keys(place: Place) {
    let stage = Stage::set(&place).await;
    let url = format!("{}/v1/track", stage.suite.gateway);
    let track = json!({ "userId": "u", "event": "Nothing", "messageId": "one" });
    let client = reqwest::Client::new();
    let post = |key: Option<&str>, body: &Value| {
        let request = client.post(&url).header("content-type", "text/plain").body(body.to_string());
        let request = match key {
            Some(key) => request.basic_auth(key, Some("")),
            None => request,
        };
        async move { request.send().await.expect("an answer") }
    };
    assert_eq!(post(None, &track).await.status(), 401);
    let refused = post(Some("no-key-of-ours"), &track).await;
    assert_eq!(refused.status(), 401);
    assert!(refused.headers().get("www-authenticate").is_none(), "no browser opens a window for it");
    let mut keyed = track.clone();
    keyed["writeKey"] = json!(stage.key);
    let taken = post(None, &keyed).await;
    assert_eq!(taken.status(), 200);
    assert_eq!(taken.headers()["access-control-allow-origin"], "*");
    assert_eq!(post(Some(&stage.key), &track).await.status(), 200);

    // Nothing of the key is kept but its hash and its first characters.
    use sea_orm::ConnectionTrait as _;
    let db = stage.suite.running.last().expect("the gateway").runtime.db.read();
    let sql = "SELECT COUNT(*) FROM ingestion_source WHERE write_key_hash LIKE '%' || $1 || '%'";
    let row = db.query_one_raw(kit::db::statement(db, sql, vec![stage.key.as_str().into()])).await;
    let row = row.expect("a query").expect("a row");
    assert_eq!(row.try_get_by_index::<i64>(0).expect("a count"), 0);

    // Another key takes the place of the first.
    let query = "mutation ($id: UUID!) { rotateIngestionWriteKey(sourceId: $id) { writeKey source { writeKeyHint } } }";
    let rotated = stage.suite.ask(&stage.company.admin, query, json!({ "id": stage.source_id })).await;
    let key = rotated["rotateIngestionWriteKey"]["writeKey"].as_str().expect("a key").to_owned();
    assert!(
        key != stage.key
            && key.starts_with(
                rotated["rotateIngestionWriteKey"]["source"]["writeKeyHint"].as_str().expect("a hint")
            )
    );
    assert_eq!(post(Some(&key), &track).await.status(), 200);
    testkit::eventually("the former key is refused", super::WITHIN, || async {
        (post(Some(&stage.key), &track).await.status() == 401).then_some(())
    })
    .await;
    stage.suite.end().await;
}
on_both!(only_the_key_of_an_active_source_opens, super::keys);

async fn forms(place: Place) {
    let stage = Stage::set(&place).await;
    let url = |path: &str| format!("{}/v1/{path}", stage.suite.gateway);
    let client =
        reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().expect("a client");
    let preflight = client
        .request(reqwest::Method::OPTIONS, url("batch"))
        .header("origin", "https://shop.example")
        .header("access-control-request-method", "POST")
        .header("access-control-request-headers", "authorization,content-type")
        .send()
        .await
        .expect("an answer");
    assert_eq!(preflight.status(), 204);
    assert_eq!(preflight.headers()["access-control-allow-methods"], "POST");
    assert!(
        preflight.headers()["access-control-allow-headers"].to_str().expect("text").contains("authorization")
    );
    let read = client.get(url("batch")).send().await.expect("an answer");
    assert_eq!(
        (read.status().as_u16(), read.headers()["allow"].to_str().expect("text")),
        (405, "POST, OPTIONS")
    );

    let page = json!({ "anonymousId": "a", "name": "Home" });
    for path in ["page", "page/", "p", "screen", "s/", "import", "b"] {
        let is_batch = matches!(path, "import" | "b");
        let mut message = page.clone();
        message["type"] = json!("page");
        let body = if is_batch { json!({ "batch": [message] }) } else { page.clone() };
        assert_eq!(stage.send(path, &body).await.0, 200, "{path}");
    }
    assert_eq!(stage.send("batch", &json!({ "batch": [] })).await.0, 200);
    assert_eq!(stage.send("batch", &json!({})).await.0, 400);
    assert_eq!(stage.send("track", &json!({ "event": "A" })).await.0, 400);
    assert_eq!(
        stage.send("track", &json!({ "event": "A", "userId": "u", "x": "y".repeat(33_000) })).await.0,
        413
    );
    assert_eq!(stage.send("batch", &json!({ "batch": [], "x": "y".repeat(520_000) })).await.0, 413);
    let (status, answer) = stage
        .send(
            "batch",
            &json!({ "batch": [{ "type": "track", "event": "A" }, { "type": "page", "userId": "u" }] }),
        )
        .await;
    assert_eq!(
        (status, &answer["refused"][0]["index"], &answer["refused_count"]),
        (200, &json!(0), &json!(1))
    );
    stage.suite.end().await;
}
on_both!(a_request_has_its_form_and_its_bounds, super::forms);

/// What was acknowledged is there after the gateway was ended at once, and is forwarded then.
async fn again(place: Place) {
    let mut stage = Stage::set(&place).await;
    let message = |n: usize| json!({ "type": "track", "userId": "u", "event": "Unheard Of", "messageId": format!("m{n}") });
    let all: Vec<Value> = (0..300).map(message).collect();
    stage.take(json!(all)).await;
    let gateway = stage.suite.running.pop().expect("the gateway");
    gateway.end().await;
    let second = start_service(Service::Gateway, &stage.suite.config, &Shared::default()).await;
    stage.suite.gateway = second.url();
    stage.suite.running.push(second);
    stage.take(json!(all)).await;
    stage.counted("TRACK", Some("Unheard Of"), "UNMAPPED", 300).await;
    assert_eq!((stage.in_state("pending").await, stage.in_state("unmapped").await), (0, 300));
    stage.suite.end().await;
}
on_both!(what_was_taken_outlives_the_gateway_and_is_taken_once, super::again);

async fn roles(place: Place) {
    let stage = Stage::set(&place).await;
    let (suite, company) = (&stage.suite, &stage.company);
    let query = "{ ingestionSources { code } }";
    for role in [Role::Manager, Role::Marketing, Role::Executive, Role::Presales] {
        let answer = suite.graphql(&suite.person(role, "hq"), query, json!({})).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "forbidden", "{role:?}");
    }
    let south = suite.person(Role::Admin, "south");
    assert_eq!(suite.ask(&south, query, json!({})).await["ingestionSources"], json!([]));
    let hidden = "query ($id: UUID!) { ingestionMessages(sourceId: $id) { edges { node { id } } } }";
    let answer = suite.graphql(&south, hidden, json!({ "id": stage.source_id })).await;
    assert_eq!(answer["errors"][0]["extensions"]["code"], "not-found");
    let change = "mutation ($id: UUID!) { changeIngestionSource(sourceId: $id, input: { active: false }) { errors { code } } }";
    let answer = suite.ask(&south, change, json!({ "id": stage.source_id })).await;
    assert_eq!(answer["changeIngestionSource"]["errors"][0]["code"], "not-found");
    let input = json!({ "code": "other", "name": "Other", "orgUnitId": company.north_1 });
    assert_eq!(create(suite, &south, input).await["errors"][0]["code"], "invalid");

    let input = json!({ "code": "web-shop", "name": "Again", "orgUnitId": company.north_1 });
    assert_eq!(create(suite, &company.admin, input).await["errors"][0]["code"], "already-exists");
    let input = json!({ "code": "No Code", "name": " ", "orgUnitId": company.north_1,
        "mappings": [{ "call": "GROUP", "effect": "IGNORE" }] });
    let refused = create(suite, &company.admin, input).await;
    let places: Vec<&Value> =
        refused["errors"].as_array().expect("errors").iter().map(|one| &one["path"]).collect();
    assert_eq!(
        places,
        [&json!(["input", "code"]), &json!(["input", "name"]), &json!(["input", "mappings", "0", "call"])]
    );

    let off = suite.ask(&company.admin, change, json!({ "id": stage.source_id })).await;
    assert_eq!(off["changeIngestionSource"]["errors"], json!([]));
    testkit::eventually("a source that is not active takes nothing", super::WITHIN, || async {
        let (status, _) = stage.send("track", &json!({ "userId": "u", "event": "A" })).await;
        (status == 401).then_some(())
    })
    .await;
    stage.suite.end().await;
}
on_both!(administrators_of_the_unit_look_after_a_source, super::roles);
