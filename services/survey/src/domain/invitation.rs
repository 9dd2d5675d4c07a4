//! Where an invitation stands, and which steps it allows.
//!
//! Nothing is sent before it is granted, and what came to its end stays there. A reminder is granted and sent
//! while the invitation waits for an answer; it leaves the invitation where it is.

use std::fmt;

use chrono::{DateTime, TimeDelta, Utc};
use schema::api::{
    interaction::Phase,
    survey::{InvitationState, InvitationTrigger},
};

/// What an occasion leads to must follow within this time, or does not: importing history invites nobody.
pub(crate) const TIMELY: TimeDelta = TimeDelta::days(7);
/// How long a link that was lost can be made anew without another grant.
const AGAIN: TimeDelta = TimeDelta::days(1);

/// A step with an invitation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// The customer may be reached.
    Grant,
    /// The customer may not be reached.
    Hold,
    /// The link is handed to the channel.
    Send,
    /// Some of it was filled in.
    Start,
    /// It was answered.
    Answer,
    /// Its time ran out.
    Expire,
}

/// A step that the invitation does not allow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NotAllowed {
    /// Where it stands.
    pub(crate) is: InvitationState,
}

/// Where the step leads.
pub(crate) const fn after(is: InvitationState, step: Step) -> Result<InvitationState, NotAllowed> {
    use InvitationState::{Answered, Expired, Granted, Held, Proposed, Sent, Started};
    match (is, step) {
        (Proposed, Step::Grant) => Ok(Granted),
        (Proposed, Step::Hold) => Ok(Held),
        (Granted | Sent, Step::Send) => Ok(Sent),
        (Started, Step::Send) | (Sent | Started, Step::Start) => Ok(Started),
        (Sent | Started, Step::Answer) => Ok(Answered),
        (Proposed | Granted | Sent | Started, Step::Expire) => Ok(Expired),
        (Proposed, Step::Send | Step::Start | Step::Answer)
        | (Granted, Step::Grant | Step::Hold | Step::Start | Step::Answer)
        | (Sent | Started, Step::Grant | Step::Hold)
        | (Held | Answered | Expired, _) => Err(NotAllowed { is }),
    }
}

/// Whether it waits for something: leave to be sent, or an answer.
pub(crate) const fn is_open(is: InvitationState) -> bool {
    use InvitationState::{Answered, Expired, Granted, Held, Proposed, Sent, Started};
    match is {
        Proposed | Granted | Sent | Started => true,
        Held | Answered | Expired => false,
    }
}

/// Whether a link may be made at this time, by a grant from `not_before` on that was first used at `sent_at`.
pub(crate) fn may_send(
    not_before: DateTime<Utc>,
    sent_at: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> Result<(), &'static str> {
    if now < not_before {
        return Err("it may not be sent yet; see `not_before`");
    }
    match sent_at {
        Some(sent_at) if now >= sent_at + AGAIN => {
            Err("it was sent more than a day ago; wait for the grant of its next reminder")
        }
        Some(_) | None => Ok(()),
    }
}

/// Whether what happened then is recent enough to lead to an invitation.
pub(crate) fn is_timely(occurred_at: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    now - occurred_at <= TIMELY
}

/// Where on the journey a trigger asks, unless its rule says otherwise.
pub(crate) const fn phase(trigger: InvitationTrigger) -> Option<Phase> {
    match trigger {
        InvitationTrigger::CaseClosed | InvitationTrigger::Recovery => Some(Phase::Aftersales),
        InvitationTrigger::Purchase => Some(Phase::Sales),
        InvitationTrigger::Manual | InvitationTrigger::Wave => None,
    }
}

impl fmt::Display for NotAllowed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.is {
            InvitationState::Proposed => {
                "the invitation is proposed; wait until it is granted, or until its time runs out"
            }
            InvitationState::Granted => "the invitation is granted; send it, or let its time run out",
            InvitationState::Sent => "the invitation is sent; it can be answered until its time runs out",
            InvitationState::Started => {
                "some of the invitation is answered; it can be answered until its time runs out"
            }
            InvitationState::Held => "the invitation is held; nothing more can be done with it",
            InvitationState::Answered => "the invitation is answered; nothing more can be done with it",
            InvitationState::Expired => "the invitation ran out; nothing more can be done with it",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use InvitationState::{Answered, Expired, Granted, Held, Proposed, Sent, Started};

    const STATES: [InvitationState; 7] = [Proposed, Granted, Held, Sent, Started, Answered, Expired];
    const STEPS: [Step; 6] = [Step::Grant, Step::Hold, Step::Send, Step::Start, Step::Answer, Step::Expire];

    /// Every state × every step.
    #[test]
    fn only_these_steps_are_allowed() {
        let mut allowed = Vec::new();
        for is in STATES {
            for step in STEPS {
                match after(is, step) {
                    Ok(reached) => allowed.push((is, step, reached)),
                    Err(refusal) => {
                        assert_eq!(refusal.is, is);
                        let says = refusal.to_string();
                        assert_eq!(
                            says.ends_with("nothing more can be done with it"),
                            !is_open(is),
                            "{says}"
                        );
                    }
                }
            }
        }
        let expected = [
            (Proposed, Step::Grant, Granted),
            (Proposed, Step::Hold, Held),
            (Proposed, Step::Expire, Expired),
            (Granted, Step::Send, Sent),
            (Granted, Step::Expire, Expired),
            (Sent, Step::Send, Sent),
            (Sent, Step::Start, Started),
            (Sent, Step::Answer, Answered),
            (Sent, Step::Expire, Expired),
            (Started, Step::Send, Started),
            (Started, Step::Start, Started),
            (Started, Step::Answer, Answered),
            (Started, Step::Expire, Expired),
        ];
        assert_eq!(allowed, expected);
    }

    #[test]
    fn a_link_is_made_within_its_grant() {
        let at = |hours| DateTime::UNIX_EPOCH + TimeDelta::hours(hours);
        assert!(may_send(at(5), None, at(4)).is_err());
        assert!(may_send(at(5), None, at(5)).is_ok());
        assert!(may_send(at(5), Some(at(6)), at(29)).is_ok());
        assert!(may_send(at(5), Some(at(6)), at(30)).is_err());
    }

    #[test]
    fn seven_days_are_the_limit() {
        let now = DateTime::UNIX_EPOCH + TimeDelta::days(100);
        assert!(is_timely(now - TIMELY, now));
        assert!(!is_timely(now - TIMELY - TimeDelta::microseconds(1), now));
        assert!(is_timely(now + TimeDelta::hours(1), now));
    }
}
