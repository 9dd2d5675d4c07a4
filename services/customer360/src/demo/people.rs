//! The customers of the demo and what happened between them and the shops in the last half year.

use chrono::{DateTime, TimeDelta, Utc};
use kit::client::CallError;
use rand::{Rng as _, SeedableRng as _, rngs::StdRng};
use schema::{
    api::{
        NoParameters,
        customer::{ContactKind, CustomerKind, CustomerPath, NewContactPoint, NewCustomer, RegisterCustomer},
        interaction::{
            Channel, NewPurchase, NewPurchaseLine, NewReturn, NewReturnLine, Purchase, PurchasePath,
            RecordPurchase, ReturnPurchase,
        },
        survey::{Instrument, NewAnswer, RecordAnswer},
    },
    ids::CustomerId,
    value::{Milli, Minor},
};

use super::{Door, company::Shop};

/// Who calls in the demo's query.
pub(super) const CALLER: &str = "+8613800000000";
/// How many customers the demo has.
const CUSTOMERS: u32 = 40;
/// The articles: code, grams a bag, price in minor units.
const ARTICLES: [(&str, i64, i64); 4] = [
    ("rice-jasmine", 5_000, 4_500),
    ("rice-round", 10_000, 7_200),
    ("rice-brown", 2_500, 3_100),
    ("oil-peanut", 1_800, 6_800),
];
const FAMILY_NAMES: [&str; 10] = ["Wang", "Li", "Zhang", "Liu", "Chen", "Yang", "Huang", "Zhou", "Wu", "Xu"];
const GIVEN_NAMES: [&str; 8] = ["Ming", "Fang", "Wei", "Jing", "Lei", "Na", "Qiang", "Yan"];
const WORDS: [&str; 3] = [
    "They knew that our jar was nearly empty.",
    "Friendly, but the delivery came late.",
    "Good rice, carried up to the fourth floor.",
];

/// Registers everybody and records their purchases, some returns and answers. Gives the caller's number.
pub(super) async fn fill(door: &Door, shops: &[Shop]) -> Result<String, CallError> {
    let mut chance = StdRng::seed_from_u64(7);
    let now = door.clock.now();
    for number in 0..CUSTOMERS {
        let Some(shop) = shops.get(number as usize % shops.len().max(1)) else { break };
        let customer = register(door, shop, number, &mut chance).await?;
        let purchases = if number == 0 { 6 } else { chance.random_range(0..6) };
        let mut last = None;
        for nth in 0..purchases {
            let days = 170 - nth * 28 + chance.random_range(0..9);
            let at = now - TimeDelta::days(days);
            last = Some(purchase(door, shop, customer, &format!("{number}-{nth}"), at, &mut chance).await?);
        }
        if let Some(purchase) = last {
            if number % 7 == 3 {
                give_back(door, &purchase, number, now).await?;
            }
            if number % 2 == 0 {
                answer(door, shop, &purchase, number, &mut chance).await?;
            }
        }
    }
    Ok(CALLER.to_owned())
}

async fn register(
    door: &Door,
    shop: &Shop,
    number: u32,
    chance: &mut StdRng,
) -> Result<CustomerId, CallError> {
    let family = FAMILY_NAMES[number as usize % FAMILY_NAMES.len()];
    let given = GIVEN_NAMES[chance.random_range(0..GIVEN_NAMES.len())];
    let new = NewCustomer {
        kind: if number % 10 == 9 { CustomerKind::Organisation } else { CustomerKind::Consumer },
        name: format!("{family} {given}"),
        birth_date: chrono::NaiveDate::from_ymd_opt(
            chance.random_range(1950..2005),
            chance.random_range(1..13),
            11,
        ),
        language: Some("zh-Hans".to_owned()),
        home_unit_id: shop.unit,
        contact_points: vec![
            NewContactPoint { kind: ContactKind::Phone, value: format!("+86138{number:08}") },
            NewContactPoint {
                kind: ContactKind::Email,
                value: format!("{}.{}{number}@example.com", given.to_lowercase(), family.to_lowercase()),
            },
        ],
    };
    let key = format!("demo-customer-{number}");
    let file = door.command::<RegisterCustomer>(&door.customer, key, &NoParameters::default(), &new).await?;
    Ok(file.id)
}

async fn purchase(
    door: &Door,
    shop: &Shop,
    customer_id: CustomerId,
    name: &str,
    occurred_at: DateTime<Utc>,
    chance: &mut StdRng,
) -> Result<Purchase, CallError> {
    let mut lines = Vec::new();
    for _ in 0..chance.random_range(1..=3) {
        let (sku, grams, price) = ARTICLES[chance.random_range(0..ARTICLES.len())];
        let bags = chance.random_range(1..=4);
        lines.push(NewPurchaseLine {
            sku: sku.to_owned(),
            quantity_milli: Milli::new(grams * bags),
            amount_minor: Minor::new(price * bags),
        });
    }
    let new = NewPurchase {
        org_unit_id: shop.unit,
        staff_id: Some(shop.staff),
        channel: if chance.random_bool(0.7) { Channel::Counter } else { Channel::Phone },
        occurred_at,
        currency: door.currency.clone(),
        lines,
    };
    let key = format!("demo-purchase-{name}");
    door.command::<RecordPurchase>(&door.interaction, key, &CustomerPath { customer_id }, &new).await
}

async fn give_back(
    door: &Door,
    purchase: &Purchase,
    number: u32,
    at: DateTime<Utc>,
) -> Result<(), CallError> {
    let Some(line) = purchase.lines.first() else { return Ok(()) };
    let new = NewReturn {
        occurred_at: at - TimeDelta::hours(3),
        reason: "damaged".to_owned(),
        lines: vec![NewReturnLine {
            line_no: line.line_no,
            quantity_milli: line.quantity_milli,
            amount_minor: line.amount_minor,
        }],
    };
    let path = PurchasePath { customer_id: purchase.customer_id, purchase_id: purchase.id };
    door.command::<ReturnPurchase>(&door.interaction, format!("demo-return-{number}"), &path, &new).await?;
    Ok(())
}

async fn answer(
    door: &Door,
    shop: &Shop,
    purchase: &Purchase,
    number: u32,
    chance: &mut StdRng,
) -> Result<(), CallError> {
    let new = NewAnswer {
        instrument: Instrument::Nps,
        score: chance.random_range(4..=10),
        verbatim: Some(WORDS[number as usize % WORDS.len()].to_owned()),
        org_unit_id: Some(shop.unit),
        purchase_id: Some(purchase.id),
        phase: None,
        channel: Channel::Sms,
        occurred_at: purchase.occurred_at + TimeDelta::days(1),
    };
    let path = CustomerPath { customer_id: purchase.customer_id };
    door.command::<RecordAnswer>(&door.survey, format!("demo-answer-{number}"), &path, &new).await?;
    Ok(())
}
