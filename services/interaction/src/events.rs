//! What the service reacts to: the references that every service keeps, what customers allow us, proposals to
//! reach them, invitations and answers, what customers run out of, and people who left.

mod on_answer_received;
mod on_consent_changed;
mod on_household_changed;
mod on_invitation_created;
mod on_outreach_proposed;
mod on_points_expiring;
mod on_questionnaire_answered;
mod on_recovery_measured;
mod on_replenishment_due;
mod on_staff_joined;
mod on_staff_left;

use kit::Reactions;
use schema::event::{
    AnswerReceived, ConsentChanged, HouseholdChanged, InvitationCreated, OutreachProposed, PointsExpiring,
    QuestionnaireAnswered, RecoveryMeasured, ReplenishmentDue, StaffChanged, StaffJoined, StaffLeft,
};

/// The table of reactions.
pub(crate) fn reactions() -> Reactions {
    reference::customers(reference::organisation(Reactions::new()))
        .on::<StaffJoined>(|work, event| Box::pin(on_staff_joined::react(work, event)))
        .on::<StaffChanged>(|work, event| Box::pin(on_staff_joined::react(work, event)))
        .on::<StaffLeft>(|work, event| Box::pin(on_staff_left::react(work, event)))
        .on::<ConsentChanged>(|work, event| Box::pin(on_consent_changed::react(work, event)))
        .on::<HouseholdChanged>(|work, event| Box::pin(on_household_changed::react(work, event)))
        .on::<PointsExpiring>(|work, event| Box::pin(on_points_expiring::react(work, event)))
        .on::<AnswerReceived>(|work, event| Box::pin(on_answer_received::react(work, event)))
        .on::<InvitationCreated>(|work, event| Box::pin(on_invitation_created::react(work, event)))
        .on::<QuestionnaireAnswered>(|work, event| Box::pin(on_questionnaire_answered::react(work, event)))
        .on::<OutreachProposed>(|work, event| Box::pin(on_outreach_proposed::react(work, event)))
        .on::<RecoveryMeasured>(|work, event| Box::pin(on_recovery_measured::react(work, event)))
        .on::<ReplenishmentDue>(|work, event| Box::pin(on_replenishment_due::react(work, event)))
}
