//! Where the steps of the week are seen: on the timeline, in the customer-360 view, in the audit.

use std::collections::BTreeMap;

use kit::db::statement;
use schema::{
    api::{
        Nothing,
        interaction::{Channel, GetTimeline, TimelineEntry, TimelineKind, TimelineQuery},
    },
    ids::StaffId,
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
    AnswerReceived, CaseClosed, CaseDeclined, CaseOffered, CaseOpened, CaseResolved, Contact,
    GestureEscalated, GestureGiven, InvitationCreated, OutreachGranted, RecoveryMeasured, TaskDone,
    TaskOpened,
};

/// What happened, the first one first, and who did it; a dash for the customer and for ourselves.
const STEPS: [(TimelineKind, &str); 21] = [
    (Contact, "clara"),
    (CaseOpened, "clara"),
    (Contact, "bert"),
    (CaseOffered, "clara"),
    (CaseDeclined, "bert"),
    (TaskOpened, "clara"),
    (GestureEscalated, "clara"),
    (GestureGiven, "dora"),
    (TaskDone, "cora"),
    (CaseResolved, "clara"),
    (CaseClosed, "clara"),
    (InvitationCreated, "-"),
    (OutreachGranted, "-"),
    (AnswerReceived, "-"),
    // The follow-up.
    (CaseOpened, "-"),
    (CaseResolved, "clara"),
    (CaseClosed, "clara"),
    (InvitationCreated, "-"),
    (OutreachGranted, "-"),
    (AnswerReceived, "-"),
    (RecoveryMeasured, "-"),
];
/// The timeline entries in the view.
const HELD: usize = 20;

/// Everybody who reaches the customer sees every step: there are no words in it.
pub(super) async fn on_the_timeline_of(week: &Week, who: &Person) -> Vec<TimelineEntry> {
    let page = week
        .call::<GetTimeline>(Service::Interaction, who, &week.path(), &TimelineQuery::default(), &Nothing)
        .await;
    let mut entries = page.expect("a timeline").items;
    entries.reverse();
    let people =
        [&week.clara, &week.bert, &week.cora, &week.dora].into_iter().zip(["clara", "bert", "cora", "dora"]);
    let names: BTreeMap<StaffId, &str> = people.map(|(one, name)| (one.id, name)).collect();
    let name = |staff: Option<StaffId>| staff.map_or("-", |id| names[&id]);
    let steps: Vec<_> = entries.iter().map(|one| (one.kind, name(one.staff_id))).collect();
    assert_eq!(steps, STEPS, "{:?}", who.viewer.roles);
    entries
}

pub(super) async fn on_the_timeline(week: &Week, past: &Past) {
    let entries = on_the_timeline_of(week, &week.clara.person).await;
    let of_case = |id| entries.iter().filter(|one| one.case_id == Some(id)).count();
    // With the question about each, its answer, and what that said of the customer.
    assert_eq!((of_case(past.complaint), of_case(past.follow_up)), (11, 6));
    for (at, answer) in [(13, 0), (19, 1), (20, 1)] {
        assert_eq!(entries[at].answer_id, Some(past.answers[answer]), "{:?}", entries[at]);
    }
    for at in [11, 17] {
        let invited = entries[at].invitation_id;
        assert!(invited.is_some() && entries[at + 2].invitation_id == invited, "{:?}", entries[at]);
        assert!(entries[at + 1].outreach_id.is_some(), "{:?}", entries[at + 1]);
        assert_eq!(entries[at + 1].channel, Some(Channel::Sms));
    }
    assert_eq!(entries.iter().filter(|one| one.task_id == Some(past.task)).count(), 2);
    let given: Vec<_> = entries.iter().filter(|one| one.gesture_id == Some(past.gesture)).collect();
    assert_eq!((given.len(), given[1].amount_minor.map(|amount| amount.get())), (2, Some(5_000)));
    assert!(entries.iter().all(|one| one.org_unit_id == week.company.north_1));
}

const VIEW: &str = "query ($id: UUID!) { customer(id: $id) { \
    dealings { openCaseCount complaintsIn90Days owed { kind } timeline { kind caseId taskId gestureId } } \
    nextOwed { kind } timeline(first: 30) { edges { node { kind staffId } } } \
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
        (steps == Some(HELD)
            && seen["dealings"]["timeline"][0]["kind"] == "RECOVERY_MEASURED"
            && seen["voice"]["recovery"].is_object())
        .then_some(seen)
    })
    .await;
    let dealings = &seen["dealings"];
    assert_eq!((&dealings["openCaseCount"], &dealings["complaintsIn90Days"]), (&json!(0), &json!(1)));
    assert_eq!((&dealings["owed"], &seen["nextOwed"]), (&json!([]), &json!([])));
    let steps: Vec<Value> = dealings["timeline"].as_array().expect("steps").iter().rev().cloned().collect();
    let words = |kind: TimelineKind| json!(kind).as_str().expect("a word").to_uppercase();
    let all: Vec<String> = STEPS.into_iter().map(|(kind, _)| words(kind)).collect();
    let kinds = |steps: &[Value]| steps.iter().map(|one| one["kind"].clone()).collect::<Vec<Value>>();
    assert_eq!(kinds(&steps), all[STEPS.len() - HELD..], "the latest");
    assert_eq!((&steps[4]["taskId"], &steps[6]["gestureId"]), (&json!(past.task), &json!(past.gesture)));
    assert_eq!((&steps[0]["caseId"], &steps[13]["caseId"]), (&json!(past.complaint), &json!(past.follow_up)));
    let asked = seen["timeline"]["edges"].as_array().expect("edges");
    let asked: Vec<Value> = asked.iter().rev().map(|one| one["node"].clone()).collect();
    assert_eq!(kinds(&asked), all, "every one");
    assert_eq!(asked[0]["staffId"], json!(week.clara.id));
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
