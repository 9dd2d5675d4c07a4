//! What it is worth: points given, held and spent, the programme, supplies, segments, lists and scores.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::story::{SET, Story, now};

pub(super) async fn tell(story: &Story) {
    points(story).await;
    programme(story).await;
    segments(story).await;
}

async fn points(story: &Story) {
    let (who, dora, id) = (&story.anna.person, &story.dora.person, story.customer);
    let gift = json!({ "customerId": id, "input": { "points": 500, "reason": "spoiled-goods" } });
    story.does(dora, "grantGoodwill", gift, json!({ "kind": "GOODWILL", "points": 500 })).await;
    for (settle, state) in [("confirmHold", "CONFIRMED"), ("cancelHold", "CANCELLED")] {
        let hold = json!({ "points": 200, "reason": "voucher", "expiresAt": now() + TimeDelta::hours(1) });
        let shown = json!({ "state": "OPEN", "points": 200, "reason": "voucher" });
        let held = story.does(who, "holdPoints", json!({ "customerId": id, "input": hold }), shown).await;
        let settled = json!({ "customerId": id, "holdId": held["id"] });
        story.does(who, settle, settled, json!({ "state": state, "settledAt": SET })).await;
    }
    let supply = json!({ "persons": 4, "milliPerPersonDay": 250, "leadDays": 2, "bufferDays": 3 });
    let set = json!({ "customerId": id, "sku": "rice", "input": supply });
    let shown = json!({ "sku": "rice", "rateSource": "DECLARED", "dailyUseMilli": 1_000 });
    story.does(who, "setSupply", set, shown).await;
}

async fn programme(story: &Story) {
    let once = 1_000_000;
    let multipliers = json!({ "basicMillionths": once, "silverMillionths": once, "goldMillionths": once,
        "platinumMillionths": 2 * once });
    let thresholds = json!({ "silver": 100, "gold": 300, "platinum": 900 });
    let terms = json!({ "rateMillionths": 20_000, "rounding": "DOWN", "downgrade": "TO_EARNED", "tierPeriodMonths": 12,
        "multipliers": &multipliers, "thresholds": &thresholds });
    let new = json!({ "input": { "validFrom": now() + TimeDelta::days(3), "terms": terms } });
    let shown = json!({ "version": 2, "terms": { "rateMillionths": 20_000, "multipliers": multipliers,
        "thresholds": thresholds } });
    story.does(&story.company.admin, "createProgrammeVersion", new, shown).await;
}

async fn segments(story: &Story) {
    let (dora, id) = (&story.dora.person, story.customer);
    let new =
        json!({ "code": "regulars", "name": "Regulars", "condition": { "frequency": { "atLeast": 1 } } });
    let shown = json!({ "code": "regulars", "version": 1, "state": "ACTIVE",
        "condition": { "frequency": { "atLeast": 1 } } });
    let segment = story.does(dora, "createSegment", json!({ "input": new }), shown).await["id"].clone();
    let change = json!({ "segmentId": segment, "input": { "condition": { "frequency": { "atLeast": 2 } } } });
    let shown = json!({ "version": 2, "condition": { "frequency": { "atLeast": 2 } } });
    story.does(dora, "changeSegment", change, shown).await;
    let archive = json!({ "segmentId": segment });
    story.does(dora, "archiveSegment", archive, json!({ "state": "ARCHIVED" })).await;

    let new = json!({ "input": { "code": "tasting", "name": "Tasting" } });
    let list =
        story.does(dora, "createCustomerList", new, json!({ "code": "tasting", "customers": 0 })).await;
    let listed = |input: Value| json!({ "listId": list["id"], "input": input });
    story.does(dora, "changeListMembers", listed(json!({ "add": [id] })), json!({ "customers": 1 })).await;
    story.does(dora, "changeListMembers", listed(json!({ "remove": [id] })), json!({ "customers": 0 })).await;
    story.does(dora, "scoreBase", json!({}), json!({ "asOf": SET, "customers": SET })).await;
}
