//! The story of a bad week, through all services: a complaint at the counter that somebody answers for, what is
//! done about it, the customer asked and unhappy, followed up by the same person, asked again and won back.
//! Each step is where people look for it, and nobody sees more of it than their role may.

mod people;
mod seen;

use chrono::{TimeDelta, Utc};
use schema::{
    access::Role,
    api::{
        Nothing,
        customer::{ConsentPurpose, ConsentStatus, NewConsent, RecordConsent},
        interaction::{
            ApproveGesture, CaseReason, CaseResolution, CaseState, CaseStep, CasesQuery, Channel, CheckReach,
            CloseCase, DeclineCase, FinishTask, GestureState, GestureStep, HandOverState, ListCases,
            ListOutreaches, NeededAuthority, NewCase, NewContact, NewGesture, NewTask, OfferCase, OpenTask,
            OutreachesQuery, Phase, ReachQuery, ResolveCase, Severity, TaskDone, TaskKind, TaskPath,
            TaskState,
        },
        survey::{InvitationState, InvitationTrigger},
    },
    event::{CaseOpened, OutreachProposed, RecoveryMeasured},
    ids::{AnswerId, CaseId, GestureId, TaskId},
    topology::Service,
};
use serde_json::json;
use testkit::{Place, eventually};

use self::people::NONE;
pub(crate) use self::people::{LONG, Week};
use crate::{
    cases::{new_case, offer_to, open, step},
    contacts::{new_contact, record},
    facts_told::told,
    gestures, on_both,
    survey::asking,
};

const NOW: CaseStep = CaseStep { occurred_at: None };

fn now() -> chrono::DateTime<Utc> {
    kit::clock::Clock::system().now()
}

/// What the week leaves behind.
pub(crate) struct Past {
    pub(crate) complaint: CaseId,
    pub(crate) task: TaskId,
    pub(crate) gesture: GestureId,
    pub(crate) follow_up: CaseId,
    /// The low answer and the one after it.
    answers: [AnswerId; 2],
}

/// Lives through it.
pub(crate) async fn live(week: &Week) -> Past {
    agree(week).await;
    let (complaint, task, gesture) = complain(week).await;
    let unhappy = ask(week, (complaint, InvitationTrigger::CaseClosed), "score=2&words=Never+again").await;
    let follow_up = follow_up(week, complaint, unhappy).await;
    let happy = ask(week, (follow_up, InvitationTrigger::Recovery), "score=9&words=She+called+me").await;
    let past = Past { complaint, task, gesture, follow_up, answers: [unhappy, happy] };
    recovered(week, &past).await;
    past
}

async fn story(place: Place) {
    let week = Week::begin(&place).await;
    let past = live(&week).await;
    seen::on_the_timeline(&week, &past).await;
    seen::in_the_view(&week, &past).await;
    seen::in_the_audit(&week).await;
    people::each_role(&week, &past).await;
    people::another_outlet(&week, &past).await;
    people::in_a_segment(&week).await;
    week.suite.end().await;
}
on_both!(a_bad_week_ends_well, super::story);

/// The customer agrees to be asked by SMS, and whoever plans to reach them knows.
async fn agree(week: &Week) {
    let new = NewConsent {
        purpose: ConsentPurpose::Survey,
        channel: Channel::Sms,
        status: ConsentStatus::Granted,
        given_at: now() - TimeDelta::days(1),
        expires_at: None,
        source: "counter".to_owned(),
        said_by: None,
    };
    week.call::<RecordConsent>(Service::Customer, &week.clara.person, &week.path(), &NONE, &new)
        .await
        .expect("a word");
    let query = ReachQuery { purpose: ConsentPurpose::Survey, channel: Channel::Sms, at: None };
    eventually("interaction knows that the customer agreed", LONG, || async {
        let reach = week
            .call::<CheckReach>(Service::Interaction, &week.clara.person, &week.path(), &query, &Nothing)
            .await;
        reach.ok().filter(|reach| reach.allowed)
    })
    .await;
}

/// From the counter to the end of the case.
async fn complain(week: &Week) -> (CaseId, TaskId, GestureId) {
    let (suite, clara, unit) = (&week.suite, &week.clara, week.company.north_1);
    let contact = new_contact(unit, Channel::Counter, Phase::Aftersales);
    let contact = record(suite, &clara.person, week.customer, &contact).await.expect("a contact");
    let new = NewCase { complaint: true, ..new_case(unit, Some(contact.id)) };
    let case = open(suite, &clara.person, week.customer, &new).await.expect("a case");
    assert_eq!((case.accountable_id, case.complaint), (clara.id, true));
    // Bert has the customer's last contact; what follows is not his for that.
    let later = NewContact { occurred_at: now(), ..new_contact(unit, Channel::Phone, Phase::Aftersales) };
    record(suite, &week.bert.person, week.customer, &later).await.expect("a contact");

    step::<OfferCase>(suite, &clara.person, &case, &offer_to(week.bert.id)).await.expect("offered");
    week.owes(json!([
        { "kind": "CASE", "what": "spoiled-goods", "staffId": clara.id },
        { "kind": "HAND_OVER", "what": "spoiled-goods", "staffId": week.bert.id },
    ]))
    .await;
    let no = CaseReason { reason: "On leave from tomorrow.".to_owned(), occurred_at: None };
    let declined = step::<DeclineCase>(suite, &week.bert.person, &case, &no).await.expect("declined");
    assert_eq!((declined.state, declined.handler_id), (CaseState::Open, clara.id));
    assert_eq!((declined.hand_overs[0].state, declined.transfers), (HandOverState::Declined, 0));

    let new = NewTask {
        org_unit_id: unit,
        kind: TaskKind::Delegated,
        what: "inspect".to_owned(),
        notes: Some("Smell the whole lot.".to_owned()),
        owner_id: week.cora.id,
        case_id: Some(case.id),
        planned_at: None,
        due_at: now() + TimeDelta::days(1),
        occurred_at: None,
    };
    let task = week
        .call::<OpenTask>(Service::Interaction, &clara.person, &week.path(), &NONE, &new)
        .await
        .expect("a task");
    week.owes(json!([
        { "kind": "TASK", "what": "inspect", "staffId": week.cora.id },
        { "kind": "CASE", "what": "spoiled-goods", "staffId": clara.id },
    ]))
    .await;

    // 50.00 where a seller gives 20.00 and the manager of an outlet 100.00.
    let new = NewGesture { case_id: Some(case.id), ..gestures::new_gesture(unit, 5_000) };
    let asked = gestures::ask(suite, &clara.person, week.customer, &new).await.expect("asked");
    let needs = NeededAuthority { role: Role::Manager, unit_kind: None };
    assert_eq!((asked.state, asked.needs), (GestureState::Escalated, Some(needs)));
    let approve = GestureStep { occurred_at: None };
    let given = gestures::step::<ApproveGesture>(suite, &week.dora.person, &asked, &approve).await;
    let given = given.expect("approved");
    assert_eq!((given.state, given.decided_by_id), (GestureState::Approved, Some(week.dora.id)));

    let path = TaskPath { customer_id: week.customer, task_id: task.id };
    let done = TaskDone { outcome: Some("lot-withdrawn".to_owned()), occurred_at: None };
    let done = week
        .call::<FinishTask>(Service::Interaction, &week.cora.person, &path, &NONE, &done)
        .await
        .expect("done");
    assert_eq!((done.state, done.breached), (TaskState::Done, false));
    end_case(week, case.id).await;
    week.owes(json!([])).await;
    (case.id, task.id, given.id)
}

/// The accountable person resolves the case and closes it.
async fn end_case(week: &Week, case: CaseId) {
    let case = week.case(&week.clara.person, case).await.expect("a case");
    let resolution = CaseResolution {
        outcome: "replaced".to_owned(),
        notes: Some("Five kilos of the new harvest.".to_owned()),
        occurred_at: None,
    };
    step::<ResolveCase>(&week.suite, &week.clara.person, &case, &resolution).await.expect("resolved");
    let closed = step::<CloseCase>(&week.suite, &week.clara.person, &case, &NOW).await.expect("closed");
    assert_eq!((closed.state, closed.accountable_id), (CaseState::Closed, week.clara.id));
}

/// The case that was closed leads to a question, which is granted, sent and answered once, at the public page.
async fn ask(week: &Week, (case, trigger): (CaseId, InvitationTrigger), form: &str) -> AnswerId {
    let again = trigger == InvitationTrigger::Recovery;
    let granted = week.invitation(case, InvitationState::Granted).await;
    assert_eq!((granted.trigger, granted.owed, granted.channel), (trigger, again, Some(Channel::Sms)));
    let rule = (!again).then_some("after-case");
    assert_eq!((granted.rule.as_deref(), granted.org_unit_id), (rule, Some(week.company.north_1)));
    let proposed = told::<OutreachProposed>(&week.suite).await;
    let reasons: Vec<(&str, bool)> = proposed.iter().map(|one| (one.reason.as_str(), one.owed)).collect();
    assert_eq!(reasons, [("case-closed", false), ("recovery", true)][..=usize::from(again)]);
    let decided = week
        .call::<ListOutreaches>(
            Service::Interaction,
            &week.clara.person,
            &week.path(),
            &OutreachesQuery::default(),
            &Nothing,
        )
        .await;
    let decided = decided.expect("a page").items;
    assert_eq!(decided.len(), proposed.len(), "each is decided once");
    assert_eq!((decided[0].channel, decided[0].held_because), (Some(Channel::Sms), None));

    assert_eq!(week.to_send(&week.company.manager_south_1).await, []);
    assert_eq!(week.to_send(&week.marketing).await, [granted.id]);
    let link = week.send(&week.marketing, granted.id).await.expect("a link");
    assert_eq!(week.to_send(&week.marketing).await, []);
    let url = week.link(&link);
    let page = asking::open(&url, "en").await;
    assert_eq!((page.status, page.html.matches("type=\"radio\"").count()), (200, 11), "{}", page.html);
    let thanks = asking::fill_in(&url, &format!("{form}&do=send")).await;
    assert_eq!(thanks.status, 200, "{}", thanks.html);
    assert_eq!(asking::fill_in(&url, "score=10&do=send").await.status, 410, "the token is used up");
    week.invitation(case, InvitationState::Answered).await.answer_id.expect("an answer")
}

/// A case of the same person's follows the answer up, and is brought to its end.
async fn follow_up(week: &Week, complaint: CaseId, answer: AnswerId) -> CaseId {
    let found = eventually("the low score is followed up", LONG, || async {
        let (path, query) = (week.path(), CasesQuery::default());
        let page =
            week.call::<ListCases>(Service::Interaction, &week.clara.person, &path, &query, &Nothing).await;
        page.expect("a page").items.into_iter().find(|case| case.answer_id == Some(answer))
    })
    .await;
    let case = week.case(&week.clara.person, found.id).await.expect("a case");
    assert_eq!((case.topic.as_str(), case.severity), ("low-score", Severity::High));
    assert_eq!((case.accountable_id, case.handler_id), (week.clara.id, week.clara.id), "not bert's");
    assert_eq!((case.answer_id, case.complaint, case.recovered), (Some(answer), false, None));
    assert_eq!(week.clara.load(&week.suite).await, (1, 1, 0), "it lies on her desk");
    week.owes(json!([{ "kind": "CASE", "what": "low-score", "staffId": week.clara.id }])).await;
    end_case(week, case.id).await;
    let opened: Vec<CaseId> = told::<CaseOpened>(&week.suite).await.iter().map(|one| one.case_id).collect();
    assert_eq!(opened, [complaint, case.id], "one case for one answer");
    case.id
}

/// It is measured once, and kept on the case and in the figures.
async fn recovered(week: &Week, past: &Past) {
    let case = eventually("the case keeps that the customer recovered", LONG, || async {
        let case = week.case(&week.dora.person, past.follow_up).await.expect("a case");
        case.recovered.is_some().then_some(case)
    })
    .await;
    assert_eq!((case.recovered, case.score_before, case.score_after), (Some(true), Some(2), Some(9)));
    let measured = told::<RecoveryMeasured>(&week.suite).await;
    assert_eq!(measured.len(), 1);
    assert_eq!([measured[0].first_answer_id, measured[0].second_answer_id], past.answers);
    let report = week.recovery(&week.dora.person, None).await.expect("a report");
    let share = report.recovered.expect("an answer");
    assert_eq!((report.asked, report.answered, share.count, share.share), (1, 1, 1, 1_000_000));
}
