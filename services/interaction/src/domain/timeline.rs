//! Steps on the timeline that follow from what another service told.

use schema::api::interaction::TimelineKind;
use uuid::Uuid;

/// The id of a step that follows from a cause: the same however often that is applied.
///
/// What happened at the same time stands in the order in which one thing leads to another, which the first byte
/// keeps: an answer, then the case that follows it up; an offer that ended, then whatever begins.
pub(crate) fn step_id(cause: Uuid, kind: TimelineKind) -> Uuid {
    let mut bytes = Uuid::new_v5(&cause, b"step").into_bytes();
    bytes[0] = match kind {
        TimelineKind::AnswerReceived | TimelineKind::QuestionnaireAnswered => 0,
        TimelineKind::CaseOpened | TimelineKind::CaseDeclined => 1,
        _ => 2,
    };
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn causes_stand_before_what_follows_from_them() {
        let other = Uuid::from_u128(7_000);
        for cause in (0..1_000).map(Uuid::from_u128) {
            let answer = step_id(cause, TimelineKind::AnswerReceived);
            assert_eq!(answer, step_id(cause, TimelineKind::AnswerReceived), "the same again");
            let case = step_id(cause, TimelineKind::CaseOpened);
            let measured = step_id(other, TimelineKind::RecoveryMeasured);
            assert!(answer < case && case < measured, "{answer} {case} {measured}");
        }
    }
}
