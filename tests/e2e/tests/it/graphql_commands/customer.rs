//! The notebook: a customer is registered and becomes known.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::story::{NONE, SET, Story, now};

pub(super) async fn tell(story: &Story) {
    let (who, unit) = (&story.anna.person, story.company.north_1);
    let points = json!([{ "kind": "PHONE", "value": "+8613900008100" }]);
    let new = json!({ "kind": "CONSUMER", "name": "Li Na", "homeUnitId": unit, "contactPoints": points });
    let shown = json!({ "name": "Li Na", "homeUnitId": unit, "stage": "LEAD", "contactPoints": points });
    let id = story.does(who, "registerCustomer", json!({ "input": new }), shown).await["id"].clone();
    let change = json!({ "customerId": id, "input": { "name": "Li Na-Wang", "marketType": "RESELLER" } });
    let shown = json!({ "name": "Li Na-Wang", "marketType": "RESELLER" });
    story.does(who, "changeCustomer", change, shown).await;
    contact_points(story, &id).await;
    known(story, &id).await;
    allowed(story, &id).await;
    related(story, &id).await;
}

async fn contact_points(story: &Story, id: &Value) {
    let who = &story.anna.person;
    let phone = json!({ "id": SET, "kind": "PHONE", "value": "+8613900008100" });
    let mail = json!({ "id": SET, "kind": "EMAIL", "value": "li.na@example.com" });
    let add = json!({ "customerId": id, "input": { "kind": "EMAIL", "value": "li.na@example.com" } });
    let shown = json!({ "contactPoints": [&phone, mail] });
    let file = story.does(who, "addContactPoint", add, shown).await;
    let remove = json!({ "customerId": id, "contactPointId": file["contactPoints"][1]["id"] });
    story.does(who, "removeContactPoint", remove, json!({ "contactPoints": [phone] })).await;
    let serve =
        json!({ "customerId": id, "input": { "orgUnitId": story.company.north, "reason": "Moved here." } });
    let shown = json!({ "servingUnitIds": [story.company.north] });
    story.does(who, "addServingUnit", serve, shown).await;
    let external = json!({ "customerId": id, "input": { "system": "till", "value": "A-17" } });
    let shown = json!({ "externalIds": [{ "id": SET, "system": "till", "value": "A-17" }] });
    let file = story.does(who, "addExternalId", external, shown).await;
    let remove = json!({ "customerId": id, "externalRefId": file["externalIds"][0]["id"] });
    story.does(who, "removeExternalId", remove, json!({ "externalIds": NONE })).await;
}

/// What we know of her: an observation and a jar.
async fn known(story: &Story, id: &Value) {
    let who = &story.anna.person;
    let seen =
        json!({ "attribute": "dogs", "value": { "integer": 2 }, "source": "visit", "observedAt": now() });
    let shown = json!({ "attributes": [{ "id": SET, "attribute": "dogs", "value": { "integer": 2 } }] });
    let observed = json!({ "customerId": id, "input": seen });
    let file = story.does(who, "recordObservation", observed, shown).await;
    let back = json!({ "customerId": id, "observationId": file["attributes"][0]["id"],
        "input": { "reason": "They were her sister's." } });
    story.does(who, "takeBackObservation", back, json!({ "attributes": NONE })).await;
    let jar = json!({ "sku": "rice", "shape": "BOX", "widthMm": 200, "depthMm": 200, "heightMm": 300,
        "densityMilli": 800 });
    let shown = json!({ "containers": [{ "id": SET, "sku": "rice", "capacityLitresMilli": 12_000,
        "capacityKilogramsMilli": 9_600 }] });
    let file = story.does(who, "addContainer", json!({ "customerId": id, "input": jar }), shown).await;
    let gone = json!({ "customerId": id, "containerId": file["containers"][0]["id"] });
    story.does(who, "removeContainer", gone, json!({ "containers": NONE })).await;
}

/// What she allows and asks for.
async fn allowed(story: &Story, id: &Value) {
    let who = &story.anna.person;
    let word = json!({ "purpose": "MARKETING", "channel": "SMS", "status": "GRANTED", "source": "counter",
        "givenAt": now() - TimeDelta::hours(1) });
    let shown = json!({ "consents": [{ "purpose": "MARKETING", "channel": "SMS", "status": "GRANTED" }] });
    story.does(who, "recordConsent", json!({ "customerId": id, "input": word }), shown).await;
    let asked = json!({ "statedChannels": ["SMS", "PHONE"], "timeZone": "Asia/Shanghai",
        "quietSpans": [{ "fromMinute": 0, "untilMinute": 420 }] });
    let change = json!({ "customerId": id, "input": asked });
    let shown = json!({ "contactPreference": { "statedChannels": ["SMS", "PHONE"], "timeZone": "Asia/Shanghai",
        "quietSpans": [{ "fromMinute": 0, "untilMinute": 420 }] } });
    story.does(who, "changeContactPreference", change, shown).await;
    let brief = json!({ "formOfAddress": "Ms Li", "dos": ["Ring before noon."] });
    let shown = json!({ "serviceBrief": { "formOfAddress": "Ms Li", "dos": ["Ring before noon."] } });
    story.does(who, "changeServiceBrief", json!({ "customerId": id, "input": brief }), shown).await;
}

/// Whom she belongs to.
async fn related(story: &Story, id: &Value) {
    let (who, first) = (&story.anna.person, story.customer);
    let today = now().date_naive();
    let begins =
        json!({ "kind": "PARTNER_OF", "toCustomerId": first, "validFrom": today - TimeDelta::days(9) });
    let shown = json!({ "relationships": [{ "id": SET, "kind": "PARTNER_OF", "otherCustomerId": first }] });
    let file = story.does(who, "addRelationship", json!({ "customerId": id, "input": begins }), shown).await;
    let ends = json!({ "customerId": id, "relationshipId": file["relationships"][0]["id"],
        "input": { "validUntil": today - TimeDelta::days(1) } });
    story.does(who, "endRelationship", ends, json!({ "relationships": NONE })).await;

    let third =
        story.company.register(&story.suite, story.company.north_1, "Wang Bao", "+8613900008101").await.id;
    let pair = json!({ "input": { "customerIds": [first, id] } });
    let household = story.does(who, "createHousehold", pair, json!({ "memberIds": SET })).await;
    assert_eq!(household["memberIds"].as_array().map(Vec::len), Some(2));
    let home = &household["id"];
    let joins = json!({ "householdId": home, "input": { "customerId": third } });
    let joined = story.does(who, "joinHousehold", joins, json!({ "memberIds": SET })).await;
    assert_eq!(joined["memberIds"].as_array().map(Vec::len), Some(3));
    let leaves = json!({ "householdId": home, "customerId": third });
    let left = story.does(who, "leaveHousehold", leaves, json!({ "memberIds": SET })).await;
    assert_eq!(left["memberIds"], household["memberIds"]);
    story.does(who, "dissolveHousehold", json!({ "householdId": home }), json!({ "memberIds": [] })).await;
}
