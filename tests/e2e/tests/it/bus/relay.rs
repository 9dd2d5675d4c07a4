//! The relay: one at a time, and killed at its worst moment.

use std::time::{Duration, Instant};

use kit::{Db, Running, db::statement, lease, service::Shared};
use schema::{
    event::{CustomerRegistered, Envelope, PurchaseRecorded},
    topology::Service,
};
use sea_orm::{ConnectionTrait as _, Value};
use testkit::{Mode, Place, eventually, process, suite::start_service};
use uuid::Uuid;

use super::{
    facts,
    sight::{self, effects, once},
    stage::{self, LONG},
};

/// How many events wait in the outbox when the first relay starts.
const MANY: i64 = 6_000;

/// The real binary publishes, and is killed between publishing and marking, again and again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_relay_killed_between_publish_and_mark_loses_nothing() {
    Place::with(Mode::Brokered, |place| async move {
        let shared = Shared::default();
        // Its schema, and nothing else yet.
        start_service(Service::Interaction, &place.config, &shared).await.end().await;
        let outbox = Db::open(&place.config, Service::Interaction).await.expect("the database opens");
        let loyalty = stage::consumer(&place, &shared).await;
        fill(&outbox).await;

        let mut published_twice = 0;
        for _ in 0..4 {
            let (relay, _) = process::spawn(&place, "interaction", &[]).await;
            let caught = catch(&outbox, &loyalty.runtime.db).await;
            relay.kill().await;
            published_twice += i64::from(caught);
        }
        let (relay, _) = process::spawn(&place, "interaction", &[]).await;
        everything_is_applied(&place, &outbox, &loyalty).await;
        relay.end().await;

        // Whatever the timing was: everything published once more.
        outbox.execute("UPDATE outbox SET published_at = NULL", vec![]).await.expect("unmarked");
        let (relay, _) = process::spawn(&place, "interaction", &[]).await;
        everything_is_applied(&place, &outbox, &loyalty).await;
        relay.end().await;
        println!("killed between publish and mark: {published_twice} of 4 times");
        loyalty.end().await;
        outbox.close().await;
    })
    .await;
}

/// Registers one customer and records purchases of 1, 2, 3 …, straight into the outbox.
async fn fill(outbox: &Db) {
    let id = facts::new_customer();
    let mut all = vec![facts::envelope::<CustomerRegistered>(id.uuid(), 1, &facts::state(id))];
    all.extend(
        (1..=MANY).map(|amount| {
            facts::envelope::<PurchaseRecorded>(id.uuid(), amount, &facts::purchase(id, amount))
        }),
    );
    for some in all.chunks(500) {
        insert(outbox, some).await;
    }
}

async fn insert(outbox: &Db, envelopes: &[Envelope]) {
    let mut values: Vec<Value> = Vec::new();
    let mut rows = Vec::new();
    for envelope in envelopes {
        let at = values.len();
        rows.push(format!("(${}, ${}, ${}, ${})", at + 1, at + 2, at + 3, at + 4));
        values.push(envelope.id.uuid().into());
        values.push(envelope.kind.clone().into());
        values.push(serde_json::to_string(envelope).expect("JSON").into());
        values.push(envelope.recordedat.into());
    }
    let sql = format!(
        "INSERT INTO outbox (event_id, event_type, envelope, recorded_at) VALUES {}",
        rows.join(", ")
    );
    outbox.execute(&sql, values).await.expect("told");
}

/// Waits for the moment when more is published than marked; `false` when the relay has passed it.
async fn catch(outbox: &Db, consumer: &Db) -> bool {
    let before = sight::unpublished(outbox).await;
    let started = Instant::now();
    loop {
        let unmarked = sight::unpublished(outbox).await;
        let arrived = sight::count(consumer, "SELECT count(*) FROM inbox", vec![]).await;
        if arrived > MANY + 1 - unmarked {
            return true;
        }
        if unmarked == 0 || before - unmarked > 2_500 {
            return false;
        }
        assert!(started.elapsed() < LONG, "the relay does not publish");
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

async fn everything_is_applied(place: &Place, outbox: &Db, loyalty: &Running) {
    eventually("everything is published and consumed", LONG, || async {
        let done = sight::unpublished(outbox).await == 0
            && sight::queued(place, Service::Loyalty).await == 0
            && effects(&loyalty.runtime.db).await.events == MANY;
        done.then_some(())
    })
    .await;
    assert_eq!(effects(&loyalty.runtime.db).await, once(1..=MANY));
    assert_eq!(sight::failed(&loyalty.runtime.db).await, 0);
    assert_eq!(sight::dead_on_broker(place, Service::Loyalty).await, 0);
}

/// Who holds the relay's lease.
async fn holder(db: &Db) -> Option<Uuid> {
    let sql = "SELECT holder FROM lease WHERE name = 'relay'";
    let row = db.read().query_one_raw(statement(db.read(), sql, vec![])).await.expect("the database answers");
    row.map(|row| row.try_get_by_index(0).expect("a holder"))
}

fn relay_of(running: &Running) -> Uuid {
    Uuid::new_v5(&running.runtime.instance, b"relay")
}

async fn holds(running: &Running) {
    eventually("the relay has the lease", lease::TTL + Duration::from_secs(5), || async {
        (holder(&running.runtime.db).await == Some(relay_of(running))).then_some(())
    })
    .await;
}

/// Tells through two instances at once while the first one's relay publishes for both.
async fn tell_through(one: &Running, other: &Running, publishing: &Running, told: &mut u32) {
    let id = facts::new_customer();
    for amount in 1..=50 {
        tokio::join!(facts::sell(one, id, amount), facts::sell(other, id, 100 + amount));
        *told += 2;
        assert_eq!(holder(&one.runtime.db).await, Some(relay_of(publishing)), "one and the same publishes");
    }
}

async fn all_published(place: &Place, db: &Db, told: u32) {
    eventually("everything is published", lease::TTL + Duration::from_secs(5), || async {
        (sight::unpublished(db).await == 0).then_some(())
    })
    .await;
    // Nobody consumes this queue: with two relays at work there would be more than was told.
    eventually("the queue has everything", LONG, || async {
        (sight::queued(place, Service::Gateway).await >= told).then_some(())
    })
    .await;
    assert_eq!(sight::queued(place, Service::Gateway).await, told, "each published once");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_relays_one_works_and_the_other_takes_over() {
    Place::with(Mode::Brokered, |place| async move {
        let shared = Shared::default();
        // A runtime of its own, which can be dropped with everything in it: nothing is given back then.
        let doomed = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .expect("a runtime");
        let first = doomed.spawn({
            let (place, shared) = (place.clone(), shared.clone());
            async move { stage::publisher(&place, &shared, Service::Interaction).await }
        });
        let first = first.await.expect("it starts");
        holds(&first).await;
        let second = stage::publisher(&place, &shared, Service::Interaction).await;
        let mut told = 0;
        tell_through(&first, &second, &first, &mut told).await;
        all_published(&place, &second.runtime.db, told).await;

        doomed.shutdown_background();
        let died = Instant::now();
        let id = facts::new_customer();
        facts::sell(&second, id, 1).await;
        told += 1;
        holds(&second).await;
        assert!(died.elapsed() <= lease::TTL + Duration::from_secs(3), "{:?}", died.elapsed());
        all_published(&place, &second.runtime.db, told).await;

        // Whoever ends in order gives the lease back, so nobody waits for it to run out.
        let third = stage::publisher(&place, &shared, Service::Interaction).await;
        tell_through(&second, &third, &second, &mut told).await;
        second.end().await;
        let ended = Instant::now();
        facts::sell(&third, id, 1).await;
        told += 1;
        holds(&third).await;
        assert!(ended.elapsed() < lease::TTL, "{:?}", ended.elapsed());
        all_published(&place, &third.runtime.db, told).await;
        third.end().await;
    })
    .await;
}
