//! Where the steps of the week are seen: on the timeline, in the customer-360 view, in the audit.

use kit::db::statement;
use schema::{
    api::{
        Nothing,
        interaction::{GetTimeline, TimelineEntry, TimelineKind, TimelineQuery},
    },
    topology::Service,
};
use sea_orm::ConnectionTrait as _;
use serde_json::{Value, json};
use testkit::{Person, eventually};

use super::{
    Past,
    people::{LONG, Week},
};
use crate::facts_told::running;

use TimelineKind::{
    CaseClosed, CaseOpened, CaseResolved, Contact, GestureEscalated, GestureGiven, TaskDone, TaskOpened,
};

/// What happened, the first one first.
const STEPS: [TimelineKind; 12] = [
    Contact,
    CaseOpened,
    Contact,
    TaskOpened,
    GestureEscalated,
    GestureGiven,
    TaskDone,
    CaseResolved,
    CaseClosed,
    // The follow-up.
    CaseOpened,
    CaseResolved,
    CaseClosed,
];

/// Everybody who reaches the customer sees every step: there are no words in it.
pub(super) async fn on_the_timeline_of(week: &Week, who: &Person) -> Vec<TimelineEntry> {
    let page = week
        .call::<GetTimeline>(Service::Interaction, who, &week.path(), &TimelineQuery::default(), &Nothing)
        .await;
    let mut entries = page.expect("a timeline").items;
    entries.reverse();
    let kinds: Vec<TimelineKind> = entries.iter().map(|one| one.kind).collect();
    assert_eq!(kinds, STEPS, "{:?}", who.viewer.roles);
    entries
}

pub(super) async fn on_the_timeline(week: &Week, past: &Past) {
    let entries = on_the_timeline_of(week, &week.clara.person).await;
    let of_case = |id| entries.iter().filter(|one| one.case_id == Some(id)).count();
    assert_eq!((of_case(past.complaint), of_case(past.follow_up)), (7, 3));
    assert_eq!(entries.iter().filter(|one| one.task_id == Some(past.task)).count(), 2);
    let given: Vec<_> = entries.iter().filter(|one| one.gesture_id == Some(past.gesture)).collect();
    assert_eq!((given.len(), given[1].amount_minor.map(|amount| amount.get())), (2, Some(5_000)));
    assert!(entries.iter().all(|one| one.org_unit_id == week.company.north_1));
}

const VIEW: &str = "query ($id: UUID!) { customer(id: $id) { \
    dealings { openCaseCount complaintsIn90Days owed { kind } timeline { kind caseId taskId gestureId } } \
    nextOwed { kind } \
    voice { answerCount npsScore npsCategory openInvitations answers { id score verbatim caseId } \
        recovery { caseId firstAnswerId secondAnswerId scoreBefore scoreAfter recovered } } } }";

/// The customer as somebody sees them in the view; null when they do not.
pub(super) async fn view(week: &Week, who: &Person) -> Value {
    week.suite.graphql(who, VIEW, json!({ "id": week.customer })).await["data"]["customer"].take()
}

pub(super) async fn in_the_view(week: &Week, past: &Past) {
    let seen = eventually("the view shows the whole week", LONG, || async {
        let seen = view(week, &week.dora.person).await;
        let steps = seen["dealings"]["timeline"].as_array().map(Vec::len);
        (steps == Some(STEPS.len()) && seen["voice"]["recovery"].is_object()).then_some(seen)
    })
    .await;
    let dealings = &seen["dealings"];
    assert_eq!((&dealings["openCaseCount"], &dealings["complaintsIn90Days"]), (&json!(0), &json!(1)));
    assert_eq!((&dealings["owed"], &seen["nextOwed"]), (&json!([]), &json!([])));
    let steps: Vec<Value> = dealings["timeline"].as_array().expect("steps").iter().rev().cloned().collect();
    for (step, kind) in steps.iter().zip(STEPS) {
        let words = json!(kind).as_str().expect("a word").to_uppercase();
        assert_eq!(step["kind"], words, "{steps:#?}");
    }
    assert_eq!((&steps[3]["taskId"], &steps[5]["gestureId"]), (&json!(past.task), &json!(past.gesture)));
    assert_eq!((&steps[1]["caseId"], &steps[9]["caseId"]), (&json!(past.complaint), &json!(past.follow_up)));
    let [first, second] = past.answers;
    let voice = json!({
        "answerCount": 2, "npsScore": 9, "npsCategory": "PROMOTER", "openInvitations": 0,
        "answers": [
            { "id": second, "score": 9, "verbatim": "She called me", "caseId": past.follow_up },
            { "id": first, "score": 2, "verbatim": "Never again", "caseId": past.complaint },
        ],
        "recovery": {
            "caseId": past.follow_up, "firstAnswerId": first, "secondAnswerId": second,
            "scoreBefore": 2, "scoreAfter": 9, "recovered": true,
        },
    });
    assert_eq!(seen["voice"], voice);
}

/// Who did what, in each service, the first one first.
pub(super) async fn in_the_audit(week: &Week) {
    let by = |who: &str, action: &str| (action.to_owned(), who.to_owned());
    let interaction = [
        by("staff:clara", "contact.record"),
        by("staff:clara", "case.open"),
        by("staff:bert", "contact.record"),
        by("staff:clara", "case.offer"),
        by("staff:bert", "case.decline"),
        by("staff:clara", "task.open"),
        by("staff:clara", "gesture.ask"),
        by("staff:dora", "gesture.approve"),
        by("staff:cora", "task.done"),
        by("staff:clara", "case.resolve"),
        by("staff:clara", "case.close"),
        by("system", "case.follow_up"),
        by("staff:clara", "case.resolve"),
        by("staff:clara", "case.close"),
    ];
    assert_eq!(audited(week, Service::Interaction).await, interaction);
    // Whoever has a token is nobody whom we know.
    let sender = week.marketing.viewer.subject.as_str();
    let asked = [by(sender, "invitation.send"), by("system", "invitation.answer")];
    assert_eq!(audited(week, Service::Survey).await, [asked.clone(), asked].concat());
    let registered = week.company.manager_hq.viewer.subject.as_str();
    let filed = [by(registered, "customer.register"), by("staff:clara", "customer.consent.record")];
    assert_eq!(audited(week, Service::Customer).await, filed);
}

/// What was done to the customer in a service, and who did it.
async fn audited(week: &Week, service: Service) -> Vec<(String, String)> {
    let db = &running(&week.suite, service).runtime.db;
    let sql = "SELECT action, actor FROM audit_entry WHERE subject_id = $1 ORDER BY recorded_at, id";
    let asked = statement(db.read(), sql, vec![week.customer.uuid().into()]);
    let rows = db.read().query_all_raw(asked).await.expect("the audit");
    let text = |row: &sea_orm::QueryResult, column: &str| row.try_get("", column).expect("text");
    rows.iter().map(|row| (text(row, "action"), text(row, "actor"))).collect()
}
