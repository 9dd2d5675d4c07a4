//! Batches: a result for each item, nothing twice, the same as single commands, and many at once.

mod answers_points;
mod cases;
mod concurrency;
mod customers;
mod items;
mod same;
mod speed;

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use kit::client::{CallError, CallOptions};
use schema::{
    access::Role,
    api::{
        Endpoint, NoParameters,
        batch::{Batch, BatchItem, BatchReply, Outcome},
        customer::RegisterCustomer,
        interaction::{NewPurchase, RecordPurchases},
        problem::Code,
    },
    ids::{CustomerId, OrgUnitId},
    topology::Service,
};
use testkit::{Person, Place, Suite, eventually};

use crate::company::{Company, new_customer, new_purchase};

const NONE: NoParameters = NoParameters {};
const LONG: Duration = Duration::from_secs(40);

/// A suite with a company that interaction knows.
struct Shop {
    suite: Suite,
    company: Company,
}

impl Shop {
    async fn open(place: &Place) -> Self {
        let suite = Suite::start(place).await;
        let company = Company::found(&suite).await;
        let customer = company.register(&suite, company.north_1, "The First", "+8613900000001").await.id;
        let shop = Self { suite, company };
        eventually("the services know the unit", LONG, || async {
            let item = purchase(customer, "first", company_unit(&shop), 1, 0);
            let reply = shop.purchases("opening", vec![item]).await.ok()?;
            (reply.items[0].outcome != Outcome::Refused).then_some(())
        })
        .await;
        shop
    }

    fn manager(&self) -> &Person {
        &self.company.manager_hq
    }

    /// The gateway's own token.
    fn service(&self) -> Person {
        self.suite.person(Role::Service, "hq")
    }

    /// Sends a batch as the manager of everything.
    async fn send<E: Endpoint<Path = NoParameters, Query = NoParameters, Reply = BatchReply>>(
        &self,
        service: Service,
        batch: &E::Body,
    ) -> Result<BatchReply, CallError> {
        let options = CallOptions { deadline: Some(LONG), ..CallOptions::default() };
        let mut tries = 0;
        loop {
            tries += 1;
            let sent =
                self.suite.call_with::<E>(service, self.manager(), &NONE, &NONE, batch, &options).await;
            match sent {
                // The one writer of SQLite may be taken for longer than anybody waits for it.
                Err(CallError::Problem(problem)) if problem.code == Code::Unavailable && tries < 20 => {
                    tokio::time::sleep(Duration::from_millis(200)).await;
                }
                done => return done,
            }
        }
    }

    async fn purchases(
        &self,
        source: &str,
        items: Vec<BatchItem<NewPurchase>>,
    ) -> Result<BatchReply, CallError> {
        let batch = Batch { source: source.to_owned(), items };
        self.send::<RecordPurchases>(Service::Interaction, &batch).await
    }

    /// Registers so many customers of the unit, one after the other.
    async fn customers(&self, unit: OrgUnitId, count: usize) -> Vec<CustomerId> {
        let mut ids = Vec::with_capacity(count);
        for number in 0..count {
            let new = new_customer(unit, "Somebody", &format!("+86137{number:08}"));
            let call =
                self.suite.call::<RegisterCustomer>(Service::Customer, self.manager(), &NONE, &NONE, &new);
            ids.push(call.await.expect("registers").id);
        }
        ids
    }

    /// What the outbox of a service tells of a customer: type, revision and data.
    async fn told(&self, service: Service, customer: CustomerId) -> Vec<(String, i64, serde_json::Value)> {
        let running = self.suite.running.iter().find(|one| one.runtime.service == service).expect("it runs");
        let events = crate::bus::sight::outbox(&running.runtime.db).await;
        let of_customer = events.into_iter().filter(|event| event.subject == customer.uuid());
        of_customer
            .map(|event| (event.kind, event.revision, serde_json::from_str(event.data.get()).expect("JSON")))
            .collect()
    }
}

fn company_unit(shop: &Shop) -> OrgUnitId {
    shop.company.north_1
}

fn now() -> DateTime<Utc> {
    kit::clock::Clock::system().now()
}

/// A purchase of this much, some days ago.
fn purchase(
    customer_id: CustomerId,
    reference: &str,
    unit: OrgUnitId,
    amount: i64,
    days_ago: i64,
) -> BatchItem<NewPurchase> {
    let command =
        NewPurchase { occurred_at: now() - TimeDelta::days(days_ago), ..new_purchase(unit, None, &[amount]) };
    BatchItem { reference: reference.to_owned(), customer_id, command }
}

/// What became of each item.
fn outcomes(reply: &BatchReply) -> Vec<Outcome> {
    reply.items.iter().map(|result| result.outcome).collect()
}

/// The code and the first place of each refusal.
fn refusals(reply: &BatchReply) -> Vec<(usize, &'static str, String)> {
    let refused = reply.items.iter().enumerate().filter_map(|(at, result)| {
        let problem = result.problem.as_ref()?;
        let place = problem.errors.first().map_or(String::new(), |error| error.pointer.clone());
        Some((at, problem.code.as_str(), place))
    });
    refused.collect()
}
