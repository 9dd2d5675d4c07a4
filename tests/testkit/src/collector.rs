//! A collector of traces: takes OTLP over HTTP, as a real one does, and remembers the spans.

use std::sync::{Arc, Mutex, PoisonError};

use actix_web::{HttpResponse, web};
use opentelemetry_proto::tonic::{
    collector::trace::v1::{ExportTraceServiceRequest, ExportTraceServiceResponse},
    common::v1::any_value::Value,
};
use prost::Message as _;

use crate::server::Server;

/// A span as it arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    /// The trace, in hexadecimal.
    pub trace_id: String,
    /// The span's name.
    pub name: String,
    /// Our attribute `service`.
    pub service: String,
}

/// A collector that runs.
pub struct Collector {
    /// Its base URL: what `telemetry.otlp_endpoint` takes.
    pub url: String,
    spans: Arc<Mutex<Vec<Span>>>,
    server: Server,
}

impl Collector {
    /// Starts on a free port.
    pub fn start() -> Self {
        let spans: Arc<Mutex<Vec<Span>>> = Arc::default();
        let shared = web::Data::from(Arc::clone(&spans));
        let server = Server::start(|_| {
            move |app: &mut web::ServiceConfig| {
                app.app_data(shared.clone())
                    .app_data(web::PayloadConfig::new(16 << 20))
                    .route("/v1/traces", web::post().to(receive));
            }
        });
        Self { url: server.url.clone(), spans, server }
    }

    /// The spans of a trace so far.
    pub fn trace(&self, trace_id: &str) -> Vec<Span> {
        let spans = self.spans.lock().unwrap_or_else(PoisonError::into_inner);
        spans.iter().filter(|span| span.trace_id == trace_id).cloned().collect()
    }

    /// Stops it.
    pub async fn end(self) {
        self.server.end().await;
    }
}

async fn receive(spans: web::Data<Mutex<Vec<Span>>>, body: web::Bytes) -> HttpResponse {
    let Ok(request) = ExportTraceServiceRequest::decode(body) else {
        return HttpResponse::BadRequest().finish();
    };
    let mut held = spans.lock().unwrap_or_else(PoisonError::into_inner);
    for span in request.resource_spans.into_iter().flat_map(|one| one.scope_spans).flat_map(|one| one.spans) {
        let service = span.attributes.iter().find(|attribute| attribute.key == "service");
        let service = service.and_then(|attribute| attribute.value.clone()).and_then(|value| value.value);
        let service = match service {
            Some(Value::StringValue(text)) => text,
            _ => String::new(),
        };
        let trace_id = span.trace_id.iter().map(|byte| format!("{byte:02x}")).collect();
        held.push(Span { trace_id, name: span.name, service });
    }
    HttpResponse::Ok()
        .content_type("application/x-protobuf")
        .body(ExportTraceServiceResponse::default().encode_to_vec())
}
