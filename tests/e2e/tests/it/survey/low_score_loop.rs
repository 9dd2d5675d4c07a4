//! Row 98 and the closed loop: a low score is told, the customer is asked again when the case that followed it up is
//! closed, and what became of it is measured. What the interaction service does between is played here.

use chrono::TimeDelta;
use schema::{
    access::Role,
    api::{
        Nothing,
        customer::CustomerPath,
        interaction::{Channel, Phase},
        section::SectionsWanted,
        survey::{
            GetRecovery, GetVoiceSections, Instrument, InvitationState, InvitationTerms, InvitationTrigger,
            NewAnswer, RecordAnswer, RecoveryQuery, RecoveryReport,
        },
    },
    event::{AnswerReceived, InvitationCreated, RecoveryMeasured},
    ids::{AnswerId, CustomerId},
};
use testkit::{Place, eventually};

use super::asking::{Asking, LONG, NONE, NORTH, SOUTH, fill_in, terms, unit};
use crate::on_both;

async fn recovery(stage: &Asking, unit: Option<u128>) -> RecoveryReport {
    let query = RecoveryQuery { org_unit_id: unit.map(super::asking::unit), ..RecoveryQuery::default() };
    let report = stage.call::<GetRecovery>(Role::Manager, "hq", &NONE, &query, &Nothing).await;
    report.expect("a report")
}

/// Records a score about the unit, and gives the answer's id.
async fn record(stage: &Asking, customer_id: CustomerId, instrument: Instrument, score: i32) -> AnswerId {
    let new = NewAnswer {
        instrument,
        score,
        verbatim: None,
        org_unit_id: Some(unit(NORTH)),
        purchase_id: None,
        phase: Some(Phase::Sales),
        channel: Channel::Counter,
        occurred_at: stage.clock.now(),
    };
    let path = CustomerPath { customer_id };
    stage.call::<RecordAnswer>(Role::Manager, "hq", &path, &NONE, &new).await.expect("recorded").id
}

/// Asked again once the case is closed, in spite of cooling off; recovered or not.
async fn asked_again(place: Place) {
    let stage = Asking::set(&place).await;
    stage.rule("after-purchase", &terms(InvitationTrigger::Purchase, Instrument::Nps)).await;
    let (won, lost, silent) =
        (stage.register(NORTH).await, stage.register(NORTH).await, stage.register(NORTH).await);
    let mut cases = Vec::new();
    for customer in [won, lost, silent] {
        stage.buy(customer, TimeDelta::zero()).await;
        let link = stage.link(customer, 0).await;
        assert_eq!(fill_in(&link, "score=6&do=send").await.status, 200);
        let low = &stage.told::<AnswerReceived>(customer).await[0];
        assert_eq!((low.low, low.score, low.org_unit_id), (Some(true), 6, Some(unit(NORTH))));
        let case = stage.close_case(customer, Some(low.answer_id)).await;
        let proposal = stage.proposal(customer, 1).await;
        assert!(proposal.owed, "the question is owed to the customer");
        assert_eq!(proposal.reason, "recovery");
        let asked = stage.newest(customer, InvitationState::Proposed).await;
        assert_eq!((asked.trigger, asked.instrument), (InvitationTrigger::Recovery, Some(Instrument::Nps)));
        assert_eq!((asked.case_id, asked.rule, asked.owed), (Some(case), None, true));
        let created = stage.told::<InvitationCreated>(customer).await;
        assert_eq!((created.len(), created[1].case_id), (2, Some(case)));
        cases.push((case, low.answer_id));
    }
    let none = recovery(&stage, None).await;
    assert_eq!((none.asked, none.answered, none.recovered), (0, 0, None), "proposed is not asked");

    let link = stage.link(won, 1).await;
    assert_eq!(fill_in(&link, "score=7&do=send").await.status, 200);
    let link = stage.link(lost, 1).await;
    assert_eq!(fill_in(&link, "score=6&do=send").await.status, 200);
    stage.link(silent, 1).await;

    let measured = stage.told::<RecoveryMeasured>(won).await;
    assert_eq!(measured.len(), 1);
    assert_eq!((measured[0].case_id, measured[0].first_answer_id), cases[0]);
    assert_eq!((measured[0].score_before, measured[0].score_after, measured[0].recovered), (6, 7, true));
    let second = &stage.told::<AnswerReceived>(won).await[1];
    assert_eq!((second.answer_id, second.case_id), (measured[0].second_answer_id, Some(cases[0].0)));
    assert_eq!((second.low, second.phase), (Some(false), Some(Phase::Aftersales)));
    assert!(!stage.told::<RecoveryMeasured>(lost).await[0].recovered);
    assert_eq!(stage.told::<AnswerReceived>(lost).await[1].low, Some(true), "followed up anew");
    assert_eq!(stage.told::<RecoveryMeasured>(silent).await, []);

    // Of the unit whose score was low, not of the one that put it right.
    let report = recovery(&stage, Some(NORTH)).await;
    assert_eq!((report.asked, report.answered), (3, 2));
    let recovered = report.recovered.expect("answers");
    assert_eq!((recovered.count, recovered.share, report.insufficient_sample), (1, 500_000, true));
    assert_eq!(recovery(&stage, Some(SOUTH)).await.asked, 0);

    let wanted = SectionsWanted { customer_ids: vec![won, silent] };
    let sections = stage.call::<GetVoiceSections>(Role::Service, "hq", &NONE, &NONE, &wanted).await;
    let sections = sections.expect("sections").items;
    let voice =
        |customer| &sections.iter().find(|one| one.customer_id == customer).expect("a section").section;
    let shown = voice(won).recovery.as_ref().expect("a recovery");
    assert_eq!((shown.score_before, shown.score_after, shown.recovered), (Some(6), Some(7), Some(true)));
    assert_eq!((voice(won).open_invitations, voice(won).nps_score), (0, Some(7)));
    assert_eq!((voice(silent).open_invitations, voice(silent).recovery.is_none()), (1, true));
    assert!(voice(silent).last_invited_at > voice(won).last_invited_at);
    stage.end().await;
}
on_both!(unhappy_customers_are_asked_again, super::asked_again);

/// What is low: by instrument, for answers that somebody recorded, and by a rule of its own.
async fn thresholds(place: Place) {
    let stage = Asking::set(&place).await;
    let strict =
        InvitationTerms { low_at_most: Some(3), ..terms(InvitationTrigger::CaseClosed, Instrument::Csat) };
    stage.rule("after-case", &strict).await;
    let customer = stage.register(NORTH).await;
    let scores = [
        (Instrument::Nps, 6, true),
        (Instrument::Nps, 7, false),
        (Instrument::Csat, 2, true),
        (Instrument::Csat, 3, false),
        (Instrument::Ces, 3, true),
        (Instrument::Ces, 4, false),
    ];
    for (instrument, score, low) in scores {
        let answer = record(&stage, customer, instrument, score).await;
        let told = stage.told::<AnswerReceived>(customer).await.pop().expect("told");
        assert_eq!((told.answer_id, told.low), (answer, Some(low)), "{instrument:?} {score}");
        assert_eq!((told.phase, told.invitation_id), (Some(Phase::Sales), None));
    }
    stage.close_case(customer, None).await;
    let link = stage.link(customer, 0).await;
    assert_eq!(fill_in(&link, "score=3&do=send").await.status, 200);
    let told = stage.told::<AnswerReceived>(customer).await.pop().expect("told");
    assert_eq!((told.score, told.low), (3, Some(true)), "the rule says so");
    // The same threshold counts when it is asked about again.
    stage.close_case(customer, Some(told.answer_id)).await;
    let link = stage.link(customer, 1).await;
    assert_eq!(fill_in(&link, "score=4&do=send").await.status, 200);
    let measured =
        eventually("measured", LONG, || async { stage.told::<RecoveryMeasured>(customer).await.pop() });
    assert!(measured.await.recovered);
    stage.end().await;
}
on_both!(what_is_low_is_told, super::thresholds);
