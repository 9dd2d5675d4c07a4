//! Random conditions: every clause, with ends at the values that the base has.

use loyalty::segment::{Known, KnownSegment};
use schema::api::{
    customer::{AttributeType, AttributeValue, ConsentPurpose, CustomerKind, CustomerStatus},
    interaction::Channel,
    loyalty::{
        AttributeOp, AttributeTest, Condition, ConsentTest, CountTest, Counted, MoneyTest, Range, RfmTest,
        ScoreTest, Tier, TierTest,
    },
    survey::Instrument,
};
use schema::{
    ids::CustomerListId,
    value::{Currency, Milli},
};
use uuid::Uuid;

use super::{Dice, base};
use crate::points::{NORTH, SOUTH};

/// How many kinds of leaves there are.
pub(super) const LEAVES: usize = 14;
/// A unit that is known by its id, and not by its path.
pub(super) const LOST: u128 = 0x19;
/// The lists.
pub(super) const LISTS: [u128; 2] = [0x51, 0x52];
/// Segments that conditions refer to.
const SEGMENTS: [u128; 2] = [0x61, 0x62];

fn id<T: From<Uuid>>(number: u128) -> T {
    Uuid::from_u128(number).into()
}

/// What the conditions refer to.
pub(super) fn known() -> Known {
    let mut known = Known::default();
    for (code, kind) in base::ATTRIBUTES {
        known.attributes.insert(code.to_owned(), kind);
    }
    known.units.insert(id(NORTH), Some("/hq/north/".to_owned()));
    known.units.insert(id(SOUTH), Some("/hq/south/".to_owned()));
    known.units.insert(id(LOST), None);
    known.lists.extend(LISTS.map(id::<CustomerListId>));
    let first = Condition::NoneOf(vec![
        Condition::RecencyDays(Range { at_least: None, at_most: Some(90) }),
        Condition::Tier(TierTest { is: None, at_least: Some(Tier::Gold) }),
    ]);
    let second = Condition::Any(vec![
        Condition::Segment(id(SEGMENTS[0])),
        Condition::LastScore(ScoreTest { instrument: Instrument::Nps, at_least: Some(9), at_most: None }),
    ]);
    for (number, condition) in SEGMENTS.into_iter().zip([first, second]) {
        known.segments.insert(id(number), KnownSegment { code: format!("s{number}"), condition });
    }
    known
}

/// A tree of at most this depth.
pub(super) fn tree(dice: &mut Dice, depth: usize) -> Condition {
    if depth <= 1 || dice.one_in(6) {
        let number = usize::try_from(dice.below(LEAVES as u64)).expect("small");
        return leaf(dice, number);
    }
    let inner = (0..1 + dice.below(4)).map(|_| tree(dice, depth - 1)).collect();
    match dice.below(3) {
        0 => Condition::All(inner),
        1 => Condition::Any(inner),
        _ => Condition::NoneOf(inner),
    }
}

/// A leaf of the kind with this number.
pub(super) fn leaf(dice: &mut Dice, number: usize) -> Condition {
    match number % LEAVES {
        0 => Condition::Kind(some(
            dice,
            &[CustomerKind::Consumer, CustomerKind::Organisation, CustomerKind::Partner],
        )),
        1 => Condition::Status(vec![*dice.pick(&[CustomerStatus::Active, CustomerStatus::Inactive])]),
        2 => Condition::Unit(id(*dice.pick(&[NORTH, SOUTH, LOST]))),
        3 => Condition::Attribute(attribute(dice)),
        4 => {
            let tier = Some(*dice.pick(&[Tier::Basic, Tier::Silver, Tier::Gold, Tier::Platinum]));
            Condition::Tier(if dice.one_in(2) {
                TierTest { is: tier, at_least: None }
            } else {
                TierTest { is: None, at_least: tier }
            })
        }
        5 => Condition::RecencyDays(range(dice, 0, 40)),
        6 => Condition::Frequency(range(dice, 0, 6)),
        7 => {
            let currency = dice.pick(&["CNY", "EUR", "USD"]).to_string();
            let Range { at_least, at_most } = range(dice, -3, 6);
            let hundreds = |end: Option<i64>| end.map(|end| end * 100);
            Condition::Money(MoneyTest {
                currency: Currency::try_from(currency).expect("a currency"),
                at_least_minor: hundreds(at_least),
                at_most_minor: hundreds(at_most),
            })
        }
        8 => {
            let mut score = |always: bool| (always || dice.one_in(2)).then(|| range(dice, 1, 5));
            Condition::Rfm(RfmTest { recency: score(false), frequency: score(true), money: score(false) })
        }
        9 => {
            let Range { at_least, at_most } = range(dice, 0, 4);
            Condition::Count(CountTest {
                of: *dice.pick(&[
                    Counted::Purchases,
                    Counted::Contacts,
                    Counted::Complaints,
                    Counted::Answers,
                ]),
                days: u32::try_from(dice.number(1, 40)).expect("small"),
                at_least,
                at_most,
            })
        }
        10 => Condition::Consent(ConsentTest {
            purpose: *dice.pick(&[ConsentPurpose::Survey, ConsentPurpose::Marketing]),
            channel: *dice.pick(&[Channel::Sms, Channel::Email]),
        }),
        11 => {
            let (instrument, least, most) =
                *dice.pick(&[(Instrument::Nps, 0, 10), (Instrument::Csat, 1, 5), (Instrument::Ces, 1, 7)]);
            let Range { at_least, at_most } = range(dice, least, most);
            Condition::LastScore(ScoreTest { instrument, at_least, at_most })
        }
        12 => Condition::Segment(id(*dice.pick(&SEGMENTS))),
        _ => Condition::List(id(*dice.pick(&LISTS))),
    }
}

/// What kind of leaf it is.
pub(super) fn name(condition: &Condition) -> &'static str {
    match condition {
        Condition::All(_) => "all",
        Condition::Any(_) => "any",
        Condition::NoneOf(_) => "none",
        Condition::Kind(_) => "kind",
        Condition::Status(_) => "status",
        Condition::Unit(_) => "unit",
        Condition::Attribute(_) => "attribute",
        Condition::Tier(_) => "tier",
        Condition::RecencyDays(_) => "recency_days",
        Condition::Frequency(_) => "frequency",
        Condition::Money(_) => "money",
        Condition::Rfm(_) => "rfm",
        Condition::Count(_) => "count",
        Condition::Consent(_) => "consent",
        Condition::LastScore(_) => "last_score",
        Condition::Segment(_) => "segment",
        Condition::List(_) => "list",
    }
}

fn some<T: Clone>(dice: &mut Dice, from: &[T]) -> Vec<T> {
    let mut chosen: Vec<T> = from.iter().filter(|_| dice.one_in(2)).cloned().collect();
    if chosen.is_empty() {
        chosen.push(dice.pick(from).clone());
    }
    chosen
}

/// A range with one end or both; often a single value.
fn range(dice: &mut Dice, least: i64, most: i64) -> Range {
    let low = dice.number(least, most);
    match dice.below(4) {
        0 => Range { at_least: Some(low), at_most: None },
        1 => Range { at_least: None, at_most: Some(low) },
        2 => Range { at_least: Some(low), at_most: Some(low) },
        _ => Range { at_least: Some(low), at_most: Some(dice.number(low, most)) },
    }
}

fn attribute(dice: &mut Dice) -> AttributeTest {
    let (code, kind) = *dice.pick(&base::ATTRIBUTES);
    let number = dice.number(-2, 3);
    let nothing = AttributeValue::default();
    let value = match kind {
        AttributeType::Integer => {
            AttributeValue { integer: Some(i32::try_from(number).expect("small")), ..nothing }
        }
        AttributeType::Decimal => AttributeValue { decimal_milli: Some(Milli::new(number)), ..nothing },
        AttributeType::Boolean => AttributeValue { boolean: Some(number > 0), ..nothing },
        AttributeType::Date => AttributeValue { date: Some(base::date(number)), ..nothing },
        AttributeType::Code | AttributeType::Text => {
            AttributeValue { code: Some(dice.pick(&base::WORDS).to_string()), ..nothing }
        }
    };
    let ordered = matches!(kind, AttributeType::Integer | AttributeType::Decimal | AttributeType::Date);
    let ops = [
        AttributeOp::Is,
        AttributeOp::IsNot,
        AttributeOp::IsKnown,
        AttributeOp::AtLeast,
        AttributeOp::AtMost,
    ];
    let op = *dice.pick(if ordered { &ops[..] } else { &ops[..3] });
    let value = (op != AttributeOp::IsKnown).then_some(value);
    AttributeTest { attribute: code.to_owned(), op, value }
}
