//! What the copy reacts to.

use kit::{Reactions, Received, Result, Unknown, Work};
use schema::event::{
    CustomerChanged, CustomerRegistered, OrgUnitChanged, OrgUnitCreated, OrgUnitMoved, StaffChanged,
    StaffJoined, StaffLeft,
    customer::{CustomerState, OrgUnitState, StaffLeft as LeftStaff, StaffState},
};

use crate::storage::{customer, org_unit, staff};

pub(crate) fn organisation(reactions: Reactions) -> Reactions {
    reactions
        .on::<OrgUnitCreated>(|work, event| Box::pin(on_org_unit(work, event)))
        .on::<OrgUnitChanged>(|work, event| Box::pin(on_org_unit(work, event)))
        .on::<OrgUnitMoved>(|work, event| Box::pin(on_org_unit(work, event)))
        .on::<StaffJoined>(|work, event| Box::pin(on_staff(work, event)))
        .on::<StaffChanged>(|work, event| Box::pin(on_staff(work, event)))
        .on::<StaffLeft>(|work, event| Box::pin(on_staff_left(work, event)))
}

pub(crate) fn customers(reactions: Reactions) -> Reactions {
    reactions
        .on_many::<CustomerRegistered>(|work, events| Box::pin(on_customers(work, events)))
        .on_many::<CustomerChanged>(|work, events| Box::pin(on_customers(work, events)))
}

async fn on_org_unit(work: &mut Work, event: Received<OrgUnitState>) -> Result<()> {
    org_unit::keep(work, &event.data, event.revision).await?;
    Ok(())
}

async fn on_staff(work: &mut Work, event: Received<StaffState>) -> Result<()> {
    staff::keep(work, &event.data, event.revision).await
}

async fn on_staff_left(work: &mut Work, event: Received<LeftStaff>) -> Result<()> {
    let left = event.data;
    let state = StaffState {
        staff_id: left.staff_id,
        code: left.code,
        org_unit_id: left.org_unit_id,
        status: left.status,
    };
    staff::keep(work, &state, event.revision).await
}

async fn on_customers(work: &mut Work, events: Vec<Received<CustomerState>>) -> Result<Unknown> {
    let states: Vec<_> = events.iter().map(|event| (&event.data, event.revision)).collect();
    customer::keep(work, customer::REFERENCE, &states).await?;
    events.iter().for_each(|event| work.arrived(event.data.customer_id));
    Ok(Unknown::new())
}
