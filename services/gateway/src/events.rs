//! The table of reactions: the organisation and the references are kept, everything else only marks the
//! publisher's section stale. No rule of the business is here.

mod on_customer;
mod on_fact;
mod on_org_unit;

use kit::Reactions;
use schema::event::{
    AnswerReceived, AttributeChanged, CaseBreached, CaseClosed, CaseDeclined, CaseHandedOver, CaseOffered,
    CaseOpened, CaseReopened, CaseResolved, CaseResponded, CaseResponseBreached, ConsentChanged,
    ContactRecorded, CustomerChanged, CustomerRegistered, GestureDecided, GestureReversed, HouseholdChanged,
    InvitationCreated, InvitationSettled, OrgUnitChanged, OrgUnitCreated, OrgUnitMoved, OutreachGranted,
    OutreachHeld, OutreachProposed, PointsBurned, PointsEarned, PointsExpired, PointsExpiring, PointsGranted,
    PointsHeld, PointsReleased, PointsReversed, PromiseBreached, PromiseSettled, PurchaseRecorded,
    PurchaseReturned, QuestionnaireAnswered, RecoveryMeasured, ReplenishmentDue, SegmentEntered, SegmentLeft,
    TaskBreached, TaskOpened, TaskReassigned, TaskSettled, TierChanged, TimelineExtended,
};

use self::{on_customer::on_customer, on_fact::on_fact, on_org_unit::on_org_unit};

/// What only marks a section stale: the publisher's, of the customer that the event is about.
macro_rules! follow {
    ($reactions:ident: $($event:ident),+ $(,)?) => {
        $reactions$(.on_many::<$event>(|work, events| Box::pin(on_fact::<$event>(work, events))))+
    };
}

/// Everything that the gateway reacts to.
pub(crate) fn reactions() -> Reactions {
    // The shared copy keeps the staff; of the units the gateway must also tell its memory, so its own
    // reactions take the place of the copy's.
    let reactions = reference::organisation(Reactions::new())
        .on::<OrgUnitCreated>(|work, event| Box::pin(on_org_unit(work, event)))
        .on::<OrgUnitChanged>(|work, event| Box::pin(on_org_unit(work, event)))
        .on::<OrgUnitMoved>(|work, event| Box::pin(on_org_unit(work, event)))
        .on_many::<CustomerRegistered>(|work, events| Box::pin(on_customer(work, events)))
        .on_many::<CustomerChanged>(|work, events| Box::pin(on_customer(work, events)));
    follow!(reactions:
        ConsentChanged, AttributeChanged, HouseholdChanged, PurchaseRecorded, PurchaseReturned,
        ContactRecorded, CaseOpened, CaseHandedOver, CaseOffered, CaseDeclined, CaseResolved, CaseClosed,
        CaseReopened, CaseBreached, CaseResponseBreached, CaseResponded, PromiseSettled, PromiseBreached, TaskOpened, TaskReassigned, TaskSettled, TaskBreached,
        GestureDecided, GestureReversed, OutreachGranted, OutreachHeld, TimelineExtended, PointsEarned, PointsReversed,
        PointsHeld, PointsReleased, PointsBurned, PointsGranted, TierChanged, PointsExpired, PointsExpiring,
        SegmentEntered, SegmentLeft, ReplenishmentDue, AnswerReceived, QuestionnaireAnswered,
        OutreachProposed, InvitationCreated, InvitationSettled, RecoveryMeasured,
    )
}

#[cfg(test)]
mod tests {
    use schema::{event::EVENTS, topology::Service};

    #[test]
    fn the_view_follows_every_event_that_names_it() {
        let table = super::reactions();
        let reacted: Vec<&str> = table.types().map(|declaration| declaration.name).collect();
        for event in EVENTS.iter().filter(|event| event.consumers.contains(&Service::Gateway)) {
            assert!(reacted.contains(&event.name), "{} is not reacted to", event.name);
        }
    }
}
