//! What a wave may be planned as, and where it stands.

use std::fmt;

use chrono::{DateTime, TimeDelta, Utc};
use schema::{
    api::{
        problem::FieldError,
        survey::{NewWave, WaveState},
    },
    moment,
};

use super::{questionnaire, rule};

/// The longest period.
const LONGEST: TimeDelta = TimeDelta::days(180);

/// A step with a wave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// Customers are invited from now on.
    Open,
    /// Nobody is invited any more.
    Close,
}

/// A step that the wave does not allow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NotAllowed {
    /// Where it stands.
    pub(crate) is: WaveState,
}

/// Where the step leads. A planned wave can be closed: it is then called off.
pub(crate) const fn after(is: WaveState, step: Step) -> Result<WaveState, NotAllowed> {
    match (is, step) {
        (WaveState::Planned, Step::Open) => Ok(WaveState::Open),
        (WaveState::Planned | WaveState::Open, Step::Close) => Ok(WaveState::Closed),
        (WaveState::Open, Step::Open) | (WaveState::Closed, Step::Open | Step::Close) => {
            Err(NotAllowed { is })
        }
    }
}

impl fmt::Display for NotAllowed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.is {
            WaveState::Planned => "the wave is planned; open it, or close it",
            WaveState::Open => "the wave is open already; it can be closed",
            WaveState::Closed => "the wave is closed; plan another one",
        })
    }
}

/// Everything that is wrong with a wave; nothing when it is right.
pub(crate) fn mistakes(new: &NewWave, now: DateTime<Utc>) -> Vec<FieldError> {
    let mut found = Vec::new();
    let mut check = |right: bool, pointer: &str, rule: &str| {
        if !right {
            found.push(FieldError { pointer: pointer.to_owned(), detail: rule.to_owned() });
        }
    };
    check(questionnaire::is_code(&new.code), "/code", rule::CODE);
    check(moment::is_storable(new.from), "/from", "a period lies in the years 1900 to 9999");
    let ends = moment::is_storable(new.until)
        && new.until > now
        && new.until > new.from
        && new.until - new.from <= LONGEST;
    check(ends, "/until", "a period ends in the future, after it starts, and lasts at most 180 days");
    check(new.sample_size.is_none_or(|size| size >= 1), "/sample_size", "a sample has at least 1 customer");
    check(
        new.target_answers.is_none_or(|target| target >= 1),
        "/target_answers",
        "hope for at least 1 answer",
    );
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    /// Every state × every step.
    #[test]
    fn only_these_steps_are_allowed() {
        let mut allowed = Vec::new();
        for is in [WaveState::Planned, WaveState::Open, WaveState::Closed] {
            for step in [Step::Open, Step::Close] {
                match after(is, step) {
                    Ok(reached) => allowed.push((is, step, reached)),
                    Err(refusal) => assert_eq!(refusal, NotAllowed { is }),
                }
            }
        }
        let expected = [
            (WaveState::Planned, Step::Open, WaveState::Open),
            (WaveState::Planned, Step::Close, WaveState::Closed),
            (WaveState::Open, Step::Close, WaveState::Closed),
        ];
        assert_eq!(allowed, expected);
        assert!(NotAllowed { is: WaveState::Closed }.to_string().contains("plan another"));
    }

    #[test]
    fn every_mistake_is_named_with_its_place() {
        let now = DateTime::UNIX_EPOCH + TimeDelta::days(1_000);
        let right = NewWave {
            code: "spring-2026".to_owned(),
            rule: "half-yearly".to_owned(),
            org_unit_id: Uuid::from_u128(1).into(),
            from: now,
            until: now + LONGEST,
            sample_size: Some(1),
            target_answers: None,
        };
        assert_eq!(mistakes(&right, now), []);
        let wrong = NewWave {
            code: "Spring".to_owned(),
            until: now + LONGEST + TimeDelta::seconds(1),
            sample_size: Some(0),
            target_answers: Some(0),
            ..right.clone()
        };
        let pointers: Vec<String> = mistakes(&wrong, now).into_iter().map(|one| one.pointer).collect();
        assert_eq!(pointers, ["/code", "/until", "/sample_size", "/target_answers"]);
        let over = NewWave { from: now - TimeDelta::days(2), until: now, ..right };
        assert_eq!(mistakes(&over, now).len(), 1);
    }
}
