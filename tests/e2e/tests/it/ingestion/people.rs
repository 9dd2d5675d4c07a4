//! Whose a message is: users, devices, former ids; and what traits make of a file.

use schema::{
    access::Role,
    api::{
        NoParameters,
        customer::{AttributeClass, AttributeType, DefineAttribute, NewAttribute},
    },
    topology::Service,
};
use serde_json::{Value, json};
use testkit::{Place, eventually};

use super::{Stage, WITHIN, customer};
use crate::on_both;

fn viewed(who: Value, message: &str) -> Value {
    let mut track = json!({ "type": "track", "event": "Product Viewed", "messageId": message });
    for (name, id) in who.as_object().expect("an object") {
        track[name] = id.clone();
    }
    track
}

async fn joined(place: Place) {
    let stage = Stage::set(&place).await;
    stage
        .take(json!([
            viewed(json!({ "anonymousId": "device-1" }), "1"),
            viewed(json!({ "anonymousId": "device-1" }), "2"),
            viewed(json!({ "anonymousId": "device-2" }), "3"),
            viewed(json!({ "userId": "grace" }), "4"),
        ]))
        .await;
    eventually("nobody is known yet", WITHIN, || async {
        (stage.in_state("waiting").await == 4).then_some(())
    })
    .await;
    assert_eq!(customer(&stage.suite, &stage.company, "grace").await, None);

    let identify = json!({ "type": "identify", "userId": "grace", "anonymousId": "device-1", "messageId": "5",
        "traits": { "name": "Grace Hopper" } });
    stage.take(json!([identify])).await;
    stage.counted("TRACK", Some("Product Viewed"), "APPLIED", 3).await;
    // The device is known from now on, and a former id of hers is too.
    stage
        .take(json!([
            viewed(json!({ "anonymousId": "device-1" }), "6"),
            { "type": "alias", "previousId": "device-2", "userId": "grace", "messageId": "7" },
        ]))
        .await;
    stage.counted("TRACK", Some("Product Viewed"), "APPLIED", 5).await;
    stage.counted("ALIAS", None, "APPLIED", 1).await;
    assert_eq!(stage.in_state("waiting").await, 0);
    eventually("all of it is in her timeline", WITHIN, || async {
        let seen = stage.seen("grace").await?;
        (seen["dealings"]["timeline"].as_array().map(Vec::len) == Some(5)).then_some(())
    })
    .await;
    stage.suite.end().await;
}
on_both!(what_a_device_did_before_is_joined, super::joined);

async fn traits(place: Place) {
    let stage = Stage::set(&place).await;
    let admin = stage.suite.person(Role::Admin, "hq");
    for (code, value_type) in [("family_size", AttributeType::Integer), ("address", AttributeType::Text)] {
        let new = NewAttribute {
            code: code.to_owned(),
            name: code.to_owned(),
            value_type,
            unit: None,
            class: AttributeClass::Contact,
            segmentable: false,
        };
        let none = NoParameters {};
        let defined = stage.suite.call::<DefineAttribute>(Service::Customer, &admin, &none, &none, &new);
        defined.await.expect("an attribute");
    }
    let identify = |message: &str, traits: Value| json!([{ "type": "identify", "userId": "u-1", "messageId": message, "traits": traits }]);
    // Nothing but an id at first.
    stage.take(identify("1", json!({}))).await;
    eventually("somebody without a name", WITHIN, || async {
        let seen = stage.seen("u-1").await?;
        (seen["file"]["name"] == "u-1").then_some(())
    })
    .await;
    let all = json!({ "name": "Alan Turing", "birthday": "1912-06-23", "familySize": "4", "shoeSize": 43,
        "address": { "street": "King's Parade 1", "city": "Cambridge" }, "phone": "+44 1632 960001" });
    stage.take(identify("2", all.clone())).await;
    let seen = eventually("what the traits say", WITHIN, || async {
        let seen = stage.seen("u-1").await?;
        (seen["file"]["name"] == "Alan Turing").then_some(seen)
    })
    .await;
    assert_eq!(seen["file"]["birthDate"], "1912-06-23");
    let attributes = json!([
        { "attribute": "address", "value": { "integer": null, "text": "King's Parade 1, Cambridge" } },
        { "attribute": "family_size", "value": { "integer": 4, "text": null } },
    ]);
    assert_eq!(seen["file"]["attributes"], attributes);
    // The same again, as pages do with every visit, changes nothing.
    let id = customer(&stage.suite, &stage.company, "u-1").await.expect("known");
    let revision = async || {
        let query = "query ($id: UUID!) { customer(id: $id) { file { revision } } }";
        let seen = stage.suite.ask(&stage.company.manager_hq, query, json!({ "id": id })).await;
        seen["customer"]["file"]["revision"].as_i64()
    };
    let before = revision().await;
    for n in 0..5 {
        stage.take(identify(&format!("again-{n}"), all.clone())).await;
    }
    stage.counted("IDENTIFY", None, "APPLIED", 7).await;
    assert_eq!(revision().await, before);
    stage.suite.end().await;
}
on_both!(traits_are_taken_up_and_the_same_again_changes_nothing, super::traits);
