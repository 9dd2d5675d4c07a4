//! Searching customers, and what they are searched by: the market in which they buy and how far they have
//! come with us.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{CustomerFile, CustomerKind, CustomerStatus};
use crate::{access::READERS, api::page::Page, ids::OrgUnitId};

crate::api::endpoints! {
    /// Searches customers in scope by what the filter names, in the order of names; by age for roles that see names masked.
    SearchCustomers = Read Get "/customers" 200 for READERS => { query: CustomerFilter, reply: Page<CustomerFile> }
}

/// The market in which a customer buys: the five customer markets of Kotler and Armstrong, *Principles of
/// Marketing* (the company's microenvironment: customers).
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
pub enum MarketType {
    /// Individuals and households that buy for themselves.
    Consumer,
    /// Producers and other enterprises that buy for further processing or use in their own work.
    Business,
    /// Intermediaries that buy to sell on.
    Reseller,
    /// Authorities that buy for public services, or for others who need them.
    Government,
    /// Buyers in other countries, whatever they are there.
    International,
}

/// How far a customer has come with us, by what happened and in whatever order we learned of it.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
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
pub enum CustomerStage {
    /// Registered, and nothing more.
    #[default]
    Lead,
    /// Had a contact before a sale, and bought nothing.
    Prospect,
    /// Bought once.
    FirstBuyer,
    /// Bought more than once.
    RepeatBuyer,
    /// Bought, but not in the last 365 days.
    Lapsed,
}

/// Which customers to search.
#[derive(Clone, Debug, Default, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct CustomerFilter {
    /// The beginning of the name, any case; needs a role that sees names whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Only customers whose home unit lies in the subtree of this unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub org_unit_id: Option<OrgUnitId>,
    /// Only customers of this kind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[param(inline)]
    pub kind: Option<CustomerKind>,
    /// Only customers with whom we deal, or do not any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[param(inline)]
    pub status: Option<CustomerStatus>,
    /// Only customers who buy in this market.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[param(inline)]
    pub market_type: Option<MarketType>,
    /// Only customers who are at this stage now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[param(inline)]
    pub stage: Option<CustomerStage>,
    /// Only customers whom this system knows; needs a role that sees external ids whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_system: Option<String>,
    /// Only the customer whom that system knows by this id; goes with `external_system`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_value: Option<String>,
    /// The `next` of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// At most 200; 50 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}
