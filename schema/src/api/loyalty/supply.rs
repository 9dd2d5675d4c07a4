//! Supplies: what a customer uses up steadily, when it runs out, and by when to deliver.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    access::{DEALERS, READERS},
    api::{customer::CustomerPath, endpoints, page::Page},
    classified,
    ids::CustomerId,
    value::Milli,
};

endpoints! {
    /// Says how a customer uses an article up. The whole setting is given: what is absent is none.
    SetSupply = Command Patch "/customers/{customer_id}/supplies/{sku}" 200 for DEALERS => {
        path: SupplyPath, body: SupplySetting, reply: Supply,
    }
    /// What a customer uses up, in the order of the articles' codes, each with when it runs out.
    ListSupplies = Read Get "/customers/{customer_id}/supplies" 200 for READERS => {
        path: CustomerPath, query: SuppliesQuery, reply: Page<Supply>,
    }
}

/// Which article of which customer.
#[derive(Clone, Debug, Serialize, Deserialize, IntoParams)]
pub struct SupplyPath {
    /// The customer's id.
    pub customer_id: CustomerId,
    /// The article's code, 1 to 100 characters.
    pub sku: String,
}

/// How much there was at a time.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    ToSchema,
    async_graphql::SimpleObject,
    async_graphql::InputObject,
)]
#[serde(deny_unknown_fields)]
#[graphql(input_name = "FillInput")]
pub struct Fill {
    /// When (business time).
    pub at: DateTime<Utc>,
    /// How much there was then, in thousandths of the article's unit, 0 to 1,000,000,000,000.
    pub quantity_milli: Milli,
}

/// How a customer uses an article up.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema, async_graphql::InputObject)]
#[serde(deny_unknown_fields)]
pub struct SupplySetting {
    /// How many use it, 0 to 10,000. Together with `milli_per_person_day` it tells the daily use.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub persons: Option<u32>,
    /// What one of them uses in a day, in thousandths of the article's unit, 0 to 1,000,000,000. Without it the
    /// daily use is learned from what was delivered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub milli_per_person_day: Option<Milli>,
    /// How many days a delivery takes, 0 to 365.
    pub lead_days: u32,
    /// How many days of use shall be left when it arrives, 0 to 365.
    pub buffer_days: u32,
    /// How much there was at a time, when it was looked at; a delivery after it counts on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_fill: Option<Fill>,
}

/// Where the daily use is known from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema, async_graphql::Enum)]
#[serde(rename_all = "snake_case")]
pub enum RateSource {
    /// Said: persons and what each uses.
    Declared,
    /// Learned from what was delivered.
    Learned,
    /// Not known: nothing was said, and less than two deliveries are known.
    Unknown,
}

/// What a customer uses up, and when it runs out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, async_graphql::SimpleObject)]
pub struct Supply {
    /// The article's code.
    pub sku: String,
    /// How many use it.
    pub persons: Option<u32>,
    /// What one of them uses in a day, in thousandths of the article's unit.
    pub milli_per_person_day: Option<Milli>,
    /// How many days a delivery takes.
    pub lead_days: u32,
    /// How many days of use shall be left when it arrives.
    pub buffer_days: u32,
    /// Where the daily use is known from.
    pub rate_source: RateSource,
    /// The daily use, in thousandths of the article's unit, rounded down; none when it is not known.
    pub daily_use_milli: Option<Milli>,
    /// How much there was last, and when: looked at or delivered.
    pub last_fill: Option<Fill>,
    /// How much is left by our reckoning, in thousandths of the article's unit; none when there is no fill or
    /// no rate.
    pub stock_now_milli: Option<Milli>,
    /// For how many days it lasts, in thousandths of a day; none when nothing is used.
    pub days_left_milli: Option<i64>,
    /// When it runs out; none when nothing is used.
    pub runs_out_at: Option<DateTime<Utc>>,
    /// When to deliver at the latest.
    pub deliver_by: Option<DateTime<Utc>>,
    /// In how many whole days that is; 0 when it is now or past.
    pub deliver_in_days: Option<i64>,
    /// How much to bring then, so that there is as much as after the last fill, in thousandths of the
    /// article's unit.
    pub refill_milli: Option<Milli>,
}

classified! { Supply {
    sku: plain, persons: plain, milli_per_person_day: plain, lead_days: plain, buffer_days: plain,
    rate_source: plain, daily_use_milli: plain, last_fill: plain, stock_now_milli: plain,
    days_left_milli: plain, runs_out_at: plain, deliver_by: plain, deliver_in_days: plain, refill_milli: plain,
} }

/// Which part of a customer's supplies.
#[derive(Clone, Debug, Default, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct SuppliesQuery {
    /// The `next` of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// At most 200; 50 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}
