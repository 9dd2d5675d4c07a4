//! Closing and reopening a unit. Above an open unit all are open.

use schema::api::customer::OrgUnitStatus;

/// What can be done to a unit's status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    Close,
    Reopen,
}

/// What stands around a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Around {
    /// Whether it is the root.
    pub(crate) is_root: bool,
    /// Whether the unit above is open; a root has none and counts as under an open one.
    pub(crate) is_parent_open: bool,
    /// Whether a unit directly below is open.
    pub(crate) has_open_child: bool,
}

/// The status after the step; `Err` says what is allowed.
pub(crate) fn step(status: OrgUnitStatus, step: Step, around: Around) -> Result<OrgUnitStatus, &'static str> {
    match (step, status) {
        (Step::Close, OrgUnitStatus::Closed) => Err("the unit is closed already; it can be reopened"),
        (Step::Reopen, OrgUnitStatus::Open) => Err("the unit is open already; it can be closed"),
        (Step::Close, OrgUnitStatus::Open) if around.is_root => {
            Err("the head office is the root and stays open; close units below it")
        }
        (Step::Close, OrgUnitStatus::Open) if around.has_open_child => {
            Err("units below it are open; close them or move them first")
        }
        (Step::Close, OrgUnitStatus::Open) => Ok(OrgUnitStatus::Closed),
        (Step::Reopen, OrgUnitStatus::Closed) if !around.is_parent_open => {
            Err("the unit above it is closed; reopen that one first, or move this one under an open unit")
        }
        (Step::Reopen, OrgUnitStatus::Closed) => Ok(OrgUnitStatus::Open),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_step_from_every_state_whatever_stands_around() {
        use OrgUnitStatus::{Closed, Open};
        for bits in 0..8_u8 {
            let around =
                Around { is_root: bits & 1 > 0, is_parent_open: bits & 2 > 0, has_open_child: bits & 4 > 0 };
            let may_close = !around.is_root && !around.has_open_child;
            assert_eq!(step(Open, Step::Close, around).ok(), may_close.then_some(Closed), "{around:?}");
            assert_eq!(step(Closed, Step::Reopen, around).ok(), around.is_parent_open.then_some(Open));
            assert!(step(Closed, Step::Close, around).is_err());
            assert!(step(Open, Step::Reopen, around).is_err());
        }
    }
}
