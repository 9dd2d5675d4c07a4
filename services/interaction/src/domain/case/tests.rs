//! Every step in every stage, and what passing a case around does to it.

use chrono::DateTime;
use schema::{
    api::interaction::{HandOver, Severity},
    ids::HandOverId,
};
use uuid::Uuid;

use super::*;

fn person(number: u128) -> StaffId {
    Uuid::from_u128(number).into()
}

const STEPS: [Step; 7] = [
    Step::Offer,
    Step::Accept,
    Step::Decline,
    Step::Resolve,
    Step::Close,
    Step::Reopen,
    Step::NameAccountable,
];

fn stages() -> [Stage; 4] {
    [Stage::Open, Stage::Offered(person(2)), Stage::Resolved, Stage::Closed]
}

fn take(stage: Stage, step: Step) -> Result<Stage, NotAllowed> {
    match step {
        Step::Offer => stage.offer(person(2)),
        Step::Accept => stage.accept().map(|(stage, _)| stage),
        Step::Decline => stage.decline().map(|(stage, _)| stage),
        Step::Resolve => stage.resolve(),
        Step::Close => stage.close(),
        Step::Reopen => stage.reopen(),
        Step::NameAccountable => stage.name_accountable(),
    }
}

/// What each stage allows, and where it leads.
fn expected(stage: &Stage, step: Step) -> Option<Stage> {
    match (stage, step) {
        (Stage::Open, Step::Offer) => Some(Stage::Offered(person(2))),
        (Stage::Open, Step::Resolve) => Some(Stage::Resolved),
        (Stage::Open, Step::NameAccountable)
        | (Stage::Offered(_), Step::Accept | Step::Decline)
        | (Stage::Resolved | Stage::Closed, Step::Reopen) => Some(Stage::Open),
        (Stage::Offered(to), Step::NameAccountable) => Some(Stage::Offered(*to)),
        (Stage::Resolved, Step::NameAccountable) => Some(Stage::Resolved),
        (Stage::Resolved, Step::Close) => Some(Stage::Closed),
        _ => None,
    }
}

#[test]
fn every_step_in_every_stage() {
    let mut refused = 0;
    for step in STEPS {
        for stage in stages() {
            let (expected, before) = (expected(&stage, step), format!("{stage:?} {step:?}"));
            match (take(stage, step), expected) {
                (Ok(after), Some(expected)) => assert_eq!(after, expected, "{before}"),
                (Err(refusal), None) => {
                    refused += 1;
                    assert!(refusal.to_string().contains("; it allows "), "{before}: {refusal}");
                }
                (got, expected) => panic!("{before}: {got:?}, not {expected:?}"),
            }
        }
    }
    assert_eq!(refused, 28 - 10);
}

/// The problem names exactly what would be allowed.
#[test]
fn a_refusal_says_what_is_allowed() {
    for stage in stages() {
        let allowed: Vec<String> = STEPS
            .into_iter()
            .filter(|step| expected(&stage, *step).is_some())
            .map(|step| match step {
                Step::NameAccountable => "name-accountable".to_owned(),
                other => format!("{other:?}").to_lowercase(),
            })
            .collect();
        let told = NotAllowed { state: stage.state(), step: Step::Close }.to_string();
        let list = told.split("it allows ").nth(1).expect("a list");
        let told: Vec<&str> = list.split(&[',', ' '][..]).filter(|word| !["", "or"].contains(word)).collect();
        assert_eq!(told, allowed, "{stage:?}");
    }
}

fn case() -> Case {
    Case {
        id: Uuid::nil().into(),
        customer_id: Uuid::nil().into(),
        org_unit_id: Uuid::nil().into(),
        contact_id: None,
        topic: "spoiled-goods".into(),
        severity: Severity::Normal,
        complaint: false,
        subject: None,
        answer_id: None,
        recovered: None,
        score_before: None,
        score_after: None,
        gestures: Vec::new(),
        state: CaseState::Open,
        accountable_id: person(1),
        handler_id: person(1),
        offered_to_id: None,
        occurred_at: DateTime::UNIX_EPOCH,
        due_at: DateTime::UNIX_EPOCH,
        standard: None,
        warn_at: None,
        respond_by: None,
        respond_warn_at: None,
        response_escalation: None,
        responded_at: None,
        escalation: None,
        resolved_at: None,
        closed_at: None,
        outcome: None,
        resolution: None,
        reopened: 0,
        transfers: 0,
        bounced: false,
        ping_pong: false,
        hand_overs: Vec::new(),
        revision: 1,
    }
}

/// Hands the case to each of these in turn.
fn passed(to: &[u128]) -> Case {
    let mut case = case();
    for number in to {
        let from_staff_id = case.handler_id;
        go_over(&mut case, person(*number));
        case.hand_overs.push(HandOver {
            id: HandOverId::from(Uuid::nil()),
            from_staff_id,
            to_staff_id: person(*number),
            occurred_at: DateTime::UNIX_EPOCH,
            reason: None,
            state: HandOverState::Accepted,
            answered_at: None,
            decline_reason: None,
        });
    }
    case
}

#[test]
fn two_transfers_are_a_bounce_and_back_again_is_ping_pong() {
    for (to, bounced, ping_pong) in [
        (&[][..], false, false),
        (&[2], false, false),
        (&[2, 3], true, false),
        (&[2, 1], true, true),
        (&[2, 3, 1], true, false),
        (&[2, 3, 2, 4], true, true),
    ] {
        let case = passed(to);
        assert_eq!((case.bounced, case.ping_pong), (bounced, ping_pong), "{to:?}");
        assert_eq!(case.transfers, i32::try_from(to.len()).expect("few"));
        assert_eq!(case.accountable_id, person(1), "accountability never moves with it");
    }
}

#[test]
fn a_stage_goes_into_a_case_and_out_again() {
    for stage in stages() {
        let (mut case, before) = (case(), format!("{stage:?}"));
        stage.put_into(&mut case);
        assert_eq!(format!("{:?}", Stage::of(&case).expect("a stage")), before);
    }
    let contradiction = Case { state: CaseState::Offered, ..case() };
    assert_eq!(Stage::of(&contradiction), None);
}

#[test]
fn handler_accountable_and_manager_move_a_case() {
    let mut case = case();
    case.handler_id = person(2);
    let may = |staff, is_manager| Actor { staff, is_manager }.may_move(&case);
    assert!(may(Some(person(1)), false) && may(Some(person(2)), false) && may(None, true));
    assert!(!may(Some(person(3)), false) && !may(None, false));
}
