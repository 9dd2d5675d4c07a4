//! Units, staff, attributes and weights: what an administrator configures.

use serde_json::json;

use super::story::{SET, SOME, Story};

pub(super) async fn tell(story: &Story) {
    units(story).await;
    staff(story).await;
    let admin = &story.company.admin;
    let new = json!({ "code": "door_colour", "name": "Door", "type": "TEXT", "class": "PLAIN" });
    let shown = json!({ "code": "door_colour", "type": "TEXT", "class": "PLAIN", "segmentable": false });
    let attribute = story.does(admin, "defineAttribute", json!({ "input": new }), shown).await;
    let id = &attribute["id"];
    let change = json!({ "attributeId": id, "input": { "name": "Colour of the door" } });
    story.does(admin, "changeAttribute", change, json!({ "name": "Colour of the door" })).await;
    story.does(admin, "retireAttribute", json!({ "attributeId": id }), json!({ "retiredAt": SET })).await;
    let new =
        json!({ "code": "dogs", "name": "Dogs", "type": "INTEGER", "class": "PLAIN", "segmentable": true });
    let shown = json!({ "code": "dogs", "retiredAt": null, "segmentable": true });
    story.does(admin, "defineAttribute", json!({ "input": new }), shown).await;
    let weights = json!({ "items": [{ "item": "dogs", "weight": 7 }] });
    story.does(admin, "setProfileWeights", json!({ "input": weights }), json!({ "items": SOME })).await;
}

async fn units(story: &Story) {
    let (admin, company) = (&story.company.admin, &story.company);
    let new = json!({ "code": "north-2", "name": "North two", "kind": "OUTLET", "parentId": company.north });
    let shown = json!({ "code": "north-2", "kind": "OUTLET", "status": "OPEN", "parentId": company.north });
    let unit = story.does(admin, "createOrgUnit", json!({ "input": new }), shown).await["id"].clone();
    let change =
        json!({ "name": "By the lake", "details": { "services": ["repair"], "timeZone": "Asia/Shanghai" } });
    let shown =
        json!({ "name": "By the lake", "details": { "services": ["repair"], "timeZone": "Asia/Shanghai" } });
    story.does(admin, "changeOrgUnit", json!({ "orgUnitId": unit, "input": change }), shown).await;
    let to = json!({ "orgUnitId": unit, "input": { "parentId": company.south } });
    story.does(admin, "moveOrgUnit", to, json!({ "parentId": company.south })).await;
    story.does(admin, "closeOrgUnit", json!({ "orgUnitId": unit }), json!({ "status": "CLOSED" })).await;
    story.does(admin, "reopenOrgUnit", json!({ "orgUnitId": unit }), json!({ "status": "OPEN" })).await;
}

async fn staff(story: &Story) {
    let (admin, company) = (&story.company.admin, &story.company);
    let new = json!({ "code": "ming", "name": "Ming", "orgUnitId": company.north_1 });
    let shown = json!({ "code": "ming", "orgUnitId": company.north_1, "status": "ACTIVE" });
    let ming = story.does(admin, "joinStaff", json!({ "input": new }), shown).await["id"].clone();
    let moved = json!({ "staffId": ming, "input": { "name": "Li Ming", "orgUnitId": company.south_1 } });
    let shown = json!({ "name": "Li Ming", "orgUnitId": company.south_1 });
    story.does(admin, "changeStaff", moved, shown).await;
    let leaving = json!({ "staffId": ming, "input": { "successorId": company.seller } });
    let shown = json!({ "status": "LEFT", "successorId": company.seller, "leftAt": SET });
    story.does(admin, "leaveStaff", leaving, shown).await;
}
