//! Mutations of what a file holds beyond its own fields: relationships, attributes, containers.

use async_graphql::{Context, Object, Result};
use schema::{
    api::{
        NoParameters, Nothing,
        customer::{
            AddContainer, AddRelationship, AttributeChange, AttributePath, ChangeAttribute, ContainerPath,
            CustomerPath, DefineAttribute, EndRelationship, NewAttribute, NewContainer, NewObservation,
            NewRelationship, ProfileWeights, RecordObservation, RelationshipEnd, RelationshipPath,
            RemoveContainer, SetProfileWeights,
        },
        section::Section,
    },
    ids::{AttributeId, ContainerId, CustomerId, RelationshipId},
};

use super::{about, organisation};
use crate::{
    app::command::Terms,
    graphql::payload::{AttributePayload, CustomerFilePayload, ProfileWeightsPayload},
};

/// What a file holds beyond its own fields.
#[derive(Default)]
pub(super) struct CustomerMutation;

#[Object]
impl CustomerMutation {
    /// Relates the customer to another; both must be in the caller's scope.
    async fn add_relationship(
        &self,
        ctx: &Context<'_>,
        customer_id: CustomerId,
        input: NewRelationship,
        idempotency_key: Option<String>,
        if_match: Option<i64>,
    ) -> Option<Result<CustomerFilePayload>> {
        let terms = Terms { idempotency_key, if_match };
        let path = CustomerPath { customer_id };
        about::<AddRelationship, _>(ctx, Section::File, customer_id, &path, &input, terms).await
    }

    /// Ends a relationship of the customer, or ends it earlier; both must be in the caller's scope.
    async fn end_relationship(
        &self,
        ctx: &Context<'_>,
        customer_id: CustomerId,
        relationship_id: RelationshipId,
        input: RelationshipEnd,
        idempotency_key: Option<String>,
        if_match: Option<i64>,
    ) -> Option<Result<CustomerFilePayload>> {
        let terms = Terms { idempotency_key, if_match };
        let path = RelationshipPath { customer_id, relationship_id };
        about::<EndRelationship, _>(ctx, Section::File, customer_id, &path, &input, terms).await
    }

    /// Defines an attribute: code, type, class and whether it is segmentable stay as they are.
    async fn define_attribute(
        &self,
        ctx: &Context<'_>,
        input: NewAttribute,
        idempotency_key: Option<String>,
    ) -> Option<Result<AttributePayload>> {
        let terms = Terms { idempotency_key, if_match: None };
        organisation::<DefineAttribute, _>(ctx, &NoParameters {}, &input, terms).await
    }

    /// Changes an attribute's name or unit; what is absent stays as it is.
    async fn change_attribute(
        &self,
        ctx: &Context<'_>,
        attribute_id: AttributeId,
        input: AttributeChange,
        idempotency_key: Option<String>,
        if_match: Option<i64>,
    ) -> Option<Result<AttributePayload>> {
        let terms = Terms { idempotency_key, if_match };
        organisation::<ChangeAttribute, _>(ctx, &AttributePath { attribute_id }, &input, terms).await
    }

    /// Sets the weights of items; items not named keep theirs. Files show it when they change next.
    async fn set_profile_weights(
        &self,
        ctx: &Context<'_>,
        input: ProfileWeights,
        idempotency_key: Option<String>,
    ) -> Option<Result<ProfileWeightsPayload>> {
        let terms = Terms { idempotency_key, if_match: None };
        organisation::<SetProfileWeights, _>(ctx, &NoParameters {}, &input, terms).await
    }

    /// Records what an attribute of the customer was observed to be.
    async fn record_observation(
        &self,
        ctx: &Context<'_>,
        customer_id: CustomerId,
        input: NewObservation,
        idempotency_key: Option<String>,
        if_match: Option<i64>,
    ) -> Option<Result<CustomerFilePayload>> {
        let terms = Terms { idempotency_key, if_match };
        let path = CustomerPath { customer_id };
        about::<RecordObservation, _>(ctx, Section::File, customer_id, &path, &input, terms).await
    }

    /// Records a container that stands at the customer's; its capacity is reckoned from its measures.
    async fn add_container(
        &self,
        ctx: &Context<'_>,
        customer_id: CustomerId,
        input: NewContainer,
        idempotency_key: Option<String>,
        if_match: Option<i64>,
    ) -> Option<Result<CustomerFilePayload>> {
        let terms = Terms { idempotency_key, if_match };
        let path = CustomerPath { customer_id };
        about::<AddContainer, _>(ctx, Section::File, customer_id, &path, &input, terms).await
    }

    /// Removes a container that does not stand at the customer's any more.
    async fn remove_container(
        &self,
        ctx: &Context<'_>,
        customer_id: CustomerId,
        container_id: ContainerId,
        idempotency_key: Option<String>,
        if_match: Option<i64>,
    ) -> Option<Result<CustomerFilePayload>> {
        let terms = Terms { idempotency_key, if_match };
        let path = ContainerPath { customer_id, container_id };
        about::<RemoveContainer, _>(ctx, Section::File, customer_id, &path, &Nothing, terms).await
    }
}
