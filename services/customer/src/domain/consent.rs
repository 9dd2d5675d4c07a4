//! What a customer allows us. To serve them we may reach them unless they said no; to ask or to offer
//! something only when they said yes, and not longer than they said.

use chrono::{DateTime, Utc};
use schema::{
    api::{
        customer::{Allowance, ConsentPurpose, ConsentStatus, HeldConsent, NewConsent},
        interaction::Channel,
    },
    moment,
};

use super::{channel::CHANNELS, code, person::Mistakes, words};

/// Every purpose.
const PURPOSES: [ConsentPurpose; 3] =
    [ConsentPurpose::Service, ConsentPurpose::Survey, ConsentPurpose::Marketing];

/// A word as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Word {
    pub(crate) given_at: DateTime<Utc>,
    pub(crate) expires_at: Option<DateTime<Utc>>,
    pub(crate) said_by: Option<String>,
}

/// Checks a word; `None` when there are mistakes.
pub(crate) fn keep(new: &NewConsent, now: DateTime<Utc>, mistakes: &mut Mistakes) -> Option<Word> {
    if !code::is_code(&new.source) {
        mistakes.add("/source", code::RULE);
    }
    let said_by = new.said_by.as_deref().map(words::short);
    if said_by == Some(None) {
        mistakes.add("/said_by", words::RULE);
    }
    let expires_at = match new.expires_at.map(|at| expiry(at, new)) {
        Some(Err(rule)) => {
            mistakes.add("/expires_at", rule);
            None
        }
        Some(Ok(at)) => Some(at),
        None => None,
    };
    match moment::parse(new.given_at, now) {
        Ok(given_at) => Some(Word { given_at, expires_at, said_by: said_by.flatten() }),
        Err(rule) => {
            mistakes.add("/given_at", rule);
            None
        }
    }
}

fn expiry(at: DateTime<Utc>, new: &NewConsent) -> Result<DateTime<Utc>, &'static str> {
    if new.status != ConsentStatus::Granted {
        return Err("only a grant expires; leave it out");
    }
    if at <= new.given_at {
        return Err("a grant expires after it was given");
    }
    // A later time is checked against the same limits as any other; it may lie in the future.
    moment::parse(at, at).map_err(|_| "a time is between the years 1900 and 9999")
}

/// Whether a customer may be reached for this purpose on this channel at this time. `held` is the word that
/// counts on each purpose and channel.
pub(crate) fn may(
    held: &[HeldConsent],
    purpose: ConsentPurpose,
    channel: Channel,
    at: DateTime<Utc>,
) -> bool {
    let word = held.iter().find(|word| word.purpose == purpose && word.channel == channel);
    match (word.map(|word| (word.status, word.expires_at)), purpose) {
        (Some((ConsentStatus::Denied | ConsentStatus::Withdrawn, _)), _) => false,
        (Some((ConsentStatus::Granted, _)) | None, ConsentPurpose::Service) => true,
        (Some((ConsentStatus::Granted, until)), ConsentPurpose::Survey | ConsentPurpose::Marketing) => {
            until.is_none_or(|until| at < until)
        }
        (None, ConsentPurpose::Survey | ConsentPurpose::Marketing) => false,
    }
}

/// Whether we may, for each purpose and channel.
pub(crate) fn allowances(held: &[HeldConsent], at: DateTime<Utc>) -> Vec<Allowance> {
    let of = |purpose| {
        CHANNELS.map(|channel| Allowance { purpose, channel, is_allowed: may(held, purpose, channel, at) })
    };
    PURPOSES.into_iter().flat_map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMS: Channel = Channel::Sms;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().expect("a time")
    }

    fn held(purpose: ConsentPurpose, status: ConsentStatus, until: Option<&str>) -> Vec<HeldConsent> {
        vec![HeldConsent { purpose, channel: SMS, status, expires_at: until.map(at) }]
    }

    /// Every purpose × every word, before and after an expiry.
    #[test]
    fn service_unless_denied_and_the_rest_only_with_a_grant() {
        use ConsentPurpose::{Marketing, Service, Survey};
        use ConsentStatus::{Denied, Granted, Withdrawn};
        let end = "2026-06-01T00:00:00Z";
        let (before, then) = (at("2026-05-31T23:59:59Z"), at(end));
        let words: [(Option<(ConsentStatus, Option<&str>)>, [bool; 2], [bool; 2]); 5] = [
            // The word, then may Service before and at the end, then may Survey and Marketing.
            (None, [true, true], [false, false]),
            (Some((Granted, None)), [true, true], [true, true]),
            (Some((Granted, Some(end))), [true, true], [true, false]),
            (Some((Denied, None)), [false, false], [false, false]),
            (Some((Withdrawn, None)), [false, false], [false, false]),
        ];
        for (word, service, others) in words {
            for (purpose, wanted) in [(Service, service), (Survey, others), (Marketing, others)] {
                let held = word.map_or(Vec::new(), |(status, until)| held(purpose, status, until));
                let found = [may(&held, purpose, SMS, before), may(&held, purpose, SMS, then)];
                assert_eq!(found, wanted, "{purpose:?} after {word:?}");
            }
        }
    }

    #[test]
    fn a_word_counts_for_its_purpose_and_channel_only() {
        use ConsentPurpose::{Marketing, Service, Survey};
        let now = at("2026-05-31T00:00:00Z");
        let held = held(Marketing, ConsentStatus::Granted, None);
        assert!(may(&held, Marketing, SMS, now));
        assert!(!may(&held, Marketing, Channel::Phone, now));
        assert!(!may(&held, Survey, SMS, now));
        let allowed = allowances(&held, now);
        assert_eq!(allowed.len(), PURPOSES.len() * CHANNELS.len());
        let may: Vec<&Allowance> = allowed.iter().filter(|one| one.is_allowed).collect();
        assert_eq!(may.len(), CHANNELS.len() + 1);
        assert!(
            may.iter().all(|one| one.purpose == Service || (one.purpose, one.channel) == (Marketing, SMS))
        );
    }

    #[test]
    fn every_mistake_has_its_place() {
        let now = at("2026-05-31T00:00:00Z");
        let right = NewConsent {
            purpose: ConsentPurpose::Survey,
            channel: SMS,
            status: ConsentStatus::Granted,
            given_at: now,
            expires_at: Some(at("2027-05-31T00:00:00Z")),
            source: "counter".to_owned(),
            said_by: Some(" his daughter ".to_owned()),
        };
        let mut mistakes = Mistakes::default();
        let word = keep(&right, now, &mut mistakes).expect("a word");
        assert!(mistakes.none_or_problem().is_ok());
        assert_eq!((word.said_by.as_deref(), word.expires_at), (Some("his daughter"), right.expires_at));

        let wrong = NewConsent {
            status: ConsentStatus::Denied,
            given_at: at("2026-06-02T00:00:00Z"),
            source: "The counter".to_owned(),
            said_by: Some(" ".to_owned()),
            ..right.clone()
        };
        let at_once = NewConsent { expires_at: Some(now), ..right };
        for (new, places) in
            [(wrong, vec!["/source", "/said_by", "/expires_at", "/given_at"]), (at_once, vec!["/expires_at"])]
        {
            let mut mistakes = Mistakes::default();
            keep(&new, now, &mut mistakes);
            let problem = mistakes.none_or_problem().expect_err("mistakes");
            let found: Vec<&str> = problem.errors.iter().map(|error| error.pointer.as_str()).collect();
            assert_eq!(found, places);
        }
    }
}
