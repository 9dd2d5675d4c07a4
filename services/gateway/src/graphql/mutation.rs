//! The roots of mutations, a table for each service.

mod customer;
mod ingestion;
mod interaction;
mod loyalty;
mod organisation;
mod planning;
mod segment;
mod survey;
mod table;

use async_graphql::MergedObject;

/// Everything that can be done.
///
/// Every mutation of a service takes an `idempotencyKey`: repeated with the same key and arguments it answers the
/// same and does nothing twice. `ifMatch` is the revision that you read; with another one in between
/// the command is refused.
#[derive(Default, MergedObject)]
pub(crate) struct Mutation(
    organisation::OrganisationMutation,
    customer::CustomerMutation,
    interaction::InteractionMutation,
    planning::PlanningMutation,
    loyalty::LoyaltyMutation,
    segment::SegmentMutation,
    survey::SurveyMutation,
    ingestion::IngestionMutation,
);
