//! The service brief: texts of bounded length, and the rules that follow from quiet hours and denials, in
//! words that can be read out.

use schema::api::{
    customer::{
        BriefRule, BriefRuleCode, ConsentPurpose, ConsentStatus, HeldConsent, QuietSpan, ServiceBrief,
    },
    interaction::Channel,
};

use super::{person::Mistakes, quiet, words};

/// The most texts of one kind.
const MOST: usize = 20;
/// The characters of all texts that a file shows: it pops up while the phone rings, and a section is bounded.
const SHOWN: usize = 2_000;

/// Checks texts and gives them as they are kept.
pub(crate) fn keep(written: &[String], pointer: &str, mistakes: &mut Mistakes) -> Vec<String> {
    if written.len() > MOST {
        mistakes.add(pointer, format!("at most {MOST} texts"));
        return Vec::new();
    }
    let mut kept = Vec::with_capacity(written.len());
    for (at, text) in written.iter().enumerate() {
        match words::short(text) {
            Some(text) => kept.push(text),
            None => mistakes.add(format!("{pointer}/{at}"), words::RULE),
        }
    }
    kept
}

/// The brief as a file shows it: don'ts before dos before habits, as far as there is room.
pub(crate) fn shorten(brief: &mut ServiceBrief) {
    let mut room = SHOWN;
    let mut left_out = 0;
    for texts in [&mut brief.donts, &mut brief.dos, &mut brief.habits].into_iter().flatten() {
        let fits = |text: &String| {
            let length = text.chars().count();
            let is_shown = length <= room;
            // What comes after one that is left out is left out too: the order says what matters.
            room = if is_shown { room - length } else { 0 };
            is_shown
        };
        let shown = texts.iter().map(fits).take_while(|is_shown| *is_shown).count();
        left_out += texts.len() - shown;
        texts.truncate(shown);
    }
    brief.left_out = i32::try_from(left_out).unwrap_or(i32::MAX);
}

/// What follows from quiet hours and from denials.
pub(crate) fn rules(spans: &[QuietSpan], held: &[HeldConsent]) -> Vec<BriefRule> {
    spans.iter().map(of_span).chain(held.iter().filter_map(of_consent)).collect()
}

fn of_span(span: &QuietSpan) -> BriefRule {
    let (from, until) = (span.from_minute, span.until_minute);
    let what = span.channel.map_or("contact", what);
    let (code, statement) = match (from, until) {
        (0, quiet::DAY) => (BriefRuleCode::QuietAlways, format!("no {what} at any time")),
        (0, _) => (BriefRuleCode::QuietBefore, format!("no {what} before {}", clock(until))),
        (_, quiet::DAY) => (BriefRuleCode::QuietAfter, format!("no {what} after {}", clock(from))),
        _ => (BriefRuleCode::QuietBetween, format!("no {what} between {} and {}", clock(from), clock(until))),
    };
    BriefRule {
        code,
        purpose: None,
        channel: span.channel,
        from_minute: Some(from),
        until_minute: Some(until),
        statement,
    }
}

fn of_consent(held: &HeldConsent) -> Option<BriefRule> {
    let goal = match held.purpose {
        ConsentPurpose::Service => "to serve them",
        ConsentPurpose::Survey => "to ask for their opinion",
        ConsentPurpose::Marketing => "to offer something",
    };
    match held.status {
        ConsentStatus::Granted => None,
        ConsentStatus::Denied | ConsentStatus::Withdrawn => Some(BriefRule {
            code: BriefRuleCode::NotAllowed,
            purpose: Some(held.purpose),
            channel: Some(held.channel),
            from_minute: None,
            until_minute: None,
            statement: format!("no {} {goal}", what(held.channel)),
        }),
    }
}

/// What reaches a customer on a channel.
fn what(channel: Channel) -> &'static str {
    match channel {
        Channel::Phone => "calls",
        Channel::Web => "messages on the web",
        Channel::Chat => "chat messages",
        Channel::Sms => "text messages",
        Channel::Email => "e-mails",
        Channel::Messenger => "messenger messages",
        Channel::Counter => "approaches at the counter",
        Channel::Visit => "visits",
    }
}

fn clock(minute: i32) -> String {
    format!("{}:{:02}", minute / 60, minute % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(channel: Option<Channel>, from_minute: i32, until_minute: i32) -> QuietSpan {
        QuietSpan { channel, from_minute, until_minute }
    }

    /// Row 51 of the domain: no calls before 10.
    #[test]
    fn quiet_hours_in_words() {
        let spans = [
            span(Some(Channel::Phone), 0, 600),
            span(Some(Channel::Sms), 1_320, 1_440),
            span(None, 1_320, 485),
            span(Some(Channel::Visit), 0, 1_440),
        ];
        let rules = rules(&spans, &[]);
        let said: Vec<(BriefRuleCode, &str)> =
            rules.iter().map(|rule| (rule.code, rule.statement.as_str())).collect();
        let wanted = [
            (BriefRuleCode::QuietBefore, "no calls before 10:00"),
            (BriefRuleCode::QuietAfter, "no text messages after 22:00"),
            (BriefRuleCode::QuietBetween, "no contact between 22:00 and 8:05"),
            (BriefRuleCode::QuietAlways, "no visits at any time"),
        ];
        assert_eq!(said, wanted);
    }

    #[test]
    fn denials_in_words_and_grants_not() {
        let held = |purpose, channel, status| HeldConsent { purpose, channel, status, expires_at: None };
        let rules = rules(
            &[],
            &[
                held(ConsentPurpose::Marketing, Channel::Phone, ConsentStatus::Denied),
                held(ConsentPurpose::Survey, Channel::Sms, ConsentStatus::Withdrawn),
                held(ConsentPurpose::Survey, Channel::Email, ConsentStatus::Granted),
            ],
        );
        let said: Vec<&str> = rules.iter().map(|rule| rule.statement.as_str()).collect();
        assert_eq!(said, ["no calls to offer something", "no text messages to ask for their opinion"]);
        assert!(rules.iter().all(|rule| rule.code == BriefRuleCode::NotAllowed));
    }

    #[test]
    fn a_file_keeps_the_donts_first() {
        let texts = |count: usize| Some(vec!["x".repeat(200); count]);
        let mut brief =
            ServiceBrief { habits: texts(3), dos: texts(5), donts: texts(4), ..ServiceBrief::default() };
        shorten(&mut brief);
        let shown = [&brief.donts, &brief.dos, &brief.habits].map(|texts| texts.as_ref().map_or(0, Vec::len));
        assert_eq!((shown, brief.left_out), ([4, 5, 1], 2));
        let mut brief =
            ServiceBrief { habits: Some(vec!["x".to_owned()]), donts: texts(11), ..ServiceBrief::default() };
        shorten(&mut brief);
        assert_eq!((brief.donts.map_or(0, |texts| texts.len()), brief.left_out), (10, 2));
    }

    #[test]
    fn texts_are_few_and_short() {
        let mut mistakes = Mistakes::default();
        assert_eq!(keep(&[" rings twice ".to_owned()], "/habits", &mut mistakes), ["rings twice"]);
        assert!(mistakes.none_or_problem().is_ok());
        let mut mistakes = Mistakes::default();
        keep(&["fine".to_owned(), " ".to_owned()], "/dos", &mut mistakes);
        keep(&vec!["x".to_owned(); 21], "/donts", &mut mistakes);
        let problem = mistakes.none_or_problem().expect_err("mistakes");
        let places: Vec<&str> = problem.errors.iter().map(|error| error.pointer.as_str()).collect();
        assert_eq!(places, ["/dos/1", "/donts"]);
    }
}
