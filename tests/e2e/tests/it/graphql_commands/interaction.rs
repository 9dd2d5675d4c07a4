//! What happens between us: a purchase, a contact with its promise, a case that is handed over, tasks, gestures.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::story::{SET, Story, now};

pub(super) async fn tell(story: &Story) {
    purchases(story).await;
    contacts(story).await;
    let case = case(story).await;
    tasks(story, &case).await;
    gestures(story).await;
}

async fn purchases(story: &Story) {
    let (who, id) = (&story.anna.person, story.customer);
    let lines = json!([{ "sku": "rice", "quantityMilli": 5_000, "amountMinor": 150_000 }]);
    let bought = json!({ "orgUnitId": story.company.north_1, "channel": "COUNTER", "currency": "CNY",
        "occurredAt": now() - TimeDelta::hours(3), "lines": &lines });
    let shown = json!({ "totalMinor": 150_000, "returnedMinor": 0, "lines": lines });
    let purchase =
        story.does(who, "recordPurchase", json!({ "customerId": id, "input": bought }), shown).await;
    let lines = json!([{ "lineNo": 1, "quantityMilli": 1_000, "amountMinor": 30_000 }]);
    let back = json!({ "reason": "spoiled", "occurredAt": now() - TimeDelta::hours(2), "lines": lines });
    let back = json!({ "customerId": id, "purchaseId": purchase["id"], "input": back });
    story.does(who, "returnPurchase", back, json!({ "totalMinor": 150_000, "returnedMinor": 30_000 })).await;
}

async fn contacts(story: &Story) {
    let (who, id) = (&story.anna.person, story.customer);
    let promise = json!({ "what": "call-back", "dueAt": now() + TimeDelta::days(1) });
    let said = json!({ "orgUnitId": story.company.north_1, "channel": "PHONE", "direction": "INBOUND",
        "phase": "AFTERSALES", "topic": "spoiled-goods", "notes": "By noon.", "promise": promise,
        "occurredAt": now() - TimeDelta::hours(1) });
    let shown = json!({ "topic": "spoiled-goods", "notes": "By noon.", "staffId": story.anna.id,
        "promise": { "what": "call-back", "state": "OPEN" } });
    let contact = story.does(who, "recordContact", json!({ "customerId": id, "input": said }), shown).await;
    let kept = json!({ "customerId": id, "contactId": contact["id"], "input": { "kept": true } });
    let shown = json!({ "promise": { "state": "KEPT", "settledAt": SET } });
    story.does(who, "settlePromise", kept, shown).await;
}

/// A case goes round, and comes back.
async fn case(story: &Story) -> Value {
    let (anna, bert, id) = (&story.anna, &story.bert, story.customer);
    let new = json!({ "orgUnitId": story.company.north_1, "topic": "spoiled-goods", "severity": "HIGH",
        "subject": "The rice smells.", "dueAt": now() + TimeDelta::days(2) });
    let shown = json!({ "state": "OPEN", "accountableId": anna.id, "subject": "The rice smells." });
    let opened = story.does(&anna.person, "openCase", json!({ "customerId": id, "input": new }), shown).await;
    let case = opened["id"].clone();
    let about = |input: Value| json!({ "customerId": id, "caseId": case, "input": input });
    let step = async |who, name: &str, input, shown| story.does(who, name, about(input), shown).await;

    let offer = json!({ "toStaffId": bert.id, "reason": "He knows the mill." });
    let offered = json!({ "state": "OFFERED", "offeredToId": bert.id });
    step(&anna.person, "offerCase", offer.clone(), offered.clone()).await;
    let shown =
        json!({ "state": "OPEN", "handOvers": [{ "state": "DECLINED", "declineReason": "On leave." }] });
    step(&bert.person, "declineCase", json!({ "reason": "On leave." }), shown).await;
    step(&anna.person, "offerCase", offer, offered).await;
    let shown = json!({ "state": "OPEN", "handlerId": bert.id, "accountableId": anna.id, "transfers": 1 });
    step(&bert.person, "acceptCase", json!({}), shown).await;
    step(&bert.person, "respondToCase", json!({}), json!({ "respondedAt": SET })).await;
    let resolved = json!({ "outcome": "replaced", "notes": "A new bag." });
    let shown = json!({ "state": "RESOLVED", "outcome": "replaced", "resolution": "A new bag." });
    step(&bert.person, "resolveCase", resolved, shown).await;
    step(&bert.person, "closeCase", json!({}), json!({ "state": "CLOSED", "closedAt": SET })).await;
    let shown = json!({ "state": "OPEN", "reopened": 1 });
    step(&anna.person, "reopenCase", json!({ "reason": "It smells again." }), shown).await;
    let named = json!({ "staffId": bert.id, "reason": "Anna is on leave." });
    step(&story.dora.person, "nameAccountable", named, json!({ "accountableId": bert.id })).await;
    case
}

async fn tasks(story: &Story, case: &Value) {
    let (anna, bert, id) = (&story.anna, &story.bert, story.customer);
    let due = now() + TimeDelta::days(1);
    let new = json!({ "orgUnitId": story.company.north_1, "kind": "DELEGATED", "what": "ask-the-mill",
        "notes": "Before ten.", "ownerId": bert.id, "dueAt": due, "caseId": case });
    let shown = json!({ "state": "OPEN", "ownerId": bert.id, "caseId": case, "notes": "Before ten." });
    let task = story.does(&bert.person, "openTask", json!({ "customerId": id, "input": new }), shown).await;
    let about = |input: Value| json!({ "customerId": id, "taskId": task["id"], "input": input });
    let given = about(json!({ "ownerId": anna.id, "reason": "She is there today." }));
    story.does(&story.dora.person, "reassignTask", given, json!({ "ownerId": anna.id })).await;
    let done = about(json!({ "outcome": "asked" }));
    story.does(&anna.person, "finishTask", done, json!({ "state": "DONE", "outcome": "asked" })).await;

    let errand = json!({ "orgUnitId": story.company.north_1, "kind": "ERRAND", "what": "fetch-the-jar",
        "ownerId": anna.id, "dueAt": due });
    let shown = json!({ "state": "OPEN", "kind": "ERRAND" });
    let task =
        story.does(&anna.person, "openTask", json!({ "customerId": id, "input": errand }), shown).await;
    let cancel = json!({ "customerId": id, "taskId": task["id"], "input": { "reason": "She brings it." } });
    story.does(&anna.person, "cancelTask", cancel, json!({ "state": "CANCELLED", "settledAt": SET })).await;
}

/// Above the clerk's limit a gesture waits for the manager.
async fn gestures(story: &Story) {
    let (anna, dora, id) = (&story.anna, &story.dora, story.customer);
    let ask = async || {
        let new = json!({ "orgUnitId": story.company.north_1, "amountMinor": 5_000, "currency": "CNY",
            "reason": "spoiled-goods" });
        let shown = json!({ "state": "ESCALATED", "amountMinor": 5_000, "askedById": anna.id });
        let asked = story.does(&anna.person, "askGesture", json!({ "customerId": id, "input": new }), shown);
        asked.await["id"].clone()
    };
    let about =
        |gesture: &Value, input: Value| json!({ "customerId": id, "gestureId": gesture, "input": input });
    let gesture = ask().await;
    let shown = json!({ "state": "APPROVED", "netMinor": 5_000, "decidedById": dora.id });
    story.does(&dora.person, "approveGesture", about(&gesture, json!({})), shown).await;
    let back = about(&gesture, json!({ "reason": "She did not want it." }));
    story.does(&anna.person, "reverseGesture", back, json!({ "state": "REVERSED", "netMinor": 0 })).await;
    let refused = about(&ask().await, json!({ "reason": "It was not ours." }));
    let shown = json!({ "state": "REFUSED", "refusal": "It was not ours.", "netMinor": 0 });
    story.does(&dora.person, "refuseGesture", refused, shown).await;
}
