//! Mutations of the customer file: its own fields, contact points, serving units, relationships,
//! observations and containers, what the customer allows us, and households.

use schema::{
    api::customer::{
        AddContactPoint, AddContainer, AddExternalId, AddRelationship, AddServingUnit,
        ChangeContactPreference, ChangeCustomer, ChangeServiceBrief, ContactPreferenceChange,
        CreateHousehold, CustomerChange, DissolveHousehold, EndRelationship, HouseholdJoin, JoinHousehold,
        LeaveHousehold, NewConsent, NewContactPoint, NewContainer, NewCustomer, NewExternalId, NewHousehold,
        NewObservation, NewRelationship, NewServingUnit, RecordConsent, RecordObservation, RegisterCustomer,
        RelationshipEnd, RemoveContactPoint, RemoveContainer, RemoveExternalId, ServiceBriefChange,
        TakeBackObservation, TakingBack,
    },
    ids::{
        ContactPointId, ContainerId, CustomerId, ExternalRefId, HouseholdId, ObservationId, RelationshipId,
    },
};

use super::table::mutations;

mutations! {
    /// The customer file.
    CustomerMutation of File;

    /// Registers a customer.
    register_customer (input: NewCustomer) => RegisterCustomer;
    /// Changes a customer's file; what is absent stays as it is.
    change_customer [customer_id: CustomerId] (input: CustomerChange) => ChangeCustomer;
    /// Adds a phone number or e-mail address.
    add_contact_point [customer_id: CustomerId] (input: NewContactPoint) => AddContactPoint;
    /// Removes a phone number or e-mail address.
    remove_contact_point [customer_id: CustomerId, contact_point_id: ContactPointId] => RemoveContactPoint;
    /// Lets a further unit serve the customer, and so see them; the reason is kept in the audit.
    add_serving_unit [customer_id: CustomerId] (input: NewServingUnit) => AddServingUnit;
    /// Relates the customer to another; both must be in the caller's scope.
    add_relationship [customer_id: CustomerId] (input: NewRelationship) => AddRelationship;
    /// Ends a relationship of the customer, or ends it earlier; both must be in the caller's scope.
    end_relationship [customer_id: CustomerId, relationship_id: RelationshipId] (input: RelationshipEnd)
        => EndRelationship;
    /// Records what an attribute of the customer was observed to be.
    record_observation [customer_id: CustomerId] (input: NewObservation) => RecordObservation;
    /// Records a container that stands at the customer's; its capacity is reckoned from its measures.
    add_container [customer_id: CustomerId] (input: NewContainer) => AddContainer;
    /// Removes a container that does not stand at the customer's any more.
    remove_container [customer_id: CustomerId, container_id: ContainerId] => RemoveContainer;
    /// Takes an observation back: it counts no more, on no day; it stays in the history with who and why.
    take_back_observation [customer_id: CustomerId, observation_id: ObservationId] (input: TakingBack)
        => TakeBackObservation;
    /// Records what another system calls the customer.
    add_external_id [customer_id: CustomerId] (input: NewExternalId) => AddExternalId;
    /// Removes what another system calls the customer.
    remove_external_id [customer_id: CustomerId, external_ref_id: ExternalRefId] => RemoveExternalId;
    /// Records one word of the customer on a purpose and a channel: granted, denied or withdrawn. Earlier
    /// words stay.
    record_consent [customer_id: CustomerId] (input: NewConsent) => RecordConsent;
    /// Changes the channels that the customer asked for, quiet hours and time zone; what is absent stays as
    /// it is, a list that is given replaces the one before.
    change_contact_preference [customer_id: CustomerId] (input: ContactPreferenceChange)
        => ChangeContactPreference;
    /// Changes the customer's service brief; what is absent stays as it is, a list that is given replaces
    /// the one before.
    change_service_brief [customer_id: CustomerId] (input: ServiceBriefChange) => ChangeServiceBrief;
    /// Makes a household of customers who are in none.
    create_household (input: NewHousehold) => CreateHousehold;
    /// Takes a customer who is in no household into this one.
    join_household [household_id: HouseholdId] (input: HouseholdJoin) => JoinHousehold;
    /// Takes a customer out of a household. One alone is no household: with the last but one it ends.
    leave_household [customer_id: CustomerId, household_id: HouseholdId] => LeaveHousehold;
    /// Ends a household: none of its customers is in one any more.
    dissolve_household [household_id: HouseholdId] => DissolveHousehold;
}
