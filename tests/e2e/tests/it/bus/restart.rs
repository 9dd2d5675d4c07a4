//! Consumer or publisher end and start again while events are told: nothing is lost, nothing comes twice.

use std::{sync::Arc, time::Duration};

use kit::{Running, service::Shared};
use schema::{ids::CustomerId, topology::Service};
use testkit::{Place, eventually};
use tokio::{
    sync::RwLock,
    task::{JoinHandle, yield_now},
};

use super::{
    facts,
    sight::{effects, failed, once, parked},
    stage::{self, LONG, Stage},
};
use crate::on_both;

/// How many events are told while services come and go.
const MANY: i64 = 600;

/// Sells 1, 2, 3 … to whatever instance is there, each until it is acknowledged.
fn tell_on(door: Arc<RwLock<Option<Running>>>, customer: CustomerId) -> JoinHandle<()> {
    tokio::spawn(async move {
        for amount in 1..=MANY {
            let key = format!("sale-{amount}");
            loop {
                if let Some(interaction) = door.read().await.as_ref()
                    && facts::try_to_sell(interaction, customer, amount, &key).await.is_ok()
                {
                    break;
                }
                yield_now().await;
            }
            // Spread over the comings and goings.
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    })
}

async fn applied(consumer: &Running, at_least: i64) {
    eventually("more events are applied", LONG, || async {
        (effects(&consumer.runtime.db).await.events >= at_least).then_some(())
    })
    .await;
}

async fn consumer_restarts(place: Place) {
    let Stage { place, shared, customer, interaction, mut loyalty } = Stage::set(place).await;
    let id = facts::new_customer();
    facts::register(&customer, id).await;
    let door = Arc::new(RwLock::new(Some(interaction)));
    let telling = tell_on(Arc::clone(&door), id);
    for seen in [20, 60, 100, 140] {
        applied(&loyalty, seen).await;
        loyalty.end().await;
        loyalty = stage::consumer(&place, &shared).await;
    }
    telling.await.expect("all is told");
    let interaction = door.write().await.take().expect("it runs");
    stage::drain(&customer, &interaction, &loyalty).await;
    assert_eq!(effects(&loyalty.runtime.db).await, once(1..=MANY));
    assert_eq!(parked(&loyalty.runtime.db).await, 0);
    assert_eq!(failed(&loyalty.runtime.db).await, 0);
    Stage { place, shared, customer, interaction, loyalty }.end().await;
}
on_both!(a_consumer_that_restarts_misses_nothing, super::consumer_restarts);

async fn publisher_restarts(place: Place) {
    let Stage { place, shared, customer, interaction, loyalty } = Stage::set(place).await;
    let id = facts::new_customer();
    facts::register(&customer, id).await;
    let door = Arc::new(RwLock::new(Some(interaction)));
    let telling = tell_on(Arc::clone(&door), id);
    for seen in [20, 60, 100, 140] {
        applied(&loyalty, seen).await;
        // Not waited for at the door: commands under way meet a service that is ending.
        let ending = door.write().await.take().expect("it runs");
        ending.end().await;
        *door.write().await = Some(again(&place, &shared).await);
    }
    telling.await.expect("all is told");
    let interaction = door.write().await.take().expect("it runs");
    stage::drain(&customer, &interaction, &loyalty).await;
    assert_eq!(effects(&loyalty.runtime.db).await, once(1..=MANY));
    assert_eq!(failed(&loyalty.runtime.db).await, 0);
    Stage { place, shared, customer, interaction, loyalty }.end().await;
}
on_both!(a_publisher_that_restarts_loses_nothing, super::publisher_restarts);

async fn again(place: &Place, shared: &Shared) -> Running {
    stage::publisher(place, shared, Service::Interaction).await
}
