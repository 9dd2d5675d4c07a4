//! Channels: which ones a customer asks for, and on which ones they answer.
//!
//! Few attempts say little, so channels are ranked by what can be said: the lower end of the 95 % score
//! interval of the rate (E. B. Wilson, Probable Inference, the Law of Succession, and Statistical Inference,
//! Journal of the American Statistical Association 22, 1927, 209-212), which holds for small numbers too. 7 of
//! 10 is 39.7 %, 1 of 1 is 20.7 %.

use std::cmp::Reverse;

use schema::{
    api::{
        customer::ChannelUsage,
        interaction::{Channel, ContactDirection},
    },
    event::interaction::ContactRecorded,
};

use super::person::Mistakes;

/// Every channel.
pub(crate) const CHANNELS: [Channel; 8] = [
    Channel::Phone,
    Channel::Web,
    Channel::Chat,
    Channel::Sms,
    Channel::Email,
    Channel::Messenger,
    Channel::Counter,
    Channel::Visit,
];
/// The fewest attempts from which a channel counts as revealed: with fewer, one answer more or less moves the
/// rate by over a fifth.
const ATTEMPTS_MIN: i32 = 5;
/// The square of the normal quantile of a two-sided 95 % interval, 1.959964, in billionths.
const Z_SQUARED: u128 = 3_841_458_821;
/// One, in billionths.
const ONE: u128 = 1_000_000_000;
/// One, in millionths.
const MILLION: u128 = 1_000_000;

/// Checks the channels that a customer asks for: each once.
pub(crate) fn check_stated(stated: &[Channel], mistakes: &mut Mistakes) {
    for (at, channel) in stated.iter().enumerate() {
        if stated[..at].contains(channel) {
            mistakes.add(format!("/stated_channels/{at}"), "name each channel once");
        }
        if at >= CHANNELS.len() {
            // What follows can only be repetition, however long the list is.
            break;
        }
    }
}

/// Whether the customer answered, when the contact was an attempt of ours of which that is known.
pub(crate) fn attempt(contact: &ContactRecorded) -> Option<bool> {
    match contact.direction {
        ContactDirection::Outbound => contact.answered,
        ContactDirection::Inbound => None,
    }
}

/// Attempts and answers by channel with what follows from them, the best one first.
pub(crate) fn ranked(counts: &[(Channel, i32, i32)]) -> Vec<ChannelUsage> {
    let mut usage: Vec<ChannelUsage> = counts
        .iter()
        .map(|&(channel, attempts, answers)| {
            let (tried, answered) = (count(attempts), count(answers));
            ChannelUsage {
                channel,
                attempts,
                answers,
                answered_millionths: millionths((answered * MILLION).checked_div(tried).unwrap_or(0)),
                floor_millionths: millionths(floor(tried, answered)),
            }
        })
        .collect();
    usage.sort_by_key(|one| (Reverse(one.floor_millionths), Reverse(one.attempts), one.channel));
    usage
}

/// The channels on which they answer, the best one first, of a ranking.
pub(crate) fn revealed(ranked: &[ChannelUsage]) -> Vec<Channel> {
    let is_revealed = |one: &&ChannelUsage| one.attempts >= ATTEMPTS_MIN && one.answers > 0;
    ranked.iter().filter(is_revealed).map(|one| one.channel).collect()
}

/// The lower end of Wilson's interval, in millionths, rounded down.
fn floor(attempts: u128, answers: u128) -> u128 {
    if attempts == 0 {
        return 0;
    }
    // (k + z²/2 - z √(k (n - k) / n + z²/4)) / (n + z²), all in billionths.
    let spread = answers * attempts.saturating_sub(answers) * ONE / attempts + Z_SQUARED / 4;
    let root = (Z_SQUARED * spread).isqrt();
    (answers * ONE + Z_SQUARED / 2).saturating_sub(root) * MILLION / (attempts * ONE + Z_SQUARED)
}

fn count(of: i32) -> u128 {
    u128::from(of.unsigned_abs())
}

fn millionths(of: u128) -> i32 {
    i32::try_from(of).unwrap_or(i32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn best(counts: &[(Channel, i32, i32)]) -> Vec<Channel> {
        revealed(&ranked(counts))
    }

    /// Row 144 of the domain: SMS 1 of 10, phone 7 of 10.
    #[test]
    fn phone_is_revealed_whatever_was_stated() {
        let ranked = ranked(&[(Channel::Sms, 10, 1), (Channel::Phone, 10, 7)]);
        assert_eq!(revealed(&ranked), [Channel::Phone, Channel::Sms]);
        let (phone, sms) = (&ranked[0], &ranked[1]);
        assert_eq!((phone.answered_millionths, sms.answered_millionths), (700_000, 100_000));
        // By the formula: 0.3967781 and 0.0178762.
        assert_eq!((phone.floor_millionths, sms.floor_millionths), (396_778, 17_876));
    }

    #[test]
    fn the_floor_is_wilsons() {
        for attempts in 1..=200_i32 {
            for answers in 0..=attempts {
                let (n, k, z) = (f64::from(attempts), f64::from(answers), 1.959_963_985_f64);
                let wilson = (k + z * z / 2.0 - z * (k * (n - k) / n + z * z / 4.0).sqrt()) / (n + z * z);
                #[expect(clippy::cast_possible_truncation, reason = "a rate in millionths is small")]
                let wanted = (wilson * 1e6).floor() as i64;
                let found = i64::from(millionths(floor(count(attempts), count(answers))));
                assert!((found - wanted).abs() <= 1, "{answers} of {attempts}: {found}, not {wanted}");
            }
        }
    }

    #[test]
    fn few_attempts_say_little_and_no_answer_says_nothing() {
        let usage = ranked(&[(Channel::Email, 1, 1), (Channel::Phone, 10, 7)]);
        assert_eq!(usage[0].channel, Channel::Phone);
        assert_eq!(usage[1].floor_millionths, 206_549);
        assert_eq!(best(&[(Channel::Email, 4, 4), (Channel::Sms, 5, 1)]), [Channel::Sms]);
        assert!(best(&[(Channel::Visit, 50, 0)]).is_empty());
        assert!(ranked(&[]).is_empty());
    }

    #[test]
    fn a_tie_has_an_order() {
        let one = best(&[(Channel::Sms, 10, 5), (Channel::Phone, 10, 5)]);
        let other = best(&[(Channel::Phone, 10, 5), (Channel::Sms, 10, 5)]);
        assert_eq!((one.as_slice(), &one), ([Channel::Phone, Channel::Sms].as_slice(), &other));
    }

    #[test]
    fn each_channel_is_stated_once() {
        let mut mistakes = Mistakes::default();
        check_stated(&CHANNELS, &mut mistakes);
        check_stated(&[], &mut mistakes);
        assert!(mistakes.none_or_problem().is_ok());
        let mut mistakes = Mistakes::default();
        check_stated(&[Channel::Sms, Channel::Phone, Channel::Sms], &mut mistakes);
        let problem = mistakes.none_or_problem().expect_err("a mistake");
        assert_eq!(problem.errors[0].pointer, "/stated_channels/2");
    }
}
