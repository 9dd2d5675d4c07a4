//! Households: customers who live and decide together. A customer is in one household at most.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    access::{FRONT_OFFICE, READERS},
    classified,
    ids::{CustomerId, HouseholdId},
};

crate::api::endpoints! {
    /// Makes a household of customers who are in none.
    CreateHousehold = Command Post "/households" 201 for FRONT_OFFICE => { body: NewHousehold, reply: Household }
    /// One household; found by whoever sees one of its customers.
    GetHousehold = Read Get "/households/{household_id}" 200 for READERS => {
        path: HouseholdPath, reply: Household,
    }
    /// Takes a customer who is in no household into this one.
    JoinHousehold = Command Post "/households/{household_id}/members" 200 for FRONT_OFFICE => {
        path: HouseholdPath, body: HouseholdJoin, reply: Household,
    }
    /// Takes a customer out of a household. One alone is no household: with the last but one it ends.
    LeaveHousehold = Command Delete "/households/{household_id}/members/{customer_id}" 200 for FRONT_OFFICE => {
        path: HouseholdMemberPath, reply: Household,
    }
    /// Ends a household: none of its customers is in one any more.
    DissolveHousehold = Command Delete "/households/{household_id}" 200 for FRONT_OFFICE => {
        path: HouseholdPath, reply: Household,
    }
}

/// Which household.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, IntoParams)]
pub struct HouseholdPath {
    /// The household's id.
    pub household_id: HouseholdId,
}

/// Which customer of which household.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, IntoParams)]
pub struct HouseholdMemberPath {
    /// The household's id.
    pub household_id: HouseholdId,
    /// The customer's id.
    pub customer_id: CustomerId,
}

/// Customers who live and decide together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, async_graphql::SimpleObject)]
pub struct Household {
    /// Its id.
    pub id: HouseholdId,
    /// Its customers by id: 2 to 20, none once it has ended.
    pub member_ids: Vec<CustomerId>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// Raised by every change.
    pub revision: i64,
}

classified! { Household { id: plain, member_ids: plain, created_at: plain, revision: plain } }

/// A household to make.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema, async_graphql::InputObject)]
#[serde(deny_unknown_fields)]
pub struct NewHousehold {
    /// 2 to 20 customers within the caller's scope, each named once.
    pub customer_ids: Vec<CustomerId>,
}

/// Who joins a household.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema, async_graphql::InputObject)]
#[serde(deny_unknown_fields)]
pub struct HouseholdJoin {
    /// A customer within the caller's scope.
    pub customer_id: CustomerId,
}
