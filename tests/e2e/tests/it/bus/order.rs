//! The order of arrival does not matter: every reaction of every service gives the same result for any
//! order, with any event delivered twice, cut into any batches.

mod asked;
mod state;
mod story;

use std::sync::Arc;

use kit::{
    Running,
    inbox::{Delivery, deliver},
    service::Shared,
};
use proptest::{
    prelude::{Just, Strategy},
    test_runner::{Config, TestCaseError, TestRunner},
};
use schema::{event::declaration, topology::Service};
use testkit::{Mode, Place, eventually, suite::start_service};
use tokio::runtime::Handle;

use self::state::State;
use super::stage::LONG;
use crate::on_both;

/// An order of arrival: positions in the story, some of them twice, and where batches end.
#[derive(Clone, Debug)]
struct Order {
    arrivals: Vec<usize>,
    batches: Vec<usize>,
}

impl Order {
    /// As it happened, each event in a batch of its own.
    fn natural(events: usize) -> Self {
        Self { arrivals: (0..events).collect(), batches: vec![1; events] }
    }

    /// Some shuffle, the same in every run; every third event comes twice.
    fn fixed(events: usize, number: usize) -> Self {
        let mut arrivals: Vec<usize> = (0..events).chain((0..events).step_by(3)).collect();
        // A step that has no factor in common with the length visits each place once.
        let mut steps = (2..).filter(|step| coprime(*step, arrivals.len()));
        let step = steps.nth(2 * number).unwrap_or(1);
        arrivals = (0..arrivals.len()).map(|at| arrivals[at * step % arrivals.len()]).collect();
        if number.is_multiple_of(2) {
            arrivals.reverse();
        }
        Self { batches: vec![1 + number * 2; arrivals.len()], arrivals }
    }

    fn any(events: usize) -> impl Strategy<Value = Self> {
        let twice = proptest::collection::vec(0..events, 0..events / 2);
        let arrivals = twice
            .prop_map(move |twice| (0..events).chain(twice).collect::<Vec<usize>>())
            .prop_flat_map(|arrivals| Just(arrivals).prop_shuffle());
        (arrivals, proptest::collection::vec(1..12_usize, events * 2))
            .prop_map(|(arrivals, batches)| Self { arrivals, batches })
    }

    fn deliveries(&self, story: &[Delivery]) -> Vec<Vec<Delivery>> {
        let mut left: Vec<Delivery> = self.arrivals.iter().map(|at| story[*at].clone()).collect();
        let mut batches = Vec::new();
        for size in &self.batches {
            let rest = left.split_off((*size).min(left.len()));
            batches.push(std::mem::replace(&mut left, rest));
        }
        batches.push(left);
        batches.retain(|batch| !batch.is_empty());
        batches
    }
}

fn coprime(one: usize, other: usize) -> bool {
    let (mut one, mut other) = (one, other);
    while other != 0 {
        (one, other) = (other, one % other);
    }
    one == 1
}

/// The part of the story that a service reacts to.
fn told_to(service: Service) -> Vec<Delivery> {
    let mut story = story::story(service);
    story.retain(|envelope| declaration(&envelope.kind).is_some_and(|one| one.consumers.contains(&service)));
    story.into_iter().map(|envelope| Delivery::Event(Arc::new(envelope))).collect()
}

/// What a fresh service knows after the story in this order.
async fn told_in(mode: Mode, service: Service, order: Order) -> State {
    let story = told_to(service);
    let (send, receive) = tokio::sync::oneshot::channel();
    Place::with(mode, move |place| async move {
        let running = start_service(service, &place.config, &Shared::default()).await;
        state::prepare(&running.runtime.db, service).await;
        if service == Service::Survey {
            asked::before(&running.runtime.db).await;
        }
        let batches = order.deliveries(&story);
        let [before, between] = story::REGISTERED;
        if service == Service::Customer {
            story::register(&running, before).await;
        }
        for (number, batch) in batches.iter().enumerate() {
            if service == Service::Customer && number == batches.len() / 2 {
                story::register(&running, between).await;
            }
            deliver(&running.runtime, batch, None).await.expect("delivered");
        }
        let state = settled(&running).await;
        running.end().await;
        // Whoever asked still waits.
        let _ = send.send(state);
    })
    .await;
    receive.await.expect("a state")
}

/// The state when nothing is left to be done: nothing parked, nothing failed.
async fn settled(running: &Running) -> State {
    eventually("nothing waits and nothing failed", LONG, || async {
        let open = state::open(&running.runtime.db).await;
        (open == 0).then_some(())
    })
    .await;
    state::state(&running.runtime.db, running.runtime.service).await
}

/// The property: any order, with repetitions and any batches, gives what the natural order gives.
async fn any_order(service: Service, cases: u32) {
    let natural = told_in(Mode::Embedded, service, Order::natural(told_to(service).len())).await;
    match service {
        Service::Loyalty => story::check_loyalty(&natural),
        Service::Customer => story::check_customer(&natural),
        Service::Interaction | Service::Survey | Service::Gateway => {}
    }
    let handle = Handle::current();
    let property = move || {
        let config = Config { cases, failure_persistence: None, max_shrink_iters: 60, ..Config::default() };
        TestRunner::new(config).run(&Order::any(told_to(service).len()), |order| {
            let state = handle.block_on(told_in(Mode::Embedded, service, order));
            state::same(&natural, &state).map_err(TestCaseError::fail)
        })
    };
    tokio::task::spawn_blocking(property).await.expect("no panic").expect("the same for every order");
}

macro_rules! any_orders {
    ($($name:ident = $service:ident, $cases:literal;)+) => {$(
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $name() {
            any_order(Service::$service, $cases).await;
        }
    )+};
}
any_orders! {
    any_order_gives_the_same_customer = Customer, 15;
    any_order_gives_the_same_interaction = Interaction, 15;
    any_order_gives_the_same_loyalty = Loyalty, 25;
    any_order_gives_the_same_survey = Survey, 15;
    any_order_gives_the_same_gateway = Gateway, 25;
}

/// A few shuffles on both databases: the natural order of each is what the shuffles are compared with.
async fn shuffled(mode: Mode, service: Service) {
    let events = told_to(service).len();
    assert!(events > 0, "{service} reacts to something");
    let natural = told_in(mode, service, Order::natural(events)).await;
    for (table, rows) in &natural {
        assert!(!rows.is_empty() || table == state::POINTS_TOLD, "the story does not reach {table}");
    }
    for number in 0..4 {
        let state = told_in(mode, service, Order::fixed(events, number)).await;
        state::same(&natural, &state).expect("the same for every order");
    }
}

macro_rules! shuffles {
    ($($name:ident = $service:ident;)+) => {$(
        mod $name {
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn embedded() {
                super::shuffled(testkit::Mode::Embedded, schema::topology::Service::$service).await;
            }
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn brokered() {
                super::shuffled(testkit::Mode::Brokered, schema::topology::Service::$service).await;
            }
        }
    )+};
}
shuffles! {
    shuffles_give_the_same_customer = Customer;
    shuffles_give_the_same_interaction = Interaction;
    shuffles_give_the_same_loyalty = Loyalty;
    shuffles_give_the_same_survey = Survey;
    shuffles_give_the_same_gateway = Gateway;
}

/// Replicas apply different parts at the same time, so that a fact and its subject can miss each other
/// by a hair.
async fn at_the_same_time(place: Place) {
    let story = told_to(Service::Loyalty);
    let shared = Shared::default();
    let running = start_service(Service::Loyalty, &place.config, &shared).await;
    state::prepare(&running.runtime.db, Service::Loyalty).await;
    let replicas = (0..6).map(|number| {
        let batches = Order::fixed(story.len(), number).deliveries(&story);
        let runtime = running.runtime.clone();
        async move {
            for batch in batches {
                deliver(&runtime, &batch, None).await.expect("delivered");
            }
        }
    });
    futures::future::join_all(replicas).await;
    let state = settled(&running).await;
    story::check_loyalty(&state);
    running.end().await;
}
on_both!(replicas_at_the_same_time_give_the_same_loyalty, super::at_the_same_time);
