//! Commands of loyalty and survey through the gateway: holds, goodwill, questionnaires.

use chrono::TimeDelta;
use schema::access::Role;
use serde_json::{Value, json};
use testkit::{Place, eventually};

use super::{Stage, WITHIN, now};
use crate::on_both;

/// Creates a questionnaire of one item.
pub(super) async fn questionnaire(stage: &Stage) -> Value {
    let texts = json!([{ "language": "en", "text": "How well were you cared for?" }]);
    let item = json!({ "code": "care", "texts": texts, "lo": 1, "hi": 5, "withExpectation": true });
    let new = json!({ "code": "service", "version": 1, "titles": [{ "language": "en", "text": "Service" }],
        "items": [item] });
    let query = "mutation ($input: NewQuestionnaire!) { createQuestionnaire(input: $input) \
        { questionnaire { version items { code hi texts { text } } } errors { code } } }";
    stage.suite.ask(&stage.company.manager_hq, query, json!({ "input": new })).await["createQuestionnaire"]
        .take()
}

/// Answers it: more than expected.
pub(super) async fn fill_in(stage: &Stage) -> Value {
    let new = json!({ "questionnaire": "service", "version": 1, "channel": "WEB", "verbatim": "Thank you.",
        "occurredAt": now() - TimeDelta::minutes(1), "items": [{ "item": "care", "perception": 5, "expectation": 4 }] });
    let answer = "answer { partial items { gap class } } consistency";
    stage.does(&stage.anna.person, "answerQuestionnaire", ("NewQuestionnaireAnswer", new), answer).await
}

async fn given(place: Place) {
    let stage = Stage::set(&place).await;
    let who = &stage.anna.person;
    let until = now() + TimeDelta::hours(1);
    let hold =
        |points: i64| ("NewHold", json!({ "points": points, "reason": "voucher", "expiresAt": until }));
    let first = stage.does(who, "holdPoints", hold(200), "hold { id state points } consistency").await;
    assert_eq!((&first["hold"]["state"], &first["hold"]["points"]), (&json!("OPEN"), &json!(200)));
    let read = "query ($id: UUID!, $token: String) { customer(id: $id, consistency: $token) \
        { loyalty { held available } } }";
    let variables = json!({ "id": stage.customer, "token": first["consistency"] });
    eventually("what was written is read", WITHIN, || async {
        let seen = stage.suite.ask(who, read, variables.clone()).await;
        (seen["customer"]["loyalty"] == json!({ "held": 200, "available": 1_300 })).then_some(())
    })
    .await;
    let settle = async |name: &str, hold: &Value| {
        let query = format!(
            "mutation {{ {name}(customerId: \"{}\", holdId: {}) {{ hold {{ state }} errors {{ code path }} }} }}",
            stage.customer, hold["hold"]["id"]
        );
        stage.suite.ask(who, &query, json!({})).await[name].take()
    };
    assert_eq!(settle("confirmHold", &first).await["hold"]["state"], "CONFIRMED");
    assert_eq!(settle("cancelHold", &first).await["errors"][0]["code"], "conflict", "it is spent");
    let second = stage.does(who, "holdPoints", hold(100), "hold { id }").await;
    assert_eq!(settle("cancelHold", &second).await["hold"]["state"], "CANCELLED");

    // Mistakes come back with their place; more than there is, is refused.
    let wrong = stage.tries(who, "holdPoints", hold(0), "hold { id }").await;
    assert_eq!(wrong["errors"], json!([{ "code": "invalid", "path": ["input", "points"] }]));
    let much = stage.tries(who, "holdPoints", hold(1_301), "hold { id }").await;
    assert_eq!((&much["hold"], &much["errors"][0]["code"]), (&Value::Null, &json!("conflict")));

    let gesture = ("NewGoodwill", json!({ "points": 50, "reason": "spoiled-goods" }));
    let entry = stage.does(who, "grantGoodwill", gesture.clone(), "entry { kind points }").await;
    assert_eq!(entry["entry"], json!({ "kind": "GOODWILL", "points": 50 }));
    let seller = stage.suite.person(Role::Sales, "north-1");
    let refused = stage.tries(&seller, "grantGoodwill", gesture.clone(), "entry { id }").await;
    assert_eq!(refused["errors"][0]["code"], "forbidden");
    let elsewhere = &stage.company.manager_south_1;
    let refused = stage.tries(elsewhere, "grantGoodwill", gesture, "entry { id }").await;
    assert_eq!(refused["errors"][0]["code"], "not-found", "out of scope");

    let made = questionnaire(&stage).await;
    assert_eq!(made["questionnaire"]["items"][0]["texts"][0]["text"], "How well were you cared for?");
    assert_eq!(questionnaire(&stage).await["errors"][0]["code"], "already-exists");
    let filled = fill_in(&stage).await;
    assert_eq!(filled["answer"], json!({ "partial": false, "items": [{ "gap": 1, "class": "EXCEEDED" }] }));
    assert!(filled["consistency"].is_string());
    stage.suite.end().await;
}
on_both!(points_and_questionnaires_are_commanded_through_the_gateway, super::given);
