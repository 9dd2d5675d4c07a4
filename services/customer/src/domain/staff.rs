//! Somebody who works for us can be changed and can leave; somebody who left can do neither.

use schema::api::customer::StaffStatus;

/// What can be done to a member of staff.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    Change,
    Leave,
}

/// The status after the step; `Err` says what is allowed.
pub(crate) fn step(status: StaffStatus, step: Step) -> Result<StaffStatus, &'static str> {
    match (status, step) {
        (StaffStatus::Active, Step::Change) => Ok(StaffStatus::Active),
        (StaffStatus::Active, Step::Leave) => Ok(StaffStatus::Left),
        (StaffStatus::Left, Step::Change | Step::Leave) => {
            Err("this person left and is not changed any more; whoever comes back joins under a new code")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_step_from_every_state() {
        assert_eq!(step(StaffStatus::Active, Step::Change), Ok(StaffStatus::Active));
        assert_eq!(step(StaffStatus::Active, Step::Leave), Ok(StaffStatus::Left));
        assert!(step(StaffStatus::Left, Step::Change).is_err());
        assert!(step(StaffStatus::Left, Step::Leave).is_err());
    }
}
