//! What is known of a customer when a plan is judged.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use schema::{
    api::{
        customer::{ConsentPurpose, ConsentStatus, CustomerKind, CustomerStatus},
        interaction::Channel,
        loyalty::{Counted, Tier},
        survey::Instrument,
    },
    ids::CustomerListId,
    value::Currency,
};

use super::Days;

/// What an attribute is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Held {
    /// An integer, thousandths, a day, or 0 and 1.
    Number(i64),
    /// A word.
    Code(String),
}

/// A word on a purpose and channel, and until when a grant holds.
pub type Said = (ConsentStatus, Option<DateTime<Utc>>);

/// What is known of a customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    /// What they are to us.
    pub kind: CustomerKind,
    /// Whether we deal with them.
    pub status: CustomerStatus,
    /// The path of the home unit, when it is known.
    pub home_path: Option<String>,
    /// The tier.
    pub tier: Tier,
    /// The day of the last purchase.
    pub last_purchase: Option<i64>,
    /// Purchases in all.
    pub purchases: i64,
    /// Money by currency.
    pub turnover: BTreeMap<Currency, i64>,
    /// The stored scores of recency, frequency and money.
    pub rfm: [Option<i64>; 3],
    /// The last scores of NPS, CSAT and CES.
    pub scores: [Option<i64>; 3],
    /// Attributes by code.
    pub attributes: BTreeMap<String, Held>,
    /// What was said on each purpose and channel, and until when it holds.
    pub consents: BTreeMap<(ConsentPurpose, Channel), Said>,
    /// The lists that they are on.
    pub lists: BTreeSet<CustomerListId>,
    /// How many purchases, contacts, complaints and answers there were on a day.
    pub days: [BTreeMap<i64, i64>; 4],
}

impl Facts {
    /// The last score of a question.
    pub fn score(&self, instrument: Instrument) -> Option<i64> {
        let [nps, csat, ces] = self.scores;
        match instrument {
            Instrument::Nps => nps,
            Instrument::Csat => csat,
            Instrument::Ces => ces,
        }
    }

    /// How many of these were on these days.
    pub fn count(&self, of: Counted, days: Days) -> i64 {
        let [purchases, contacts, complaints, answers] = &self.days;
        let by_day = match of {
            Counted::Purchases => purchases,
            Counted::Contacts => contacts,
            Counted::Complaints => complaints,
            Counted::Answers => answers,
        };
        if days.first > days.last {
            return 0;
        }
        by_day.range(days.first..=days.last).map(|(_, count)| *count).sum()
    }
}
