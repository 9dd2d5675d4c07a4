//! Every reason to hold, and what goes before what.

use schema::{
    api::customer::{HeldConsent, QuietSpan},
    ids::{CustomerId, OutreachId},
};
use uuid::Uuid;

use super::*;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().expect("a time")
}

fn now() -> DateTime<Utc> {
    at("2026-11-22T06:00:00Z")
}

fn consent(purpose: ConsentPurpose, channel: Channel, status: ConsentStatus) -> HeldConsent {
    HeldConsent { purpose, channel, status, expires_at: None }
}

fn allowed(consents: Vec<HeldConsent>, stated: &[Channel]) -> ConsentState {
    ConsentState {
        customer_id: CustomerId::from(Uuid::from_u128(1)),
        consents,
        quiet_spans: Vec::new(),
        time_zone: Some("UTC".to_owned()),
        stated_channels: stated.to_vec(),
    }
}

fn proposed(purpose: ConsentPurpose, channels: &[Channel]) -> OutreachProposed {
    OutreachProposed {
        outreach_id: OutreachId::from(Uuid::from_u128(2)),
        customer_id: CustomerId::from(Uuid::from_u128(1)),
        purpose,
        channels: channels.to_vec(),
        reason: "case-closed".to_owned(),
        caused_at: now() - TimeDelta::hours(1),
        expires_at: now() + TimeDelta::days(5),
        owed: false,
    }
}

struct World {
    active: bool,
    allowed: Option<ConsentState>,
    person: Vec<DateTime<Utc>>,
    household: Vec<DateTime<Utc>>,
}

impl World {
    fn of(allowed: ConsentState) -> Self {
        Self { active: true, allowed: Some(allowed), person: Vec::new(), household: Vec::new() }
    }

    fn decide(&self, proposed: &OutreachProposed) -> Verdict {
        let known = Known {
            active: self.active,
            allowed: self.allowed.as_ref(),
            person: &self.person,
            household: &self.household,
            policy: &standard_policy(),
        };
        decide(proposed, &known, now())
    }
}

use Channel::{Email, Phone, Sms};
use ConsentPurpose::{Marketing, Service, Survey};
use ConsentStatus::{Denied, Granted, Withdrawn};

fn granted(channel: Channel) -> Verdict {
    Verdict::Granted { channel, not_before: now() }
}

#[test]
fn service_is_allowed_unless_denied_and_the_rest_only_when_granted() {
    let silent = World { allowed: None, ..World::of(allowed(vec![], &[])) };
    assert_eq!(silent.decide(&proposed(Service, &[Sms])), granted(Sms));
    for purpose in [Survey, Marketing] {
        assert_eq!(silent.decide(&proposed(purpose, &[Sms])), Verdict::Held(HeldBecause::NoConsent));
    }
    for status in [Denied, Withdrawn] {
        for purpose in [Service, Survey, Marketing] {
            let world = World::of(allowed(vec![consent(purpose, Sms, status)], &[]));
            let held = Verdict::Held(HeldBecause::NoConsent);
            assert_eq!(world.decide(&proposed(purpose, &[Sms])), held, "{purpose:?} {status:?}");
        }
    }
    let world = World::of(allowed(vec![consent(Survey, Sms, Granted)], &[]));
    assert_eq!(world.decide(&proposed(Survey, &[Sms])), granted(Sms));
    assert_eq!(world.decide(&proposed(Marketing, &[Sms])), Verdict::Held(HeldBecause::NoConsent));
}

#[test]
fn a_grant_that_ran_out_is_none() {
    let until = |expires_at| HeldConsent { expires_at, ..consent(Survey, Sms, Granted) };
    for (expires_at, verdict) in [
        (Some(now()), Verdict::Held(HeldBecause::NoConsent)),
        (Some(now() + TimeDelta::microseconds(1)), granted(Sms)),
        (None, granted(Sms)),
    ] {
        let world = World::of(allowed(vec![until(expires_at)], &[]));
        assert_eq!(world.decide(&proposed(Survey, &[Sms])), verdict, "{expires_at:?}");
    }
}

#[test]
fn the_customers_channels_go_first_then_the_proposed_order() {
    let both = vec![consent(Survey, Sms, Granted), consent(Survey, Email, Granted)];
    let world = World::of(allowed(both.clone(), &[]));
    assert_eq!(world.decide(&proposed(Survey, &[Email, Sms])), granted(Email));
    let world = World::of(allowed(both.clone(), &[Phone, Sms]));
    assert_eq!(world.decide(&proposed(Survey, &[Email, Sms])), granted(Sms));
    // What is not allowed is passed over, wherever it stands; what is not proposed is not used.
    let world = World::of(allowed(both, &[Phone]));
    assert_eq!(world.decide(&proposed(Survey, &[Phone, Email])), granted(Email));
}

#[test]
fn quiet_hours_put_off_choose_another_channel_or_hold() {
    let mut says = allowed(vec![], &[Phone]);
    says.quiet_spans = vec![QuietSpan { channel: Some(Phone), from_minute: 0, until_minute: 600 }];
    let world = World::of(says);
    let ten = at("2026-11-22T10:00:00Z");
    let off = Verdict::Granted { channel: Phone, not_before: ten };
    assert_eq!(world.decide(&proposed(Service, &[Phone, Sms])), off);
    let urgent = OutreachProposed { expires_at: ten, ..proposed(Service, &[Phone, Sms]) };
    assert_eq!(world.decide(&urgent), granted(Sms));
    let urgent = OutreachProposed { expires_at: ten, ..proposed(Service, &[Phone]) };
    assert_eq!(world.decide(&urgent), Verdict::Held(HeldBecause::QuietHours));
}

#[test]
fn what_is_out_of_date_or_for_nobody_is_held() {
    let world = World::of(allowed(vec![], &[]));
    let late =
        |caused_at, expires_at| OutreachProposed { caused_at, expires_at, ..proposed(Service, &[Sms]) };
    let week = now() - TimeDelta::days(7);
    let later = now() + TimeDelta::days(1);
    assert_eq!(world.decide(&late(week, later)), granted(Sms));
    let held = Verdict::Held(HeldBecause::OutOfDate);
    assert_eq!(world.decide(&late(week - TimeDelta::microseconds(1), later)), held);
    assert_eq!(world.decide(&late(now(), now())), held);
    let gone = World { active: false, ..world };
    assert_eq!(gone.decide(&late(week, later)), Verdict::Held(HeldBecause::Inactive));
}

#[test]
fn pressure_holds_what_is_not_owed() {
    let days = |days| now() - TimeDelta::days(days);
    let mut world = World::of(allowed(vec![], &[]));
    let owed = OutreachProposed { owed: true, ..proposed(Service, &[Sms]) };
    for (person, household, verdict) in [
        (vec![days(6)], vec![days(6)], Verdict::Held(HeldBecause::PersonPressure)),
        (vec![days(-1)], vec![], Verdict::Held(HeldBecause::PersonPressure)),
        (vec![days(7)], vec![days(7), days(8)], granted(Sms)),
        (vec![], vec![days(1)], granted(Sms)),
        (vec![], vec![days(1), days(2)], Verdict::Held(HeldBecause::HouseholdPressure)),
    ] {
        (world.person, world.household) = (person, household);
        assert_eq!(world.decide(&proposed(Service, &[Sms])), verdict, "{:?}", world.household);
        assert_eq!(world.decide(&owed), granted(Sms));
    }
}

/// Row 51: a call at 9:00 is refused with the time from which it may be.
#[test]
fn a_plan_is_refused_in_words() {
    let mut says = allowed(vec![consent(Service, Email, Denied)], &[]);
    says.time_zone = Some("Asia/Shanghai".to_owned());
    says.quiet_spans = vec![QuietSpan { channel: Some(Phone), from_minute: 0, until_minute: 600 }];
    let asked = |channel, text| objection(Some(&says), &standard_policy(), Service, channel, at(text));
    let nine = asked(Phone, "2026-11-23T01:00:00Z").expect("an objection");
    let words = "the customer asked not to be called before 10:00 (Asia/Shanghai); \
                 plan it for 2026-11-23T02:00:00Z or later";
    assert_eq!(nine.in_words(Phone), words);
    assert_eq!(asked(Phone, "2026-11-23T02:00:00Z"), None);
    assert_eq!(asked(Email, "2026-11-23T02:00:00Z"), Some(Objection::NoConsent));
}
