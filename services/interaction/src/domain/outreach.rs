//! Whether a customer may be reached of our own accord: by which channel, from when on, or why not.
//!
//! Pure: whoever asks brings what is known. Consent and quiet hours hold every outreach; contact pressure
//! does not hold one that is owed to the customer.

mod quiet;

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use schema::{
    api::{
        customer::{ConsentPurpose, ConsentStatus},
        interaction::{Channel, HeldBecause, OutreachPolicy, OutreachPolicyChange},
        problem::FieldError,
    },
    event::{customer::ConsentState, survey::OutreachProposed},
};

use super::mistake;

/// An outreach follows what it is about within this time or not at all.
pub(crate) const IN_TIME: TimeDelta = TimeDelta::days(7);
/// The zone of quiet hours when neither the customer nor the policy names one that is known.
const ZONE: Tz = chrono_tz::Asia::Shanghai;

/// What holds as long as nobody set anything else.
pub(crate) fn standard_policy() -> OutreachPolicy {
    OutreachPolicy {
        person_most: 1,
        person_days: 7,
        household_most: 2,
        household_days: 7,
        time_zone: ZONE.name().to_owned(),
        revision: 0,
    }
}

/// What is wrong with a change of the policy.
pub(crate) fn check_change(change: &OutreachPolicyChange) -> Vec<FieldError> {
    let mut mistakes = Vec::new();
    let ranges = [
        ("/person_most", change.person_most, 0..=1_000),
        ("/person_days", change.person_days, 1..=365),
        ("/household_most", change.household_most, 0..=1_000),
        ("/household_days", change.household_days, 1..=365),
    ];
    for (pointer, number, range) in ranges {
        if number.is_some_and(|number| !range.contains(&number)) {
            mistakes.push(mistake(pointer, format!("it is {} to {}", range.start(), range.end())));
        }
    }
    if change.time_zone.as_deref().is_some_and(|name| zone(name).is_none()) {
        mistakes.push(mistake("/time_zone", "name it as the IANA database does, for example Asia/Shanghai"));
    }
    mistakes
}

/// The policy after a change.
pub(crate) fn changed(
    before: OutreachPolicy,
    change: &OutreachPolicyChange,
    revision: i64,
) -> OutreachPolicy {
    OutreachPolicy {
        person_most: change.person_most.unwrap_or(before.person_most),
        person_days: change.person_days.unwrap_or(before.person_days),
        household_most: change.household_most.unwrap_or(before.household_most),
        household_days: change.household_days.unwrap_or(before.household_days),
        time_zone: change.time_zone.clone().unwrap_or(before.time_zone),
        revision,
    }
}

/// The time zone of this name.
fn zone(name: &str) -> Option<Tz> {
    name.parse().ok()
}

/// What was decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// The customer may be reached by this channel from this time on.
    Granted { channel: Channel, not_before: DateTime<Utc> },
    /// They are not reached.
    Held(HeldBecause),
}

/// What is known of a customer when it is decided.
#[derive(Clone, Debug)]
pub(crate) struct Known<'a> {
    /// Whether we still deal with them.
    pub(crate) active: bool,
    /// What they allow us; none when they never said.
    pub(crate) allowed: Option<&'a ConsentState>,
    /// The times of the outreaches granted to them lately.
    pub(crate) person: &'a [DateTime<Utc>],
    /// The times of the outreaches granted lately to all customers of their household, themselves included.
    pub(crate) household: &'a [DateTime<Utc>],
    /// What is allowed of both.
    pub(crate) policy: &'a OutreachPolicy,
}

/// Decides a proposal.
pub(crate) fn decide(proposed: &OutreachProposed, known: &Known<'_>, now: DateTime<Utc>) -> Verdict {
    if !known.active {
        return Verdict::Held(HeldBecause::Inactive);
    }
    if now - proposed.caused_at > IN_TIME || now >= proposed.expires_at {
        return Verdict::Held(HeldBecause::OutOfDate);
    }
    let zone = zone_of(known.allowed, known.policy);
    let mut because = HeldBecause::NoConsent;
    for channel in ranked(&proposed.channels, known.allowed) {
        if !consents(known.allowed, proposed.purpose, channel, now) {
            continue;
        }
        // The customer may have agreed on several channels, each with quiet hours of its own.
        let quiet = known.allowed.map_or(&[][..], |allowed| &allowed.quiet_spans);
        let free = quiet::first_free(quiet, channel, now, zone);
        let Some(not_before) = free.filter(|at| *at < proposed.expires_at) else {
            because = HeldBecause::QuietHours;
            continue;
        };
        // A grant can run out before the quiet hours are over.
        if !consents(known.allowed, proposed.purpose, channel, not_before) {
            continue;
        }
        return match pressure(known, not_before) {
            Some(pressure) if !proposed.owed => Verdict::Held(pressure),
            _ => Verdict::Granted { channel, not_before },
        };
    }
    Verdict::Held(because)
}

/// Why a customer may not be reached on a channel at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Objection {
    /// They do not want it.
    NoConsent,
    /// Not at that time; from this time on, in this zone, when there is one.
    Quiet(Option<DateTime<Utc>>, Tz),
}

/// What a customer has against being reached on this channel at this time; contact pressure is not asked.
pub(crate) fn objection(
    allowed: Option<&ConsentState>,
    policy: &OutreachPolicy,
    purpose: ConsentPurpose,
    channel: Channel,
    at: DateTime<Utc>,
) -> Option<Objection> {
    if !consents(allowed, purpose, channel, at) {
        return Some(Objection::NoConsent);
    }
    let zone = zone_of(allowed, policy);
    let quiet = allowed.map_or(&[][..], |allowed| &allowed.quiet_spans);
    match quiet::first_free(quiet, channel, at, zone) {
        Some(free) if free == at => None,
        later => Some(Objection::Quiet(later, zone)),
    }
}

impl Objection {
    /// In words, for whoever plans to reach the customer.
    pub(crate) fn in_words(self, channel: Channel) -> String {
        let reached = match channel {
            Channel::Phone => "called",
            Channel::Visit => "visited",
            Channel::Web | Channel::Chat | Channel::Messenger => "written to",
            Channel::Sms | Channel::Email | Channel::Counter => "reached this way",
        };
        match self {
            Self::NoConsent => format!("the customer asked not to be {reached}; choose another channel"),
            Self::Quiet(None, _) => format!("the customer asked not to be {reached} at any time of the day"),
            Self::Quiet(Some(free), zone) => format!(
                "the customer asked not to be {reached} before {} ({zone}); plan it for {} or later",
                free.with_timezone(&zone).format("%H:%M"),
                free.format("%Y-%m-%dT%H:%M:%SZ"),
            ),
        }
    }
}

/// The channels proposed: first those that the customer asked for, in their order.
fn ranked(proposed: &[Channel], allowed: Option<&ConsentState>) -> Vec<Channel> {
    let stated = allowed.map_or(&[][..], |allowed| &allowed.stated_channels);
    let mut ranked: Vec<Channel> = stated.iter().copied().filter(|one| proposed.contains(one)).collect();
    ranked.extend(proposed.iter().copied().filter(|one| !stated.contains(one)));
    ranked
}

/// Whether the customer lets us. To serve them we may unless they said no; for anything else only while a
/// grant holds.
fn consents(
    allowed: Option<&ConsentState>,
    purpose: ConsentPurpose,
    channel: Channel,
    at: DateTime<Utc>,
) -> bool {
    let said = allowed.and_then(|allowed| {
        allowed.consents.iter().find(|one| one.purpose == purpose && one.channel == channel)
    });
    let granted = said.is_some_and(|one| {
        one.status == ConsentStatus::Granted && one.expires_at.is_none_or(|expires| at < expires)
    });
    match purpose {
        ConsentPurpose::Service => said.is_none_or(|one| one.status == ConsentStatus::Granted),
        ConsentPurpose::Survey | ConsentPurpose::Marketing => granted,
    }
}

/// Whether one more outreach at this time would be too many.
fn pressure(known: &Known<'_>, at: DateTime<Utc>) -> Option<HeldBecause> {
    let policy = known.policy;
    let near = |times: &[DateTime<Utc>], days: i32| {
        let span = TimeDelta::days(i64::from(days));
        // One that was put off by quiet hours lies ahead of us, and counts like one behind.
        times.iter().filter(|one| (**one - at).abs() < span).count()
    };
    let reached = |times, most: i32, days| near(times, days) >= usize::try_from(most).unwrap_or(0);
    if reached(known.person, policy.person_most, policy.person_days) {
        Some(HeldBecause::PersonPressure)
    } else if reached(known.household, policy.household_most, policy.household_days) {
        Some(HeldBecause::HouseholdPressure)
    } else {
        None
    }
}

fn zone_of(allowed: Option<&ConsentState>, policy: &OutreachPolicy) -> Tz {
    let told = allowed.and_then(|allowed| allowed.time_zone.as_deref()).and_then(zone);
    told.or_else(|| zone(&policy.time_zone)).unwrap_or(ZONE)
}

#[cfg(test)]
mod tests;
