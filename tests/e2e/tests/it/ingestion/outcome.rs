//! What becomes of messages: contacts and purchases, once each; refusals that can be retried.

use serde_json::{Value, json};
use testkit::{Place, eventually};

use super::{Stage, WITHIN};
use crate::on_both;

fn order(id: &str, message: &str) -> Value {
    json!({ "type": "track", "userId": "ada", "event": "Order Completed", "messageId": message,
        "timestamp": "2026-11-01T10:00:00Z", "properties": { "order_id": id, "total": 27.5, "currency": "EUR",
            "products": [{ "sku": "a", "price": 19, "quantity": 1 }, { "sku": "b", "price": 3, "quantity": 2 }] } })
}

async fn effects(place: Place) {
    let stage = Stage::set(&place).await;
    let messages = json!([
        { "type": "identify", "userId": "ada", "messageId": "1", "traits": { "firstName": "Ada", "lastName": "Lovelace",
            "email": "Ada@Example.com", "phone": "no number" } },
        { "type": "track", "userId": "ada", "event": "Product Viewed", "messageId": "2",
            "timestamp": "2026-11-01T09:00:00Z" },
        { "type": "page", "userId": "ada", "name": "Prices", "messageId": "3" },
        { "type": "page", "userId": "ada", "name": "Home", "messageId": "4" },
        { "type": "group", "userId": "ada", "groupId": "g", "messageId": "5" },
        order("o-1", "6"),
        // The shop tells of its order twice, as two messages.
        order("o-1", "7"),
        order("o-2", "8"),
    ]);
    for _ in 0..3 {
        stage.take(messages.clone()).await;
    }
    stage.counted("TRACK", Some("Order Completed"), "APPLIED", 3).await;
    stage.counted("PAGE", Some("Prices"), "APPLIED", 1).await;
    stage.counted("TRACK", Some("Product Viewed"), "APPLIED", 1).await;
    stage.counted("PAGE", Some("Home"), "UNMAPPED", 1).await;
    stage.counted("GROUP", None, "UNMAPPED", 1).await;
    stage.counted("IDENTIFY", None, "APPLIED", 1).await;
    let seen = eventually("the view shows it", WITHIN, || async {
        let seen = stage.seen("ada").await?;
        // A section is read by several statements: until it is read again, one may show what another does not yet.
        let turnover = json!([{ "currency": "EUR", "totalMinor": 5_500, "purchases": 2 }]);
        let is_whole = seen["dealings"]["timeline"].as_array().map(Vec::len) == Some(4)
            && seen["dealings"]["turnover"] == turnover;
        is_whole.then_some(seen)
    })
    .await;
    let file = &seen["file"];
    assert_eq!((&file["name"], &file["homeUnitId"]), (&json!("Ada Lovelace"), &json!(stage.company.north_1)));
    assert_eq!(file["contactPoints"], json!([{ "kind": "EMAIL", "value": "ada@example.com" }]));
    assert_eq!(file["externalIds"], json!([{ "system": "web-shop", "value": "ada" }]));
    let phases = json!([{ "phase": "PRESALES", "contacts": 1 }, { "phase": "SALES", "contacts": 1 }]);
    assert_eq!(seen["dealings"]["contactsByPhase"], phases);
    assert!(
        seen["dealings"]["timeline"].as_array().expect("a timeline").iter().any(|one| {
            one["occurredAt"].as_str().is_some_and(|at| at.starts_with("2026-11-01T09:00:00"))
        })
    );
    // What they said is gone; that the phone number was none is told.
    use sea_orm::ConnectionTrait as _;
    let db = stage.suite.running.last().expect("the gateway").runtime.db.read();
    let sql = "SELECT COUNT(*) FROM ingestion_message WHERE said IS NOT NULL";
    let row = db.query_one_raw(kit::db::statement(db, sql, vec![])).await.expect("a query").expect("a row");
    assert_eq!(row.try_get_by_index::<i64>(0).expect("a count"), 0);
    let query = "query ($id: UUID!) { ingestionMessages(sourceId: $id, state: APPLIED, first: 20) { edges { node { call reason } } } }";
    let applied = stage.suite.ask(&stage.company.admin, query, json!({ "id": stage.source_id })).await;
    let told =
        applied["ingestionMessages"]["edges"].as_array().expect("edges").iter().any(|edge| {
            edge["node"]["reason"].as_str().is_some_and(|reason| reason.contains("phone number"))
        });
    assert!(told, "{applied}");
    stage.suite.end().await;
}
on_both!(what_is_tracked_becomes_contacts_and_purchases_once, super::effects);

async fn retried(place: Place) {
    let stage = Stage::set(&place).await;
    let track = |id: &str, properties: Value| json!({ "type": "track", "userId": "ada", "event": "Order Completed", "messageId": id, "properties": properties });
    stage
        .take(json!([
            { "type": "identify", "userId": "ada", "messageId": "1", "traits": { "name": "Ada" } },
            track("2", json!({ "order_id": "o", "total": 10 })),
            track("3", json!({ "currency": "EUR" })),
            track("4", json!({ "currency": "EUR", "total": 5 })),
        ]))
        .await;
    stage.counted("TRACK", None, "REFUSED", 2).await;
    stage.counted("TRACK", None, "APPLIED", 1).await;
    let query = "query ($id: UUID!) { ingestionMessages(sourceId: $id, first: 1) { edges { node { id call state reason } } pageInfo { hasNextPage } } }";
    let refused = stage.suite.ask(&stage.company.admin, query, json!({ "id": stage.source_id })).await;
    let first = &refused["ingestionMessages"]["edges"][0]["node"];
    assert_eq!((&first["call"], &first["state"]), (&json!("TRACK"), &json!("REFUSED")));
    assert!(first["reason"].as_str().is_some_and(|reason| reason.contains("neither products nor a total")));
    assert_eq!(refused["ingestionMessages"]["pageInfo"]["hasNextPage"], true);

    let change = "mutation ($id: UUID!) { changeIngestionSource(sourceId: $id, input: { currency: \"EUR\" }) { source { currency } errors { code } } }";
    let changed = stage.suite.ask(&stage.company.admin, change, json!({ "id": stage.source_id })).await;
    assert_eq!(changed["changeIngestionSource"]["source"]["currency"], "EUR");
    let retry = "mutation ($id: UUID!) { retryIngestionMessages(sourceId: $id) { retried errors { code } } }";
    let again = stage.suite.ask(&stage.company.admin, retry, json!({ "id": stage.source_id })).await;
    assert_eq!(again["retryIngestionMessages"]["retried"], 2);
    stage.counted("TRACK", None, "APPLIED", 2).await;
    stage.counted("TRACK", None, "REFUSED", 3).await;
    let seen = eventually("both orders are there", WITHIN, || async {
        let seen = stage.seen("ada").await?;
        (seen["dealings"]["turnover"][0]["totalMinor"] == json!(1_500)).then_some(seen)
    })
    .await;
    assert_eq!(seen["dealings"]["turnover"][0]["purchases"], 2);
    stage.suite.end().await;
}
on_both!(a_refusal_says_why_and_can_be_retried, super::retried);
