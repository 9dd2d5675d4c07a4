//! Durability over `kill -9`: what the real binary acknowledged is there afterwards, with its effect in
//! another service, exactly once.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use futures::future::join_all;
use kit::{Db, client::CallOptions};
use schema::{
    api::{
        Endpoint, NoParameters, Nothing,
        customer::{CustomerPath, RegisterCustomer},
        interaction::{NewPurchase, RecordPurchase},
        loyalty::GetAccount,
    },
    ids::{CustomerId, OrgUnitId},
    topology::Service,
};
use testkit::{Person, Place, Suite, eventually};
use tokio::sync::watch;

use super::sight;
use crate::{
    company::{Company, new_customer, new_purchase},
    on_both,
};

const NONE: NoParameters = NoParameters {};
/// Customers, each with somebody who sells to them.
const CUSTOMERS: usize = 4;
/// Purchases of each.
const PURCHASES: i64 = 40;
/// How long a single command may take, restarts included.
const PATIENCE: Duration = Duration::from_secs(90);

/// Calls until it is answered, always under the same key.
async fn insist<E: Endpoint>(
    suites: &watch::Receiver<Arc<Suite>>,
    service: Service,
    who: &Person,
    path: &E::Path,
    body: &E::Body,
    query: &E::Query,
    key: &str,
) -> E::Reply {
    let options = CallOptions { idempotency_key: Some(key.to_owned()), ..CallOptions::default() };
    eventually("the command is answered", PATIENCE, || async {
        let suite = Arc::clone(&suites.borrow());
        suite.call_with::<E>(service, who, path, query, body, &options).await.ok()
    })
    .await
}

/// Registers a customer and sells to them; gives who it is and the points that it must have earned.
async fn serve_one(
    suites: watch::Receiver<Arc<Suite>>,
    unit: OrgUnitId,
    who: Person,
    number: usize,
    acknowledged: Arc<AtomicI64>,
) -> (CustomerId, i64) {
    let new = new_customer(unit, &format!("Durable {number}"), &format!("+86138{number:08}"));
    let key = format!("register-{number}");
    let file = insist::<RegisterCustomer>(&suites, Service::Customer, &who, &NONE, &new, &NONE, &key).await;
    let path = CustomerPath { customer_id: file.id };
    let mut points = 0;
    for sale in 1..=PURCHASES {
        let amount = sale * 100 + 99;
        let body: NewPurchase = new_purchase(unit, None, &[amount]);
        let key = format!("purchase-{number}-{sale}");
        let purchase =
            insist::<RecordPurchase>(&suites, Service::Interaction, &who, &path, &body, &NONE, &key).await;
        assert_eq!(purchase.total_minor.get(), amount);
        points += amount / 100;
        acknowledged.fetch_add(1, Ordering::Relaxed);
    }
    (file.id, points)
}

/// The suite without its processes, which are given apart so that they can be killed while it is used.
async fn spawn(place: &Place) -> (Arc<Suite>, Vec<testkit::process::Process>) {
    let mut suite = Suite::spawn(place, &[]).await;
    let processes = std::mem::take(&mut suite.processes).into_iter().map(|(_, process)| process).collect();
    (Arc::new(suite), processes)
}

async fn killed_in_the_middle(place: Place) {
    let (suite, mut processes) = spawn(&place).await;
    let company = Company::found(&suite).await;
    let (current, suites) = watch::channel(suite);
    let acknowledged = Arc::new(AtomicI64::new(0));
    let serving: Vec<_> = (0..CUSTOMERS)
        .map(|number| {
            let who = company.manager_hq.clone();
            let acknowledged = Arc::clone(&acknowledged);
            tokio::spawn(serve_one(suites.clone(), company.north_1, who, number, acknowledged))
        })
        .collect();
    for some in [15, 50, 90] {
        eventually("some purchases are acknowledged", PATIENCE, || async {
            (acknowledged.load(Ordering::Relaxed) >= some).then_some(())
        })
        .await;
        join_all(processes.into_iter().map(testkit::process::Process::kill)).await;
        let (suite, again) = spawn(&place).await;
        processes = again;
        current.send_replace(suite);
    }
    let mut expected = Vec::new();
    for one in join_all(serving).await {
        expected.push(one.expect("everything is answered in the end"));
    }

    let suite = Arc::clone(&current.borrow());
    for (customer_id, points) in &expected {
        let path = CustomerPath { customer_id: *customer_id };
        eventually("every acknowledged purchase has its points", Duration::from_secs(60), || async {
            let account =
                suite.call::<GetAccount>(Service::Loyalty, &company.manager_hq, &path, &NONE, &Nothing).await;
            account.ok()?.balance.filter(|balance| balance.get() == *points)
        })
        .await;
    }
    join_all(processes.into_iter().map(testkit::process::Process::end)).await;
    the_ledger_is_right(&place, expected.iter().map(|(_, points)| points).sum()).await;
}
on_both!(what_was_acknowledged_survives_kill_9, super::killed_in_the_middle);

/// Looks into the database when nobody can change it any more.
async fn the_ledger_is_right(place: &Place, points: i64) {
    let db = Db::open(&place.config, Service::Loyalty).await.expect("the database opens");
    let purchases = PURCHASES * i64::try_from(CUSTOMERS).expect("few");
    assert_eq!(sight::count(&db, "SELECT count(*) FROM points_entry", vec![]).await, purchases);
    let held = "SELECT CAST(COALESCE(sum(balance), 0) AS bigint) FROM points_account";
    assert_eq!(sight::count(&db, held, vec![]).await, points);
    assert_eq!(loyalty::ledger_total(&db).await.expect("a total"), 0, "the ledger sums to zero");
    assert_eq!(loyalty::unbalanced_accounts(&db).await.expect("a number"), 0);
    assert_eq!(sight::parked(&db).await, 0);
    assert_eq!(sight::failed(&db).await, 0);
    db.close().await;
}
