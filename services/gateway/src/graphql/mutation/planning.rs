//! Mutations of how we work: calendars, service standards, plans, and who may give or reach how much.

use schema::{
    api::interaction::{
        AssignCalendar, CalendarChange, CalendarUnit, ChangeCalendar, ChangeOutreachPolicy, CreateCalendar,
        MakeActionPlan, NewActionPlan, NewAuthorityMatrix, NewCalendar, NewNightlyPlan, NewStandard,
        OutreachPolicyChange, SetAuthorityMatrix, SetNightlyPlan, SetStandard,
    },
    ids::CalendarId,
};

use super::table::mutations;

mutations! {
    /// Calendars, standards, plans and policies.
    PlanningMutation of Dealings;

    /// Creates a calendar of working time.
    create_calendar (input: NewCalendar) => CreateCalendar;
    /// Changes a calendar; due times that were computed from it stay.
    change_calendar [calendar_id: CalendarId] (input: CalendarChange) => ChangeCalendar;
    /// Says by which calendar a unit works, and so every unit below it that has none of its own.
    assign_calendar [calendar_id: CalendarId] (input: CalendarUnit) => AssignCalendar;
    /// Sets the standard of a topic, or of any topic, and a severity, for the whole company; cases that are
    /// open keep theirs. Only the head office does.
    set_standard (input: NewStandard) => SetStandard;
    /// Makes a delivery task for every customer of a unit, with all below it, who runs out within the
    /// horizon. Running it again adds only what is new.
    make_action_plan (input: NewActionPlan) => MakeActionPlan;
    /// Has the plan of a unit made every night, at two o'clock by its clock on the wall, or not any more.
    set_nightly_plan (input: NewNightlyPlan) => SetNightlyPlan;
    /// Says anew, as a whole, who may give how much.
    set_authority_matrix (input: NewAuthorityMatrix) => SetAuthorityMatrix;
    /// Changes how often a customer and a household are reached at most.
    change_outreach_policy (input: OutreachPolicyChange) => ChangeOutreachPolicy;
}
