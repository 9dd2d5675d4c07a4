//! How many events a second each service applies, on PostgreSQL and RabbitMQ: not a test but a measurement, run by
//! hand with `cargo test --release --workspace --test it bus::speed -- --ignored --nocapture`.
//!
//! Everything is told first, so that it waits in the queues; then each service is started alone and its inbox counted.

use std::{
    fmt::Write as _,
    time::{Duration, Instant},
};

use chrono::TimeDelta;
use kit::{Db, Running, command, db::statement, rows::Rows, service::Shared};
use schema::{
    event::{CustomerRegistered, Declaration, Event, PurchaseRecorded, interaction::Line},
    ids::CustomerId,
    topology::Service,
    value::{Milli, Minor},
};
use sea_orm::ConnectionTrait as _;
use testkit::{Mode, Place, suite::start_service};
use uuid::Uuid;

use super::{
    facts,
    stage::{deciding, publisher},
};

/// Events that are told in one command.
const TOLD_AT_ONCE: usize = 500;

/// So many customers and purchases, or as many as the environment says.
fn size(name: &str, usual: usize) -> usize {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}

fn customer(number: usize) -> CustomerId {
    // Spread over the keys, as time-ordered ids of a long time are.
    Uuid::new_v5(&Uuid::NAMESPACE_OID, &number.to_be_bytes()).into()
}

async fn register(running: &Running, from: usize, to: usize) {
    let decision = deciding(move |work| {
        Box::pin(async move {
            for number in from..to {
                let id = customer(number);
                work.tell::<CustomerRegistered>(id, 1, work.now(), &facts::state(id))?;
            }
            Ok(())
        })
    });
    command::run(&running.runtime, None, None, decision).await.expect("told");
}

/// Purchases of three years, each of two articles.
async fn sell(running: &Running, from: usize, to: usize, customers: usize) {
    let decision = deciding(move |work| {
        Box::pin(async move {
            for number in from..to {
                let id = customer(number * 7_919 % customers);
                let mut sold = facts::purchase(id, 12_345);
                let hours = i64::try_from(number * 31 % (3 * 365 * 24)).expect("a short time");
                sold.occurred_at = work.now() - TimeDelta::hours(hours);
                sold.lines = (1..=2).map(line).collect();
                let revision = i64::try_from(number / customers + 1).expect("a small number");
                work.tell::<PurchaseRecorded>(id, revision, sold.occurred_at, &sold)?;
            }
            Ok(())
        })
    });
    command::run(&running.runtime, None, None, decision).await.expect("told");
}

fn line(line_no: i32) -> Line {
    Line {
        line_no,
        sku: format!("sku-{line_no}"),
        quantity_milli: Milli::new(1_000),
        amount_minor: Minor::new(6_000),
    }
}

async fn count(db: &Db, sql: &str) -> i64 {
    let row = db.read().query_one_raw(statement(db.read(), sql, vec![])).await.expect("asked");
    row.expect("a row").try_get_by_index(0).expect("a number")
}

/// Seconds until the statement counts so many.
async fn seconds(db: &Db, sql: &str, wanted: usize) -> f64 {
    let (started, wanted) = (Instant::now(), i64::try_from(wanted).expect("a count"));
    while count(db, sql).await < wanted {
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    started.elapsed().as_secs_f64()
}

#[expect(clippy::cast_precision_loss, reason = "counts are small")]
fn rate(events: usize, seconds: f64) -> f64 {
    events as f64 / seconds
}

async fn applied(db: &Db, event: Declaration, wanted: usize) -> f64 {
    let sql = format!("SELECT count(*) FROM inbox WHERE event_type = '{}'", event.name);
    rate(wanted, seconds(db, &sql, wanted).await)
}

/// The service that owns the customers has them before they buy.
async fn own(running: &Running, customers: usize) {
    let decision = deciding(move |work| {
        Box::pin(async move {
            let columns =
                ["id", "kind", "status", "name", "name_key", "home_unit_id", "registered_at", "changed_at"];
            let mut rows = Rows::into("customer", columns);
            let mut revisions = Rows::into("revision", ["subject_id", "revision"]);
            for id in (0..customers).map(|number| customer(number).uuid()) {
                let [kind, status, name] = ["consumer", "active", ""];
                let now = work.now();
                rows.push([
                    id.into(),
                    kind.into(),
                    status.into(),
                    name.into(),
                    name.into(),
                    id.into(),
                    now.into(),
                    now.into(),
                ]);
                revisions.push([id.into(), 1_i64.into()]);
            }
            work.insert(rows, "").await?;
            work.insert(revisions, "").await
        })
    });
    command::run(&running.runtime, None, None, decision).await.expect("customers");
}

#[expect(clippy::print_stdout, reason = "a measurement is for whoever runs it")]
async fn each(place: Place) {
    let (customers, purchases) = (size("C360_SPEED_CUSTOMERS", 20_000), size("C360_SPEED_PURCHASES", 60_000));
    let shared = Shared::default();
    let mut report = String::from("consumer     event                 events/s\n");
    for (service, events) in [(Service::Customer, customers), (Service::Interaction, purchases)] {
        let running = publisher(&place, &shared, service).await;
        let started = Instant::now();
        for from in (0..events).step_by(TOLD_AT_ONCE) {
            let to = events.min(from + TOLD_AT_ONCE);
            match service {
                Service::Customer => register(&running, from, to).await,
                _ => sell(&running, from, to, customers).await,
            }
        }
        let sql = "SELECT count(*) FROM outbox WHERE published_at IS NOT NULL";
        seconds(&running.runtime.db, sql, events).await;
        let _ = writeln!(
            report,
            "{service:12} told and published   {:8.0}",
            rate(events, started.elapsed().as_secs_f64())
        );
        running.end().await;
        if service == Service::Customer {
            let running = start_service(service, &place.config, &shared).await;
            own(&running, customers).await;
            running.end().await;
        }
    }
    for service in Service::ALL {
        let started = Instant::now();
        let running = start_service(service, &place.config, &shared).await;
        let db = &running.runtime.db;
        if service != Service::Customer {
            let speed = applied(db, CustomerRegistered::DECLARATION, customers).await;
            let _ = writeln!(report, "{service:12} customer.registered  {speed:8.0}");
        }
        if service != Service::Interaction {
            let speed = applied(db, PurchaseRecorded::DECLARATION, purchases).await;
            let _ = writeln!(report, "{service:12} purchase.recorded    {speed:8.0}");
        }
        println!("{service} done after {:.1} s", started.elapsed().as_secs_f64());
        let failed = count(db, "SELECT count(*) FROM failed_event").await;
        assert_eq!(failed, 0, "{service} failed");
        running.end().await;
    }
    println!("{report}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a measurement: run it by hand, alone on the machine"]
async fn events_a_second() {
    Place::with(Mode::Brokered, each).await;
}
