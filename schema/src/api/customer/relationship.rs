//! Dated relationships between customers: through which dealer one is sold to, who employs whom.
//!
//! A relationship is part of both customers' files. Whoever sees one of them sees that there is one, and
//! the other's id; what lies behind the id needs a scope that reaches the other.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{CustomerFile, CustomerPath};
use crate::{
    access::{FRONT_OFFICE, READERS},
    api::page::Page,
    classified,
    ids::{CustomerId, RelationshipId},
};

crate::api::endpoints! {
    /// Relates the customer to another; both must be in the caller's scope.
    AddRelationship = Command Post "/customers/{customer_id}/relationships" 201 for FRONT_OFFICE => {
        path: CustomerPath, body: NewRelationship, reply: CustomerFile,
    }
    /// Ends a relationship of the customer, or ends it earlier; both must be in the caller's scope.
    EndRelationship = Command Post "/customers/{customer_id}/relationships/{relationship_id}/end" 200 for FRONT_OFFICE => {
        path: RelationshipPath, body: RelationshipEnd, reply: CustomerFile,
    }
    /// Lists the customer's relationships that are valid on a day, those recorded last first.
    ListRelationships = Read Get "/customers/{customer_id}/relationships" 200 for READERS => {
        path: CustomerPath, query: RelationshipFilter, reply: Page<Relationship>,
    }
}

/// Which relationship of which customer.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, IntoParams)]
pub struct RelationshipPath {
    /// The id of either of the two customers.
    pub customer_id: CustomerId,
    /// The relationship's id.
    pub relationship_id: RelationshipId,
}

/// What one customer is to another, read from the first to the second.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    ToSchema,
    async_graphql::Enum,
)]
#[serde(rename_all = "snake_case")]
pub enum RelationshipKind {
    /// Buys what we make through the other, who is an intermediary.
    SoldThroughBy,
    /// Employs the other; a consumer employs nobody.
    Employs,
    /// Belongs to the other: a branch to its company, a member to an association.
    BelongsTo,
    /// Works with the other.
    PartnerOf,
}

/// On which end of a relationship a customer stands.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    ToSchema,
    async_graphql::Enum,
)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// The relationship goes out from the customer.
    From,
    /// It leads to the customer.
    To,
}

/// A relationship, as one of the two customers sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, async_graphql::SimpleObject)]
pub struct Relationship {
    /// Its id.
    pub id: RelationshipId,
    /// What the one is to the other.
    pub kind: RelationshipKind,
    /// Which end the customer is that was asked for.
    pub direction: Direction,
    /// The customer on the other end.
    pub other_customer_id: CustomerId,
    /// The first day.
    pub valid_from: NaiveDate,
    /// The last day; none while no end is known.
    pub valid_until: Option<NaiveDate>,
}

classified! { Relationship {
    id: plain, kind: plain, direction: plain, other_customer_id: plain, valid_from: plain, valid_until: plain,
} }

/// How many relationships of one sort a customer has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, async_graphql::SimpleObject)]
pub struct RelationshipCount {
    /// Which kind.
    pub kind: RelationshipKind,
    /// Which end the customer is.
    pub direction: Direction,
    /// How many were valid on the day when the file was read.
    pub count: i64,
}

classified! { RelationshipCount { kind: plain, direction: plain, count: plain } }

/// A relationship to add; it goes out from the customer of the path.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema, async_graphql::InputObject)]
#[serde(deny_unknown_fields)]
pub struct NewRelationship {
    /// What the customer is to the other.
    pub kind: RelationshipKind,
    /// The other customer.
    pub to_customer_id: CustomerId,
    /// The first day.
    pub valid_from: NaiveDate,
    /// The last day, when it is known already; not before the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<NaiveDate>,
}

/// When a relationship ends.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema, async_graphql::InputObject)]
#[serde(deny_unknown_fields)]
pub struct RelationshipEnd {
    /// The last day; not before the first, and not after an end that was set before.
    pub valid_until: NaiveDate,
}

/// Which relationships to list.
#[derive(Clone, Debug, Default, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct RelationshipFilter {
    /// Only of this kind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[param(inline)]
    pub kind: Option<RelationshipKind>,
    /// Only where the customer is this end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[param(inline)]
    pub direction: Option<Direction>,
    /// Those valid on this day; today (UTC) when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub as_of: Option<NaiveDate>,
    /// The `next` of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// At most 200; 50 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}
