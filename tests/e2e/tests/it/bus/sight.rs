//! Looking into the databases and the broker.

use kit::{Db, Running, db::statement};
use lapin::{options::QueueDeclareOptions, types::FieldTable};
use schema::{event::Envelope, ids::CustomerId, topology::Service};
use sea_orm::{ConnectionTrait as _, Value};
use testkit::{Place, backing};

/// A number that a statement gives.
pub(super) async fn count(db: &Db, sql: &str, values: Vec<Value>) -> i64 {
    let row = db.read().query_one_raw(statement(db.read(), sql, values)).await.expect("the database answers");
    row.expect("a row").try_get_by_index(0).expect("a number")
}

/// What the events had for effect; purchases of nothing do not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Effects {
    /// Effects.
    pub(super) rows: i64,
    /// Events that had one: the same number, unless one had two.
    pub(super) events: i64,
    /// What was sold in all.
    pub(super) sold: i64,
}

/// The effects of purchases.
pub(super) async fn effects(db: &Db) -> Effects {
    let sql = "SELECT count(*), count(DISTINCT event_id), CAST(COALESCE(sum(amount), 0) AS bigint) \
               FROM effect WHERE kind = 'recorded' AND amount > 0";
    let row = db.read().query_one_raw(statement(db.read(), sql, vec![])).await.expect("the database answers");
    let row = row.expect("a row");
    let number = |at| row.try_get_by_index(at).expect("a number");
    Effects { rows: number(0), events: number(1), sold: number(2) }
}

/// Each of `amounts` had its effect, and had it once.
pub(super) fn once(amounts: impl IntoIterator<Item = i64>) -> Effects {
    let (mut rows, mut sold) = (0, 0);
    for amount in amounts {
        rows += 1;
        sold += amount;
    }
    Effects { rows, events: rows, sold }
}

/// The number of effects about a customer.
pub(super) async fn effects_of(db: &Db, customer: CustomerId) -> i64 {
    count(db, "SELECT count(*) FROM effect WHERE subject_id = $1", vec![customer.uuid().into()]).await
}

/// Events that wait for their subject.
pub(super) async fn parked(db: &Db) -> i64 {
    count(db, "SELECT count(*) FROM waiting_for", vec![]).await
}

/// Events that failed, whether or not they will be tried again.
pub(super) async fn failed(db: &Db) -> i64 {
    count(db, "SELECT count(*) FROM failed_event", vec![]).await
}

/// Events in the outbox, apart from those about purchases of nothing.
pub(super) async fn told(db: &Db) -> i64 {
    count(db, "SELECT count(*) FROM outbox WHERE envelope NOT LIKE '%\"points\":0,%'", vec![]).await
}

/// The envelopes of an outbox, oldest first.
pub(crate) async fn outbox(db: &Db) -> Vec<Envelope> {
    let sql = "SELECT envelope FROM outbox ORDER BY id";
    let rows =
        db.read().query_all_raw(statement(db.read(), sql, vec![])).await.expect("the database answers");
    rows.iter()
        .map(|row| {
            let text: String = row.try_get_by_index(0).expect("an envelope");
            serde_json::from_str(&text).expect("an envelope")
        })
        .collect()
}

/// Whether all that was told is acknowledged: nothing waits in the outbox, on the broker, or behind the
/// position on the local bus.
pub(super) async fn acknowledged(place: &Place, publisher: &Running, consumer: &Running) -> bool {
    if place.config.bus.url == "local" {
        let last = count(&publisher.runtime.db, "SELECT COALESCE(max(id), 0) FROM outbox", vec![]).await;
        let position = kit::bus::local::position(&consumer.runtime.db, publisher.runtime.service).await;
        return position.expect("a position") == last;
    }
    unpublished(&publisher.runtime.db).await == 0 && queued(place, consumer.runtime.service).await == 0
}

/// Events that the broker has not taken yet.
pub(super) async fn unpublished(db: &Db) -> i64 {
    count(db, "SELECT count(*) FROM outbox WHERE published_at IS NULL", vec![]).await
}

/// Messages that lie in the service's queue.
pub(super) async fn queued(place: &Place, service: Service) -> u32 {
    messages_in(&format!("{}{}", place.config.bus.namespace, service.queue())).await
}

async fn messages_in(queue: &str) -> u32 {
    let connection = backing::broker().await;
    let channel = connection.create_channel().await.expect("a channel");
    let options = QueueDeclareOptions { passive: true, ..QueueDeclareOptions::default() };
    let queue = channel.queue_declare(queue.into(), options, FieldTable::default()).await.expect("a queue");
    let messages = queue.message_count();
    connection.close(200, "done".into()).await.expect("closes");
    messages
}

/// Messages that the broker itself has taken out of the way: there should never be one.
pub(super) async fn dead_on_broker(place: &Place, service: Service) -> u32 {
    messages_in(&format!("{}{}", place.config.bus.namespace, service.dead_letter_queue())).await
}
