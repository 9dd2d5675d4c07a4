//! Mutations of what is configured for everybody: units, staff, attributes, the weights of profiles.

use schema::{
    api::customer::{
        AttributeChange, ChangeAttribute, ChangeOrgUnit, ChangeStaff, CreateOrgUnit, DefineAttribute,
        JoinStaff, MoveOrgUnit, NewAttribute, NewOrgUnit, NewStaff, OrgUnitChange, OrgUnitMove,
        ProfileWeights, SetProfileWeights, StaffChange,
    },
    ids::{AttributeId, OrgUnitId, StaffId},
};

use super::table::mutations;

mutations! {
    /// The organisation and what can be known of customers.
    OrganisationMutation of File;

    /// Creates an organisation unit under a parent.
    create_org_unit (input: NewOrgUnit) => CreateOrgUnit;
    /// Changes an organisation unit's name.
    change_org_unit [org_unit_id: OrgUnitId] (input: OrgUnitChange) => ChangeOrgUnit;
    /// Moves an organisation unit, with all below it, under another parent.
    move_org_unit [org_unit_id: OrgUnitId] (input: OrgUnitMove) => MoveOrgUnit;
    /// Adds a member of staff to a unit.
    join_staff (input: NewStaff) => JoinStaff;
    /// Changes a member of staff's name or moves them to another unit.
    change_staff [staff_id: StaffId] (input: StaffChange) => ChangeStaff;
    /// Defines an attribute: code, type, class and whether it is segmentable stay as they are.
    define_attribute (input: NewAttribute) => DefineAttribute;
    /// Changes an attribute's name or unit; what is absent stays as it is.
    change_attribute [attribute_id: AttributeId] (input: AttributeChange) => ChangeAttribute;
    /// Sets the weights of items; items not named keep theirs. Files show it when they change next.
    set_profile_weights (input: ProfileWeights) => SetProfileWeights;
}
