//! How well we know a customer: items with weights, and what to ask next.
//!
//! An item is a built-in one (`name`, `birth_date`, `language`, `phone`, `email`) or an attribute's code. A
//! birth date counts for consumers only.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    access::{ADMINISTRATORS, EVERYONE},
    classified,
};

crate::api::endpoints! {
    /// Sets the weights of items; items not named keep theirs. Files show it when they change next.
    SetProfileWeights = Command Post "/profile-weights" 200 for ADMINISTRATORS => {
        body: ProfileWeights, reply: ProfileWeights,
    }
    /// The weight of every item that has one, heaviest first.
    GetProfileWeights = Read Get "/profile-weights" 200 for EVERYONE => { reply: ProfileWeights }
}

/// How much it matters to know an item.
#[derive(
    Clone,
    Debug,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    ToSchema,
    async_graphql::SimpleObject,
    async_graphql::InputObject,
)]
#[graphql(input_name = "ProfileWeightInput")]
#[serde(deny_unknown_fields)]
pub struct ProfileWeight {
    /// A built-in item or an attribute's code.
    pub item: String,
    /// 0 to 1,000; an item of weight 0 does not count and is not asked for.
    pub weight: i32,
}

classified! { ProfileWeight { item: plain, weight: plain } }

/// Weights of items.
#[derive(
    Clone,
    Debug,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    ToSchema,
    async_graphql::SimpleObject,
    async_graphql::InputObject,
)]
#[graphql(input_name = "ProfileWeightsInput")]
#[serde(deny_unknown_fields)]
pub struct ProfileWeights {
    /// Each item at most once; at most 300.
    pub items: Vec<ProfileWeight>,
}

classified! { ProfileWeights { items: nested } }

/// How well we know a customer, by the weights that held when the file was read.
#[derive(
    Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema, async_graphql::SimpleObject,
)]
pub struct Completeness {
    /// The weight of what is known, of all weight, in millionths, rounded down; none when nothing has a weight.
    pub known_millionths: Option<i32>,
    /// The weight of what is known.
    pub known_weight: i32,
    /// All weight.
    pub total_weight: i32,
    /// What is missing, heaviest first and then by item; at most 20. The first is the next question to ask.
    pub missing: Vec<ProfileWeight>,
}

classified! { Completeness {
    known_millionths: plain, known_weight: plain, total_weight: plain, missing: nested,
} }
