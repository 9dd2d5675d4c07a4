//! Lists of customers that are kept by hand: from a fair, from a partner, from a file.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::SEGMENTERS;
use crate::{
    api::{endpoints, loyalty::ANALYSTS, page::Page},
    classified,
    ids::{CustomerId, CustomerListId},
};

endpoints! {
    /// Creates an empty list.
    CreateCustomerList = Command Post "/customer-lists" 201 for SEGMENTERS => {
        body: NewCustomerList, reply: CustomerList,
    }
    /// Lists the lists, by code, with how many customers in scope are on each.
    ListCustomerLists = Read Get "/customer-lists" 200 for ANALYSTS => {
        query: CustomerListFilter, reply: Page<CustomerList>,
    }
    /// Puts customers on a list and takes others off it; who is on it or off it already stays so.
    ChangeListMembers = Command Post "/customer-lists/{list_id}/members" 200 for SEGMENTERS => {
        path: CustomerListPath, body: ListMembersChange, reply: CustomerList,
    }
}

/// Which list.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, IntoParams)]
pub struct CustomerListPath {
    /// The list's id.
    pub list_id: CustomerListId,
}

/// A list to create; at most 1,000 can be.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema, async_graphql::InputObject)]
#[serde(deny_unknown_fields)]
pub struct NewCustomerList {
    /// 1 to 40 of a-z, 0-9 and hyphen, starting with a letter or digit; unique, never changed.
    pub code: String,
    /// 1 to 200 characters.
    pub name: String,
}

/// A list of customers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, async_graphql::SimpleObject)]
pub struct CustomerList {
    /// Its id.
    pub id: CustomerListId,
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// How many customers in the caller's scope are on it.
    pub customers: Option<i64>,
    /// When it was created.
    pub created_at: DateTime<Utc>,
}

classified! { CustomerList { id: plain, code: plain, name: plain, customers: value, created_at: plain } }

/// Which lists.
#[derive(Clone, Debug, Default, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct CustomerListFilter {
    /// The `next` of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// At most 200; 50 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

/// Who comes on a list and who off it: 1 to 1,000 customers together, each once and in scope.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema, async_graphql::InputObject)]
#[serde(deny_unknown_fields)]
pub struct ListMembersChange {
    /// Who is on it from now on.
    #[serde(default)]
    #[graphql(default)]
    pub add: Vec<CustomerId>,
    /// Who is not on it from now on.
    #[serde(default)]
    #[graphql(default)]
    pub remove: Vec<CustomerId>,
}
