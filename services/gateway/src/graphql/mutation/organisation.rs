//! Mutations of what is configured for everybody: units, staff, attributes, the weights of profiles.

use schema::{
    api::customer::{
        AttributeChange, ChangeAttribute, ChangeOrgUnit, ChangeStaff, CloseOrgUnit, CreateOrgUnit,
        DefineAttribute, JoinStaff, LeaveStaff, MoveOrgUnit, NewAttribute, NewOrgUnit, NewStaff,
        OrgUnitChange, OrgUnitMove, ProfileWeights, ReopenOrgUnit, RetireAttribute, SetProfileWeights,
        StaffChange, StaffLeaving,
    },
    ids::{AttributeId, OrgUnitId, StaffId},
};

use super::table::mutations;

mutations! {
    /// The organisation and what can be known of customers.
    OrganisationMutation of File;

    /// Creates an organisation unit under a parent.
    create_org_unit (input: NewOrgUnit) => CreateOrgUnit;
    /// Changes an organisation unit's name or its entry in the outlet register.
    change_org_unit [org_unit_id: OrgUnitId] (input: OrgUnitChange) => ChangeOrgUnit;
    /// Moves an organisation unit, with all below it, under another parent.
    move_org_unit [org_unit_id: OrgUnitId] (input: OrgUnitMove) => MoveOrgUnit;
    /// Closes an organisation unit; refused while a unit below it is open.
    close_org_unit [org_unit_id: OrgUnitId] => CloseOrgUnit;
    /// Opens a closed organisation unit again; refused while the unit above it is closed.
    reopen_org_unit [org_unit_id: OrgUnitId] => ReopenOrgUnit;
    /// Adds a member of staff to a unit.
    join_staff (input: NewStaff) => JoinStaff;
    /// Changes a member of staff's name or moves them to another unit.
    change_staff [staff_id: StaffId] (input: StaffChange) => ChangeStaff;
    /// Lets a member of staff go; somebody else takes over what they answered for.
    leave_staff [staff_id: StaffId] (input: StaffLeaving) => LeaveStaff;
    /// Defines an attribute: code, type, class and whether it is segmentable stay as they are.
    define_attribute (input: NewAttribute) => DefineAttribute;
    /// Changes an attribute's name or unit; what is absent stays as it is.
    change_attribute [attribute_id: AttributeId] (input: AttributeChange) => ChangeAttribute;
    /// Retires an attribute: nothing more is observed of it, what was observed can still be read.
    retire_attribute [attribute_id: AttributeId] => RetireAttribute;
    /// Sets the weights of items; items not named keep theirs. Files show it when they change next.
    set_profile_weights (input: ProfileWeights) => SetProfileWeights;
}
