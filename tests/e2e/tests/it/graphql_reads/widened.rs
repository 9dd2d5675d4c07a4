//! Segments, tasks, supplies, outlets and waves through the gateway: commanded, and read as their owner
//! tells them.

use chrono::TimeDelta;
use schema::access::Role;
use serde_json::{Value, json};
use testkit::{Person, Place, eventually};

use super::{Stage, WITHIN, nodes, now};
use crate::on_both;

/// A mutation that must succeed, about nobody; gives its payload.
async fn does(stage: &Stage, who: &Person, name: &str, (kind, input): (&str, Value), result: &str) -> Value {
    let payload = tries(stage, who, name, (kind, input), result).await;
    assert_eq!(payload["errors"], json!([]), "{name}");
    payload
}

async fn tries(stage: &Stage, who: &Person, name: &str, (kind, input): (&str, Value), result: &str) -> Value {
    let query = format!(
        "mutation ($input: {kind}!) {{ {name}(input: $input) {{ {result} errors {{ code path }} }} }}"
    );
    stage.suite.ask(who, &query, json!({ "input": input })).await[name].take()
}

async fn segments(place: Place) {
    let stage = Stage::set(&place).await;
    let suite = &stage.suite;
    let marketing = suite.person(Role::Marketing, "hq");
    let condition = json!({ "all": [
        { "frequency": { "atLeast": 1 } },
        { "none": [{ "kind": ["INTERNAL"] }, { "tier": { "atLeast": "PLATINUM" } }] },
    ] });
    let new = |code: &str, condition: &Value| {
        ("NewSegment", json!({ "code": code, "name": "Buyers", "condition": condition }))
    };
    let shown = "segment { id version state condition { kind all { frequency { atLeast atMost } \
        none { kind tier { atLeast } } } } }";
    let made = does(&stage, &marketing, "createSegment", new("buyers", &condition), shown).await;
    let none = json!([{ "kind": ["INTERNAL"], "tier": null },
        { "kind": null, "tier": { "atLeast": "PLATINUM" } }]);
    let all = json!([{ "frequency": { "atLeast": 1, "atMost": null }, "none": null },
        { "frequency": null, "none": none }]);
    assert_eq!(made["segment"]["condition"], json!({ "kind": null, "all": all }), "read as it was written");

    // A mistake has its place; two conditions in one are none.
    let both = json!({ "any": [{ "tier": { "is": "GOLD", "atLeast": "GOLD" } }] });
    let wrong = tries(&stage, &marketing, "createSegment", new("wrong", &both), "segment { id }").await;
    let place = json!(["input", "condition", "any", "0", "tier"]);
    assert_eq!(wrong["errors"], json!([{ "code": "invalid", "path": place }]));
    let query = "mutation ($input: NewSegment!) { createSegment(input: $input) { segment { id } } }";
    let two = json!({ "kind": ["CONSUMER"], "frequency": { "atLeast": 1 } });
    let answer = suite.graphql(&marketing, query, json!({ "input": new("two", &two).1 })).await;
    assert!(answer["errors"].is_array(), "{answer}");

    // Who belongs to it, how many, and why.
    let query = "query ($id: UUID!, $customer: UUID!, $condition: ConditionInput!) { \
        segment(id: $id) { code preview { customers of } members { edges { node { customerId purchases } } } \
            explanation(customerId: $customer) { member clauses { pointer holds found } } } \
        segmentPreview(condition: $condition) { customers of } \
        segments(state: ACTIVE) { edges { node { code version } } } }";
    let variables =
        json!({ "id": made["segment"]["id"], "customer": stage.customer, "condition": condition });
    let seen = suite.ask(&marketing, query, variables.clone()).await;
    let of = json!({ "customers": 1, "of": 1 });
    assert_eq!((&seen["segment"]["preview"], &seen["segmentPreview"]), (&of, &of));
    let member = json!([{ "customerId": stage.customer, "purchases": 1 }]);
    assert_eq!(nodes(&seen["segment"]["members"]), member);
    let explained = &seen["segment"]["explanation"];
    assert_eq!(explained["member"], true, "{explained}");
    let clauses = explained["clauses"].as_array().expect("clauses");
    assert_eq!((clauses.len(), &clauses[1]["pointer"]), (5, &json!("/all/0")), "{explained}");
    assert_eq!(nodes(&seen["segments"]), json!([{ "code": "buyers", "version": 1 }]));

    // A leader elsewhere counts nobody of ours; who makes no segments is told so.
    let south = suite.ask(&stage.company.manager_south_1, query, variables).await;
    let nobody = json!({ "customers": 0, "of": 0 });
    assert_eq!((&south["segment"]["preview"], &south["segmentPreview"]), (&nobody, &nobody));
    assert_eq!(south["segment"]["explanation"], Value::Null);
    let seller = suite.person(Role::Sales, "north-1");
    let refused = tries(&stage, &seller, "createSegment", new("mine", &condition), "segment { id }").await;
    assert_eq!(refused["errors"][0]["code"], "forbidden");
    stage.suite.end().await;
}
on_both!(a_segment_is_made_and_explained_through_the_gateway, super::segments);

async fn dealings(place: Place) {
    let stage = Stage::set(&place).await;
    let (suite, anna) = (&stage.suite, &stage.anna);
    let due = now() + TimeDelta::days(1);
    let task = json!({ "orgUnitId": stage.company.north_1, "kind": "CALL", "what": "call-back",
        "notes": "By noon.", "ownerId": anna.id, "dueAt": due });
    let task = stage.does(&anna.person, "openTask", ("NewTask", task), "task { id state }").await;
    let lies = suite.ask(
        &anna.person,
        "{ myDesk { handling items { edges { node { id kind what } } } } }",
        json!({}),
    );
    let item = json!([{ "id": task["task"]["id"], "kind": "TASK", "what": "call-back" }]);
    let desk = lies.await["myDesk"].take();
    assert_eq!((&desk["handling"], nodes(&desk["items"])), (&json!(0), item.clone()));
    let mine = suite.ask(&anna.person, "{ myItems { edges { node { id kind what } } } }", json!({})).await;
    assert_eq!(nodes(&mine["myItems"]), item);
    eventually("the view shows what is owed", WITHIN, || async {
        let seen = stage.sees(&anna.person, "nextOwed { kind what taskId }").await;
        (seen["nextOwed"] == json!([{ "kind": "TASK", "what": "call-back", "taskId": task["task"]["id"] }]))
            .then_some(())
    })
    .await;

    let query = "mutation ($id: UUID!, $input: SupplySetting!) { setSupply(customerId: $id, sku: \"rice\", \
        input: $input) { supply { sku rateSource dailyUseMilli } errors { code path } } }";
    let setting = json!({ "persons": 4, "milliPerPersonDay": 250, "leadDays": 2, "bufferDays": 3,
        "lastFill": { "at": now() - TimeDelta::days(1), "quantityMilli": 10_000 } });
    let set = suite.ask(&anna.person, query, json!({ "id": stage.customer, "input": setting })).await;
    let supply = json!({ "sku": "rice", "rateSource": "DECLARED", "dailyUseMilli": 1_000 });
    assert_eq!(set["setSupply"], json!({ "supply": supply, "errors": [] }));

    let deeper = "tasks { edges { node { what state notes } } } outreaches { edges { cursor } } \
        lots(open: true) { edges { node { state points remaining } } } \
        tierChanges { edges { node { from to cause } } } invitations { edges { cursor } } \
        supplies { edges { node { sku dailyUseMilli } } } consentWords { edges { cursor } } \
        profile { tier figures { purchases turnover { amountMinor } } } \
        consents { allowances { isAllowed } } serviceBrief { leftOut } \
        timeline(kind: PURCHASE, channel: COUNTER) { edges { node { kind amountMinor } } }";
    let seen = stage.sees(&stage.company.manager_hq, deeper).await;
    let task = json!([{ "what": "call-back", "state": "OPEN", "notes": "By noon." }]);
    assert_eq!(nodes(&seen["tasks"]), task);
    assert_eq!(nodes(&seen["lots"]), json!([{ "state": "OPEN", "points": 1_500, "remaining": 1_500 }]));
    assert_eq!(nodes(&seen["tierChanges"]), json!([{ "from": "BASIC", "to": "SILVER", "cause": "EARNED" }]));
    assert_eq!(nodes(&seen["supplies"]), json!([{ "sku": "rice", "dailyUseMilli": 1_000 }]));
    let figures = json!({ "purchases": 1, "turnover": [{ "amountMinor": 150_000 }] });
    assert_eq!(seen["profile"], json!({ "tier": "SILVER", "figures": figures }));
    assert_eq!(nodes(&seen["timeline"]), json!([{ "kind": "PURCHASE", "amountMinor": 150_000 }]));
    assert!(seen["consents"]["allowances"].as_array().is_some_and(|all| !all.is_empty()));
    assert_eq!(seen["serviceBrief"]["leftOut"], 0);
    assert_eq!(stage.sees(&stage.company.manager_south_1, deeper).await, Value::Null);
    stage.suite.end().await;
}
on_both!(tasks_lots_and_supplies_are_read_through_the_gateway, super::dealings);

async fn asked(place: Place) {
    let stage = Stage::set(&place).await;
    let (suite, company) = (&stage.suite, &stage.company);
    let (admin, manager) = (&company.admin, &company.manager_hq);

    // Two outlets, of which one is near.
    for (unit, latitude) in [(company.north_1, 39_900_000), (company.south_1, 31_200_000)] {
        let query = "mutation ($id: UUID!, $input: OrgUnitChange!) { changeOrgUnit(orgUnitId: $id, input: $input) \
            { errors { code path } } }";
        let coordinates = json!({ "latitudeMicro": latitude, "longitudeMicro": 116_400_000 });
        let input = json!({ "details": { "coordinates": coordinates, "services": ["repair"] } });
        let changed = suite.ask(admin, query, json!({ "id": unit, "input": input })).await;
        assert_eq!(changed["changeOrgUnit"]["errors"], json!([]));
    }
    let near = "{ nearestUnits(latitudeMicro: 39900000, longitudeMicro: 116400000, service: \"repair\") \
        { distanceMetres outlet { id } } }";
    let near = suite.ask(manager, near, json!({})).await["nearestUnits"].take();
    assert_eq!(near[0], json!({ "distanceMetres": 0, "outlet": { "id": company.north_1 } }));
    assert_eq!(near.as_array().map(Vec::len), Some(2));

    // A rule with what is said when nothing is, and a wave by it.
    let rule = json!({ "code": "yearly", "terms": { "trigger": "WAVE", "instrument": "NPS" } });
    let rule = does(
        &stage,
        admin,
        "createInvitationRule",
        ("NewInvitationRule", rule),
        "rule { terms { active coolingOffDays share expiresDays channels } }",
    )
    .await;
    let terms = json!({ "active": true, "coolingOffDays": 30, "share": 1_000_000, "expiresDays": 14,
        "channels": ["SMS", "EMAIL", "MESSENGER"] });
    assert_eq!(rule["rule"]["terms"], terms);
    let unit = stage.company.north_1;
    let wave = json!({ "code": "winter", "rule": "yearly", "orgUnitId": unit,
        "from": now() - TimeDelta::hours(1), "until": now() + TimeDelta::days(10) });
    let wave = eventually("the unit is known", WITHIN, || async {
        let made = tries(&stage, manager, "createWave", ("NewWave", wave.clone()), "wave { id state }").await;
        (made["errors"] == json!([])).then_some(made)
    })
    .await;
    let id = wave["wave"]["id"].clone();
    let step = async |name: &str| {
        let query = format!("mutation {{ {name}(waveId: {id}) {{ wave {{ state }} errors {{ code }} }} }}");
        suite.ask(manager, &query, json!({})).await[name]["wave"]["state"].take()
    };
    let satisfaction = format!(
        "{{ satisfaction(instrument: NPS, orgUnitId: \"{unit}\") {{ code state n ageDays value }} }}"
    );
    let none = suite.ask(manager, &satisfaction, json!({})).await;
    assert_eq!(none["satisfaction"], Value::Null, "no wave is closed");
    assert_eq!((step("openWave").await, step("closeWave").await), (json!("OPEN"), json!("CLOSED")));
    let current = suite.ask(manager, &satisfaction, json!({})).await;
    let closed = json!({ "code": "winter", "state": "CLOSED", "n": 0, "ageDays": 0, "value": null });
    assert_eq!(current["satisfaction"], closed);
    let query = format!(
        "{{ wave(id: {id}) {{ considered wave {{ code }} }} waves {{ edges {{ node {{ code state }} }} }} \
         waveResult(id: {id}) {{ sent answered }} recovery {{ asked answered recovered {{ count }} }} \
         invitationRules {{ edges {{ node {{ code }} }} }} programmeVersions {{ edges {{ node {{ version }} }} }} \
         authorityMatrix {{ lines {{ limitMinor }} }} outreachPolicy {{ personMost personDays }} }}"
    );
    let seen = suite.ask(manager, &query, json!({})).await;
    assert_eq!(seen["wave"]["wave"]["code"], "winter");
    assert_eq!(nodes(&seen["waves"]), json!([{ "code": "winter", "state": "CLOSED" }]));
    assert_eq!(seen["waveResult"], json!({ "sent": 0, "answered": 0 }));
    assert_eq!(seen["recovery"], json!({ "asked": 0, "answered": 0, "recovered": null }));
    assert_eq!(nodes(&seen["invitationRules"]), json!([{ "code": "yearly" }]));
    assert_eq!(nodes(&seen["programmeVersions"]), json!([{ "version": 1 }]));
    assert_eq!(seen["outreachPolicy"], json!({ "personMost": 1, "personDays": 7 }));
    let seller = suite.person(Role::Sales, "north-1");
    assert_eq!(stage.refused(&seller, &satisfaction).await, "forbidden");

    // How the cases of a unit were kept.
    let (from, to) = (now() - TimeDelta::days(1), now() + TimeDelta::days(1));
    let query = "query ($unit: UUID!, $from: DateTime!, $to: DateTime!, $date: NaiveDate!) { \
        serviceLevels(orgUnitId: $unit, from: $from, to: $to) { total { n } topics { n } } \
        breaches(orgUnitId: $unit, from: $from, to: $to) { cases tasks } \
        escalations(orgUnitId: $unit) { edges { cursor } } \
        actionPlan(orgUnitId: $unit, date: $date) { edges { node { rank task { sku } } } } }";
    let variables = json!({ "unit": unit, "from": from, "to": to, "date": now().date_naive() });
    let kept = suite.ask(manager, query, variables).await;
    assert_eq!(kept["serviceLevels"], json!({ "total": { "n": 0 }, "topics": [] }));
    assert_eq!((&kept["breaches"], nodes(&kept["actionPlan"])), (&json!([]), json!([])));
    stage.suite.end().await;
}
on_both!(waves_outlets_and_service_levels_are_read_through_the_gateway, super::asked);
