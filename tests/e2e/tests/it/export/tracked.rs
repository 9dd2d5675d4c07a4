//! What the gateway keeps of a person: whose device it is, and tracked messages that still say something.

use std::time::Duration;

use schema::access::Role;
use serde_json::{Value, json};
use testkit::{Place, eventually};

use super::{export_as, rows};
use crate::{
    ingestion::{Stage, customer},
    on_both,
};

async fn messages(place: Place) {
    let stage = Stage::set(&place).await;
    // Without a currency an order is refused, and keeps what it says.
    let order = |who: Value, id: &str| {
        let mut order = json!({ "type": "track", "event": "Order Completed", "messageId": id,
            "properties": { "order_id": id, "total": 12.5, "note": "for the party" } });
        for (name, id) in who.as_object().expect("an object") {
            order[name] = id.clone();
        }
        order
    };
    stage
        .take(json!([
            { "type": "identify", "userId": "ada", "anonymousId": "device-1", "messageId": "1",
                "traits": { "name": "Ada Lovelace" } },
            { "type": "identify", "userId": "bob", "anonymousId": "device-2", "messageId": "2",
                "traits": { "name": "Bob" } },
        ]))
        .await;
    stage.counted("IDENTIFY", None, "APPLIED", 2).await;
    stage
        .take(json!([
            order(json!({ "userId": "ada" }), "by-user"),
            order(json!({ "anonymousId": "device-1" }), "by-device"),
            order(json!({ "userId": "bob" }), "of-bob"),
            order(json!({ "anonymousId": "device-2" }), "of-bobs-device"),
        ]))
        .await;
    stage.counted("TRACK", None, "REFUSED", 4).await;
    // What nobody is known by yet is nobody's.
    stage.take(json!([order(json!({ "anonymousId": "device-3" }), "of-nobody")])).await;
    let ada = customer(&stage.suite, &stage.company, "ada").await.expect("a customer").to_string();
    let suite = &stage.suite;
    let of_gateway = async |role: Role, kind: &str| -> Vec<Value> {
        let ended = export_as(suite, &suite.person(role, "hq"), &["person", &ada]).await.whole();
        let of_kind = |row: &Value| row["service"] == "gateway" && row["kind"] == kind;
        rows(&ended).into_iter().filter(of_kind).map(|mut row| row["record"].take()).collect()
    };
    let found = eventually("both of her messages are there", Duration::from_secs(40), || async {
        let found = of_gateway(Role::Manager, "ingestion_message").await;
        (found.len() == 2).then_some(found)
    })
    .await;
    assert_eq!(found[0]["fields"]["order_id"], "by-user", "{found:?}");
    assert_eq!((&found[0]["user_id"], &found[0]["state"]), (&json!("ada"), &json!("refused")));
    assert_eq!((&found[1]["anonymous_id"], &found[1]["call"]), (&json!("device-1"), &json!("track")));
    assert_eq!(found[1]["fields"]["note"], "for the party");
    assert_eq!(of_gateway(Role::Manager, "ingestion_link").await.len(), 1, "her device");

    let masked = of_gateway(Role::Marketing, "ingestion_message").await;
    assert_eq!((&masked[0]["user_id"], &masked[0]["fields"]), (&json!("a****"), &Value::Null));
    assert_eq!(masked[1]["anonymous_id"], "d****");
    let link = of_gateway(Role::Marketing, "ingestion_link").await;
    let key = link[0]["key"].as_str().expect("a masked key");
    assert!(key.len() == 5 && key.ends_with("****"), "a device is as masked as any other identity: {link:?}");
    stage.suite.end().await;
}
on_both!(tracked_messages_and_devices_of_a_person_are_theirs, super::messages);
