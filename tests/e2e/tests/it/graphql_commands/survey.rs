//! What they think: answers, a questionnaire, invitations by a rule, and a wave.

use chrono::TimeDelta;
use serde_json::json;

use super::story::{SET, Story, now};

pub(super) async fn tell(story: &Story) {
    answers(story).await;
    invitations(story).await;
    wave(story).await;
}

async fn answers(story: &Story) {
    let (who, dora, id) = (&story.anna.person, &story.dora.person, story.customer);
    let said = json!({ "instrument": "NPS", "score": 9, "verbatim": "They knew.", "channel": "SMS",
        "occurredAt": now() });
    // Who serves after the sale sees words, not scores.
    let shown = json!({ "instrument": "NPS", "verbatim": "They knew.", "score": null });
    story.does(who, "recordAnswer", json!({ "customerId": id, "input": said }), shown).await;

    let texts = json!([{ "language": "en", "text": "How well were you cared for?" }]);
    let item = json!({ "code": "care", "texts": texts, "lo": 1, "hi": 5, "withExpectation": true });
    let new = json!({ "code": "service", "version": 1, "titles": [{ "language": "en", "text": "Service" }],
        "items": [item] });
    let shown = json!({ "code": "service", "version": 1, "items": [{ "code": "care", "lo": 1, "hi": 5 }] });
    story.does(&story.company.manager_hq, "createQuestionnaire", json!({ "input": new }), shown).await;
    let items = json!([{ "item": "care", "perception": 5, "expectation": 4 }]);
    let filled = json!({ "questionnaire": "service", "version": 1, "channel": "WEB", "occurredAt": now(),
        "items": &items });
    let shown = json!({ "questionnaire": "service", "partial": false, "items": items });
    story.does(dora, "answerQuestionnaire", json!({ "customerId": id, "input": filled }), shown).await;
}

async fn invitations(story: &Story) {
    let (who, admin) = (&story.anna.person, &story.company.admin);
    let new = json!({ "code": "by-hand", "terms": { "trigger": "MANUAL", "instrument": "CSAT" } });
    let shown = json!({ "code": "by-hand", "terms": { "active": true, "coolingOffDays": 30 } });
    story.does(admin, "createInvitationRule", json!({ "input": new }), shown).await;
    let terms = json!({ "trigger": "MANUAL", "instrument": "NPS", "expiresDays": 7 });
    let change = json!({ "code": "by-hand", "input": terms });
    let shown = json!({ "code": "by-hand", "terms": { "instrument": "NPS", "expiresDays": 7 } });
    story.does(admin, "changeInvitationRule", change, shown).await;
    let invited = json!({ "customerId": story.customer, "input": { "rule": "by-hand" } });
    let shown = json!({ "state": "PROPOSED", "rule": "by-hand", "instrument": "NPS", "trigger": "MANUAL" });
    story.does(who, "invite", invited, shown).await;
}

async fn wave(story: &Story) {
    let (dora, admin) = (&story.dora.person, &story.company.admin);
    let rule = json!({ "code": "yearly", "terms": { "trigger": "WAVE", "instrument": "NPS" } });
    let shown = json!({ "terms": { "trigger": "WAVE" } });
    story.does(admin, "createInvitationRule", json!({ "input": rule }), shown).await;
    let new = json!({ "code": "winter", "rule": "yearly", "orgUnitId": story.company.north_1,
        "from": now() - TimeDelta::hours(1), "until": now() + TimeDelta::days(10), "sampleSize": 5 });
    let shown = json!({ "code": "winter", "state": "PLANNED", "sampleSize": 5 });
    let wave = story.does(dora, "createWave", json!({ "input": new }), shown).await["id"].clone();
    for (name, state, time) in [("openWave", "OPEN", "openedAt"), ("closeWave", "CLOSED", "closedAt")] {
        story.does(dora, name, json!({ "waveId": wave }), json!({ "state": state, time: SET })).await;
    }
}
