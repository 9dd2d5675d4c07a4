//! What must have happened so that everything that can be shown of a customer is there: a bad week, and what it
//! leaves out.

use chrono::{DateTime, Months, TimeDelta, Utc};
use serde_json::{Value, json};
use testkit::{Person, eventually};

use super::questions::Arguments;
use crate::{
    bad_week::{self, LONG, Past, Week},
    mutations::Mutations,
    survey::asking,
};

fn now() -> DateTime<Utc> {
    kit::clock::Clock::system().now()
}

/// The week, and how things are given in it.
struct Story<'a> {
    week: &'a Week,
    mutations: Mutations,
}

impl Story<'_> {
    /// A command about nobody; gives the id of what came of it.
    async fn gives(&self, who: &Person, name: &str, arguments: Value) -> Value {
        self.mutations.give(&self.week.suite, who, name, arguments).await
    }

    /// A command about the customer, by the manager of the outlet.
    async fn does(&self, name: &str, input: Value) -> Value {
        let arguments = json!({ "customerId": self.week.customer, "input": input });
        self.gives(&self.week.dora.person, name, arguments).await
    }
}

/// Lets it all happen; gives the arguments with which all of it is asked for.
pub(crate) async fn happen(week: &Week) -> Arguments {
    let mutations = Mutations::described(&week.suite, &week.company.admin).await;
    let story = Story { week, mutations };
    // Nothing was bought yet, so the programme may begin in the past: with lots that expire.
    programme(&story).await;
    let past = bad_week::live(week).await;
    file(&story).await;
    let (contact, purchase, gesture) = dealings(&story).await;
    answers(&story).await;
    let wave = wave(&story).await;
    let segment = segment(&story).await;
    shown(week).await;
    arguments(week, &past, &[contact, purchase, gesture, wave, segment])
}

async fn programme(story: &Story<'_>) {
    let once = 1_000_000;
    let multipliers = json!({ "basicMillionths": once, "silverMillionths": once, "goldMillionths": once,
        "platinumMillionths": once });
    let thresholds = json!({ "silver": 100, "gold": 10_000, "platinum": 90_000 });
    let terms = json!({ "rateMillionths": 10_000, "rounding": "DOWN", "downgrade": "ONE_TIER", "lotMonths": 24,
        "noticeDays": 14, "tierPeriodMonths": 12, "multipliers": multipliers, "thresholds": thresholds });
    let new = json!({ "input": { "validFrom": now() - TimeDelta::days(300), "terms": terms } });
    story.gives(&story.week.company.admin, "createProgrammeVersion", new).await;
}

/// What the file holds.
async fn file(story: &Story<'_>) {
    let brief = json!({ "formOfAddress": "Auntie Ann", "habits": ["Tea first."], "dos": ["Ring before noon."],
        "donts": ["No jokes."] });
    story.does("changeServiceBrief", brief).await;
    story.does("addContactPoint", json!({ "kind": "EMAIL", "value": "ann@example.com" })).await;
    story.does("addExternalId", json!({ "system": "till", "value": "A-17-4711" })).await;
    let word = json!({ "purpose": "MARKETING", "channel": "PHONE", "status": "GRANTED", "source": "counter",
        "saidBy": "Her daughter", "givenAt": now() - TimeDelta::hours(1) });
    story.does("recordConsent", word).await;
    let admin = &story.week.company.admin;
    for (code, class) in [("dogs", "PLAIN"), ("debt", "VALUE"), ("fears", "SENSITIVE")] {
        let new = json!({ "code": code, "name": code, "type": "INTEGER", "class": class,
            "segmentable": class == "PLAIN" });
        story.gives(admin, "defineAttribute", json!({ "input": new })).await;
        let seen =
            json!({ "attribute": code, "value": { "integer": 2 }, "source": "visit", "observedAt": now() });
        story.does("recordObservation", seen).await;
    }
    let query = "query ($id: UUID!) { customer(id: $id) { observations(attribute: \"fears\") \
        { edges { node { id } } } } }";
    let (week, variables) = (story.week, json!({ "id": story.week.customer }));
    let seen = week.suite.ask(&week.dora.person, query, variables).await;
    let observation = &seen["customer"]["observations"]["edges"][0]["node"]["id"];
    let back = json!({ "customerId": week.customer, "observationId": observation,
        "input": { "reason": "She was joking." } });
    story.gives(&week.dora.person, "takeBackObservation", back).await;
}

/// A promise, purchases over months, points that are held, and a gesture that is refused.
async fn dealings(story: &Story<'_>) -> (Value, Value, Value) {
    let (week, unit) = (story.week, story.week.company.north_1);
    let promise = json!({ "what": "call-back", "notes": "By noon.", "dueAt": now() + TimeDelta::days(1) });
    let contact = json!({ "orgUnitId": unit, "channel": "PHONE", "direction": "INBOUND", "phase": "AFTERSALES",
        "topic": "spoiled-goods", "notes": "She was calm.", "promise": promise,
        "occurredAt": now() - TimeDelta::minutes(5) });
    let contact = story.does("recordContact", contact).await;
    let mut purchase = Value::Null;
    for days in [75, 40, 10, 1] {
        let lines = json!([{ "sku": "rice", "quantityMilli": 5_000, "amountMinor": 150_000 }]);
        let bought = json!({ "orgUnitId": unit, "channel": "COUNTER", "currency": "CNY", "lines": lines,
            "occurredAt": now() - TimeDelta::days(days) });
        purchase = story.does("recordPurchase", bought).await;
    }
    let balance = "query ($id: UUID!) { customer(id: $id) { loyalty { balance } } }";
    eventually("the points are booked", LONG, || async {
        let seen = week.suite.ask(&week.dora.person, balance, json!({ "id": week.customer })).await;
        (seen["customer"]["loyalty"]["balance"] == 6_000).then_some(())
    })
    .await;
    let hold = json!({ "points": 200, "reason": "voucher", "expiresAt": now() + TimeDelta::hours(1) });
    story.does("holdPoints", hold).await;
    let asked = json!({ "orgUnitId": unit, "amountMinor": 5_000, "currency": "CNY", "reason": "late-delivery",
        "notes": "She waited." });
    let asked = json!({ "customerId": week.customer, "input": asked });
    let gesture = story.gives(&week.clara.person, "askGesture", asked).await;
    let refused = json!({ "customerId": week.customer, "gestureId": gesture,
        "input": { "reason": "It was not ours." } });
    story.gives(&week.dora.person, "refuseGesture", refused).await;
    (contact, purchase, gesture)
}

async fn answers(story: &Story<'_>) {
    let said = async |instrument: &str, score: i32, days: i64| {
        let said = json!({ "instrument": instrument, "score": score, "verbatim": "Well done.", "channel": "SMS",
            "occurredAt": now() - TimeDelta::days(days) });
        story.does("recordAnswer", said).await;
    };
    for (instrument, score, days) in [("CSAT", 4, 2), ("CES", 6, 2), ("NPS", 9, 40), ("NPS", 8, 42)] {
        said(instrument, score, days).await;
    }
    let texts = json!([{ "language": "en", "text": "How well were you cared for?" }]);
    let item =
        json!({ "code": "care", "texts": texts, "lo": 1, "hi": 5, "withExpectation": true, "weight": 3 });
    let new = json!({ "code": "service", "version": 1, "titles": [{ "language": "en", "text": "Service" }],
        "items": [item] });
    story.gives(&story.week.dora.person, "createQuestionnaire", json!({ "input": new })).await;
    let items = json!([{ "item": "care", "perception": 5, "expectation": 4 }]);
    let filled = json!({ "questionnaire": "service", "version": 1, "channel": "WEB", "items": items,
        "occurredAt": now() - TimeDelta::hours(1), "verbatim": "Thank you." });
    story.does("answerQuestionnaire", filled).await;
}

/// A wave that is answered and closed.
async fn wave(story: &Story<'_>) -> Value {
    let (week, admin, dora) = (story.week, &story.week.company.admin, &story.week.dora.person);
    let often = json!({ "input": { "personMost": 50, "householdMost": 50 } });
    story.gives(admin, "changeOutreachPolicy", often).await;
    let terms = json!({ "trigger": "WAVE", "instrument": "NPS", "coolingOffDays": 0 });
    story
        .gives(admin, "createInvitationRule", json!({ "input": { "code": "yearly", "terms": terms } }))
        .await;
    let new = json!({ "code": "winter", "rule": "yearly", "orgUnitId": week.company.north_1,
        "from": now() - TimeDelta::hours(1), "until": now() + TimeDelta::days(10) });
    let wave = story.gives(dora, "createWave", json!({ "input": new })).await;
    story.gives(dora, "openWave", json!({ "waveId": wave })).await;
    let id = eventually("the invitation of the wave is granted", LONG, || async {
        week.to_send(&week.marketing).await.pop()
    })
    .await;
    let link = week.send(&week.marketing, id).await.expect("a link");
    let url = week.link(&link);
    assert_eq!(asking::fill_in(&url, "score=10&words=Thanks&do=send").await.status, 200);
    story.gives(dora, "closeWave", json!({ "waveId": wave })).await;
    wave
}

async fn segment(story: &Story<'_>) -> Value {
    let dora = &story.week.dora.person;
    story.gives(dora, "scoreBase", json!({})).await;
    let list = json!({ "input": { "code": "tasting", "name": "Tasting" } });
    story.gives(dora, "createCustomerList", list).await;
    let condition = json!({ "all": [
        { "frequency": { "atLeast": 1 } },
        { "attribute": { "attribute": "dogs", "op": "AT_LEAST", "value": { "integer": 1 } } },
    ] });
    let new = json!({ "code": "owners", "name": "Owners of dogs", "condition": condition });
    story.gives(dora, "createSegment", json!({ "input": new })).await
}

/// Waits until the view, the profile and the figures show all of it.
async fn shown(week: &Week) {
    let query = "query ($id: UUID!) { customer(id: $id) { \
        file { externalIds { value } attributes { attribute } } dealings { owed { kind } } \
        loyalty { held nextExpiry { points } } voice { npsScore csatScore cesScore recovery { scoreAfter } } \
        profile { attributes { value { integer } } figures { purchases rfm { recency } scores { score } } } } }";
    eventually("everything is shown", LONG, || async {
        let seen = week.suite.ask(&week.dora.person, query, json!({ "id": week.customer })).await;
        let seen = &seen["customer"];
        let voice = ["npsScore", "csatScore", "cesScore"].iter().all(|name| seen["voice"][name].is_number());
        let count = |list: &Value| list.as_array().map_or(0, Vec::len);
        let profile = &seen["profile"];
        let all = voice
            && seen["voice"]["npsScore"] == 10
            && count(&seen["file"]["externalIds"]) == 1
            && count(&seen["file"]["attributes"]) == 2
            && count(&seen["dealings"]["owed"]) == 1
            && seen["loyalty"]["held"] == 200
            && seen["loyalty"]["nextExpiry"]["points"].is_number()
            && count(&profile["attributes"]) == 1
            && profile["figures"]["purchases"] == 4
            && profile["figures"]["rfm"].is_object()
            && count(&profile["figures"]["scores"]) == 3;
        all.then_some(())
    })
    .await;
}

fn arguments(week: &Week, past: &Past, ids: &[Value; 5]) -> Arguments {
    let [contact, purchase, gesture, wave, segment] = ids;
    let (unit, today) = (week.company.north_1, now().date_naive());
    let id =
        |all: &[&dyn std::fmt::Display]| all.iter().map(|one| format!("id: \"{one}\"")).collect::<Vec<_>>();
    let quoted = |all: &[&Value]| all.iter().map(|one| format!("id: {one}")).collect::<Vec<_>>();
    let day = |days: i64| (now() + TimeDelta::days(days)).format("%Y-%m-%dT%H:%M:%SZ");
    let period = format!("from: \"{}\", to: \"{}\"", day(-30), day(1));
    let of_unit = format!("orgUnitId: \"{unit}\"");
    let first_month = today.checked_sub_months(Months::new(3)).expect("a month").format("%Y-%m");
    let this_month = today.format("%Y-%m");
    let months = format!("from: \"{first_month}\", to: \"{this_month}\"");
    let both = format!("{of_unit}, {period}");
    let before = format!("baseFrom: \"{}\", baseTo: \"{}\", {period}", day(-60), day(-30));
    let customer = week.customer;
    let given: [(&'static str, Vec<String>); 31] = [
        ("Customer.case", id(&[&past.complaint, &past.follow_up])),
        ("Customer.contact", quoted(&[contact])),
        ("Customer.gesture", [id(&[&past.gesture]), quoted(&[gesture])].concat()),
        ("Customer.purchase", quoted(&[purchase])),
        ("Customer.task", id(&[&past.task])),
        ("Customer.rfm", vec!["currency: \"CNY\"".to_owned()]),
        ("Customer.reach", vec!["channel: SMS, purpose: SURVEY".to_owned()]),
        ("Query.actionPlan", vec![format!("date: \"{today}\", {of_unit}")]),
        ("Query.breaches", vec![both.clone()]),
        ("Query.caseReport", vec![both.clone()]),
        ("Query.serviceLevels", vec![both]),
        ("Query.escalations", vec![of_unit.clone()]),
        ("Query.cohorts", vec![months.clone()]),
        ("Query.customerBase", vec![months.clone()]),
        ("Query.customerBalance", vec![months]),
        ("Query.compareResults", vec![before]),
        ("Query.customersByContact", vec!["kind: PHONE, value: \"+8613812340090\"".to_owned()]),
        ("Query.gestureReport", vec![format!("month: \"{this_month}\"")]),
        ("Query.nearestUnits", vec!["latitudeMicro: 0, longitudeMicro: 0".to_owned()]),
        ("Query.questionnaireGaps", vec!["questionnaire: \"service\", version: 1".to_owned()]),
        ("Query.rfmDistribution", vec!["currency: \"CNY\"".to_owned()]),
        ("Query.satisfaction", vec![format!("instrument: NPS, {of_unit}")]),
        ("Query.segment", quoted(&[segment])),
        ("Query.segmentPreview", vec!["condition: { frequency: { atLeast: 1 } }".to_owned()]),
        ("Query.unitResults", ["NPS", "CSAT"].map(|one| format!("instrument: {one}")).to_vec()),
        ("Query.wave", quoted(&[wave])),
        ("Query.waveResult", quoted(&[wave])),
        ("SegmentView.explanation", vec![format!("customerId: \"{customer}\"")]),
        ("Query.customers", vec![of_unit]),
        ("Query.recovery", vec!["minimum: 1".to_owned()]),
        ("Query.orgUnits", vec!["code: \"north-1\"".to_owned()]),
    ];
    given.into_iter().collect()
}
