//! What a segment asks of a customer: a tree of conditions.
//!
//! A condition about something that is not known of a customer is false: an attribute never told, a day of a
//! purchase never made, a score never given. `none` turns true into false and back, so it is true of those.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    api::{
        customer::{AttributeValue, ConsentPurpose, CustomerKind, CustomerStatus},
        interaction::Channel,
        loyalty::Tier,
        survey::Instrument,
    },
    ids::{CustomerListId, OrgUnitId, SegmentId},
    value::Currency,
};

/// A condition: at most 10 deep, and at most 100 conditions together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, async_graphql::OneofObject)]
#[serde(rename_all = "snake_case")]
#[graphql(input_name = "ConditionInput")]
pub enum Condition {
    /// Each of these holds.
    #[schema(no_recursion)]
    All(Vec<Condition>),
    /// At least one of these holds.
    #[schema(no_recursion)]
    Any(Vec<Condition>),
    /// None of these holds.
    #[serde(rename = "none")]
    #[graphql(name = "none")]
    #[schema(no_recursion)]
    NoneOf(Vec<Condition>),
    /// The customer is one of these kinds.
    Kind(Vec<CustomerKind>),
    /// The customer is in one of these states.
    Status(Vec<CustomerStatus>),
    /// The customer's home unit is this one or below it.
    Unit(OrgUnitId),
    /// What is known of the customer.
    Attribute(AttributeTest),
    /// The tier of the points account.
    Tier(TierTest),
    /// Whole days from the last purchase to the day at which it is judged (UTC): 0 is the same day.
    RecencyDays(Range),
    /// Purchases ever made, returned ones included. Nobody lacks it: 0 is a number.
    Frequency(Range),
    /// Paid less given back.
    Money(MoneyTest),
    /// The scores of the last run of scoring, in the customer's main currency.
    Rfm(RfmTest),
    /// How often something happened lately.
    Count(CountTest),
    /// A consent that is granted and has not run out. Silence and a refusal are alike: no consent.
    Consent(ConsentTest),
    /// The last answer to a question.
    LastScore(ScoreTest),
    /// The customer belongs to another segment, by its condition of now.
    Segment(SegmentId),
    /// The customer is on a list kept by hand.
    List(CustomerListId),
}

/// From where to where, both ends included; at least one end is given.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    ToSchema,
    async_graphql::SimpleObject,
    async_graphql::InputObject,
)]
#[serde(deny_unknown_fields)]
#[graphql(input_name = "RangeInput")]
pub struct Range {
    /// The least that fits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_least: Option<i64>,
    /// The most that fits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_most: Option<i64>,
}

/// How an attribute is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema, async_graphql::Enum)]
#[serde(rename_all = "snake_case")]
pub enum AttributeOp {
    /// Equal to the value.
    Is,
    /// Known, and not equal to the value.
    IsNot,
    /// Not below the value; of integers, decimals and dates.
    AtLeast,
    /// Not above the value; of integers, decimals and dates.
    AtMost,
    /// Known, whatever it is; without a value.
    IsKnown,
}

/// A segmentable attribute against a value.
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
#[serde(deny_unknown_fields)]
#[graphql(input_name = "AttributeTestInput")]
pub struct AttributeTest {
    /// The attribute's code. It must be known here: told of at least one customer.
    pub attribute: String,
    /// How it is compared.
    pub op: AttributeOp,
    /// The value, in the field of the attribute's type.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<AttributeValue>,
}

/// The tier: exactly one of these.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    ToSchema,
    async_graphql::SimpleObject,
    async_graphql::InputObject,
)]
#[serde(deny_unknown_fields)]
#[graphql(input_name = "TierTestInput")]
pub struct TierTest {
    /// This one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is: Option<Tier>,
    /// This one or a higher one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_least: Option<Tier>,
}

/// Money in one currency. Who never bought in it has none, not zero.
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
#[serde(deny_unknown_fields)]
#[graphql(input_name = "MoneyTestInput")]
pub struct MoneyTest {
    /// The currency.
    pub currency: Currency,
    /// The least that fits, in minor units.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_least_minor: Option<i64>,
    /// The most that fits, in minor units.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_most_minor: Option<i64>,
}

/// Scores of 1 to 5; at least one is asked for, and all that are must fit.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    ToSchema,
    async_graphql::SimpleObject,
    async_graphql::InputObject,
)]
#[serde(deny_unknown_fields)]
#[graphql(input_name = "RfmTestInput")]
pub struct RfmTest {
    /// 5 for those who bought last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recency: Option<Range>,
    /// 5 for those who bought most often.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub frequency: Option<Range>,
    /// 5 for those who paid most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub money: Option<Range>,
}

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema, async_graphql::Enum)]
#[serde(rename_all = "snake_case")]
pub enum Counted {
    /// Purchases, returned ones included.
    Purchases,
    /// Contacts, inbound and outbound.
    Contacts,
    /// Cases that are complaints, by the day on which they came up.
    Complaints,
    /// Answers to survey instruments.
    Answers,
}

/// How often something happened in the last days.
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
#[graphql(input_name = "CountTestInput")]
pub struct CountTest {
    /// What is counted.
    pub of: Counted,
    /// In how many days (UTC), the day at which it is judged being the last of them: 1 to 3,660.
    pub days: u32,
    /// The least that fits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_least: Option<i64>,
    /// The most that fits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_most: Option<i64>,
}

/// A consent that is held.
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
#[graphql(input_name = "ConsentTestInput")]
pub struct ConsentTest {
    /// For what.
    pub purpose: ConsentPurpose,
    /// On which channel.
    pub channel: Channel,
}

/// The score of the last answer to a question.
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
#[graphql(input_name = "ScoreTestInput")]
pub struct ScoreTest {
    /// The question.
    pub instrument: Instrument,
    /// The least that fits, on the instrument's scale.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_least: Option<i64>,
    /// The most that fits, on the instrument's scale.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_most: Option<i64>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_condition_reads_as_it_is_written() {
        let text = r#"{"all":[{"tier":{"at_least":"gold"}},{"none":[{"recency_days":{"at_most":90}}]},{"kind":["consumer"]},{"attribute":{"attribute":"household_size","op":"at_least","value":{"integer":3}}}]}"#;
        let condition: Condition = serde_json::from_str(text).expect("a condition");
        assert_eq!(serde_json::to_string(&condition).expect("JSON"), text);
        let unknown = serde_json::from_str::<Condition>(r#"{"moon":{"phase":"full"}}"#);
        assert!(unknown.is_err());
    }
}
