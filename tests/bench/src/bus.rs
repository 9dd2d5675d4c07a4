//! The backbone beside the bare broker: the relay against publishing with confirms, a consumer against
//! consuming, the same envelopes in both. Two services of a suite of their own take part: `customer`, whose
//! outbox is filled, and `survey`, which keeps a reference of every customer who was registered.

use std::time::{Duration, Instant};

use futures::StreamExt as _;
use kit::{
    clock::{Clock, new_id},
    service::Shared,
};
use lapin::{
    BasicProperties, Channel,
    options::{
        BasicAckOptions, BasicConsumeOptions, BasicPublishOptions, BasicQosOptions, ConfirmSelectOptions,
        QueueDeclareOptions, QueueDeleteOptions,
    },
    types::{AMQPValue, FieldTable},
};
use schema::topology::Service;
use sea_orm::DatabaseConnection;
use testkit::{Mode, Place, backing, suite::start_service};

use crate::{
    driver::Run,
    report::Report,
    stage::{connect, execute, number},
};

const EVENTS: u32 = 50_000;
/// As many as the relay has on their way, so that the comparison is one of work and not of waiting.
const WINDOW: usize = 1_000;
const GOLDEN: &str = include_str!("../../../schema/events/customer360.customer.registered.v1.json");

/// Measures both directions, in rounds.
pub(crate) async fn measure(plan: &crate::Plan, report: &mut Report) {
    for _ in 0..plan.rounds {
        let (relay, consumer) = ours().await;
        let (publish, consume) = bare().await;
        report.run("relay", "publish and confirm", publish);
        report.run("relay", "relay of an outbox", relay);
        report.run("consumer", "consume", consume);
        report.run("consumer", "consumer with its inbox and effect", consumer);
    }
}

async fn ours() -> (Run, Run) {
    let (told, took) = tokio::sync::oneshot::channel();
    Place::with(Mode::Brokered, |place| async move {
        let shared = Shared::default();
        // Its queue must be there before anything is published, or nobody would take it.
        start_service(Service::Survey, &place.config, &shared).await.end().await;
        let customer = start_service(Service::Customer, &place.config, &shared).await;
        let outbox = connect(&place.config.database_url(Service::Customer)).await;
        fill(&outbox).await;
        let relay = watch(&outbox, "SELECT count(*) FROM outbox WHERE published_at IS NULL", 0).await;
        customer.end().await;
        let inbox = connect(&place.config.database_url(Service::Survey)).await;
        let survey = start_service(Service::Survey, &place.config, &shared).await;
        let all = i64::from(EVENTS);
        let consumer = watch(&inbox, "SELECT count(*) FROM customer_ref", all).await;
        survey.end().await;
        let _ = told.send((relay, consumer));
    })
    .await;
    took.await.expect("both were measured")
}

/// Puts registrations into the outbox, each of another customer.
async fn fill(outbox: &DatabaseConnection) {
    let golden: serde_json::Value = serde_json::from_str(GOLDEN).expect("JSON");
    let envelope = golden.to_string();
    let (event, subject) = (word(&golden["id"]), word(&golden["subject"]));
    // An id of a customer follows from that of the event.
    let sql = format!(
        "INSERT INTO outbox (event_id, event_type, envelope, recorded_at) \
         SELECT id, '{kind}', replace(replace('{envelope}', '{event}', id::text), '{subject}', \
             overlay(id::text placing 'c' from 20 for 1)), now() \
         FROM (SELECT gen_random_uuid() AS id FROM generate_series(1, {EVENTS})) ids",
        kind = word(&golden["type"]),
    );
    let recorded = word(&golden["recordedat"]);
    let sql =
        sql.replace(&recorded, &Clock::system().now().to_rfc3339_opts(chrono::SecondsFormat::Micros, true));
    execute(outbox, &sql).await;
}

fn word(value: &serde_json::Value) -> String {
    value.as_str().expect("a word").to_owned()
}

/// How long it takes until the count is reached, from its first change on.
async fn watch(client: &DatabaseConnection, sql: &str, wanted: i64) -> Run {
    let first = number(client, sql).await;
    let mut begun = None;
    loop {
        let now = number(client, sql).await;
        if begun.is_none() && now != first {
            begun = Some((Instant::now(), now));
        }
        if now == wanted {
            let (at, left) = begun.expect("it took longer than a look");
            return run((wanted - left).unsigned_abs(), at.elapsed());
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

fn run(count: u64, taken: Duration) -> Run {
    Run { rate: count as f64 / taken.as_secs_f64(), ..Run::default() }
}

/// The same envelopes, without a database on either side.
async fn bare() -> (Run, Run) {
    let connection = backing::broker().await;
    let channel = connection.create_channel().await.expect("a channel");
    let mut arguments = FieldTable::default();
    arguments.insert("x-queue-type".into(), AMQPValue::LongString("quorum".into()));
    let options = QueueDeclareOptions { durable: true, ..QueueDeclareOptions::default() };
    let queue = format!("c360_bench_{}", new_id(Clock::system().now()).simple());
    channel.queue_declare(queue.as_str().into(), options, arguments).await.expect("a queue");
    let (publish, consume) = (publish(&channel, &queue).await, consume(&channel, &queue).await);
    let _ = channel.queue_delete(queue.as_str().into(), QueueDeleteOptions::default()).await;
    let _ = connection.close(200, "done".into()).await;
    (publish, consume)
}

async fn publish(channel: &Channel, queue: &str) -> Run {
    channel.confirm_select(ConfirmSelectOptions::default()).await.expect("confirms");
    let (mut left, started) = (EVENTS as usize, Instant::now());
    while left > 0 {
        let window = left.min(WINDOW);
        let mut confirms = Vec::with_capacity(window);
        for _ in 0..window {
            let options = BasicPublishOptions { mandatory: true, ..BasicPublishOptions::default() };
            let properties = BasicProperties::default().with_delivery_mode(2);
            let publish =
                channel.basic_publish("".into(), queue.into(), options, GOLDEN.as_bytes(), properties);
            confirms.push(publish.await.expect("published"));
        }
        for confirm in confirms {
            confirm.await.expect("confirmed");
        }
        left -= window;
    }
    run(EVENTS.into(), started.elapsed())
}

async fn consume(channel: &Channel, queue: &str) -> Run {
    channel.basic_qos(1_000, BasicQosOptions::default()).await.expect("a prefetch");
    let started = Instant::now();
    let consumer = channel
        .basic_consume(queue.into(), "bench".into(), BasicConsumeOptions::default(), FieldTable::default())
        .await
        .expect("a consumer");
    let (mut chunks, mut count) = (consumer.ready_chunks(500), 0);
    while count < EVENTS as usize {
        let chunk = chunks.next().await.expect("deliveries");
        count += chunk.len();
        if let Some(Ok(last)) = chunk.last() {
            last.ack(BasicAckOptions { multiple: true }).await.expect("acknowledged");
        }
    }
    run(EVENTS.into(), started.elapsed())
}
