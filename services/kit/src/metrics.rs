//! The catalogue of metrics: names, labels and meanings in one place. No label ever holds a person.

use std::sync::OnceLock;

use ::metrics::{counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use schema::topology::Service;

static RECORDER: OnceLock<Option<PrometheusHandle>> = OnceLock::new();

/// Installs the recorder of this process, once.
pub fn install() {
    RECORDER.get_or_init(|| {
        let buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];
        let handle = PrometheusBuilder::new()
            .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &buckets)
            .and_then(PrometheusBuilder::install_recorder)
            .inspect_err(|error| tracing::error!(%error, "metrics are off"))
            .ok();
        describe_histogram!(
            "http_server_request_duration_seconds",
            "Time to answer, by service, route and status"
        );
        describe_counter!("http_server_panics_total", "Handlers that panicked");
        describe_counter!("events_applied_total", "Events that had their effect");
        describe_counter!("events_duplicate_total", "Deliveries of an event that was applied before");
        describe_counter!("events_parked_total", "Events whose subject was not known yet");
        describe_counter!("events_failed_total", "Attempts that failed and will be repeated");
        describe_counter!("events_dead_total", "Events that became dead letters");
        describe_counter!("events_published_total", "Events that the broker confirmed");
        describe_gauge!("events_parked_age_seconds", "Age of the oldest parked event");
        describe_gauge!("events_dead_count", "Dead letters now");
        describe_gauge!("outbox_unpublished_count", "Events that wait for the broker");
        describe_counter!("ingestion_messages_total", "Tracked messages, by what became of them");
        describe_gauge!("ingestion_pending_count", "Tracked messages that are to be forwarded");
        describe_gauge!("ingestion_pending_age_seconds", "Age of the oldest of them");
        handle
    });
}

/// The metrics of this process in Prometheus' text format.
pub fn render() -> String {
    RECORDER.get().and_then(Option::as_ref).map(PrometheusHandle::render).unwrap_or_default()
}

pub(crate) fn request(service: Service, route: &'static str, status: u16, seconds: f64) {
    histogram!("http_server_request_duration_seconds", "service" => service.name(), "route" => route,
        "status" => status.to_string())
    .record(seconds);
}

pub(crate) fn panicked(service: Service) {
    counter!("http_server_panics_total", "service" => service.name()).increment(1);
}

pub(crate) fn applied(service: Service, kind: &str, events: u64) {
    counter!("events_applied_total", "service" => service.name(), "type" => kind.to_owned())
        .increment(events);
}

pub(crate) fn parked(service: Service, kind: &str, events: u64) {
    counter!("events_parked_total", "service" => service.name(), "type" => kind.to_owned()).increment(events);
}

pub(crate) fn repeated(service: Service, events: u64) {
    counter!("events_duplicate_total", "service" => service.name()).increment(events);
}

pub(crate) fn failed(service: Service, kind: &str) {
    counter!("events_failed_total", "service" => service.name(), "type" => kind.to_owned()).increment(1);
}

pub(crate) fn dead(service: Service, kind: &str) {
    counter!("events_dead_total", "service" => service.name(), "type" => kind.to_owned()).increment(1);
}

pub(crate) fn published(service: Service, count: u64) {
    counter!("events_published_total", "service" => service.name()).increment(count);
}

#[expect(clippy::cast_precision_loss, reason = "a gauge is a float; counts and ages are far below 2^52")]
pub(crate) fn backlog(service: Service, parked_age_seconds: i64, dead: i64, unpublished: i64) {
    gauge!("events_parked_age_seconds", "service" => service.name()).set(parked_age_seconds as f64);
    gauge!("events_dead_count", "service" => service.name()).set(dead as f64);
    gauge!("outbox_unpublished_count", "service" => service.name()).set(unpublished as f64);
}

/// Counts tracked messages by what became of them: one of a bounded set of words.
pub fn ingested(outcome: String, count: u64) {
    counter!("ingestion_messages_total", "outcome" => outcome).increment(count);
}

/// Tells how many tracked messages are to be forwarded, and the age of the oldest.
#[expect(clippy::cast_precision_loss, reason = "a gauge is a float; counts and ages are far below 2^52")]
pub fn ingestion_pending(count: i64, age_seconds: i64) {
    gauge!("ingestion_pending_count").set(count as f64);
    gauge!("ingestion_pending_age_seconds").set(age_seconds as f64);
}
