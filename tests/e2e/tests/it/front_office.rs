//! What a front office does with a file through the gateway: relationships, attributes, weights, containers.

use std::time::Duration;

use schema::{
    api::{
        NoParameters,
        customer::{CustomerKind, NewCustomer, RegisterCustomer},
    },
    topology::Service,
};
use serde_json::{Value, json};
use testkit::{Person, Place, Suite, eventually};

use crate::{
    company::{Company, new_customer},
    on_both,
};

/// Runs a mutation that must succeed and gives its payload.
async fn does(suite: &Suite, who: &Person, name: &str, arguments: &str, result: &str, input: Value) -> Value {
    let kind = match name {
        "addRelationship" => "NewRelationship",
        "endRelationship" => "RelationshipEnd",
        "defineAttribute" => "NewAttribute",
        "changeAttribute" => "AttributeChange",
        "setProfileWeights" => "ProfileWeightsInput",
        "recordObservation" => "NewObservation",
        _ => "NewContainer",
    };
    let query = format!(
        "mutation ($input: {kind}!) {{ {name}({arguments} input: $input) {{ {result} errors {{ code path }} }} }}"
    );
    let payload = suite.ask(who, &query, json!({ "input": input })).await[name].take();
    assert_eq!(payload["errors"], json!([]), "{name}");
    payload
}

async fn through_the_gateway(place: Place) {
    let suite = Suite::start(&place).await;
    let company = Company::found(&suite).await;
    let (admin, who) = (&company.admin, &company.manager_north_1);
    let consumer = company.register(&suite, company.north_1, "Wang Jia", "+8613900007001").await.id;
    let none = NoParameters {};
    let new = NewCustomer {
        kind: CustomerKind::Intermediary,
        birth_date: None,
        ..new_customer(company.north_1, "Rice and Grain Trading", "+8613900007002")
    };
    let dealer = suite
        .call::<RegisterCustomer>(Service::Customer, &company.manager_hq, &none, &none, &new)
        .await
        .expect("a dealer")
        .id;

    let size = json!({ "code": "household_size", "name": "Household", "type": "INTEGER", "unit": "heads",
        "class": "PLAIN", "segmentable": true });
    let defined = does(&suite, admin, "defineAttribute", "", "attribute { id type revision }", size).await;
    assert_eq!(defined["attribute"]["type"], "INTEGER");
    let about = format!("attributeId: {},", defined["attribute"]["id"]);
    let change = json!({ "unit": "persons" });
    let changed = does(&suite, admin, "changeAttribute", &about, "attribute { name unit revision }", change);
    let wanted = json!({ "name": "Household", "unit": "persons", "revision": 2 });
    assert_eq!(changed.await["attribute"], wanted);
    let weights = json!({ "items": [{ "item": "household_size", "weight": 5 }] });
    let set =
        does(&suite, admin, "setProfileWeights", "", "weights { items { item weight } }", weights).await;
    assert_eq!(set["weights"]["items"][0], json!({ "item": "household_size", "weight": 5 }));

    let about = format!("customerId: \"{consumer}\",");
    let asks = "file { completeness { missing { item } } } consistency";
    let jar = json!({ "sku": "rice-jasmine", "shape": "CYLINDER", "widthMm": 300, "heightMm": 420,
        "densityMilli": 800 });
    let stands = does(&suite, who, "addContainer", &about, asks, jar).await;
    assert_eq!(stands["file"]["completeness"]["missing"][0]["item"], "household_size", "to be asked next");
    let told = json!({ "attribute": "household_size", "value": { "integer": 4 }, "source": "counter",
        "observedAt": "2026-03-01T09:00:00Z" });
    does(&suite, who, "recordObservation", &about, asks, told).await;
    let related = json!({ "kind": "SOLD_THROUGH_BY", "toCustomerId": dealer, "validFrom": "2026-01-01" });
    let done =
        does(&suite, who, "addRelationship", &about, "file { relationships { id } } consistency", related);
    let done = done.await;

    // Read what was written.
    let view = "query ($id: UUID!, $token: String) { customer(id: $id, consistency: $token) { file { \
        attributes { attribute value { integer } } completeness { missing { item } } \
        containers { id capacityLitresMilli } relationships { kind direction } } } }";
    let variables = json!({ "id": consumer, "token": done["consistency"] });
    let mut file = eventually("the view shows what was written", Duration::from_secs(10), || async {
        let file = suite.ask(who, view, variables.clone()).await["customer"]["file"].take();
        (file["relationships"] != json!([])).then_some(file)
    })
    .await;
    let container = file["containers"][0]["id"].take();
    assert_eq!(
        file,
        json!({
            "attributes": [{ "attribute": "household_size", "value": { "integer": 4 } }],
            "completeness": { "missing": [{ "item": "email" }] },
            "containers": [{ "id": null, "capacityLitresMilli": 29_688 }],
            "relationships": [{ "kind": "SOLD_THROUGH_BY", "direction": "FROM" }],
        })
    );
    let ended = format!("{about} relationshipId: {},", done["file"]["relationships"][0]["id"]);
    let end = json!({ "validUntil": "2026-02-01" });
    let file = does(&suite, who, "endRelationship", &ended, "file { relationships { id } }", end).await;
    assert_eq!(file["file"]["relationships"], json!([]));
    let query = format!(
        "mutation {{ removeContainer({about} containerId: {container}) {{ file {{ containers {{ id }} }} }} }}"
    );
    let removed = suite.ask(who, &query, json!({})).await;
    assert_eq!(removed["removeContainer"]["file"]["containers"], json!([]));

    // A mistake comes back with its place in the arguments.
    let query = format!(
        "mutation {{ recordObservation({about} input: {{ attribute: \"household_size\", value: {{ text: \"4\" }}, \
         source: \"counter\", observedAt: \"2026-03-01T09:00:00Z\" }}) {{ errors {{ code path }} }} }}"
    );
    let refused = suite.ask(who, &query, json!({})).await;
    let wanted = json!([{ "code": "invalid", "path": ["input", "value"] }]);
    assert_eq!(refused["recordObservation"]["errors"], wanted);
    suite.end().await;
}
on_both!(a_file_is_filled_through_the_gateway, super::through_the_gateway);
