//! A gesture: the states it goes through, and who may give how much.
//!
//! What somebody may give is a line of the matrix: a most for one gesture, and a most for a calendar month.
//! Whoever gives a gesture answers for it: it counts for the budget of the one who approved it, not of the
//! one who asked.

use std::fmt;

use chrono::{DateTime, Utc};
use schema::{
    access::Role,
    api::{
        Endpoint as _,
        customer::OrgUnitKind,
        interaction::{ApproveGesture, AuthorityLine, GestureState, NeededAuthority},
        problem::FieldError,
    },
    value::Currency,
};

use super::mistake;

/// The most that a gesture costs, in minor units.
pub(crate) const MOST: i64 = 1_000_000_000;
/// The most lines of a matrix.
const MOST_LINES: usize = 200;
/// What became of a gesture that the customer gave back.
pub(crate) const RETURNED: &str = "returned";

/// What can be done with a gesture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    Approve,
    Refuse,
    Reverse,
}

/// The state does not allow the step.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct NotAllowed {
    state: GestureState,
    step: Step,
}

/// The state after the step.
pub(crate) const fn after(state: GestureState, step: Step) -> Result<GestureState, NotAllowed> {
    match (state, step) {
        (GestureState::Escalated, Step::Approve) => Ok(GestureState::Approved),
        (GestureState::Escalated, Step::Refuse) => Ok(GestureState::Refused),
        (GestureState::Approved, Step::Reverse) => Ok(GestureState::Reversed),
        (GestureState::Escalated, Step::Reverse)
        | (GestureState::Approved | GestureState::Refused | GestureState::Reversed, _) => {
            Err(NotAllowed { state, step })
        }
    }
}

impl fmt::Display for NotAllowed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (state, allowed) = match self.state {
            GestureState::Escalated => ("escalated", "it allows approve or refuse"),
            GestureState::Approved => ("approved", "it allows reverse"),
            GestureState::Refused => ("refused", "nothing more can be done with it"),
            GestureState::Reversed => ("reversed", "nothing more can be done with it"),
        };
        let step = match self.step {
            Step::Approve => "approve",
            Step::Refuse => "refuse",
            Step::Reverse => "reverse",
        };
        write!(f, "the gesture is {state}, which does not allow {step}; {allowed}")
    }
}

/// What somebody may give in one currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Authority {
    /// The most for one gesture; none is without limit.
    limit: Option<i64>,
    /// The most in a month; none is without limit.
    monthly: Option<i64>,
}

/// Why an authority does not cover an amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Uncovered {
    /// It is more than one gesture may cost.
    Limit(i64),
    /// With what was given in the month it is more than a month may cost.
    Budget { monthly: i64, spent: i64 },
}

impl Authority {
    /// Of somebody who may give nothing alone.
    const NONE: Self = Self { limit: Some(0), monthly: Some(0) };

    /// Whether one more gesture is covered, after what was given in this month.
    pub(crate) fn covers(self, amount: i64, spent: i64) -> Result<(), Uncovered> {
        self.reaches(amount)?;
        match self.monthly {
            Some(monthly) if spent.saturating_add(amount) > monthly => {
                Err(Uncovered::Budget { monthly, spent })
            }
            _ => Ok(()),
        }
    }

    /// Whether one gesture of this amount is within the limit, whatever was given in the month.
    pub(crate) const fn reaches(self, amount: i64) -> Result<(), Uncovered> {
        match self.limit {
            Some(limit) if amount > limit => Err(Uncovered::Limit(limit)),
            _ => Ok(()),
        }
    }

    /// How much it is, for comparing: the limit, then the budget.
    fn size(self) -> (i64, i64) {
        (self.limit.unwrap_or(i64::MAX), self.monthly.unwrap_or(i64::MAX))
    }
}

impl fmt::Display for Uncovered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Limit(limit) => write!(f, "your limit for one gesture is {limit}"),
            Self::Budget { monthly, spent } => {
                write!(f, "you may give {monthly} in a month and gave {spent} in this one")
            }
        }
    }
}

fn authority(line: &AuthorityLine) -> Authority {
    Authority {
        limit: line.limit_minor.map(schema::value::Minor::get),
        monthly: line.monthly_minor.map(schema::value::Minor::get),
    }
}

/// What somebody with these roles, who works for a unit of this kind, may give. A role's line for the kind of
/// unit goes before its line for any; of several roles the most generous counts.
pub(crate) fn authority_of(
    lines: &[AuthorityLine],
    roles: &[Role],
    unit: Option<OrgUnitKind>,
    currency: &Currency,
) -> Authority {
    let of_role = |role: &Role| {
        let fits = |line: &&AuthorityLine| line.role == *role && line.currency == *currency;
        let exact = lines.iter().filter(fits).find(|line| line.unit_kind.is_some() && line.unit_kind == unit);
        exact.or_else(|| lines.iter().filter(fits).find(|line| line.unit_kind.is_none())).map(authority)
    };
    roles.iter().filter_map(of_role).max_by_key(|one| one.size()).unwrap_or(Authority::NONE)
}

/// The lowest line above this authority that covers the amount, of a role that decides about what others ask
/// for; none when nobody's does.
pub(crate) fn needed(
    lines: &[AuthorityLine],
    above: Authority,
    amount: i64,
    currency: &Currency,
) -> Option<NeededAuthority> {
    let covering = lines.iter().filter(|line| {
        ApproveGesture::ROLES.contains(&line.role)
            && line.currency == *currency
            && covers(line, amount)
            && authority(line).size() > above.size()
    });
    let lowest = covering.min_by_key(|line| authority(line).size())?;
    Some(NeededAuthority { role: lowest.role, unit_kind: lowest.unit_kind })
}

fn covers(line: &AuthorityLine, amount: i64) -> bool {
    authority(line).covers(amount, 0).is_ok()
}

/// The month of a budget.
pub(crate) fn month(at: DateTime<Utc>) -> String {
    at.format("%Y-%m").to_string()
}

/// Whether the text names a month.
pub(crate) fn is_month(text: &str) -> bool {
    let day = format!("{text}-01");
    text.len() == 7 && chrono::NaiveDate::parse_from_str(&day, "%Y-%m-%d").is_ok()
}

/// What is wrong with a matrix.
pub(crate) fn check_lines(lines: &[AuthorityLine]) -> Vec<FieldError> {
    let mut mistakes = Vec::new();
    if lines.len() > MOST_LINES {
        mistakes.push(mistake("/lines", format!("a matrix has at most {MOST_LINES} lines")));
        return mistakes;
    }
    for (at, line) in lines.iter().enumerate() {
        for (name, amount) in [("limit_minor", line.limit_minor), ("monthly_minor", line.monthly_minor)] {
            if amount.is_some_and(|amount| amount.get() < 0) {
                let detail = "an amount is 0 or more; leave it out for no limit";
                mistakes.push(mistake(format!("/lines/{at}/{name}"), detail));
            }
        }
        let same = |other: &AuthorityLine| {
            (other.role, other.unit_kind, &other.currency) == (line.role, line.unit_kind, &line.currency)
        };
        if lines[..at].iter().any(same) {
            let detail = "a role has one line for each kind of unit and currency";
            mistakes.push(mistake(format!("/lines/{at}"), detail));
        }
    }
    mistakes
}

#[cfg(test)]
mod tests;
