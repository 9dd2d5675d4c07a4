//! Mutations of the customer file: its own fields, contact points, serving units, relationships,
//! observations and containers.

use schema::{
    api::customer::{
        AddContactPoint, AddContainer, AddRelationship, AddServingUnit, ChangeCustomer, CustomerChange,
        EndRelationship, NewContactPoint, NewContainer, NewCustomer, NewObservation, NewRelationship,
        NewServingUnit, RecordObservation, RegisterCustomer, RelationshipEnd, RemoveContactPoint,
        RemoveContainer,
    },
    ids::{ContactPointId, ContainerId, CustomerId, RelationshipId},
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
}
