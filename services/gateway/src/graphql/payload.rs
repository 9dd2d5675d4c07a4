//! What mutations give: the result, a consistency token, and the errors that the client can mend.

use async_graphql::SimpleObject;
use schema::{
    api::{
        customer::{Attribute, CustomerFile, Household, OrgUnit, ProfileWeights, Staff},
        interaction::{
            ActionPlan, AuthorityMatrix, Calendar, Case, Contact, Gesture, NightlyPlan, OutreachPolicy,
            Purchase, ServiceStandard, Task, UnitCalendar,
        },
        loyalty::{CustomerList, PointsEntry, PointsHold, ProgrammeVersion, RfmScoring, Segment, Supply},
        section::Section,
        survey::{Answer, Invitation, InvitationRule, Questionnaire, QuestionnaireAnswer, Wave},
    },
    ids::CustomerId,
};

use super::user_error::UserError;
use crate::domain::consistency::Consistency;

/// What a command of the owner replies, and the payload that a mutation makes of it.
pub(super) trait Outcome: Sized {
    /// The mutation's payload.
    type Payload;
    /// The payload of a command that was done; `about` is the customer that it named.
    fn told(self, about: Option<CustomerId>) -> Self::Payload;
    /// The payload of a command that was refused.
    fn refused(errors: Vec<UserError>) -> Self::Payload;
}

/// The payload that a mutation makes of this reply.
pub(super) type PayloadOf<Reply> = <Reply as Outcome>::Payload;

macro_rules! payloads {
    ($($(#[doc = $doc:literal])+ $name:ident { $(#[doc = $result_doc:literal])+ $result:ident: $type:ty }
        token $token:expr;)+) => {$(
        $(#[doc = $doc])+
        #[derive(SimpleObject)]
        pub(crate) struct $name {
            $(#[doc = $result_doc])+
            $result: Option<$type>,
            /// Pass it to `customer` to read what was written; null when nothing of a customer was.
            consistency: Option<String>,
            /// Why nothing was done; empty when it was.
            errors: Vec<UserError>,
        }

        impl Outcome for $type {
            type Payload = $name;
            fn told(self, about: Option<CustomerId>) -> $name {
                let token: fn(&$type, Option<CustomerId>) -> Option<Consistency> = $token;
                let consistency = token(&self, about).map(|one| one.token());
                $name { $result: Some(self), consistency, errors: Vec::new() }
            }
            fn refused(errors: Vec<UserError>) -> $name {
                $name { $result: None, consistency: None, errors }
            }
        }
    )+};
}

payloads! {
    /// What became of a command about a unit.
    OrgUnitPayload {
        /// The unit as it is now.
        org_unit: OrgUnit
    } token |_, _| None;
    /// What became of a command about a member of staff.
    StaffPayload {
        /// The person as they are now.
        staff: Staff
    } token |_, _| None;
    /// What became of a command about an attribute.
    AttributePayload {
        /// The attribute as it is now.
        attribute: Attribute
    } token |_, _| None;
    /// What became of a command about the weights of a profile.
    ProfileWeightsPayload {
        /// The weights as they are now.
        weights: ProfileWeights
    } token |_, _| None;
    /// What became of a command about a customer's file.
    CustomerFilePayload {
        /// The file as it is now.
        file: CustomerFile
    } token |file, _| Some(written(Section::File, file.id, file.revision));
    /// What became of a command about a purchase.
    PurchasePayload {
        /// The purchase as it is now.
        purchase: Purchase
    } token |purchase, _| Some(written(Section::Dealings, purchase.customer_id, purchase.revision));
    /// What became of a command about a contact.
    ContactPayload {
        /// The contact as it is now.
        contact: Contact
    } token |contact, _| Some(written(Section::Dealings, contact.customer_id, contact.revision));
    /// What became of a command about a case.
    CasePayload {
        /// The case as it is now.
        case: Case
    } token |case, _| Some(written(Section::Dealings, case.customer_id, case.revision));
    /// What became of a command about an answer.
    AnswerPayload {
        /// The answer.
        answer: Answer
    } token |answer, _| Some(written(Section::Voice, answer.customer_id, answer.revision));
    /// What became of a command about points that are held.
    PointsHoldPayload {
        /// The hold as it is now.
        hold: PointsHold
    } token |_, about| about.map(|customer| latest(Section::Loyalty, customer));
    /// What became of a command about points.
    PointsEntryPayload {
        /// The entry of the ledger.
        entry: PointsEntry
    } token |_, about| about.map(|customer| latest(Section::Loyalty, customer));
    /// What became of a command about a questionnaire.
    QuestionnairePayload {
        /// The version as it is.
        questionnaire: Questionnaire
    } token |_, _| None;
    /// What became of a command about an answer to a questionnaire.
    QuestionnaireAnswerPayload {
        /// The answer.
        answer: QuestionnaireAnswer
    } token |answer, _| Some(written(Section::Voice, answer.customer_id, answer.revision));
    /// What became of a command about a household.
    HouseholdPayload {
        /// The household as it is now.
        household: Household
    } token |_, about| about.map(|customer| latest(Section::File, customer));
    /// What became of a command about a task.
    TaskPayload {
        /// The task as it is now.
        task: Task
    } token |task, _| Some(written(Section::Dealings, task.customer_id, task.revision));
    /// What became of a command about a gesture.
    GesturePayload {
        /// The gesture as it is now.
        gesture: Gesture
    } token |gesture, _| Some(written(Section::Dealings, gesture.customer_id, gesture.revision));
    /// What became of a command about who may give how much.
    AuthorityMatrixPayload {
        /// The matrix as it is now.
        matrix: AuthorityMatrix
    } token |_, _| None;
    /// What became of a command about how often customers are reached.
    OutreachPolicyPayload {
        /// The policy as it is now.
        policy: OutreachPolicy
    } token |_, _| None;
    /// What became of a command about a calendar.
    CalendarPayload {
        /// The calendar as it is now.
        calendar: Calendar
    } token |_, _| None;
    /// What became of a command about the calendar of a unit.
    UnitCalendarPayload {
        /// By which calendar the unit works now.
        assigned: UnitCalendar
    } token |_, _| None;
    /// What became of a command about a service standard.
    ServiceStandardPayload {
        /// The standard as it is now.
        standard: ServiceStandard
    } token |_, _| None;
    /// What became of a command about an action plan.
    ActionPlanPayload {
        /// What the run came to.
        plan: ActionPlan
    } token |_, _| None;
    /// What became of a command about a nightly plan.
    NightlyPlanPayload {
        /// The plan as it is now.
        plan: NightlyPlan
    } token |_, _| None;
    /// What became of a command about a segment.
    SegmentPayload {
        /// The segment as it is now.
        segment: Segment
    } token |_, _| None;
    /// What became of a command about a list of customers.
    CustomerListPayload {
        /// The list as it is now.
        list: CustomerList
    } token |_, _| None;
    /// What became of a command about scoring.
    RfmScoringPayload {
        /// The run of scoring.
        scoring: RfmScoring
    } token |_, _| None;
    /// What became of a command about a version of the programme.
    ProgrammeVersionPayload {
        /// The version.
        version: ProgrammeVersion
    } token |_, _| None;
    /// What became of a command about what a customer uses up.
    SupplyPayload {
        /// The supply as it is now.
        supply: Supply
    } token |_, about| about.map(|customer| latest(Section::Loyalty, customer));
    /// What became of a command about an invitation.
    InvitationPayload {
        /// The invitation as it is now.
        invitation: Invitation
    } token |invitation, _| Some(written(Section::Voice, invitation.customer_id, invitation.revision));
    /// What became of a command about a rule of invitation.
    InvitationRulePayload {
        /// The rule as it is now.
        rule: InvitationRule
    } token |_, _| None;
    /// What became of a command about a wave.
    WavePayload {
        /// The wave as it is now.
        wave: Wave
    } token |_, _| None;
}

const fn written(section: Section, customer_id: CustomerId, revision: i64) -> Consistency {
    Consistency { section, customer_id, revision }
}

/// The reply does not say its revision: whatever is held may be older, and so the owner is asked.
const fn latest(section: Section, customer_id: CustomerId) -> Consistency {
    written(section, customer_id, i64::MAX)
}
