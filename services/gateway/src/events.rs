//! The table of reactions: the organisation and the references are kept, everything else only marks the
//! publisher's section stale. No rule of the business is here.

mod on_customer;
mod on_fact;
mod on_org_unit;

use kit::Reactions;
use schema::event::{
    AnswerReceived, CaseClosed, CaseDeclined, CaseHandedOver, CaseOffered, CaseOpened, CaseReopened,
    CaseResolved, ContactRecorded, CustomerChanged, CustomerRegistered, OrgUnitChanged, OrgUnitCreated,
    OrgUnitMoved, PointsBurned, PointsEarned, PointsGranted, PointsHeld, PointsReleased, PointsReversed,
    PurchaseRecorded, PurchaseReturned, TierChanged,
};

use self::{on_customer::on_customer, on_fact::on_fact, on_org_unit::on_org_unit};

/// Everything that the gateway reacts to.
pub(crate) fn reactions() -> Reactions {
    // The shared copy keeps the staff; of the units the gateway must also tell its memory, so its own
    // reactions take the place of the copy's.
    reference::organisation(Reactions::new())
        .on::<OrgUnitCreated>(|work, event| Box::pin(on_org_unit(work, event)))
        .on::<OrgUnitChanged>(|work, event| Box::pin(on_org_unit(work, event)))
        .on::<OrgUnitMoved>(|work, event| Box::pin(on_org_unit(work, event)))
        .on::<CustomerRegistered>(|work, event| Box::pin(on_customer(work, event)))
        .on::<CustomerChanged>(|work, event| Box::pin(on_customer(work, event)))
        .on::<PurchaseRecorded>(|work, event| Box::pin(on_fact::<PurchaseRecorded>(work, event)))
        .on::<PurchaseReturned>(|work, event| Box::pin(on_fact::<PurchaseReturned>(work, event)))
        .on::<ContactRecorded>(|work, event| Box::pin(on_fact::<ContactRecorded>(work, event)))
        .on::<CaseOpened>(|work, event| Box::pin(on_fact::<CaseOpened>(work, event)))
        .on::<CaseHandedOver>(|work, event| Box::pin(on_fact::<CaseHandedOver>(work, event)))
        .on::<CaseOffered>(|work, event| Box::pin(on_fact::<CaseOffered>(work, event)))
        .on::<CaseDeclined>(|work, event| Box::pin(on_fact::<CaseDeclined>(work, event)))
        .on::<CaseResolved>(|work, event| Box::pin(on_fact::<CaseResolved>(work, event)))
        .on::<CaseClosed>(|work, event| Box::pin(on_fact::<CaseClosed>(work, event)))
        .on::<CaseReopened>(|work, event| Box::pin(on_fact::<CaseReopened>(work, event)))
        .on::<PointsEarned>(|work, event| Box::pin(on_fact::<PointsEarned>(work, event)))
        .on::<PointsReversed>(|work, event| Box::pin(on_fact::<PointsReversed>(work, event)))
        .on::<PointsHeld>(|work, event| Box::pin(on_fact::<PointsHeld>(work, event)))
        .on::<PointsReleased>(|work, event| Box::pin(on_fact::<PointsReleased>(work, event)))
        .on::<PointsBurned>(|work, event| Box::pin(on_fact::<PointsBurned>(work, event)))
        .on::<PointsGranted>(|work, event| Box::pin(on_fact::<PointsGranted>(work, event)))
        .on::<TierChanged>(|work, event| Box::pin(on_fact::<TierChanged>(work, event)))
        .on::<AnswerReceived>(|work, event| Box::pin(on_fact::<AnswerReceived>(work, event)))
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
