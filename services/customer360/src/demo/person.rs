//! The customers of the demo: who they are and how they live.

use chrono::NaiveDate;
use rand::{Rng as _, rngs::StdRng};
use schema::{
    api::customer::{ContactKind, CustomerKind, NewContactPoint, NewCustomer},
    ids::OrgUnitId,
};

/// Who calls in the demo's query: the first customer.
pub(super) const CALLER: &str = "+8613800000000";
const FAMILY: [&str; 16] = [
    "Wang", "Li", "Zhang", "Liu", "Chen", "Yang", "Huang", "Zhou", "Wu", "Xu", "Sun", "Ma", "Zhu", "Hu",
    "Guo", "He",
];
const GIVEN: [&str; 16] = [
    "Ming", "Fang", "Wei", "Jing", "Lei", "Na", "Qiang", "Yan", "Xia", "Gang", "Ping", "Hong", "Tao", "Mei",
    "Jun", "Ling",
];

/// How somebody buys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Habit {
    /// Before the jar is empty, every few weeks.
    Regular,
    /// Now and then.
    Occasional,
    /// Before the festivals only.
    Festive,
    /// Once, and never again.
    Once,
    /// A kitchen or a dealer: much and often.
    Wholesale,
}

/// A customer of the demo.
pub(super) struct Person {
    /// From 0.
    pub(super) number: u32,
    /// How they buy.
    pub(super) habit: Habit,
    /// Of how many people the household is.
    pub(super) eaters: i64,
}

impl Person {
    /// The customer of this number. The first one is a regular, so that there is much to see.
    pub(super) fn of(number: u32, chance: &mut StdRng) -> Self {
        let habit = match chance.random_range(0..100) {
            _ if number == 0 => Habit::Regular,
            0..35 => Habit::Regular,
            35..63 => Habit::Occasional,
            63..78 => Habit::Festive,
            78..95 => Habit::Once,
            _ => Habit::Wholesale,
        };
        Self { number, habit, eaters: chance.random_range(1..=6) }
    }

    /// As they are registered.
    pub(super) fn registration(&self, home_unit_id: OrgUnitId, chance: &mut StdRng) -> NewCustomer {
        let family = FAMILY[chance.random_range(0..FAMILY.len())];
        let given = GIVEN[chance.random_range(0..GIVEN.len())];
        let phone = format!("+86138{:08}", self.number);
        let mut contact_points = vec![NewContactPoint { kind: ContactKind::Phone, value: phone }];
        if chance.random_bool(0.6) {
            let value =
                format!("{}.{}{}@example.com", given.to_lowercase(), family.to_lowercase(), self.number);
            contact_points.push(NewContactPoint { kind: ContactKind::Email, value });
        }
        let (kind, name) = match self.habit {
            Habit::Wholesale => (CustomerKind::Organisation, format!("{family} & {given} Kitchen")),
            _ => (CustomerKind::Consumer, format!("{family} {given}")),
        };
        let birth = NaiveDate::from_ymd_opt(
            chance.random_range(1945..2005),
            chance.random_range(1..13),
            chance.random_range(1..29),
        );
        NewCustomer {
            kind,
            name,
            birth_date: birth.filter(|_| kind == CustomerKind::Consumer),
            language: Some("zh-Hans".to_owned()),
            market_type: None,
            home_unit_id,
            contact_points,
            external_ids: Vec::new(),
            observations: Vec::new(),
        }
    }
}
