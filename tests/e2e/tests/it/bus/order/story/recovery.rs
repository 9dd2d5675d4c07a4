//! The part of the story about outreach, low scores and people who leave: wishes and households that change,
//! proposals, a low score with what became of the customer, and a seller whose deputy takes over.

use chrono::{DateTime, TimeDelta, Utc};
use schema::{
    api::{
        customer::{ConsentPurpose, ConsentStatus, HeldConsent, StaffStatus},
        interaction::{Channel, Severity},
        survey::{Instrument, InvitationState},
    },
    event::{
        AnswerReceived, CaseOpened, ConsentChanged, HouseholdChanged, InvitationCreated, OutreachProposed,
        PointsExpiring, QuestionnaireAnswered, RecoveryMeasured, StaffJoined, StaffLeft,
        customer::{ConsentState, HouseholdState, StaffLeft as Left, StaffState},
        interaction::CaseOpened as Opened,
        loyalty::PointsExpiring as Expiring,
        survey::{
            AnswerReceived as Answer, InvitationMoved, OutreachProposed as Proposed,
            QuestionnaireAnswered as Answered, RecoveryMeasured as Measured,
        },
    },
    ids::CaseId,
    value::Points,
};
use uuid::Uuid;

use super::{ANNA, BEGIN, BEN, SELLER, SHOP, Teller, id};

const DEPUTY: u128 = 0x21;
const HOUSEHOLD: u128 = 0x90;
/// The low score, one about the case that followed it, and two answers after that.
const ANSWERS: [u128; 4] = [0x72, 0x73, 0x74, 0x75];

fn at(hours: i64) -> DateTime<Utc> {
    *BEGIN + TimeDelta::hours(hours)
}

pub(super) fn tell(teller: &mut Teller) {
    wishes(teller);
    let case = low_scores(teller);
    invitations(teller, case);
    let deputy = StaffState {
        staff_id: id(DEPUTY),
        code: "deputy".to_owned(),
        org_unit_id: id(SHOP),
        status: StaffStatus::Active,
    };
    teller.tell::<StaffJoined>(DEPUTY, 1, &deputy);
    let left = Left {
        staff_id: id(SELLER),
        code: "seller".to_owned(),
        org_unit_id: id(SHOP),
        status: StaffStatus::Left,
        successor_id: id(DEPUTY),
    };
    teller.tell::<StaffLeft>(SELLER, 4, &left);
    for (second, hours, score_after) in [(ANSWERS[2], 4, 4), (ANSWERS[3], 5, 9)] {
        let measured = Measured {
            customer_id: id(ANNA),
            case_id: case,
            first_answer_id: id(ANSWERS[0]),
            second_answer_id: id(second),
            score_before: 2,
            score_after,
            recovered: score_after > 6,
            occurred_at: at(hours),
        };
        teller.tell::<RecoveryMeasured>(ANNA, hours, &measured);
    }
}

/// Consents and households that change twice, and proposals that are decided whatever of it has arrived.
fn wishes(teller: &mut Teller) {
    for (revision, status) in [(4, ConsentStatus::Granted), (5, ConsentStatus::Withdrawn)] {
        let consent =
            HeldConsent { purpose: ConsentPurpose::Survey, channel: Channel::Sms, status, expires_at: None };
        let state = ConsentState {
            customer_id: id(ANNA),
            consents: vec![consent],
            quiet_spans: Vec::new(),
            time_zone: None,
            stated_channels: vec![Channel::Sms],
        };
        teller.tell::<ConsentChanged>(ANNA, revision, &state);
    }
    for (who, revision, household) in [(ANNA, 4, Some(HOUSEHOLD)), (BEN, 3, Some(HOUSEHOLD)), (ANNA, 6, None)]
    {
        let state = HouseholdState { customer_id: id(who), household_id: household.map(id), members: 2 };
        teller.tell::<HouseholdChanged>(who, revision, &state);
    }
    for (who, outreach, days) in [(ANNA, 0x80, 9), (ANNA, 0x81, 0), (BEN, 0x82, 0)] {
        let proposed = Proposed {
            outreach_id: id(outreach),
            customer_id: id(who),
            purpose: ConsentPurpose::Survey,
            channels: vec![Channel::Sms],
            reason: "purchase".to_owned(),
            caused_at: *BEGIN - TimeDelta::days(days),
            expires_at: *BEGIN + TimeDelta::days(5),
            owed: days > 0,
        };
        teller.tell::<OutreachProposed>(who, 1, &proposed);
    }
    let expiring = Expiring {
        lot_id: id(0x83),
        customer_id: id(ANNA),
        points: Points::new(500),
        expires_at: *BEGIN + TimeDelta::days(20),
    };
    teller.tell::<PointsExpiring>(ANNA, 2, &expiring);
}

/// Two invitations, one about the case that follows the low score, and an answer to a questionnaire.
fn invitations(teller: &mut Teller, case: CaseId) {
    for (who, invitation, case_id) in [(ANNA, 0x84, Some(case)), (BEN, 0x85, None)] {
        let created = InvitationMoved {
            invitation_id: id(invitation),
            customer_id: id(who),
            state: InvitationState::Proposed,
            instrument: case_id.map(|_| Instrument::Nps),
            questionnaire: case_id.is_none().then(|| "delivery".to_owned()),
            case_id,
            purchase_id: None,
            wave_id: None,
            occurred_at: at(3),
        };
        teller.tell::<InvitationCreated>(who, 8, &created);
    }
    let answered = Answered {
        answer_id: id(0x86),
        customer_id: id(BEN),
        questionnaire: "delivery".to_owned(),
        version: 1,
        org_unit_id: None,
        invitation_id: Some(id(0x85)),
        items: 4,
        occurred_at: at(4),
    };
    teller.tell::<QuestionnaireAnswered>(BEN, 9, &answered);
}

/// A low score, another about the case that follows it up, and two more; the id of that case.
fn low_scores(teller: &mut Teller) -> CaseId {
    // The case's id follows from the id that the next event gets.
    let next = Uuid::from_u128(0x1000 + teller.0.len() as u128);
    let case: CaseId = Uuid::new_v5(&next, b"case").into();
    let about = [None, Some(case), None, None];
    for (hours, (answer, case_id)) in (1..).zip(ANSWERS.into_iter().zip(about)) {
        let score = if hours == 3 { 4 } else { 2 + 7 * i32::from(hours == 4) };
        let answer = Answer {
            answer_id: id(answer),
            customer_id: id(ANNA),
            instrument: Instrument::Nps,
            score,
            org_unit_id: Some(id(SHOP)),
            purchase_id: None,
            occurred_at: at(hours),
            case_id,
            invitation_id: None,
            phase: None,
            low: Some(hours < 3),
        };
        teller.tell::<AnswerReceived>(ANNA, hours, &answer);
    }
    let opened = Opened {
        case_id: case,
        customer_id: id(ANNA),
        org_unit_id: id(SHOP),
        contact_id: None,
        topic: "low-score".to_owned(),
        severity: Severity::High,
        accountable_id: id(SELLER),
        occurred_at: at(1),
        due_at: at(49),
        complaint: Some(false),
        answer_id: Some(id(ANSWERS[0])),
    };
    teller.tell::<CaseOpened>(ANNA, 7, &opened);
    case
}
