//! Traces and logs: one trace over HTTP, outbox, broker and consumer; logs as JSON lines with its id.
//!
//! The subscriber is the process's, installed once. Trace context travels as W3C `traceparent` in HTTP
//! headers and in the envelope. Nothing here ever records a body, a value or a token.

use std::sync::OnceLock;

use opentelemetry::{
    Context, KeyValue,
    propagation::{Extractor, Injector, TextMapPropagator as _},
    trace::{TraceContextExt as _, TracerProvider as _},
};
use opentelemetry_otlp::WithExportConfig as _;
use opentelemetry_sdk::{
    Resource,
    propagation::TraceContextPropagator,
    trace::{Sampler, SdkTracerProvider},
};
use schema::{event::Envelope, topology::Service};
use tracing::{Level, Span, field::Empty};
use tracing_opentelemetry::OpenTelemetrySpanExt as _;
use tracing_subscriber::{
    EnvFilter, Layer as _,
    filter::{FilterExt as _, filter_fn},
    layer::SubscriberExt as _,
    util::SubscriberInitExt as _,
};

use crate::config::Telemetry;

static PROVIDER: OnceLock<SdkTracerProvider> = OnceLock::new();

/// Installs subscriber and exporter for this process; later calls do nothing.
pub fn install(config: &Telemetry) {
    PROVIDER.get_or_init(|| {
        let provider = provider(config);
        let filter = EnvFilter::try_from_env("C360_LOG").unwrap_or_else(|_| {
            EnvFilter::new("info,sqlx=warn,sea_orm_migration=warn,lapin=warn,actix_server=warn")
        });
        // However little is logged, the spans stay: the trace ids of logs, problems, audit and dead letters
        // are theirs.
        let spans = filter_fn(|one| one.is_span() && *one.level() <= Level::INFO);
        let traces = tracing_opentelemetry::layer()
            .with_tracer(provider.tracer("customer360"))
            .with_filter(filter_fn(|one| *one.level() <= Level::INFO));
        let logs = tracing_subscriber::fmt::layer()
            .json()
            .with_span_list(false)
            .with_writer(std::io::stderr)
            .with_filter(filter.or(spans));
        // Somebody else's subscriber, as a test may have installed, stays.
        let _ = tracing_subscriber::registry().with(traces).with(logs).try_init();
        provider
    });
}

/// Sends what was not sent yet. Blocks for at most a few seconds: call it last.
pub fn flush() {
    if let Some(provider) = PROVIDER.get()
        && let Err(error) = provider.force_flush()
    {
        tracing::warn!(%error, "traces were not exported");
    }
}

fn provider(config: &Telemetry) -> SdkTracerProvider {
    let share = f64::from(config.sample_millionths) / 1e6;
    let resource = Resource::builder()
        .with_service_name("customer360")
        .with_attribute(KeyValue::new("service.version", env!("CARGO_PKG_VERSION")))
        .build();
    let builder = SdkTracerProvider::builder()
        .with_resource(resource)
        .with_sampler(Sampler::ParentBased(Box::new(Sampler::TraceIdRatioBased(share))));
    let Some(endpoint) = config.otlp_endpoint.as_deref().filter(|endpoint| !endpoint.is_empty()) else {
        return builder.build();
    };
    let exporter = opentelemetry_otlp::SpanExporter::builder()
        .with_http()
        .with_endpoint(format!("{}/v1/traces", endpoint.trim_end_matches('/')))
        .build();
    match exporter {
        Ok(exporter) => builder.with_batch_exporter(exporter).build(),
        Err(error) => {
            #[expect(clippy::print_stderr, reason = "the subscriber does not stand yet")]
            {
                eprintln!("traces are not exported: {error}");
            }
            builder.build()
        }
    }
}

/// The `traceparent` of the current span, to travel on.
pub fn traceparent() -> Option<String> {
    traceparent_of(&Span::current())
}

/// The `traceparent` of a span.
pub(crate) fn traceparent_of(span: &Span) -> Option<String> {
    let mut carrier = Carrier(None);
    TraceContextPropagator::new().inject_context(&span.context(), &mut carrier);
    carrier.0
}

/// The trace id of the current span, for logs, problems and the audit.
pub fn trace_id() -> Option<String> {
    let context = Span::current().context();
    let span = context.span();
    let span = span.span_context();
    span.is_valid().then(|| span.trace_id().to_string())
}

/// Makes `span` a child of the span that `traceparent` names, and notes the trace id for the logs.
pub(crate) fn continue_trace(span: &Span, traceparent: Option<&str>) {
    if let Some(text) = traceparent {
        let carrier = Carrier(Some(text.to_owned()));
        let parent: Context = TraceContextPropagator::new().extract(&carrier);
        // Fails only when no trace layer is installed: then there is no trace to continue.
        let _ = span.set_parent(parent);
    }
    span.in_scope(|| {
        if let Some(id) = trace_id() {
            Span::current().record("trace_id", id);
        }
    });
}

/// The span in which an event is applied: a child of the command or event that caused it.
pub(crate) fn consumer_span(service: Service, envelope: &Envelope) -> Span {
    let span = tracing::info_span!(
        "event.apply",
        otel.kind = "consumer",
        otel.name = %format_args!("apply {}", envelope.kind),
        service = service.name(),
        messaging.system = "customer360",
        messaging.message.id = %envelope.id,
        messaging.destination.name = %envelope.kind,
        trace_id = Empty,
    );
    continue_trace(&span, envelope.traceparent.as_deref());
    span
}

/// Holds the one header that W3C trace context needs.
struct Carrier(Option<String>);

impl Injector for Carrier {
    fn set(&mut self, key: &str, value: String) {
        if key == "traceparent" {
            self.0 = Some(value);
        }
    }
}

impl Extractor for Carrier {
    fn get(&self, key: &str) -> Option<&str> {
        if key == "traceparent" { self.0.as_deref() } else { None }
    }
    fn keys(&self) -> Vec<&str> {
        vec!["traceparent"]
    }
}
