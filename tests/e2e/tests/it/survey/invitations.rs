//! Invitations: what leads to one and what does not, the gate before anything is sent, reminders and the end.

use std::time::Duration;

use chrono::TimeDelta;
use schema::{
    access::Role,
    api::{
        Nothing,
        customer::CustomerPath,
        interaction::{Channel, HeldBecause, Phase},
        problem::Code,
        survey::{
            ChangeInvitationRule, CreateInvitationRule, Instrument, InvitationPath, InvitationRulePath,
            InvitationState, InvitationTerms, InvitationTrigger, InvitationsQuery, Invite,
            ListInvitationRules, ListInvitationsToSend, NewInvitation, NewInvitationRule, SendInvitation,
        },
    },
    event::{InvitationCreated, InvitationSettled},
    ids::CustomerId,
};
use testkit::{Place, eventually};

use super::asking::{Asking, LONG, NONE, NORTH, SOUTH, open, terms};
use crate::{commands::problem, on_both};

const DAY: Duration = Duration::from_secs(86_400);

/// One invitation for a customer and thirty days, whatever happens; history invites nobody.
async fn one_in_thirty_days(place: Place) {
    let stage = Asking::set(&place).await;
    stage.rule("after-case", &terms(InvitationTrigger::CaseClosed, Instrument::Csat)).await;
    stage.rule("after-purchase", &terms(InvitationTrigger::Purchase, Instrument::Nps)).await;
    let customer = stage.register(NORTH).await;

    // History: 7 days and a minute ago.
    stage.buy(customer, TimeDelta::days(7) + TimeDelta::minutes(1)).await;
    let purchase = stage.buy(customer, TimeDelta::days(6)).await;
    let proposal = stage.proposal(customer, 0).await;
    assert!(!proposal.owed && proposal.channels == [Channel::Sms, Channel::Email]);
    assert_eq!(
        (proposal.reason.as_str(), proposal.expires_at),
        ("purchase", stage.clock.now() + TimeDelta::days(14))
    );
    let case = stage.close_case(customer, None).await;
    stage.occasions(customer, "cooling-off", 1).await;

    let invited = stage.invitations(customer).await;
    assert_eq!(invited.len(), 1, "{invited:#?}");
    assert_eq!((invited[0].purchase_id, invited[0].phase), (Some(purchase), Some(Phase::Sales)));
    assert_eq!(
        (invited[0].state, invited[0].rule.as_deref()),
        (InvitationState::Proposed, Some("after-purchase"))
    );
    assert_eq!(stage.told::<InvitationCreated>(customer).await.len(), 1);
    let rows = "SELECT count(*) FROM invitation_occasion WHERE customer_id = $1";
    assert_eq!(
        stage.count(rows, vec![customer.uuid().into()]).await,
        2,
        "the purchase of history left nothing"
    );

    stage.clock.advance(DAY * 30);
    let again = stage.close_case(customer, None).await;
    let newest = eventually("another one after thirty days", LONG, || async {
        stage.invitations(customer).await.into_iter().next().filter(|one| one.id != invited[0].id)
    })
    .await;
    assert_eq!((newest.case_id, newest.phase), (Some(again), Some(Phase::Aftersales)));
    assert_ne!(newest.case_id, Some(case));
    stage.end().await;
}
on_both!(a_customer_is_invited_once_in_thirty_days, super::one_in_thirty_days);

/// Nothing is sent before the grant, nor before its time; what is held is settled with its reason.
async fn gate(place: Place) {
    let stage = Asking::set(&place).await;
    stage.rule("after-purchase", &terms(InvitationTrigger::Purchase, Instrument::Nps)).await;
    let (held, granted) = (stage.register(NORTH).await, stage.register(NORTH).await);
    for customer in [held, granted] {
        stage.buy(customer, TimeDelta::zero()).await;
    }
    stage.hold(&stage.proposal(held, 0).await, HeldBecause::PersonPressure).await;
    let one = stage.newest(held, InvitationState::Held).await;
    assert_eq!(one.held_because, Some(HeldBecause::PersonPressure));
    assert_eq!(one.settled_at, Some(stage.clock.now()));
    assert_eq!(stage.told::<InvitationSettled>(held).await[0].state, InvitationState::Held);
    let refusal = problem(stage.send(held, one.id).await);
    assert_eq!(refusal.code, Code::Conflict);
    assert!(refusal.detail.contains("is held"), "{}", refusal.detail);

    let proposal = stage.proposal(granted, 0).await;
    let one = stage.newest(granted, InvitationState::Proposed).await;
    let refusal = problem(stage.send(granted, one.id).await);
    assert!(refusal.code == Code::Conflict && refusal.detail.contains("is proposed"), "{}", refusal.detail);
    stage.grant(&proposal, stage.clock.now() + TimeDelta::hours(9)).await;
    stage.newest(granted, InvitationState::Granted).await;
    let refusal = problem(stage.send(granted, one.id).await);
    assert!(refusal.code == Code::Conflict && refusal.detail.contains("not_before"), "{}", refusal.detail);
    assert_eq!(to_send(&stage, "hq").await, []);

    stage.clock.advance(Duration::from_secs(9 * 3_600));
    assert_eq!(to_send(&stage, "hq").await, [granted]);
    assert_eq!((to_send(&stage, "north").await, to_send(&stage, "south").await), (vec![granted], vec![]));
    let path = InvitationPath { customer_id: granted, invitation_id: one.id };
    let elsewhere = stage.call::<SendInvitation>(Role::Manager, "south", &path, &NONE, &Nothing).await;
    assert_eq!(problem(elsewhere).code, Code::NotFound);

    let first = stage.send(granted, one.id).await.expect("a link");
    assert_eq!((first.channel, to_send(&stage, "hq").await), (Channel::Sms, vec![]));
    // The token itself is nowhere: neither in the row nor in what is kept for repetitions.
    let token = first.path.rsplit('/').next().expect("a token");
    for column in ["token_hash", "draft", "channels"] {
        let sql = format!("SELECT count(*) FROM invitation WHERE {column} LIKE '%' || $1 || '%'");
        assert_eq!(stage.count(&sql, vec![token.into()]).await, 0);
    }
    let kept = "SELECT count(*) FROM idempotency WHERE reply LIKE '%' || $1 || '%'";
    assert_eq!(stage.count(kept, vec![token.into()]).await, 0);
    // Sending again replaces the token, for a day.
    let second = stage.send(granted, one.id).await.expect("another link");
    let url = |path: &str| format!("{}{path}", stage.survey.url());
    assert_eq!(open(&url(&first.path), "en").await.status, 410);
    assert_eq!(open(&url(&second.path), "en").await.status, 200);
    stage.clock.advance(DAY);
    assert_eq!(problem(stage.send(granted, one.id).await).code, Code::Conflict);
    stage.end().await;
}
on_both!(nothing_is_sent_before_it_is_granted, super::gate);

async fn to_send(stage: &Asking, unit: &str) -> Vec<CustomerId> {
    let query = InvitationsQuery::default();
    let page = stage.call::<ListInvitationsToSend>(Role::Marketing, unit, &NONE, &query, &Nothing).await;
    page.expect("a page").items.iter().map(|one| one.customer_id).collect()
}

/// Two reminders, each by a grant of its own, then the end.
async fn reminders(place: Place) {
    let stage = Asking::set(&place).await;
    let terms = InvitationTerms {
        reminder_after_days: Some(3),
        reminders_most: 2,
        ..terms(InvitationTrigger::Purchase, Instrument::Nps)
    };
    stage.rule("after-purchase", &terms).await;
    let customer = stage.register(SOUTH).await;
    stage.buy(customer, TimeDelta::zero()).await;
    let link = stage.link(customer, 0).await;
    for reminder in 1..=2 {
        stage.clock.advance(DAY * 3);
        let proposal = stage.proposal(customer, reminder).await;
        assert_eq!((proposal.reason.as_str(), proposal.caused_at), ("reminder", stage.clock.now()));
        let sent = stage.newest(customer, InvitationState::Sent).await;
        assert_eq!(sent.reminders, i32::try_from(reminder).expect("a few"));
        assert_eq!(problem(stage.send(customer, sent.id).await).code, Code::Conflict, "not granted");
        stage.grant(&proposal, stage.clock.now()).await;
        eventually("the reminder can be sent", LONG, || async {
            (to_send(&stage, "hq").await == [customer]).then_some(())
        })
        .await;
        stage.send(customer, sent.id).await.expect("a link");
    }
    assert_eq!(open(&link, "en").await.status, 410, "a reminder has a link of its own");
    stage.clock.advance(DAY * 8);
    let ended = stage.newest(customer, InvitationState::Expired).await;
    assert_eq!((ended.reminders, ended.settled_at), (2, Some(stage.clock.now())));
    // By the rows: what was published fourteen days ago is purged from the outbox.
    let proposed = "SELECT count(*) FROM invitation_outreach WHERE customer_id = $1";
    assert_eq!(stage.count(proposed, vec![customer.uuid().into()]).await, 3, "no third reminder");
    let settled = stage.told::<InvitationSettled>(customer).await;
    assert_eq!(settled.iter().map(|one| one.state).collect::<Vec<_>>(), [InvitationState::Expired]);
    stage.end().await;
}
on_both!(it_is_reminded_of_twice_and_runs_out, super::reminders);

/// A grant that comes before its proposal waits for it.
async fn early_grant(place: Place) {
    let stage = Asking::set(&place).await;
    let delayed =
        InvitationTerms { delay_minutes: 60, ..terms(InvitationTrigger::Purchase, Instrument::Ces) };
    stage.rule("an-hour-later", &delayed).await;
    let customer = stage.register(NORTH).await;
    stage.buy(customer, TimeDelta::zero()).await;
    let id = eventually("the occasion waits", LONG, || async { stage.waiting(customer).await }).await;
    stage.grant_of(customer, id).await;
    eventually("the grant waits", LONG, || async {
        (stage.count("SELECT count(*) FROM waiting_for", vec![]).await == 1).then_some(())
    })
    .await;
    assert_eq!(stage.invitations(customer).await, []);
    stage.clock.advance(Duration::from_secs(3_600));
    let granted = stage.newest(customer, InvitationState::Granted).await;
    assert_eq!((granted.id, granted.channel), (id, Some(Channel::Sms)));
    assert_eq!(stage.count("SELECT count(*) FROM waiting_for", vec![]).await, 0);
    stage.end().await;
}
on_both!(a_grant_may_come_before_its_proposal, super::early_grant);

/// Rules say what they must, and customers can be invited by hand by some of them.
async fn rules(place: Place) {
    let stage = Asking::set(&place).await;
    let wrong = NewInvitationRule {
        code: "Über".to_owned(),
        terms: InvitationTerms {
            share: 0,
            questionnaire: Some("service".to_owned()),
            ..terms(InvitationTrigger::Manual, Instrument::Nps)
        },
    };
    let refusal = problem(stage.call::<CreateInvitationRule>(Role::Admin, "hq", &NONE, &NONE, &wrong).await);
    let pointers: Vec<&str> = refusal.errors.iter().map(|one| one.pointer.as_str()).collect();
    assert_eq!(pointers, ["/code", "/terms/instrument", "/terms/share", "/terms/questionnaire"]);
    let by_hand = terms(InvitationTrigger::Manual, Instrument::Nps);
    let made = stage.rule("by-hand", &by_hand).await;
    let new = NewInvitationRule { code: "by-hand".to_owned(), terms: by_hand.clone() };
    let twice = stage.call::<CreateInvitationRule>(Role::Admin, "hq", &NONE, &NONE, &new).await;
    assert_eq!(problem(twice).code, Code::AlreadyExists);
    let forbidden = stage.call::<CreateInvitationRule>(Role::Manager, "hq", &NONE, &NONE, &new).await;
    assert_eq!(problem(forbidden).code, Code::Forbidden);

    let customer = stage.register(NORTH).await;
    let invite = |unit: &'static str, rule: &'static str| {
        let new =
            NewInvitation { rule: rule.to_owned(), case_id: None, purchase_id: None, org_unit_id: None };
        let (stage, path) = (&stage, CustomerPath { customer_id: customer });
        async move { stage.call::<Invite>(Role::Manager, unit, &path, &NONE, &new).await }
    };
    assert_eq!(problem(invite("south", "by-hand").await).code, Code::NotFound);
    assert_eq!(problem(invite("north", "nothing").await).code, Code::Invalid);
    let invited = invite("north", "by-hand").await.expect("an invitation");
    assert_eq!((invited.trigger, invited.state), (InvitationTrigger::Manual, InvitationState::Proposed));
    assert_eq!(stage.proposal(customer, 0).await.reason, "manual");
    let refusal = problem(invite("north", "by-hand").await);
    assert!(refusal.code == Code::Conflict && refusal.detail.contains("30 days"), "{}", refusal.detail);

    let path = InvitationRulePath { code: "by-hand".to_owned() };
    let off = InvitationTerms { active: false, ..by_hand };
    let changed = stage.call::<ChangeInvitationRule>(Role::Admin, "hq", &path, &NONE, &off).await;
    assert_eq!(changed.expect("changed").revision, made.revision + 1);
    assert_eq!(problem(invite("north", "by-hand").await).code, Code::Invalid);
    let rules =
        stage.call::<ListInvitationRules>(Role::Sales, "north", &NONE, &Default::default(), &Nothing).await;
    let rules = rules.expect("rules").items;
    assert_eq!((rules.len(), rules[0].terms.active, rules[0].revision), (1, false, made.revision + 1));
    stage.end().await;
}
on_both!(rules_are_managed_and_used_by_hand, super::rules);
