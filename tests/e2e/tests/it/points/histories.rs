//! Random histories against a model: purchases and returns that come late, twice and in any order, between
//! holds, burns, cancellations, expiry and gestures. What the model says of each command, the service does.

use std::{collections::BTreeMap, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};
use kit::{clock, inbox::Delivery};
use schema::{
    api::{
        Nothing,
        customer::CustomerPath,
        loyalty::{
            CancelHold, ConfirmHold, GrantGoodwill, HoldPath, HoldPoints, HoldState, NewGoodwill, NewHold,
        },
        problem::Code,
    },
    event::{PurchaseRecorded, PurchaseReturned, interaction::PurchaseReturned as Return},
    ids::{CustomerId, PointsEntryId},
    value::{Minor, Points},
};
use testkit::{Mode, Place};
use uuid::Uuid;

use super::{NONE, NORTH, Stage, figures, purchase};
use crate::commands::problem;

const HISTORIES: usize = 1_000;
const ROUNDS: usize = 5;

/// Marsaglia's xorshift (2003): the same histories in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % sides
    }

    fn shuffle<T>(&mut self, items: &mut [T]) {
        for at in (1..items.len()).rev() {
            items.swap(at, usize::try_from(self.below(at as u64 + 1)).expect("small"));
        }
    }
}

/// What a fact does once it and what it needs have arrived: the purchase it belongs to, and points.
struct Fact {
    at: usize,
    delivery: Delivery,
    purchase: Uuid,
    points: i64,
    is_return: bool,
}

/// One customer as the model knows them.
struct Model {
    customer: CustomerId,
    /// Purchases that arrived.
    known: Vec<Uuid>,
    /// Returns that wait for their purchase.
    parked: Vec<(Uuid, i64)>,
    earned: i64,
    given: i64,
    burned: i64,
    holds: BTreeMap<PointsEntryId, (i64, DateTime<Utc>, HoldState)>,
}

impl Model {
    fn arrives(&mut self, purchase: Uuid, points: i64, is_return: bool) {
        if is_return && !self.known.contains(&purchase) {
            self.parked.push((purchase, points));
            return;
        }
        self.earned += points;
        if !is_return {
            self.known.push(purchase);
            let waiting = self.parked.iter().filter(|(of, _)| *of == purchase).map(|(_, points)| points);
            self.earned += waiting.sum::<i64>();
            self.parked.retain(|(of, _)| *of != purchase);
        }
    }

    fn figures(&self, now: DateTime<Utc>) -> [i64; 4] {
        let open = self.holds.values().filter(|(_, until, state)| *state == HoldState::Open && *until > now);
        let held: i64 = open.map(|(points, ..)| points).sum();
        let balance = self.earned + self.given - self.burned;
        [balance, balance - held, held, self.earned]
    }
}

/// The facts of one customer: purchases, each with up to two returns, some of them twice.
fn facts(stage: &Stage, dice: &mut Dice, at: usize, customer: CustomerId) -> Vec<Fact> {
    let now = stage.clock.now();
    let mut all = Vec::new();
    for _ in 0..=dice.below(2) {
        let id = clock::new_id(now);
        let total = i64::try_from(dice.below(60_000)).expect("small");
        let bought = purchase(customer, id, now, total);
        let delivery = stage.event::<PurchaseRecorded>(customer.uuid(), &bought);
        all.push(Fact { at, delivery, purchase: id, points: total / 100, is_return: false });
        let mut before = 0;
        for _ in 0..dice.below(3) {
            let amount = i64::try_from(dice.below(u64::try_from(total - before + 1).expect("positive")))
                .expect("small");
            let returned = Return {
                return_id: clock::new_id(now).into(),
                purchase_id: id.into(),
                customer_id: customer,
                occurred_at: now,
                currency: bought.currency.clone(),
                total_minor: Minor::new(amount),
                returned_before_minor: Minor::new(before),
                lines: Vec::new(),
            };
            let delivery = stage.event::<PurchaseReturned>(customer.uuid(), &returned);
            // What is worth points before the return, less what is after it.
            let points = (total - before - amount) / 100 - (total - before) / 100;
            all.push(Fact { at, delivery, purchase: id, points, is_return: true });
            before += amount;
        }
    }
    all
}

async fn act(stage: &Stage, dice: &mut Dice, model: &mut Model) {
    let (customer_id, now) = (model.customer, stage.clock.now());
    let path = CustomerPath { customer_id };
    let [_, available, ..] = model.figures(now);
    if dice.below(8) == 0 {
        let points = 1 + i64::try_from(dice.below(50)).expect("small");
        let given = NewGoodwill { points: Points::new(points), reason: "sorry".to_owned() };
        stage.call::<GrantGoodwill>(&stage.manager, &path, &NONE, &given).await.expect("given");
        model.given += points;
        return;
    }
    let ids: Vec<PointsEntryId> = model.holds.keys().copied().collect();
    if ids.is_empty() || dice.below(2) == 0 {
        let most = u64::try_from(available.max(0) * 3 / 2 + 2).expect("positive");
        let points = 1 + i64::try_from(dice.below(most)).expect("small");
        let minutes = 1 + i64::try_from(dice.below(3)).expect("small");
        let expires_at = now + TimeDelta::minutes(minutes);
        let new = NewHold { points: Points::new(points), reason: "rice".to_owned(), expires_at };
        let outcome = stage.call::<HoldPoints>(&stage.manager, &path, &NONE, &new).await;
        if points <= available {
            let held = outcome.expect("held");
            model.holds.insert(held.id, (points, expires_at, HoldState::Open));
        } else {
            assert_eq!(problem(outcome).code, Code::Conflict);
        }
        return;
    }
    let hold_id = ids[usize::try_from(dice.below(ids.len() as u64)).expect("small")];
    let (points, until, state) = model.holds[&hold_id];
    let path = HoldPath { customer_id, hold_id };
    let (outcome, becomes) = if dice.below(3) == 0 {
        (stage.call::<CancelHold>(&stage.manager, &path, &NONE, &Nothing).await, HoldState::Cancelled)
    } else {
        (stage.call::<ConfirmHold>(&stage.manager, &path, &NONE, &Nothing).await, HoldState::Confirmed)
    };
    if state == HoldState::Open && until > now {
        assert_eq!(outcome.expect("settled").state, becomes);
        model.holds.insert(hold_id, (points, until, becomes));
        model.burned += if becomes == HoldState::Confirmed { points } else { 0 };
    } else {
        assert_eq!(problem(outcome).code, Code::Conflict);
    }
    let [_, after, ..] = model.figures(now);
    assert!(after >= available.min(0), "a burn takes no more than is available");
}

async fn histories(place: Place) {
    let stage = Stage::start(&place).await;
    let mut dice = Dice(0x9E37_79B9_7F4A_7C15);
    let mut models: Vec<Model> = (0..HISTORIES)
        .map(|_| Model {
            customer: clock::new_id(stage.clock.now()).into(),
            known: Vec::new(),
            parked: Vec::new(),
            earned: 0,
            given: 0,
            burned: 0,
            holds: BTreeMap::new(),
        })
        .collect();
    let registered: Vec<Delivery> = models.iter().map(|one| stage.registered(one.customer, NORTH)).collect();
    stage.deliver(&registered).await;
    let mut waiting: Vec<Fact> = Vec::new();
    for (at, model) in models.iter().enumerate() {
        waiting.extend(facts(&stage, &mut dice, at, model.customer));
    }
    dice.shuffle(&mut waiting);
    let each = waiting.len().div_ceil(ROUNDS);
    let mut past: Vec<Delivery> = Vec::new();
    for _ in 0..ROUNDS {
        let now: Vec<Fact> = waiting.drain(..each.min(waiting.len())).collect();
        let mut batch: Vec<Delivery> = now.iter().map(|fact| fact.delivery.clone()).collect();
        // Every tenth of what came before comes again, and every tenth of what comes now comes twice.
        batch.extend(past.iter().step_by(10).cloned());
        batch.extend(now.iter().step_by(10).map(|fact| fact.delivery.clone()));
        past.extend(now.iter().map(|fact| fact.delivery.clone()));
        for part in batch.chunks(200) {
            stage.deliver(part).await;
        }
        for fact in &now {
            models[fact.at].arrives(fact.purchase, fact.points, fact.is_return);
        }
        for model in &mut models {
            act(&stage, &mut dice, model).await;
        }
        stage.clock.advance(Duration::from_secs(50));
    }
    let now = stage.clock.now();
    let (mut burned, mut expired) = (0, 0);
    for model in &models {
        assert!(model.parked.is_empty());
        assert_eq!(figures(&stage.account(model.customer).await), model.figures(now));
        burned += model.burned;
        expired += model
            .holds
            .values()
            .filter(|(_, until, state)| *state == HoldState::Open && *until <= now)
            .count();
    }
    assert!(
        burned > 1_000 && expired > 100,
        "the histories reach everything: {burned} burned, {expired} expired"
    );
    stage.check_ledger().await;
    stage.running.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_histories_end_as_the_model_says() {
    Place::with(Mode::Embedded, histories).await;
}
