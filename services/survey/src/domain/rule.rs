//! What a rule of invitation may say.

use schema::api::{
    interaction::Channel,
    problem::FieldError,
    survey::{InvitationTerms, InvitationTrigger},
};

use super::{draw, low, questionnaire};

/// What a code must be.
pub(crate) const CODE: &str = "a code is 1 to 40 of a-z, 0-9 and hyphen, not beginning with a hyphen";

/// Everything that is wrong with the terms, which stand at `at`; nothing when they are right.
pub(crate) fn mistakes(terms: &InvitationTerms, at: &str) -> Vec<FieldError> {
    let mut found = Vec::new();
    let mut check = |right: bool, field: &str, rule: &str| {
        if !right {
            found.push(FieldError { pointer: format!("{at}/{field}"), detail: rule.to_owned() });
        }
    };
    check(
        terms.trigger != InvitationTrigger::Recovery,
        "trigger",
        "a low score is asked about again without a rule",
    );
    check(
        terms.instrument.is_some() != terms.questionnaire.is_some(),
        "instrument",
        "name either an instrument or a questionnaire",
    );
    check((0..=365).contains(&terms.cooling_off_days), "cooling_off_days", "0 to 365 days");
    check((1..=draw::WHOLE).contains(&terms.share), "share", "a share is 1 to 1,000,000 millionths");
    check((0..=8_640).contains(&terms.delay_minutes), "delay_minutes", "0 to 8,640 minutes");
    check((1..=90).contains(&terms.expires_days), "expires_days", "1 to 90 days");
    let after = terms.reminder_after_days;
    check(after.is_none_or(|days| (1..=30).contains(&days)), "reminder_after_days", "1 to 30 days");
    check((1..=2).contains(&terms.reminders_most), "reminders_most", "1 or 2 reminders");
    let fits = match (terms.low_at_most, terms.instrument) {
        (Some(at_most), Some(instrument)) => low::is_threshold(instrument, at_most),
        (Some(_), None) => false,
        (None, _) => true,
    };
    check(fits, "low_at_most", "a score of the instrument, but not its highest");
    let language = terms.language.as_deref();
    check(
        language.is_none_or(questionnaire::is_language),
        "language",
        "a language is a BCP 47 tag, such as en or zh-Hans",
    );
    let channels = &terms.channels;
    let distinct = channels.iter().enumerate().all(|(at, one)| !channels[..at].contains(one));
    check(
        !channels.is_empty() && distinct && channels.iter().all(|one| carries_link(*one)),
        "channels",
        "name sms, email, messenger or chat, each at most once",
    );
    found
}

/// Whether a link can be sent by this channel.
const fn carries_link(channel: Channel) -> bool {
    match channel {
        Channel::Sms | Channel::Email | Channel::Messenger | Channel::Chat => true,
        Channel::Phone | Channel::Web | Channel::Counter | Channel::Visit => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use schema::api::survey::Instrument;

    fn terms() -> InvitationTerms {
        InvitationTerms {
            trigger: InvitationTrigger::Purchase,
            instrument: Some(Instrument::Nps),
            questionnaire: None,
            active: true,
            cooling_off_days: 30,
            share: draw::WHOLE,
            delay_minutes: 0,
            expires_days: 14,
            reminder_after_days: Some(3),
            reminders_most: 2,
            low_at_most: None,
            phase: None,
            language: Some("zh-Hans".to_owned()),
            channels: vec![Channel::Sms, Channel::Email],
        }
    }

    #[test]
    fn right_terms_have_no_mistakes() {
        assert_eq!(mistakes(&terms(), ""), []);
        let other = InvitationTerms {
            instrument: None,
            questionnaire: Some("service".to_owned()),
            reminder_after_days: None,
            ..terms()
        };
        assert_eq!(mistakes(&other, ""), []);
    }

    #[test]
    fn every_mistake_is_named_with_its_place() {
        let wrong = InvitationTerms {
            trigger: InvitationTrigger::Recovery,
            questionnaire: Some("service".to_owned()),
            cooling_off_days: -1,
            share: 0,
            delay_minutes: 8_641,
            expires_days: 0,
            reminder_after_days: Some(31),
            reminders_most: 3,
            low_at_most: Some(10),
            language: Some("1".to_owned()),
            channels: vec![Channel::Sms, Channel::Phone],
            ..terms()
        };
        let found = mistakes(&wrong, "/terms");
        let pointers: Vec<&str> = found.iter().map(|one| one.pointer.as_str()).collect();
        let expected = [
            "/terms/trigger",
            "/terms/instrument",
            "/terms/cooling_off_days",
            "/terms/share",
            "/terms/delay_minutes",
            "/terms/expires_days",
            "/terms/reminder_after_days",
            "/terms/reminders_most",
            "/terms/low_at_most",
            "/terms/language",
            "/terms/channels",
        ];
        assert_eq!(pointers, expected);
        let twice = InvitationTerms { channels: vec![Channel::Sms, Channel::Email, Channel::Sms], ..terms() };
        assert_eq!(mistakes(&twice, "").len(), 1);
    }
}
