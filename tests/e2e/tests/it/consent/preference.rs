//! How a customer wants to be reached: what they asked for beside what they do.

use std::sync::Arc;

use kit::{
    client::{CallError, CallOptions},
    clock::{self, Clock},
    command::{self, Decision},
};
use schema::{
    api::{
        Nothing,
        customer::{
            ChangeContactPreference, ContactPreference, ContactPreferenceChange, CustomerFile,
            GetContactPreference, NewQuietSpan, QuietSpan,
        },
        interaction::{Channel, ContactDirection, NewContact, Phase},
        problem::Code,
    },
    event::{ContactRecorded, interaction::ContactRecorded as Contact},
    ids::{CustomerId, OrgUnitId},
    topology::Service,
};
use serde_json::json;
use testkit::{Person, Place, eventually};

use super::{NONE, SOON, Stage};
use crate::{
    commands::problem,
    contacts::{self, new_contact},
    on_both,
};

fn contact(
    customer: CustomerId,
    unit: OrgUnitId,
    channel: Channel,
    direction: ContactDirection,
    answered: Option<bool>,
) -> Contact {
    let now = Clock::system().now();
    Contact {
        contact_id: clock::new_id(now).into(),
        customer_id: customer,
        org_unit_id: unit,
        staff_id: None,
        channel,
        direction,
        phase: Phase::Aftersales,
        occurred_at: now,
        topic: "delivery".to_owned(),
        outcome: None,
        promise_due_at: None,
        answered,
    }
}

impl Stage {
    /// Tells contacts as interaction does when it records them.
    async fn tell(&self, contacts: Vec<Contact>) {
        let service = self.suite.running.iter().find(|one| one.runtime.service == Service::Interaction);
        let decide: Decision<()> = Arc::new(move |work| {
            let contacts = contacts.clone();
            Box::pin(async move {
                for contact in contacts {
                    let revision = work.revise(contact.customer_id, None).await?;
                    work.tell::<ContactRecorded>(
                        contact.customer_id,
                        revision,
                        contact.occurred_at,
                        &contact,
                    )?;
                }
                Ok(())
            })
        });
        let runtime = &service.expect("the interaction service").runtime;
        command::run(runtime, None, None, decide).await.expect("told");
    }

    async fn preference(&self, who: &Person) -> Result<ContactPreference, CallError> {
        self.suite.call::<GetContactPreference>(Service::Customer, who, &self.path(), &NONE, &Nothing).await
    }

    async fn prefer(&self, who: &Person, change: ContactPreferenceChange) -> Result<CustomerFile, CallError> {
        self.suite.call::<ChangeContactPreference>(Service::Customer, who, &self.path(), &NONE, &change).await
    }
}

/// Row 144 of the domain: stated SMS; answers 1 of 10 by SMS, 7 of 10 by phone: both are shown.
async fn stated_and_revealed(place: Place) {
    use ContactDirection::{Inbound, Outbound};
    let stage = Stage::set(&place).await;
    let who = &stage.company.manager_north_1;
    let change = ContactPreferenceChange {
        stated_channels: Some(vec![Channel::Sms]),
        ..ContactPreferenceChange::default()
    };
    stage.prefer(who, change).await.expect("a change");

    let new = |channel, direction, answered| {
        contact(stage.customer, stage.company.north_1, channel, direction, answered)
    };
    let mut contacts: Vec<Contact> =
        (0..10).map(|number| new(Channel::Sms, Outbound, Some(number < 1))).collect();
    contacts.extend((0..10).map(|number| new(Channel::Phone, Outbound, Some(number < 7))));
    // One of one is too few to say anything; what is not known, and what the customer began, says nothing.
    contacts.push(new(Channel::Email, Outbound, Some(true)));
    contacts.push(new(Channel::Email, Outbound, None));
    contacts.extend((0..9).map(|_| new(Channel::Counter, Inbound, None)));
    contacts.push(new(Channel::Counter, Inbound, Some(true)));
    stage.tell(contacts).await;
    shows_both(&stage, who).await;
    stage.suite.end().await;
}
on_both!(stated_and_revealed_channels_stand_side_by_side, super::stated_and_revealed);

/// Row 144 from end to end: the front office records who answered where, and the bus brings it to the customer's
/// preference.
async fn recorded_and_revealed(place: Place) {
    use ContactDirection::{Inbound, Outbound};
    let stage = Stage::set(&place).await;
    let who = &stage.company.manager_north_1;
    let change = ContactPreferenceChange {
        stated_channels: Some(vec![Channel::Sms]),
        ..ContactPreferenceChange::default()
    };
    stage.prefer(who, change).await.expect("a change");

    let record = async |channel, direction, answered| {
        let told = new_contact(stage.company.north_1, channel, Phase::Aftersales);
        let new = NewContact { direction, answered, ..told };
        contacts::record(&stage.suite, who, stage.customer, &new).await
    };
    for number in 0..10 {
        record(Channel::Sms, Outbound, Some(number < 1)).await.expect("a contact");
        record(Channel::Phone, Outbound, Some(number < 7)).await.expect("a contact");
    }
    record(Channel::Email, Outbound, Some(true)).await.expect("a contact");
    record(Channel::Email, Outbound, None).await.expect("a contact");
    record(Channel::Counter, Inbound, None).await.expect("a contact");
    let refused = problem(record(Channel::Counter, Inbound, Some(true)).await);
    assert_eq!(refused.errors[0].pointer, "/answered", "whoever began it was there");
    shows_both(&stage, who).await;
    stage.suite.end().await;
}
on_both!(row_144_recorded_contacts_reveal_the_channel, super::recorded_and_revealed);

/// What was asked for and what is done: stated SMS, revealed phone, with the counts of each.
async fn shows_both(stage: &Stage, who: &Person) {
    let seen = eventually("all attempts are counted", SOON, || async {
        let seen = stage.preference(who).await.expect("a preference");
        (seen.usage.iter().map(|one| one.attempts).sum::<i32>() == 21).then_some(seen)
    })
    .await;
    assert_eq!(seen.stated_channels, [Channel::Sms]);
    assert_eq!(seen.revealed_channels, [Channel::Phone, Channel::Sms]);
    let usage: Vec<(Channel, i32, i32, i32, i32)> = seen
        .usage
        .iter()
        .map(|one| (one.channel, one.attempts, one.answers, one.answered_millionths, one.floor_millionths))
        .collect();
    let wanted = [
        (Channel::Phone, 10, 7, 700_000, 396_778),
        (Channel::Email, 1, 1, 1_000_000, 206_549),
        (Channel::Sms, 10, 1, 100_000, 17_876),
    ];
    assert_eq!(usage, wanted);

    let view = "query ($id: UUID!) { customer(id: $id) { file { contactPreference { \
        statedChannels revealedChannels usage { channel attempts answers } } } } }";
    eventually("the view shows both", SOON, || async {
        let seen = stage.suite.graphql(who, view, json!({ "id": stage.customer })).await;
        let wanted = json!({
            "statedChannels": ["SMS"],
            "revealedChannels": ["PHONE", "SMS"],
            "usage": [{ "channel": "PHONE", "attempts": 10, "answers": 7 },
                { "channel": "EMAIL", "attempts": 1, "answers": 1 },
                { "channel": "SMS", "attempts": 10, "answers": 1 }],
        });
        (seen["data"]["customer"]["file"]["contactPreference"] == wanted).then_some(())
    })
    .await;
}

/// What is absent stays, a list that is given replaces the one before, and nothing takes it away.
async fn changes(place: Place) {
    let stage = Stage::set(&place).await;
    let who = &stage.company.manager_north_1;
    let nothing = ContactPreferenceChange::default;
    let span = |channel, from_minute, until_minute| NewQuietSpan { channel, from_minute, until_minute };
    let all = ContactPreferenceChange {
        stated_channels: Some(vec![Channel::Sms, Channel::Phone]),
        quiet_spans: Some(vec![span(Some(Channel::Phone), 0, 600), span(None, 1_320, 480)]),
        time_zone: Some("Asia/Shanghai".to_owned()),
    };
    let file = stage.prefer(who, all).await.expect("a change");
    let kept = |channel, from_minute, until_minute| QuietSpan { channel, from_minute, until_minute };
    let spans = vec![kept(None, 1_320, 480), kept(Some(Channel::Phone), 0, 600)];
    assert_eq!(file.contact_preference.quiet_spans, spans);
    let seen = ContactPreferenceChange { stated_channels: Some(vec![Channel::Email]), ..nothing() };
    let file = stage.prefer(who, seen).await.expect("a change");
    let preference = stage.preference(who).await.expect("a preference");
    assert_eq!(file.contact_preference, preference);
    assert_eq!(preference.stated_channels, [Channel::Email]);
    assert_eq!((preference.quiet_spans, preference.time_zone.as_deref()), (spans, Some("Asia/Shanghai")));
    let gone = ContactPreferenceChange {
        stated_channels: Some(Vec::new()),
        quiet_spans: Some(Vec::new()),
        time_zone: Some(String::new()),
    };
    let file = stage.prefer(who, gone).await.expect("a change");
    assert_eq!(file.contact_preference, ContactPreference::default());
    let told = stage.told().await;
    let revisions: Vec<i64> = told.iter().map(|(revision, _)| *revision).collect();
    assert_eq!(revisions, [2, 3, 4]);
    assert_eq!((told[0].1.quiet_spans.len(), told[2].1.quiet_spans.len()), (2, 0));

    let wrong = ContactPreferenceChange {
        stated_channels: Some(vec![Channel::Sms, Channel::Sms]),
        quiet_spans: Some(vec![span(None, 0, 1_441)]),
        time_zone: Some("Shanghai".to_owned()),
    };
    let refusal = problem(stage.prefer(who, wrong).await);
    let places: Vec<&str> = refusal.errors.iter().map(|error| error.pointer.as_str()).collect();
    assert_eq!(places, ["/stated_channels/1", "/quiet_spans/0/until_minute", "/time_zone"]);
    let stranger = &stage.company.manager_south_1;
    assert_eq!(problem(stage.prefer(stranger, nothing()).await).code, Code::NotFound);
    assert_eq!(problem(stage.preference(stranger).await).code, Code::NotFound);
    let stale = CallOptions { if_match: Some(1), ..CallOptions::default() };
    let (path, change) = (stage.path(), nothing());
    let late = stage.suite.call_with::<ChangeContactPreference>(
        Service::Customer,
        who,
        &path,
        &NONE,
        &change,
        &stale,
    );
    assert_eq!(problem(late.await).code, Code::StaleRevision);
    stage.suite.end().await;
}
on_both!(a_contact_preference_changes_part_by_part, super::changes);
