//! Segments: what a condition means.
//!
//! A condition is first made a [`Plan`]: checked, with every day a number, every unit a path, and every
//! segment that it refers to in its place. The plan means the same in two ways: [`Plan::holds`] of one
//! [`Facts`], and as a statement over the whole base (`storage/segment/statement.rs`). Tests hold the two
//! against each other on both databases.
//!
//! Two-valued throughout: a test of something that is not known of a customer is false, and so `none` of it
//! is true.

mod facts;
mod holds;
mod plan;

use chrono::{DateTime, Utc};
use schema::{
    api::{
        customer::{ConsentPurpose, CustomerKind, CustomerStatus},
        interaction::Channel,
        loyalty::{Counted, Tier},
        survey::Instrument,
    },
    ids::CustomerListId,
    value::Currency,
};

pub use self::{
    facts::{Facts, Held, Said},
    holds::Seen,
    plan::{Known, KnownSegment, plan},
};

/// A condition that was checked, with its place in what the client wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// A JSON pointer into the condition.
    pub pointer: String,
    /// What is asked.
    pub test: Test,
}

/// What a plan asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Test {
    /// Each of these.
    All(Vec<Plan>),
    /// At least one of these.
    Any(Vec<Plan>),
    /// None of these.
    NoneOf(Vec<Plan>),
    /// Another segment's condition.
    Segment(Box<Plan>),
    /// One of these kinds.
    Kind(Vec<CustomerKind>),
    /// One of these states.
    Status(Vec<CustomerStatus>),
    /// A home unit whose path begins so; nothing when the unit's own path is not known yet.
    Unit(Option<String>),
    /// An attribute.
    Attribute(String, Wanted),
    /// One of these tiers.
    Tier(Vec<Tier>),
    /// The day of the last purchase.
    LastPurchase(Span),
    /// Purchases in all.
    Purchases(Span),
    /// Money in a currency.
    Turnover(Currency, Span),
    /// Scores of recency, frequency and money.
    Rfm([Option<Span>; 3]),
    /// How many of these were on which days.
    Count(Counted, Days, Span),
    /// A grant that still holds at this time.
    Consent(ConsentPurpose, Channel, DateTime<Utc>),
    /// The last score of a question.
    LastScore(Instrument, Span),
    /// Being on a list.
    List(CustomerListId),
}

/// What an attribute must be. Numbers stand for integers, thousandths, days, and 0 and 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// Anything.
    Known,
    /// Within these.
    Number(Span),
    /// Another number.
    NotNumber(i64),
    /// This word.
    Code(String),
    /// Another word.
    NotCode(String),
}

/// From where to where, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// The lower end.
    pub least: Option<i64>,
    /// The upper end.
    pub most: Option<i64>,
}

impl Span {
    /// This and nothing else.
    pub const fn only(value: i64) -> Self {
        Self { least: Some(value), most: Some(value) }
    }

    /// Whether a value lies in it.
    pub fn holds(self, value: i64) -> bool {
        self.least.is_none_or(|least| value >= least) && self.most.is_none_or(|most| value <= most)
    }
}

/// Days as numbers, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Days {
    /// The first.
    pub first: i64,
    /// The last.
    pub last: i64,
}

/// What must be known of customers to judge some plans.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Needs {
    /// Attributes.
    pub attributes: bool,
    /// Money by currency.
    pub turnover: bool,
    /// Consents.
    pub consents: bool,
    /// Lists.
    pub lists: bool,
    /// What is counted by day, from this day on.
    pub days_from: Option<i64>,
}

impl Needs {
    /// What these plans need.
    pub fn of<'a>(plans: impl IntoIterator<Item = &'a Plan>) -> Self {
        let mut needs = Self::default();
        for plan in plans {
            needs.add(plan);
        }
        needs
    }

    fn add(&mut self, plan: &Plan) {
        match &plan.test {
            Test::All(inner) | Test::Any(inner) | Test::NoneOf(inner) => {
                inner.iter().for_each(|one| self.add(one));
            }
            Test::Segment(inner) => self.add(inner),
            Test::Attribute(..) => self.attributes = true,
            Test::Turnover(..) => self.turnover = true,
            Test::Consent(..) => self.consents = true,
            Test::List(_) => self.lists = true,
            Test::Count(_, days, _) => {
                self.days_from = Some(self.days_from.map_or(days.first, |first| first.min(days.first)));
            }
            Test::Kind(_)
            | Test::Status(_)
            | Test::Unit(_)
            | Test::Tier(_)
            | Test::LastPurchase(_)
            | Test::Purchases(_)
            | Test::Rfm(_)
            | Test::LastScore(..) => {}
        }
    }
}

#[cfg(test)]
mod tests;
