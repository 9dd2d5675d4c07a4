//! A batch of n commands and n single commands come to the same: results, state and events, but for ids.

use chrono::TimeDelta;
use kit::client::CallError;
use schema::{
    access::Role,
    api::{
        Endpoint, Nothing,
        batch::{Batch, BatchItem, BatchReply},
        customer::CustomerPath,
        interaction::{
            Channel, ContactDirection, GetDealingsSummary, GetTimeline, NewContact, NewPromise, NewPurchase,
            Phase, RecordContact, RecordContacts, RecordPurchase, RecordPurchases, TimelineQuery,
        },
        problem::Problem,
        survey::{AnswersQuery, Instrument, ListAnswers, NewAnswer, RecordAnswer, RecordAnswers},
    },
    ids::{CustomerId, OrgUnitId},
    topology::Service,
    value::Currency,
};
use serde_json::Value;
use testkit::Place;

use super::{NONE, Shop, now};
use crate::{company::new_purchase, contacts::new_contact, desk::Colleague, on_both};

/// Numbers that look random and are the same each time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % most
    }
}

/// Without ids of what was created, and without the times at which we looked or wrote it down.
pub(super) fn scrub(value: Value) -> Value {
    const KEPT: [&str; 4] = ["org_unit_id", "staff_id", "accountable_id", "handler_id"];
    const LOOKED: [&str; 3] = ["as_of", "recorded_at", "registered_at"];
    match value {
        Value::Object(fields) => Value::Object(
            fields
                .into_iter()
                .filter(|(name, _)| KEPT.contains(&name.as_str()) || !(name == "id" || name.ends_with("_id")))
                .filter(|(name, _)| !LOOKED.contains(&name.as_str()))
                .map(|(name, value)| (name, scrub(value)))
                .collect(),
        ),
        Value::Array(items) => Value::Array(items.into_iter().map(scrub).collect()),
        other => other,
    }
}

/// What a command came to: nothing to say, or code and places.
fn said(problem: Option<&Problem>) -> Option<(&'static str, Vec<String>)> {
    problem.map(|problem| {
        let places = problem.errors.iter();
        let places =
            places.map(|error| error.pointer.strip_prefix("/command").unwrap_or(&error.pointer).to_owned());
        (problem.code.as_str(), places.collect())
    })
}

impl Shop {
    /// Gives the commands one by one for one customer, and all at once for the other.
    async fn both<One, Many, T>(&self, service: Service, (one, other): (CustomerId, CustomerId), all: &[T])
    where
        One: Endpoint<Path = CustomerPath, Query = schema::api::NoParameters, Body = T>,
        Many: Endpoint<
                Path = schema::api::NoParameters,
                Query = schema::api::NoParameters,
                Body = Batch<BatchItem<T>>,
                Reply = BatchReply,
            >,
        T: Clone,
    {
        let path = CustomerPath { customer_id: one };
        let mut singly = Vec::new();
        for command in all {
            let done = self.suite.call::<One>(service, self.manager(), &path, &NONE, command).await;
            singly.push(match done {
                Ok(_) => None,
                Err(CallError::Problem(problem)) => said(Some(&problem)),
                Err(other) => panic!("not a problem: {other}"),
            });
        }
        let item = |(at, command): (usize, &T)| BatchItem {
            reference: at.to_string(),
            customer_id: other,
            command: command.clone(),
        };
        let items = all.iter().enumerate().map(item).collect();
        let reply = self.send::<Many>(service, &Batch { source: "same".to_owned(), items }).await;
        let at_once: Vec<_> =
            reply.expect("an answer").items.iter().map(|result| said(result.problem.as_ref())).collect();
        assert_eq!(at_once, singly);
        assert!(singly.contains(&None) && singly.iter().any(Option::is_some), "good and bad: {singly:?}");
        let told = async |customer| {
            let told = self.told(service, customer).await;
            told.into_iter().map(|(kind, revision, data)| (kind, revision, scrub(data))).collect::<Vec<_>>()
        };
        assert_eq!(told(other).await, told(one).await);
    }

    async fn asked<E>(&self, service: Service, customer: CustomerId, query: &E::Query) -> Value
    where
        E: Endpoint<Path = CustomerPath, Body = Nothing>,
    {
        let path = CustomerPath { customer_id: customer };
        let found = self.suite.call::<E>(service, self.manager(), &path, query, &Nothing).await;
        scrub(serde_json::to_value(found.expect("an answer")).expect("JSON"))
    }
}

async fn same(place: Place) {
    let shop = Shop::open(&place).await;
    let unit = shop.company.north_1;
    let here = (unit, "north-1");
    let anna = Colleague::join(&shop.suite, &shop.company, "anna", Role::Aftersales, here).await;
    let customers = shop.customers(unit, 2).await;
    let pair = (customers[0], customers[1]);
    let mut dice = Dice(42);
    // Each a moment of its own: of one moment the ids decide which is shown first.
    let moment = |at: i64| now() - TimeDelta::days(2) - TimeDelta::minutes(at);

    let mut purchases: Vec<NewPurchase> = Vec::new();
    for at in 0..60 {
        purchases.push(any_purchase(&mut dice, &shop, unit, moment(at)));
    }
    shop.both::<RecordPurchase, RecordPurchases, _>(Service::Interaction, pair, &purchases).await;
    let mut contacts: Vec<NewContact> = Vec::new();
    for at in 60..120 {
        contacts.push(any_contact(&mut dice, &shop, (unit, &anna), moment(at)));
    }
    shop.both::<RecordContact, RecordContacts, _>(Service::Interaction, pair, &contacts).await;
    let query = TimelineQuery { limit: Some(200), ..TimelineQuery::default() };
    // Of one moment, as of a contact and its promise, the ids decide which is shown first.
    let timeline = async |one| {
        let mut shown = shop.asked::<GetTimeline>(Service::Interaction, one, &query).await;
        let entries = shown["items"].as_array_mut().expect("entries");
        entries.sort_by_key(|entry| format!("{}{}", entry["occurred_at"], entry["kind"]));
        shown
    };
    assert_eq!(timeline(pair.0).await, timeline(pair.1).await);
    let summary = async |one| shop.asked::<GetDealingsSummary>(Service::Interaction, one, &NONE).await;
    assert_eq!(summary(pair.0).await, summary(pair.1).await);

    // Last, because a low score makes others open a case.
    let answers: Vec<NewAnswer> = (120..160)
        .map(|at| NewAnswer {
            instrument: Instrument::Csat,
            score: i32::try_from(dice.below(7)).expect("small"),
            verbatim: (dice.below(3) == 0)
                .then(|| "x".repeat(1 + 30 * usize::try_from(dice.below(80)).expect("small"))),
            org_unit_id: [None, Some(unit), Some(uuid::Uuid::from_u128(3).into())]
                [usize::try_from(dice.below(3)).expect("small")],
            purchase_id: None,
            phase: None,
            channel: Channel::Web,
            occurred_at: moment(at),
        })
        .collect();
    shop.both::<RecordAnswer, RecordAnswers, _>(Service::Survey, pair, &answers).await;

    let query = AnswersQuery { limit: Some(200), after: None };
    let voice = async |one| shop.asked::<ListAnswers>(Service::Survey, one, &query).await;
    assert_eq!(voice(pair.0).await, voice(pair.1).await);
    shop.suite.end().await;
}
on_both!(a_batch_comes_to_the_same_as_single_commands, super::same);

fn any_purchase(
    dice: &mut Dice,
    shop: &Shop,
    unit: OrgUnitId,
    occurred_at: chrono::DateTime<chrono::Utc>,
) -> NewPurchase {
    let amounts: Vec<i64> =
        (0..dice.below(4)).map(|_| i64::try_from(dice.below(900)).expect("small") - 40).collect();
    let currency = ["CNY", "EUR", "USD"][usize::try_from(dice.below(3)).expect("small")];
    let staff = [None, Some(shop.company.seller)][usize::try_from(dice.below(2)).expect("small")];
    NewPurchase {
        occurred_at,
        currency: Currency::try_from(currency.to_owned()).expect("a currency"),
        ..new_purchase(unit, staff, &amounts)
    }
}

fn any_contact(
    dice: &mut Dice,
    shop: &Shop,
    (unit, anna): (OrgUnitId, &Colleague),
    occurred_at: chrono::DateTime<chrono::Utc>,
) -> NewContact {
    let channel =
        [Channel::Phone, Channel::Chat, Channel::Web][usize::try_from(dice.below(3)).expect("small")];
    let direction = [ContactDirection::Inbound, ContactDirection::Outbound]
        [usize::try_from(dice.below(2)).expect("small")];
    let promise = NewPromise {
        what: "call-back".to_owned(),
        notes: None,
        staff_id: [None, Some(anna.id)][usize::try_from(dice.below(2)).expect("small")],
        // Before the contact, which is refused, or ahead: a late one would be found by time, here or there first.
        due_at: occurred_at + TimeDelta::days(if dice.below(4) == 0 { -5 } else { 10 }),
    };
    NewContact {
        direction,
        occurred_at,
        notes: (dice.below(2) == 0).then(|| "Words.".to_owned()),
        answered: (dice.below(4) == 0).then_some(true),
        staff_id: [None, Some(anna.id), Some(shop.company.seller)]
            [usize::try_from(dice.below(3)).expect("small")],
        promise: (dice.below(3) == 0).then_some(promise),
        ..new_contact(unit, channel, Phase::Sales)
    }
}
