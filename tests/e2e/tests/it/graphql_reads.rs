//! What lies deeper than the view, through the gateway: read whole, by scope and by role, page by page.

mod calls;
mod commands;
mod figures;
mod widened;

use std::time::Duration;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use schema::{
    access::{Level, Reach, Role, TABLE},
    api::{
        NoParameters,
        customer::CustomerPath,
        interaction::{Channel, Contact, NewPromise, Phase, RecordPurchase},
        loyalty::{PointsEntry, PointsHold, Rfm},
        survey::{Answer, ItemAnswer, QuestionnaireAnswer},
    },
    ids::CustomerId,
    topology::Service,
};
use serde_json::{Value, json};
use testkit::{Person, Place, Suite, eventually};

use crate::{
    cases,
    company::{Company, new_purchase},
    contacts,
    desk::Colleague,
    masks::{compare, compare_all},
    on_both,
};

const NONE: NoParameters = NoParameters {};
const WITHIN: Duration = Duration::from_secs(10);
/// The lists of a customer.
const LISTS: [&str; 16] = [
    "contacts",
    "cases",
    "pointsEntries",
    "holds",
    "answers",
    "questionnaireAnswers",
    "observations",
    "relationships",
    "consentWords",
    "tasks",
    "outreaches",
    "gestures",
    "lots",
    "tierChanges",
    "supplies",
    "invitations",
];

fn now() -> DateTime<Utc> {
    kit::clock::Clock::system().now()
}

/// A suite with a customer of `north-1`, about whom everything is known that can be, and who serves them.
struct Stage {
    suite: Suite,
    company: Company,
    customer: CustomerId,
    anna: Colleague,
}

impl Stage {
    /// A customer who bought for 1,500.00, which are 1,500 points.
    async fn set(place: &Place) -> Self {
        let suite = Suite::start(place).await;
        let company = Company::found(&suite).await;
        let here = (company.north_1, "north-1");
        let anna = Colleague::join(&suite, &company, "anna", Role::Manager, here).await;
        let customer = company.register(&suite, company.north_1, "Wang Jia", "+8613900008001").await.id;
        let path = CustomerPath { customer_id: customer };
        let body = new_purchase(company.north_1, Some(company.seller), &[150_000]);
        let manager = &company.manager_hq;
        eventually("a purchase can be recorded", WITHIN, || async {
            suite.call::<RecordPurchase>(Service::Interaction, manager, &path, &NONE, &body).await.ok()
        })
        .await;
        let query = "query ($id: UUID!) { customer(id: $id) { loyalty { balance } } }";
        eventually("the view shows the points", WITHIN, || async {
            let seen = suite.ask(manager, query, json!({ "id": customer })).await;
            (seen["customer"]["loyalty"]["balance"] == 1_500).then_some(())
        })
        .await;
        Self { suite, company, customer, anna }
    }

    /// A mutation about the customer that must succeed; gives its payload.
    async fn does(&self, who: &Person, name: &str, input: (&str, Value), result: &str) -> Value {
        let payload = self.tries(who, name, input, result).await;
        assert_eq!(payload["errors"], json!([]), "{name}");
        payload
    }

    async fn tries(&self, who: &Person, name: &str, (kind, input): (&str, Value), result: &str) -> Value {
        let query = format!(
            "mutation ($id: UUID!, $input: {kind}!) {{ {name}(customerId: $id, input: $input) \
             {{ {result} errors {{ code path }} }} }}"
        );
        self.suite.ask(who, &query, json!({ "id": self.customer, "input": input })).await[name].take()
    }

    /// What somebody sees of the customer.
    async fn sees(&self, who: &Person, fields: &str) -> Value {
        let query = format!("query ($id: UUID!) {{ customer(id: $id) {{ {fields} }} }}");
        self.suite.ask(who, &query, json!({ "id": self.customer })).await["customer"].take()
    }

    /// The code of the error that somebody gets.
    async fn refused(&self, who: &Person, query: &str) -> String {
        let answer = self.suite.graphql(who, query, json!({})).await;
        answer["errors"][0]["extensions"]["code"].as_str().unwrap_or_default().to_owned()
    }

    /// Adds what the deeper reads give: contacts, a case, a hold, answers, an attribute known at two times.
    async fn fill(&self) {
        let (suite, who) = (&self.suite, &self.anna.person);
        let mut contact = contacts::new_contact(self.company.north_1, Channel::Phone, Phase::Aftersales);
        for _ in 0..2 {
            contacts::record(suite, who, self.customer, &contact).await.expect("a contact");
        }
        contact.promise = Some(NewPromise {
            what: "call-back".to_owned(),
            notes: Some("By noon.".to_owned()),
            staff_id: None,
            due_at: now() + TimeDelta::days(1),
        });
        contact.occurred_at = now() - TimeDelta::minutes(5);
        contacts::record(suite, who, self.customer, &contact).await.expect("a contact");
        cases::open(suite, who, self.customer, &cases::new_case(self.company.north_1, None))
            .await
            .expect("a case");
        let hold = json!({ "points": 200, "reason": "voucher", "expiresAt": now() + TimeDelta::hours(1) });
        self.does(who, "holdPoints", ("NewHold", hold), "hold { id }").await;
        commands::questionnaire(self).await;
        commands::fill_in(self).await;
        let answer = json!({ "instrument": "NPS", "score": 9, "verbatim": "They knew.", "channel": "SMS",
            "occurredAt": now() });
        self.does(who, "recordAnswer", ("NewAnswer", answer), "answer { id }").await;
        let margin = json!({ "code": "margin", "name": "Margin", "type": "INTEGER", "class": "VALUE",
            "segmentable": false });
        let define =
            "mutation ($input: NewAttribute!) { defineAttribute(input: $input) { errors { code } } }";
        let defined = suite.ask(&self.company.admin, define, json!({ "input": margin })).await;
        assert_eq!(defined["defineAttribute"]["errors"], json!([]));
        for (margin, at) in [(3, "2026-01-05T00:00:00Z"), (4, "2026-06-05T00:00:00Z")] {
            let told = json!({ "attribute": "margin", "value": { "integer": margin }, "source": "counter",
                "observedAt": at });
            self.does(who, "recordObservation", ("NewObservation", told), "file { id }").await;
        }
    }
}

/// The nodes of a connection.
fn nodes(connection: &Value) -> Value {
    let edges = connection["edges"].as_array().expect("edges");
    edges.iter().map(|edge| edge["node"].clone()).collect()
}

const DEEP: &str = "\
    contacts { edges { node { notes topic } } } \
    promised: contacts(first: 1) { edges { node { promise { what notes } } } } \
    cases { edges { node { id topic state } } } \
    pointsEntries { edges { node { kind points } } } \
    holds { edges { node { state points reason } } } \
    rfm(currency: \"CNY\") { recencyDays frequency moneyMinor recencyScore frequencyScore moneyScore population } \
    answers { edges { node { score category verbatim } } } \
    questionnaireAnswers { edges { node { questionnaire verbatim items { item perception expectation gap class } } } } \
    attributes { attribute value { integer } } \
    before: attributes(asOf: \"2026-03-01T00:00:00Z\") { value { integer } } \
    observations(attribute: \"margin\") { edges { node { value { integer } } } } \
    relationships(direction: FROM) { edges { node { kind } } }";

async fn deeper(place: Place) {
    let stage = Stage::set(&place).await;
    stage.fill().await;
    let manager = &stage.company.manager_hq;
    let whole = stage.sees(manager, DEEP).await;
    assert_eq!(nodes(&whole["contacts"]).as_array().map(Vec::len), Some(3));
    let case = nodes(&whole["cases"])[0].clone();
    assert_eq!((&case["topic"], &case["state"]), (&json!("spoiled-goods"), &json!("OPEN")));
    assert_eq!(nodes(&whole["pointsEntries"]), json!([{ "kind": "EARN", "points": 1_500 }]));
    assert_eq!(nodes(&whole["holds"]), json!([{ "state": "OPEN", "points": 200, "reason": "voucher" }]));
    assert_eq!((&whole["rfm"]["frequency"], &whole["rfm"]["moneyMinor"]), (&json!(1), &json!(150_000)));
    let filled = nodes(&whole["questionnaireAnswers"]);
    let care = json!({ "item": "care", "perception": 5, "expectation": 4, "gap": 1, "class": "EXCEEDED" });
    assert_eq!(filled[0]["items"], json!([care]));
    assert_eq!(whole["attributes"], json!([{ "attribute": "margin", "value": { "integer": 4 } }]));
    assert_eq!(whole["before"], json!([{ "value": { "integer": 3 } }]), "as it was known then");
    assert_eq!(nodes(&whole["observations"]).as_array().map(Vec::len), Some(2));
    assert_eq!(nodes(&whole["relationships"]), json!([]));

    // Single things, and what is owed next.
    let single = format!(
        "case(id: {}) {{ subject handOvers {{ id }} }} contact(id: {}) {{ id }}",
        case["id"], case["id"]
    );
    let single = stage.sees(manager, &single).await;
    assert_eq!(single["case"]["subject"], "The rice smells.");
    assert_eq!(single["contact"], Value::Null, "no contact has the id of a case");
    let owed = eventually("the view shows what is owed", WITHIN, || async {
        let seen = stage.sees(manager, "nextOwed(first: 5) { kind what caseId staffId }").await;
        let owed = seen["nextOwed"].as_array().cloned().unwrap_or_default();
        owed.into_iter().find(|one| one["kind"] == "CASE")
    })
    .await;
    let wanted =
        json!({ "kind": "CASE", "what": "spoiled-goods", "caseId": case["id"], "staffId": stage.anna.id });
    assert_eq!(owed, wanted);

    // Whoever serves another unit sees nothing of them.
    for fields in [DEEP, "nextOwed { kind }"] {
        assert_eq!(stage.sees(&stage.company.manager_south_1, fields).await, Value::Null);
    }
    by_role(&stage, &whole).await;
    stage.suite.end().await;
}
on_both!(what_lies_deeper_is_read_within_scope_and_masked, super::deeper);

/// Every role sees what the table says.
async fn by_role(stage: &Stage, whole: &Value) {
    for rule in TABLE.iter().filter(|rule| rule.role != Role::Service) {
        let person = stage.suite.person(rule.role, "hq");
        let query = format!("query ($id: UUID!) {{ customer(id: $id) {{ {DEEP} }} }}");
        let answer = stage.suite.graphql(&person, &query, json!({ "id": stage.customer })).await;
        let (seen, viewer) = (&answer["data"]["customer"], &person.viewer);
        if matches!(rule.reach, Reach::Nothing | Reach::Assigned) {
            assert!(seen.is_null(), "{:?} sees {seen}", viewer.roles);
            continue;
        }
        assert!(answer.get("errors").is_none(), "{:?}: {answer:#}", viewer.roles);
        let pair = |field: &str| (nodes(&seen[field]), nodes(&whole[field]));
        let (is, all) = pair("contacts");
        compare_all::<Contact>(&is, &all, viewer, true);
        let (is, all) = pair("promised");
        compare::<schema::api::interaction::Promise>(&is[0]["promise"], &all[0]["promise"], viewer, true);
        let (is, all) = pair("pointsEntries");
        compare_all::<PointsEntry>(&is, &all, viewer, true);
        let (is, all) = pair("holds");
        compare_all::<PointsHold>(&is, &all, viewer, true);
        compare::<Rfm>(&seen["rfm"], &whole["rfm"], viewer, true);
        let (is, all) = pair("answers");
        compare_all::<Answer>(&is, &all, viewer, true);
        let (is, all) = pair("questionnaireAnswers");
        compare_all::<QuestionnaireAnswer>(&is, &all, viewer, true);
        compare_all::<ItemAnswer>(&is[0]["items"], &all[0]["items"], viewer, true);
        let hidden = rule.value != Level::Whole;
        assert_eq!(seen["attributes"][0]["value"].is_null(), hidden, "{:?}", viewer.roles);
        assert_eq!(seen["before"][0]["value"].is_null(), hidden, "{:?}", viewer.roles);
        let observed = nodes(&seen["observations"]);
        assert_eq!(observed[0]["value"].is_null(), hidden, "{:?}", viewer.roles);
    }
}

async fn pages(place: Place) {
    let stage = Stage::set(&place).await;
    stage.fill().await;
    let manager = &stage.company.manager_hq;
    let page = async |after: &str| {
        let fields = format!(
            "contacts(first: 2{after}) {{ edges {{ cursor node {{ id }} }} pageInfo {{ hasNextPage }} }}"
        );
        stage.sees(manager, &fields).await["contacts"].take()
    };
    let first = page("").await;
    assert_eq!(first["pageInfo"]["hasNextPage"], true);
    let second = page(&format!(", after: {}", first["edges"][1]["cursor"])).await;
    assert_eq!(
        (second["edges"].as_array().map(Vec::len), &second["pageInfo"]["hasNextPage"]),
        (Some(1), &json!(false))
    );
    assert!(!nodes(&first).as_array().expect("nodes").contains(&nodes(&second)[0]), "no contact twice");

    // A cursor of nobody, one of another list, and pages of no size are mistakes of the client.
    let foreign = URL_SAFE_NO_PAD.encode(json!({ "a": "bm9uZQ", "n": 0 }).to_string());
    for list in LISTS {
        let ask = |arguments: String| {
            format!(
                "{{ customer(id: \"{}\") {{ {list}({arguments}) {{ edges {{ cursor }} }} }} }}",
                stage.customer
            )
        };
        for cursor in ["bm9uZQ", &foreign] {
            let code = stage.refused(manager, &ask(format!("after: \"{cursor}\""))).await;
            assert_eq!(code, "invalid-cursor", "{list} after {cursor}");
        }
        for first in [0, -1, 101] {
            assert_eq!(stage.refused(manager, &ask(format!("first: {first}"))).await, "invalid", "{list}");
        }
        let each = format!(
            "{{ customers(first: 50) {{ edges {{ node {{ {list} {{ edges {{ cursor }} }} }} }} }} }}"
        );
        let answer = stage.suite.graphql(manager, &each, json!({})).await;
        assert!(answer["data"].is_null() && answer["errors"].is_array(), "{list} of each of fifty: {answer}");
        stage.suite.ask(manager, &each.replace("50", "5"), json!({})).await;
    }
    stage.suite.end().await;
}
on_both!(lists_go_on_from_their_own_cursors_only, super::pages);

async fn desk(place: Place) {
    let stage = Stage::set(&place).await;
    let (suite, anna) = (&stage.suite, &stage.anna.person);
    let case = cases::new_case(stage.company.north_1, None);
    let case = cases::open(suite, anna, stage.customer, &case).await.expect("a case");
    let query = "query ($role: DeskRole) { myDesk(role: $role) { accountable handling offered \
        cases { edges { node { id customerId } } pageInfo { hasNextPage } } customers { customerId file { name } } } }";
    for (role, cases) in [(Value::Null, 1), (json!("ACCOUNTABLE"), 1), (json!("OFFERED"), 0)] {
        let desk = suite.ask(anna, query, json!({ "role": role })).await["myDesk"].take();
        assert_eq!(
            (&desk["accountable"], &desk["handling"], &desk["offered"]),
            (&json!(1), &json!(1), &json!(0))
        );
        let lies = nodes(&desk["cases"]);
        assert_eq!(lies.as_array().map(Vec::len), Some(cases), "{role}");
        if cases == 1 {
            assert_eq!(lies[0], json!({ "id": case.id, "customerId": stage.customer }));
            let name = json!({ "customerId": stage.customer, "file": { "name": "Wang Jia" } });
            assert_eq!(desk["customers"], json!([name]));
        }
    }
    let short = "{ myDesk { handling } }";
    for (who, code) in [(&stage.company.admin, "forbidden"), (&stage.company.manager_south_1, "forbidden")] {
        assert_eq!(stage.refused(who, short).await, code, "{:?}", who.viewer);
    }
    assert_eq!(stage.refused(anna, "{ myDesk(after: \"bm9uZQ\") { handling } }").await, "invalid-cursor");
    stage.suite.end().await;
}
on_both!(a_desk_is_read_by_whom_it_belongs_to, super::desk);
