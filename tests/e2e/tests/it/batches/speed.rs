//! How fast batches are beside single commands, in one run: not a test but a measurement, run by hand with
//! `cargo nextest run --run-ignored only -E 'test(batches::speed)' --no-capture`.

use std::{fmt::Write as _, time::Instant};

use futures::{StreamExt as _, stream};
use schema::{
    access::Role,
    api::{
        batch::{Batch, BatchItem, Outcome},
        customer::CustomerPath,
        interaction::{
            Channel, NewContact, NewPurchase, Phase, RecordContact, RecordContacts, RecordPurchase,
            RecordPurchases,
        },
    },
    ids::{CustomerId, OrgUnitId},
    topology::Service,
};
use testkit::{Mode, Person, Place, Suite, suite::start_service};
use uuid::Uuid;

use super::{NONE, now};
use crate::{company::new_purchase, contacts::new_contact};

const CUSTOMERS: u128 = 5_000;
const SINGLES: usize = 2_000;
const BATCHES: usize = 60;

/// The interaction service alone, with an organisation of one unit and customers.
#[expect(clippy::print_stdout, reason = "a measurement is for whoever runs it")]
async fn alone(place: Place) {
    let shared = kit::service::Shared::default();
    let mut config = place.config.clone();
    let interaction = start_service(Service::Interaction, &config, &shared).await;
    config.services.set(Service::Interaction, interaction.url());
    let (unit, customers) = people(&interaction.runtime.db).await;
    let suite = Suite {
        gateway: String::new(),
        data: config.data.clone(),
        config,
        running: vec![interaction],
        processes: Vec::new(),
    };
    let who = suite.person(Role::Manager, "hq");
    let run = Run { suite: &suite, who: &who, unit, customers: &customers };
    let mut report = String::from("kind         clients  single/s  batch/s  ratio\n");
    for clients in [1, 2, 4] {
        let (single, batch) = (run.purchases_singly(clients).await, run.purchases(clients).await);
        let _ = writeln!(report, "purchases    {clients:7}  {single:8.0} {batch:8.0} {:6.1}", batch / single);
        let (single, batch) = (run.contacts_singly(clients).await, run.contacts(clients).await);
        let _ = writeln!(report, "contacts     {clients:7}  {single:8.0} {batch:8.0} {:6.1}", batch / single);
    }
    println!("{report}");
    suite.end().await;
}

async fn people(db: &kit::Db) -> (OrgUnitId, Vec<CustomerId>) {
    let unit = Uuid::from_u128(1);
    let sql = "INSERT INTO org_unit (id, code, kind, parent_id, status, path, revision) \
               VALUES ($1, 'hq', 'head_office', NULL, 'open', '/hq/', 1)";
    db.execute(sql, vec![unit.into()]).await.expect("a unit");
    let customers: Vec<Uuid> = (0..CUSTOMERS).map(|n| Uuid::from_u128((n << 64) + 0x1000)).collect();
    for id in &customers {
        let sql = "INSERT INTO customer_ref (customer_id, kind, status, home_unit_id, revision) \
                   VALUES ($1, 'consumer', 'active', $2, 1)";
        db.execute(sql, vec![(*id).into(), unit.into()]).await.expect("a customer");
        let sql = "INSERT INTO customer_unit (customer_id, org_unit_id) VALUES ($1, $2)";
        db.execute(sql, vec![(*id).into(), unit.into()]).await.expect("their unit");
    }
    (unit.into(), customers.into_iter().map(CustomerId::from).collect())
}

struct Run<'a> {
    suite: &'a Suite,
    who: &'a Person,
    unit: OrgUnitId,
    customers: &'a [CustomerId],
}

impl Run<'_> {
    fn customer(&self, number: usize) -> CustomerId {
        self.customers[number * 7_919 % self.customers.len()]
    }

    fn purchase(&self) -> NewPurchase {
        new_purchase(self.unit, None, &[1_200])
    }

    fn contact(&self) -> NewContact {
        NewContact { occurred_at: now(), ..new_contact(self.unit, Channel::Phone, Phase::Sales) }
    }

    fn batch<T>(&self, source: String, command: impl Fn() -> T) -> Batch<BatchItem<T>> {
        let item = |n: usize| BatchItem {
            reference: n.to_string(),
            customer_id: self.customer(n * 31 + source.len()),
            command: command(),
        };
        let items = (0..500).map(item).collect();
        Batch { source, items }
    }

    async fn purchases_singly(&self, clients: usize) -> f64 {
        rate(clients, SINGLES, 1, move |n| async move {
            let path = CustomerPath { customer_id: self.customer(n) };
            let new = self.purchase();
            let call = self.suite.call::<RecordPurchase>(Service::Interaction, self.who, &path, &NONE, &new);
            call.await.expect("a purchase");
        })
        .await
    }

    async fn contacts_singly(&self, clients: usize) -> f64 {
        rate(clients, SINGLES, 1, move |n| async move {
            let path = CustomerPath { customer_id: self.customer(n) };
            let new = self.contact();
            let call = self.suite.call::<RecordContact>(Service::Interaction, self.who, &path, &NONE, &new);
            call.await.expect("a contact");
        })
        .await
    }

    async fn purchases(&self, clients: usize) -> f64 {
        rate(clients, BATCHES, 500, move |n| async move {
            let batch = self.batch(format!("p{clients}-{n}"), || self.purchase());
            let call =
                self.suite.call::<RecordPurchases>(Service::Interaction, self.who, &NONE, &NONE, &batch);
            let reply = call.await.expect("an answer");
            assert!(reply.items.iter().all(|one| one.outcome == Outcome::Applied));
        })
        .await
    }

    async fn contacts(&self, clients: usize) -> f64 {
        rate(clients, BATCHES, 500, move |n| async move {
            let batch = self.batch(format!("c{clients}-{n}"), || self.contact());
            let call =
                self.suite.call::<RecordContacts>(Service::Interaction, self.who, &NONE, &NONE, &batch);
            let reply = call.await.expect("an answer");
            assert!(reply.items.iter().all(|one| one.outcome == Outcome::Applied));
        })
        .await
    }
}

/// Rows a second of `count` calls of `rows` rows each, by so many clients.
async fn rate<F: Future<Output = ()>>(
    clients: usize,
    count: usize,
    rows: usize,
    call: impl Fn(usize) -> F,
) -> f64 {
    let started = Instant::now();
    stream::iter(0..count).for_each_concurrent(clients, &call).await;
    let rows = u32::try_from(count * rows).expect("a count");
    f64::from(rows) / started.elapsed().as_secs_f64()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a measurement: run it by hand, alone on the machine"]
async fn rows_a_second() {
    Place::with(Mode::Brokered, alone).await;
}
