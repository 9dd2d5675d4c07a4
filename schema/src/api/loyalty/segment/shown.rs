//! A condition in GraphQL: an object of the fields of which a condition that is written names one.

use super::{
    AttributeTest, Condition, ConsentTest, CountTest, MoneyTest, Range, RfmTest, ScoreTest, TierTest,
};
use crate::{
    api::customer::{CustomerKind, CustomerStatus},
    ids::{CustomerListId, OrgUnitId, SegmentId},
};

macro_rules! shown {
    ($(#[doc = $about:literal])+ $root:ident; $($(#[doc = $doc:literal])+ $field:ident: $variant:ident of $type:ty;)+) => {
        $(#[doc = $about])+
        #[async_graphql::Object(name = "Condition")]
        impl $root {$(
            $(#[doc = $doc])+
            async fn $field(&self) -> Option<&$type> {
                if let Self::$variant(it) = self { Some(it) } else { None }
            }
        )+}
    };
}

shown! {
    /// A condition: exactly one of these is there, the others are null.
    Condition;

    /// Each of these holds.
    all: All of Vec<Condition>;
    /// At least one of these holds.
    any: Any of Vec<Condition>;
    /// None of these holds.
    none: NoneOf of Vec<Condition>;
    /// The customer is one of these kinds.
    kind: Kind of Vec<CustomerKind>;
    /// The customer is in one of these states.
    status: Status of Vec<CustomerStatus>;
    /// The customer's home unit is this one or below it.
    unit: Unit of OrgUnitId;
    /// What is known of the customer.
    attribute: Attribute of AttributeTest;
    /// The tier of the points account.
    tier: Tier of TierTest;
    /// Whole days from the last purchase to the day at which it is judged (UTC): 0 is the same day.
    recency_days: RecencyDays of Range;
    /// Purchases ever made, returned ones included. Nobody lacks it: 0 is a number.
    frequency: Frequency of Range;
    /// Paid less given back.
    money: Money of MoneyTest;
    /// The scores of the last run of scoring, in the customer's main currency.
    rfm: Rfm of RfmTest;
    /// How often something happened lately.
    count: Count of CountTest;
    /// A consent that is granted and has not run out.
    consent: Consent of ConsentTest;
    /// The last answer to a question.
    last_score: LastScore of ScoreTest;
    /// The customer belongs to another segment, by its condition of now.
    segment: Segment of SegmentId;
    /// The customer is on a list kept by hand.
    list: List of CustomerListId;
}
