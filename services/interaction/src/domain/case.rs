//! A case: the stages it goes through, who may move it, and what passing it around is called.
//!
//! Accountability is not part of a stage: no stage and no hand-over changes it, only a manager does.

use std::fmt;

use schema::{
    api::interaction::{Case, CaseState, HandOverState},
    ids::StaffId,
};

/// The most offers of one case: it is read with all of them.
pub(crate) const MOST_OFFERS: usize = 50;
/// From this many transfers on the customer was passed around.
const BOUNCED_FROM: i32 = 2;

/// Where a case stands, with what belongs to that.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    /// Somebody works on it.
    Open,
    /// It is offered, and stays where it is until this person answers.
    Offered(StaffId),
    /// We did what was to be done.
    Resolved,
    /// It is over.
    Closed,
}

/// What can be done with a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    Offer,
    Accept,
    Decline,
    Resolve,
    Close,
    Reopen,
    NameAccountable,
}

/// The stage does not allow the step.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct NotAllowed {
    state: CaseState,
    step: Step,
}

impl Stage {
    /// The stage of a case; none when the case contradicts itself.
    pub(crate) const fn of(case: &Case) -> Option<Self> {
        match (case.state, case.offered_to_id) {
            (CaseState::Open, None) => Some(Self::Open),
            (CaseState::Offered, Some(to)) => Some(Self::Offered(to)),
            (CaseState::Resolved, None) => Some(Self::Resolved),
            (CaseState::Closed, None) => Some(Self::Closed),
            (CaseState::Offered, None)
            | (CaseState::Open | CaseState::Resolved | CaseState::Closed, Some(_)) => None,
        }
    }

    /// The stage in the case.
    pub(crate) const fn put_into(self, case: &mut Case) {
        case.state = self.state();
        case.offered_to_id = match self {
            Self::Offered(to) => Some(to),
            Self::Open | Self::Resolved | Self::Closed => None,
        };
    }

    /// Offers it.
    pub(crate) fn offer(self, to: StaffId) -> Result<Self, NotAllowed> {
        match self {
            Self::Open => Ok(Self::Offered(to)),
            other => Err(other.refuses(Step::Offer)),
        }
    }

    /// Ends the offer; the case goes to whoever is named beside.
    pub(crate) fn accept(self) -> Result<(Self, StaffId), NotAllowed> {
        match self {
            Self::Offered(to) => Ok((Self::Open, to)),
            other => Err(other.refuses(Step::Accept)),
        }
    }

    /// Ends the offer that was made to whoever is named beside; the case stays.
    pub(crate) fn decline(self) -> Result<(Self, StaffId), NotAllowed> {
        match self {
            Self::Offered(to) => Ok((Self::Open, to)),
            other => Err(other.refuses(Step::Decline)),
        }
    }

    /// We did what was to be done.
    pub(crate) fn resolve(self) -> Result<Self, NotAllowed> {
        match self {
            Self::Open => Ok(Self::Resolved),
            other => Err(other.refuses(Step::Resolve)),
        }
    }

    /// It is over.
    pub(crate) fn close(self) -> Result<Self, NotAllowed> {
        match self {
            Self::Resolved => Ok(Self::Closed),
            other => Err(other.refuses(Step::Close)),
        }
    }

    /// It was not over.
    pub(crate) fn reopen(self) -> Result<Self, NotAllowed> {
        match self {
            Self::Resolved | Self::Closed => Ok(Self::Open),
            other => Err(other.refuses(Step::Reopen)),
        }
    }

    /// Somebody else becomes accountable; the stage stays.
    pub(crate) fn name_accountable(self) -> Result<Self, NotAllowed> {
        match self {
            Self::Closed => Err(self.refuses(Step::NameAccountable)),
            other => Ok(other),
        }
    }

    const fn state(&self) -> CaseState {
        match self {
            Self::Open => CaseState::Open,
            Self::Offered(_) => CaseState::Offered,
            Self::Resolved => CaseState::Resolved,
            Self::Closed => CaseState::Closed,
        }
    }

    fn refuses(&self, step: Step) -> NotAllowed {
        NotAllowed { state: self.state(), step }
    }
}

impl fmt::Display for NotAllowed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (state, allowed) = match self.state {
            CaseState::Open => ("open", "offer, resolve or name-accountable"),
            CaseState::Offered => ("offered", "accept, decline or name-accountable"),
            CaseState::Resolved => ("resolved", "close, reopen or name-accountable"),
            CaseState::Closed => ("closed", "reopen"),
        };
        let step = match self.step {
            Step::Offer => "offer",
            Step::Accept => "accept",
            Step::Decline => "decline",
            Step::Resolve => "resolve",
            Step::Close => "close",
            Step::Reopen => "reopen",
            Step::NameAccountable => "name-accountable",
        };
        write!(f, "the case is {state}, which does not allow {step}; it allows {allowed}")
    }
}

/// Whoever gives the command.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Actor {
    /// As a member of staff, when they are one that is known here.
    pub(crate) staff: Option<StaffId>,
    /// Whether they lead.
    pub(crate) is_manager: bool,
}

impl Actor {
    /// Whether they are this person.
    pub(crate) fn is(&self, staff: StaffId) -> bool {
        self.staff == Some(staff)
    }

    /// Whether they may move the case: whoever handles or answers for it, or a manager.
    pub(crate) fn may_move(&self, case: &Case) -> bool {
        self.is_manager || self.is(case.handler_id) || self.is(case.accountable_id)
    }
}

/// The case goes over to another handler.
pub(crate) fn go_over(case: &mut Case, to: StaffId) {
    let given = case.hand_overs.iter().rev().find(|offer| offer.state == HandOverState::Accepted);
    case.ping_pong |= given.is_some_and(|last| last.from_staff_id == to);
    case.transfers += 1;
    case.bounced = is_bounced(case.transfers);
    case.handler_id = to;
}

/// Whether the customer was passed around.
pub(crate) const fn is_bounced(transfers: i32) -> bool {
    transfers >= BOUNCED_FROM
}

#[cfg(test)]
mod tests;
