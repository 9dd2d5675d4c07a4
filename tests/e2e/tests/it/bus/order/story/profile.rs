//! What feeds loyalty's profiles: contacts, cases and their steps, answers, recovery, consents, attributes.
//! Old news comes after new, so that an order that is not the natural one must not matter.

use chrono::TimeDelta;
use schema::{
    api::{
        customer::{AttributeValue, ConsentPurpose, ConsentStatus, HeldConsent},
        interaction::{CaseState, Channel, ContactDirection, Phase, Severity},
        survey::Instrument,
    },
    event::{
        AnswerReceived, AttributeChanged, CaseClosed, CaseOpened, CaseReopened, CaseResolved, ConsentChanged,
        ContactRecorded, Event, RecoveryMeasured,
        customer::{AttributeState, ConsentState},
        interaction::{CaseMoved, CaseOpened as Opened, ContactRecorded as Contact},
        survey::{AnswerReceived as Answer, RecoveryMeasured as Recovery},
    },
};

use super::{ANNA, BEGIN, BEN, SELLER, SHOP, Teller, id};

impl Teller {
    /// The part of the story that profiles are made of.
    pub(super) fn tell_the_profile(&mut self) {
        self.contact(ANNA, 0x90, 50);
        self.contact(ANNA, 0x91, 10);
        self.contact(BEN, 0x92, 30);
        self.opened(ANNA, 0xA0, 7, Some(true));
        self.moved::<CaseResolved>(ANNA, 0xA0, 8, CaseState::Resolved);
        self.moved::<CaseReopened>(ANNA, 0xA0, 9, CaseState::Open);
        self.opened(BEN, 0xA1, 4, None);
        self.moved::<CaseResolved>(BEN, 0xA1, 5, CaseState::Resolved);
        self.moved::<CaseClosed>(BEN, 0xA1, 6, CaseState::Closed);
        self.answered(ANNA, 0xB0, Instrument::Nps, 3, 20);
        self.answered(ANNA, 0xB1, Instrument::Nps, 9, 40);
        self.answered(BEN, 0xB2, Instrument::Csat, 4, 40);
        // At the same time: the later id counts.
        self.answered(BEN, 0xB3, Instrument::Csat, 2, 40);
        self.recovered(ANNA, 0xB1, true, 40);
        self.recovered(ANNA, 0xB0, false, 20);
        self.allows(ANNA, 4, ConsentStatus::Granted);
        self.allows(ANNA, 6, ConsentStatus::Withdrawn);
        self.allows(BEN, 3, ConsentStatus::Granted);
        self.attribute(ANNA, 5, Some(5));
        self.attribute(ANNA, 7, None);
        self.attribute(BEN, 3, Some(2));
        self.attribute(BEN, 5, Some(3));
    }

    fn contact(&mut self, who: u128, contact: u128, minutes: i64) {
        let data = Contact {
            contact_id: id(contact),
            customer_id: id(who),
            org_unit_id: id(SHOP),
            staff_id: Some(id(SELLER)),
            channel: Channel::Phone,
            direction: ContactDirection::Inbound,
            phase: Phase::Aftersales,
            occurred_at: *BEGIN + TimeDelta::minutes(minutes),
            topic: "rice".to_owned(),
            outcome: None,
            promise_due_at: None,
            answered: None,
        };
        self.tell::<ContactRecorded>(who, minutes, &data);
    }

    fn opened(&mut self, who: u128, case: u128, revision: i64, complaint: Option<bool>) {
        let data = Opened {
            case_id: id(case),
            customer_id: id(who),
            org_unit_id: id(SHOP),
            contact_id: None,
            topic: "rice".to_owned(),
            severity: Severity::High,
            accountable_id: id(SELLER),
            occurred_at: *BEGIN,
            due_at: *BEGIN + TimeDelta::days(2),
            complaint,
            answer_id: None,
        };
        self.tell::<CaseOpened>(who, revision, &data);
    }

    fn moved<E: Event<Data = CaseMoved>>(&mut self, who: u128, case: u128, revision: i64, state: CaseState) {
        let data = CaseMoved {
            case_id: id(case),
            customer_id: id(who),
            org_unit_id: id(SHOP),
            topic: "rice".to_owned(),
            severity: Severity::High,
            state,
            accountable_id: id(SELLER),
            handler_id: id(SELLER),
            opened_at: *BEGIN,
            due_at: *BEGIN + TimeDelta::days(2),
            occurred_at: *BEGIN + TimeDelta::minutes(revision),
            outcome: None,
            transfers: 0,
            reopened: 0,
            complaint: None,
            answer_id: None,
        };
        self.tell::<E>(who, revision, &data);
    }

    fn answered(&mut self, who: u128, answer: u128, instrument: Instrument, score: i32, minutes: i64) {
        let data = Answer {
            answer_id: id(answer),
            customer_id: id(who),
            instrument,
            score,
            org_unit_id: None,
            purchase_id: None,
            occurred_at: *BEGIN + TimeDelta::minutes(minutes),
            case_id: None,
            invitation_id: None,
            phase: None,
            low: None,
        };
        self.tell::<AnswerReceived>(who, minutes, &data);
    }

    fn recovered(&mut self, who: u128, second: u128, recovered: bool, minutes: i64) {
        let data = Recovery {
            customer_id: id(who),
            case_id: id(0xA0),
            first_answer_id: id(0xB9),
            second_answer_id: id(second),
            score_before: 2,
            score_after: 9,
            recovered,
            occurred_at: *BEGIN + TimeDelta::minutes(minutes),
        };
        self.tell::<RecoveryMeasured>(who, minutes, &data);
    }

    fn allows(&mut self, who: u128, revision: i64, status: ConsentStatus) {
        let held =
            |channel| HeldConsent { purpose: ConsentPurpose::Marketing, channel, status, expires_at: None };
        let mut consents = vec![held(Channel::Sms)];
        if status == ConsentStatus::Granted {
            consents.push(held(Channel::Email));
        }
        let data = ConsentState {
            customer_id: id(who),
            consents,
            quiet_spans: Vec::new(),
            time_zone: None,
            stated_channels: Vec::new(),
        };
        self.tell::<ConsentChanged>(who, revision, &data);
    }

    fn attribute(&mut self, who: u128, revision: i64, integer: Option<i32>) {
        let value = integer.map(|integer| AttributeValue { integer: Some(integer), ..Default::default() });
        let data = AttributeState {
            customer_id: id(who),
            attribute: "household_size".to_owned(),
            value,
            observed_at: *BEGIN,
        };
        self.tell::<AttributeChanged>(who, revision, &data);
    }
}
