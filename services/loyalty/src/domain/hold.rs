//! A hold: points are spent in two steps, so that whoever hands over the reward knows that they are there.
//!
//! A hold is a promise: as long as it is open its points can be spent, even when a return has meanwhile taken
//! back what they were earned with. Two-phase reservation (Gray, 1978; Garcia-Molina and Salem, 1987).

use std::fmt;

use chrono::{DateTime, TimeDelta, Utc};
use schema::{api::loyalty::HoldState, value::Points};

/// The shortest time for which points are held.
const SHORTEST: TimeDelta = TimeDelta::minutes(1);
/// The longest.
const LONGEST: TimeDelta = TimeDelta::days(30);
/// The most open holds of one customer.
pub(crate) const MOST_OPEN: u64 = 100;

/// A hold by what it is. Every step consumes it: what is settled cannot be settled again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hold {
    /// The points wait to be spent until this time.
    Open { expires_at: DateTime<Utc> },
    /// They were spent.
    Confirmed,
    /// They were let go.
    Cancelled,
    /// The time ran out.
    Expired,
}

/// A step that the hold does not allow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NotAllowed {
    /// What the hold is.
    pub(crate) is: Hold,
}

impl Hold {
    /// The hold as a row has it.
    pub(crate) const fn of(state: HoldState, expires_at: DateTime<Utc>) -> Self {
        match state {
            HoldState::Open => Self::Open { expires_at },
            HoldState::Confirmed => Self::Confirmed,
            HoldState::Cancelled => Self::Cancelled,
            HoldState::Expired => Self::Expired,
        }
    }

    /// What it is at this time: an open one is expired as soon as its time has come, whenever that is noticed.
    pub(crate) fn at(self, now: DateTime<Utc>) -> Self {
        match self {
            Self::Open { expires_at } if expires_at <= now => Self::Expired,
            other => other,
        }
    }

    /// Spends the points.
    pub(crate) fn confirm(self, now: DateTime<Utc>) -> Result<Self, NotAllowed> {
        self.settle(now, Self::Confirmed)
    }

    /// Lets the points go.
    pub(crate) fn cancel(self, now: DateTime<Utc>) -> Result<Self, NotAllowed> {
        self.settle(now, Self::Cancelled)
    }

    /// Lets the points go because the time has come; not before, and not when it is settled.
    pub(crate) fn expire(self, now: DateTime<Utc>) -> Result<Self, NotAllowed> {
        match self {
            Self::Open { expires_at } if expires_at <= now => Ok(Self::Expired),
            is @ (Self::Open { .. } | Self::Confirmed | Self::Cancelled | Self::Expired) => {
                Err(NotAllowed { is })
            }
        }
    }

    fn settle(self, now: DateTime<Utc>, as_what: Self) -> Result<Self, NotAllowed> {
        match self.at(now) {
            Self::Open { .. } => Ok(as_what),
            is @ (Self::Confirmed | Self::Cancelled | Self::Expired) => Err(NotAllowed { is }),
        }
    }

    /// The state as it is stored and shown.
    pub(crate) const fn state(self) -> HoldState {
        match self {
            Self::Open { .. } => HoldState::Open,
            Self::Confirmed => HoldState::Confirmed,
            Self::Cancelled => HoldState::Cancelled,
            Self::Expired => HoldState::Expired,
        }
    }
}

impl fmt::Display for NotAllowed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.is {
            Hold::Open { .. } => "the hold is open and its time has not come; confirm it or cancel it",
            Hold::Confirmed => {
                "the hold was confirmed and its points are spent; nothing more can be done with it"
            }
            Hold::Cancelled => "the hold was cancelled; nothing more can be done with it, hold points anew",
            Hold::Expired => "the hold expired; nothing more can be done with it, hold points anew",
        })
    }
}

/// Until when points are held, to the microsecond; `Err` says what would be right.
pub(crate) fn until(wanted: DateTime<Utc>, now: DateTime<Utc>) -> Result<DateTime<Utc>, &'static str> {
    const RULE: &str = "points are held for at least a minute and at most 30 days";
    // By way of the timestamp, which also turns a leap second into an ordinary one.
    let wanted = DateTime::from_timestamp_micros(wanted.timestamp_micros()).ok_or(RULE)?;
    if wanted >= now + SHORTEST && wanted <= now + LONGEST { Ok(wanted) } else { Err(RULE) }
}

/// Whether so many points can be held when so many are available.
pub(crate) fn fits(points: Points, available: Points) -> bool {
    points.get() > 0 && points <= available
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: DateTime<Utc> = DateTime::UNIX_EPOCH;
    type Step = fn(Hold, DateTime<Utc>) -> Result<Hold, NotAllowed>;

    fn open(seconds: i64) -> Hold {
        Hold::Open { expires_at: NOW + TimeDelta::seconds(seconds) }
    }

    /// Every state × every step.
    #[test]
    fn only_an_open_hold_can_be_settled() {
        let steps: [(Step, Hold); 3] = [
            (Hold::confirm, Hold::Confirmed),
            (Hold::cancel, Hold::Cancelled),
            (Hold::expire, Hold::Expired),
        ];
        let holds = [open(1), open(0), open(-1), Hold::Confirmed, Hold::Cancelled, Hold::Expired];
        let mut allowed = Vec::new();
        for (from, hold) in holds.into_iter().enumerate() {
            for (step, to) in steps {
                match step(hold, NOW) {
                    Ok(reached) => {
                        assert_eq!(reached, to);
                        allowed.push((from, to.state()));
                    }
                    Err(refusal) => {
                        assert_eq!(refusal.is.state(), hold.at(NOW).state(), "{hold:?} to {to:?}");
                        let says = refusal.to_string();
                        assert!(
                            says.contains("confirm it or cancel it") || says.contains("nothing more"),
                            "{says}"
                        );
                    }
                }
            }
        }
        let expected = [
            (0, HoldState::Confirmed),
            (0, HoldState::Cancelled),
            // At its time and after it, it can only expire.
            (1, HoldState::Expired),
            (2, HoldState::Expired),
        ];
        assert_eq!(allowed, expected);
    }

    #[test]
    fn it_is_what_its_row_says_until_its_time_comes() {
        for state in [HoldState::Open, HoldState::Confirmed, HoldState::Cancelled, HoldState::Expired] {
            assert_eq!(Hold::of(state, NOW).state(), state);
        }
        assert_eq!(
            Hold::of(HoldState::Open, NOW).at(NOW - TimeDelta::microseconds(1)).state(),
            HoldState::Open
        );
        assert_eq!(Hold::of(HoldState::Open, NOW).at(NOW), Hold::Expired);
        assert_eq!(Hold::of(HoldState::Confirmed, NOW).at(NOW + LONGEST), Hold::Confirmed);
    }

    #[test]
    fn the_time_has_bounds() {
        for (seconds, good) in
            [(59, false), (60, true), (30 * 86_400, true), (30 * 86_400 + 1, false), (-1, false)]
        {
            assert_eq!(until(NOW + TimeDelta::seconds(seconds), NOW).is_ok(), good, "{seconds}");
        }
        assert!(until(DateTime::<Utc>::MAX_UTC, NOW).is_err());
    }

    #[test]
    fn no_more_than_is_available_and_not_nothing() {
        let fits = |points, available| fits(Points::new(points), Points::new(available));
        assert!(fits(1, 1) && fits(5, 9));
        assert!(!fits(2, 1) && !fits(0, 1) && !fits(-1, 1) && !fits(1, -1) && !fits(i64::MIN, i64::MAX));
    }
}
