//! A random base: every profile both as the predicate sees it and as rows, inserted in bulk. Much is missing,
//! much lies at the ends of ranges.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, NaiveDate, TimeDelta};
use kit::{
    Db,
    db::{statement, word},
};
use loyalty::segment::{Facts, Held};
use schema::{
    api::{
        customer::{AttributeType, ConsentPurpose, ConsentStatus, CustomerKind, CustomerStatus},
        interaction::Channel,
        loyalty::Tier,
    },
    ids::CustomerId,
    value::Currency,
};
use sea_orm::{ConnectionTrait as _, TransactionTrait as _, Value};
use uuid::Uuid;

use super::{Dice, as_of, trees};
use crate::points::{NORTH, SOUTH};

/// The attributes, one of each type.
pub(super) const ATTRIBUTES: [(&str, AttributeType); 5] = [
    ("household_size", AttributeType::Integer),
    ("weight", AttributeType::Decimal),
    ("newsletter", AttributeType::Boolean),
    ("moved_in", AttributeType::Date),
    ("rice", AttributeType::Code),
];
/// Words of the code; the last two differ by case only.
pub(super) const WORDS: [&str; 4] = ["jasmine", "basmati", "Sushi", "sushi"];

/// A customer, and where they are at home.
pub(super) struct Somebody {
    pub(super) id: CustomerId,
    pub(super) home: u128,
    pub(super) facts: Facts,
}

/// The day that a number stands for.
pub(super) fn date(day: i64) -> NaiveDate {
    let epoch = NaiveDate::default();
    if day < 0 { epoch - Days::new(day.unsigned_abs()) } else { epoch + Days::new(day.unsigned_abs()) }
}

fn today() -> i64 {
    as_of().date_naive().signed_duration_since(NaiveDate::default()).num_days()
}

pub(super) fn people(dice: &mut Dice, count: u64) -> Vec<Somebody> {
    (0..count)
        .map(|number| {
            let home = *dice.pick(&[NORTH, NORTH, SOUTH, trees::LOST]);
            let id = Uuid::from_u128(0x1000_0000 + u128::from(number)).into();
            Somebody { id, home, facts: facts(dice, home) }
        })
        .collect()
}

fn facts(dice: &mut Dice, home: u128) -> Facts {
    let path = match home {
        NORTH => Some("/hq/north/".to_owned()),
        SOUTH => Some("/hq/south/".to_owned()),
        _ => None,
    };
    let buys = !dice.one_in(4);
    let scores = |dice: &mut Dice| {
        if dice.one_in(3) { [None; 3] } else { [(); 3].map(|()| Some(dice.number(1, 5))) }
    };
    let mut facts = Facts {
        kind: *dice.pick(&[CustomerKind::Consumer, CustomerKind::Organisation, CustomerKind::Partner]),
        status: *dice.pick(&[CustomerStatus::Active, CustomerStatus::Active, CustomerStatus::Inactive]),
        home_path: path,
        tier: *dice.pick(&[Tier::Basic, Tier::Silver, Tier::Gold, Tier::Platinum]),
        // Now and then after the day at which it is judged.
        last_purchase: buys.then(|| today() - dice.number(-1, 40)),
        purchases: if buys { dice.number(1, 6) } else { 0 },
        turnover: BTreeMap::new(),
        rfm: scores(dice),
        scores: [(0, 10), (1, 5), (1, 7)]
            .map(|(least, most)| (!dice.one_in(3)).then(|| dice.number(least, most))),
        attributes: BTreeMap::new(),
        consents: BTreeMap::new(),
        lists: BTreeSet::new(),
        days: Default::default(),
    };
    for code in ["CNY", "EUR"] {
        if dice.one_in(2) {
            let currency = Currency::try_from(code.to_owned()).expect("a currency");
            facts.turnover.insert(currency, dice.number(-3, 6) * 100 + dice.number(-1, 1));
        }
    }
    for (code, kind) in ATTRIBUTES {
        if dice.one_in(3) {
            continue;
        }
        let held = match kind {
            AttributeType::Code => Held::Code(dice.pick(&WORDS).to_string()),
            AttributeType::Boolean => Held::Number(dice.number(0, 1)),
            _ => Held::Number(dice.number(-2, 3)),
        };
        facts.attributes.insert(code.to_owned(), held);
    }
    for purpose in [ConsentPurpose::Survey, ConsentPurpose::Marketing] {
        for channel in [Channel::Sms, Channel::Email] {
            if dice.one_in(3) {
                continue;
            }
            let status = *dice.pick(&[ConsentStatus::Granted, ConsentStatus::Granted, ConsentStatus::Denied]);
            let offsets = [-86_400_000_000, -500_001, -1, 0, 1, 499_999, 86_400_000_000];
            let until = (!dice.one_in(3)).then(|| as_of() + TimeDelta::microseconds(*dice.pick(&offsets)));
            facts.consents.insert((purpose, channel), (status, until));
        }
    }
    for list in trees::LISTS {
        if dice.one_in(3) {
            facts.lists.insert(Uuid::from_u128(list).into());
        }
    }
    for by_day in &mut facts.days {
        for _ in 0..dice.below(4) {
            *by_day.entry(today() - dice.number(-1, 40)).or_default() += 1;
        }
    }
    facts
}

/// Rows of a table, as they are collected.
struct Rows {
    table: &'static str,
    columns: &'static str,
    rows: Vec<Vec<Value>>,
}

impl Rows {
    fn of(table: &'static str, columns: &'static str) -> Self {
        Self { table, columns, rows: Vec::new() }
    }

    fn add(&mut self, row: Vec<Value>) {
        self.rows.push(row);
    }
}

/// Inserts all of them, a few hundred rows a statement.
pub(super) async fn insert(db: &Db, people: &[Somebody]) {
    let transaction = db.write().begin().await.expect("a transaction");
    for Rows { table, columns, rows } in rows_of(people) {
        for some in rows.chunks(300) {
            let mut values = Vec::new();
            let places: Vec<String> = some
                .iter()
                .map(|row| {
                    let first = values.len() + 1;
                    values.extend(row.iter().cloned());
                    let places: Vec<String> = (first..=values.len()).map(|n| format!("${n}")).collect();
                    format!("({})", places.join(", "))
                })
                .collect();
            let sql = format!("INSERT INTO {table} ({columns}) VALUES {}", places.join(", "));
            transaction.execute_raw(statement(&transaction, &sql, values)).await.expect("inserted");
        }
    }
    transaction.commit().await.expect("committed");
    // The planner of PostgreSQL would take the tables for empty.
    db.write().execute_unprepared("ANALYZE").await.expect("analysed");
}

fn rows_of(people: &[Somebody]) -> Vec<Rows> {
    let mut reference = Rows::of("customer_ref", "customer_id, kind, status, home_unit_id, revision");
    let mut unit = Rows::of("customer_unit", "customer_id, org_unit_id");
    let mut account = Rows::of("points_account", "customer_id, balance, qualifying, tier, opened_at");
    let mut profile = Rows::of(
        "profile",
        "customer_id, purchases, last_purchase_day, contacts, open_cases, complaints, cases_resolved, \
         nps_score, csat_score, ces_score, consent_revision, rfm_recency, rfm_frequency, rfm_money",
    );
    let mut turnover = Rows::of("profile_turnover", "customer_id, currency, purchases, amount_minor");
    let mut consent = Rows::of("profile_consent", "customer_id, purpose, channel, status, expires_at");
    let mut attribute = Rows::of("profile_attribute", "customer_id, attribute, number, code, revision");
    let mut member = Rows::of("customer_list_member", "customer_id, list_id");
    let mut dealing = Rows::of("dealing", "customer_id, id, purchases, day, month, currency, amount_minor");
    let mut contact = Rows::of("profile_contact", "customer_id, id, occurred_at, day");
    let mut case = Rows::of("profile_case", "customer_id, id, complaint, state, revision, day");
    let mut answer = Rows::of("profile_answer", "customer_id, id, instrument, score, occurred_at, day");
    let mut fact = 0_u128;
    for Somebody { id, home, facts } in people {
        let id = || Value::from(id.uuid());
        let home = Value::from(Uuid::from_u128(*home));
        let zero = || Value::from(0_i64);
        let coded = |text: kit::Result<String>| Value::from(text.expect("a word"));
        reference.add(vec![id(), coded(word(&facts.kind)), coded(word(&facts.status)), home.clone(), zero()]);
        unit.add(vec![id(), home]);
        account.add(vec![id(), zero(), zero(), coded(word(&facts.tier)), as_of().into()]);
        let mut row = vec![id(), facts.purchases.into(), facts.last_purchase.into()];
        row.extend([zero(), zero(), zero(), zero()]);
        row.extend(facts.scores.map(Value::from));
        row.push(zero());
        row.extend(facts.rfm.map(Value::from));
        profile.add(row);
        for (currency, amount) in &facts.turnover {
            turnover.add(vec![id(), currency.as_str().into(), zero(), (*amount).into()]);
        }
        for ((purpose, channel), (status, until)) in &facts.consents {
            let words = [coded(word(purpose)), coded(word(channel)), coded(word(status))];
            consent.add([vec![id()], words.to_vec(), vec![(*until).into()]].concat());
        }
        for (code, _) in ATTRIBUTES {
            let (number, word) = match facts.attributes.get(code) {
                Some(Held::Number(number)) => (Some(*number), None),
                Some(Held::Code(word)) => (None, Some(word.clone())),
                // Some were taken back, and some never told.
                None if fact.is_multiple_of(2) => continue,
                None => (None, None),
            };
            attribute.add(vec![id(), code.into(), number.into(), word.into(), zero()]);
        }
        for list in &facts.lists {
            member.add(vec![id(), list.uuid().into()]);
        }
        for (what, by_day) in facts.days.iter().enumerate() {
            for (day, times) in by_day {
                // A return on the day, and a case that is no complaint: neither counts.
                for counts in (0..=*times).map(|time| time < *times) {
                    fact += 1;
                    let (key, day) = (Value::from(Uuid::from_u128(fact)), Value::from(*day));
                    let flag = Value::from(i64::from(counts));
                    match what {
                        0 => dealing.add(vec![id(), key, flag, day, zero(), "CNY".into(), zero()]),
                        1 if counts => contact.add(vec![id(), key, as_of().into(), day]),
                        2 => case.add(vec![id(), key, flag, "open".into(), zero(), day]),
                        3 if counts => {
                            answer.add(vec![id(), key, "nps".into(), zero(), as_of().into(), day]);
                        }
                        _ => {}
                    }
                }
            }
        }
    }
    let mut lists = Rows::of("customer_list", "id, code, name, created_at");
    for list in trees::LISTS {
        let code = format!("list-{list}");
        let row = [Uuid::from_u128(list).into(), code.clone().into(), code.into(), as_of().into()];
        lists.add(row.to_vec());
    }
    vec![
        reference, unit, account, profile, turnover, consent, attribute, member, dealing, contact, case,
        answer, lists,
    ]
}
