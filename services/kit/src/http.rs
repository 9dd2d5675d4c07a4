//! The HTTP door of a service: routes, limits, health, metrics, contract pages.
//!
//! Every request gets a span that continues the caller's trace, a deadline, a size limit, and a problem
//! when something is wrong. A handler that panics is answered with 500, counted, and the process lives.

mod health;
mod request;
mod respond;
pub mod routes;
pub mod throttle;

use std::{
    cell::Cell,
    net::{SocketAddr, TcpListener},
    rc::Rc,
    sync::Arc,
    time::{Duration, Instant},
};

use actix_web::{
    App, Error as ActixError, HttpMessage as _, HttpRequest, HttpServer,
    body::MessageBody,
    dev::{ServerHandle, ServiceRequest, ServiceResponse},
    middleware::{Next, from_fn},
    web,
};
use futures::FutureExt as _;
use schema::{
    access::Viewer,
    api::problem::{Code, Problem},
};
use tokio::task::JoinHandle;
use tracing::{Instrument as _, field::Empty};

pub use self::{
    request::{Bearer, authenticate, bearer, holds_nul, read_body},
    respond::{problem_response, reply},
    routes::Routes,
    throttle::Throttle,
};
use crate::{metrics, openapi, service::Runtime, telemetry};

/// Adds resources to the door that are not endpoints.
pub type Extra = Arc<dyn Fn(&Arc<Runtime>) -> ExtraRoutes + Send + Sync>;
/// What [`Extra`] adds, on every worker.
pub type ExtraRoutes = Arc<dyn Fn(&mut web::ServiceConfig) + Send + Sync>;

/// How long requests under way may take to end.
const DRAIN_SECONDS: u64 = 15;

/// The open door.
pub struct Server {
    /// Where it listens.
    pub address: SocketAddr,
    handle: ServerHandle,
    task: JoinHandle<()>,
}

impl Server {
    /// Takes no new requests and waits for those under way.
    pub async fn stop(self) {
        self.handle.stop(true).await;
        // It has been told to end; a panic of a worker was reported where it happened.
        let _ = self.task.await;
    }
}

/// Opens the door.
///
/// # Errors
/// When the port cannot be opened.
pub fn serve(
    runtime: &Arc<Runtime>,
    routes: Routes,
    extra: Option<Extra>,
    address: SocketAddr,
) -> std::io::Result<Server> {
    let listener = TcpListener::bind(address)?;
    let address = listener.local_addr()?;
    let http = runtime.config.http.clone();
    let document = web::Data::new(openapi::Document::of(runtime.service, &routes));
    let shared = web::Data::from(Arc::clone(runtime));
    let extra = extra.map(|extra| extra(runtime));
    let server = HttpServer::new(move || {
        App::new()
            .app_data(shared.clone())
            .app_data(document.clone())
            .wrap(from_fn(observe))
            .configure(health::mount)
            .configure(|app| {
                if let Some(extra) = &extra {
                    extra(app);
                }
                // A service without endpoints has no contract to show.
                if !routes.is_empty() {
                    openapi::mount(app);
                }
            })
            .configure(|app| routes.mount(app))
            .default_service(web::to(|| async {
                respond::problem_response(&Problem::new(Code::NotFound, "there is nothing at this path"))
            }))
    })
    .workers(http.workers)
    .client_request_timeout(Duration::from_secs(5))
    .client_disconnect_timeout(Duration::from_secs(2))
    .keep_alive(Duration::from_secs(75))
    .shutdown_timeout(DRAIN_SECONDS)
    .disable_signals()
    .listen(listener)?
    .run();
    let handle = server.handle();
    let task = tokio::spawn(async move {
        if let Err(error) = server.await {
            tracing::error!(%error, "the HTTP server failed");
        }
    });
    Ok(Server { address, handle, task })
}

/// One span and one measurement for each request; catches what panics.
async fn observe(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, ActixError> {
    let started = Instant::now();
    let Some(runtime) = request.app_data::<web::Data<Runtime>>().cloned() else {
        return Ok(next.call(request).await?.map_into_boxed_body());
    };
    let span = tracing::info_span!(
        "http.request",
        otel.kind = "server",
        otel.name = Empty,
        service = runtime.service.name(),
        http.request.method = request.method().as_str(),
        http.route = Empty,
        http.response.status_code = Empty,
        trace_id = Empty,
    );
    let parent = request.headers().get("traceparent").and_then(|value| value.to_str().ok());
    telemetry::continue_trace(&span, parent);
    let trace_id = span.in_scope(telemetry::trace_id);
    // The router wants the request for itself: the handler leaves its name in a slot, not on a clone.
    let route = RouteName::default();
    request.extensions_mut().insert(route.clone());
    let outcome =
        std::panic::AssertUnwindSafe(next.call(request)).catch_unwind().instrument(span.clone()).await;
    let outcome = match outcome {
        Ok(Ok(response)) => Ok(response.map_into_boxed_body()),
        Ok(Err(error)) if error.as_response_error().status_code().is_client_error() => {
            Err(Problem::new(Code::MalformedRequest, "the request could not be read"))
        }
        Ok(Err(error)) => {
            tracing::error!(parent: &span, %error, "a request failed");
            Err(Problem::new(Code::Internal, "the failure was recorded under this request's trace id"))
        }
        Err(_) => {
            metrics::panicked(runtime.service);
            tracing::error!(parent: &span, "a handler panicked");
            Err(Problem::new(Code::Internal, "the failure was recorded under this request's trace id"))
        }
    };
    let status = match &outcome {
        Ok(response) => response.status().as_u16(),
        Err(problem) => problem.status,
    };
    span.record("http.route", route.get());
    span.record("otel.name", route.get());
    span.record("http.response.status_code", status);
    metrics::request(runtime.service, route.get(), status, started.elapsed().as_secs_f64());
    let mut response = outcome.map_err(respond::Refusal)?;
    if let Some(id) = trace_id.and_then(|id| id.parse().ok()) {
        response.headers_mut().insert(actix_web::http::header::HeaderName::from_static("trace-id"), id);
    }
    Ok(response)
}

/// The endpoint that a request was matched to: one of a bounded set, so that it may label metrics.
#[derive(Clone, Debug)]
pub struct RouteName(Rc<Cell<&'static str>>);

impl Default for RouteName {
    fn default() -> Self {
        Self(Rc::new(Cell::new("other")))
    }
}

impl RouteName {
    /// Names the endpoint of a request; called by the handler that was matched.
    pub fn set(request: &HttpRequest, name: &'static str) {
        if let Some(route) = request.extensions().get::<Self>() {
            route.0.set(name);
        }
    }

    fn get(&self) -> &'static str {
        self.0.get()
    }
}

/// Whoever asks, with the token to pass on.
#[derive(Clone, Debug)]
pub struct Caller {
    /// What the token says.
    pub viewer: Viewer,
    /// The token itself.
    pub bearer: Bearer,
}
