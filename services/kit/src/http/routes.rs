//! A service's route table: handlers mounted on endpoint declarations.

mod download;

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use actix_web::{
    HttpRequest, HttpResponse,
    http::{Method as HttpMethod, header},
    web,
};
use futures::future::{BoxFuture, LocalBoxFuture};
use schema::{
    access::Role,
    api::{
        Endpoint, EndpointKind, Method, Nothing,
        batch::BODY_MAX,
        problem::{Code, Problem},
    },
};
use sha2::{Digest as _, Sha256};

pub use self::download::Download;
use super::{Caller, RouteName, authenticate, problem_response, read_body, reply, request};
use crate::{
    command::{self, Repeatable},
    error::Result,
    openapi::Operation,
    service::Runtime,
    work::Work,
};

/// What a handler gets of a request.
pub struct Input<E: Endpoint> {
    /// The parameters in the path.
    pub path: Arc<E::Path>,
    /// The parameters after `?`.
    pub query: Arc<E::Query>,
    /// The body.
    pub body: Arc<E::Body>,
    /// The revision that the caller read.
    pub if_match: Option<i64>,
    /// Whoever asks.
    pub caller: Caller,
}

// By hand: a derive would ask that the endpoint itself can be cloned.
impl<E: Endpoint> Clone for Input<E> {
    fn clone(&self) -> Self {
        Self {
            path: Arc::clone(&self.path),
            query: Arc::clone(&self.query),
            body: Arc::clone(&self.body),
            if_match: self.if_match,
            caller: self.caller.clone(),
        }
    }
}

type Handle = Arc<dyn Fn(HttpRequest, web::Payload) -> LocalBoxFuture<'static, HttpResponse> + Send + Sync>;

/// The table.
#[derive(Clone, Default)]
pub struct Routes {
    routes: Vec<Route>,
}

#[derive(Clone)]
struct Route {
    path: &'static str,
    method: Method,
    handle: Handle,
    operation: Arc<Operation>,
}

impl Routes {
    /// No routes.
    pub fn new() -> Self {
        Self::default()
    }

    /// Mounts a command: its decision runs in one transaction and is safe to repeat.
    #[must_use]
    pub fn command<E: Endpoint>(
        self,
        decide: impl for<'a> Fn(&'a mut Work, Input<E>) -> BoxFuture<'a, Result<E::Reply>>
        + Send
        + Sync
        + Copy
        + 'static,
    ) -> Self {
        self.with::<E>(Arc::new(move |request, payload| {
            Box::pin(async move {
                answer::<E, _, _>(
                    &request,
                    payload,
                    async |runtime: Arc<Runtime>, input: Input<E>, repeatable| {
                        let viewer = input.caller.viewer.clone();
                        let decision = as_decision(move |work| decide(work, input.clone()));
                        let done = command::run(&runtime, Some(viewer), repeatable, decision).await?;
                        Ok((done.reply, done.revision))
                    },
                )
                .await
            })
        }))
    }

    /// Mounts a batch: its decision runs in one transaction, and its items are safe to repeat.
    #[must_use]
    pub fn batch<E: Endpoint>(
        self,
        decide: impl for<'a> Fn(&'a mut Work, Arc<E::Body>) -> BoxFuture<'a, Result<E::Reply>>
        + Send
        + Sync
        + Copy
        + 'static,
    ) -> Self {
        self.with::<E>(Arc::new(move |request, payload| {
            Box::pin(async move {
                answer::<E, _, _>(&request, payload, async |runtime: Arc<Runtime>, input: Input<E>, _| {
                    let viewer = input.caller.viewer.clone();
                    let decision = as_decision(move |work| decide(work, Arc::clone(&input.body)));
                    Ok((command::run_batch(&runtime, Some(viewer), decision).await?.reply, None))
                })
                .await
            })
        }))
    }

    /// Mounts a read.
    #[must_use]
    pub fn read<E: Endpoint, F>(
        self,
        read: impl Fn(Arc<Runtime>, Input<E>) -> F + Send + Sync + Copy + 'static,
    ) -> Self
    where
        F: Future<Output = Result<E::Reply>> + Send + 'static,
    {
        self.with::<E>(Arc::new(move |request, payload| {
            Box::pin(async move {
                answer::<E, _, _>(&request, payload, async |runtime: Arc<Runtime>, input: Input<E>, _| {
                    Ok((read(runtime, input).await?, None))
                })
                .await
            })
        }))
    }

    fn with<E: Endpoint>(self, handle: Handle) -> Self {
        self.with_operation::<E>(handle, Operation::of::<E>())
    }

    fn with_operation<E: Endpoint>(mut self, handle: Handle, operation: Operation) -> Self {
        self.routes.push(Route { path: E::PATH, method: E::METHOD, handle, operation: Arc::new(operation) });
        self
    }

    /// Whether there is no endpoint.
    pub(crate) const fn is_empty(&self) -> bool {
        self.routes.is_empty()
    }

    pub(crate) fn operations(&self) -> impl Iterator<Item = &Operation> {
        self.routes.iter().map(|route| route.operation.as_ref())
    }

    /// Mounts all: one resource for each path, which tells the methods that it has.
    pub(super) fn mount(&self, app: &mut web::ServiceConfig) {
        let mut by_path: BTreeMap<&'static str, Vec<&Route>> = BTreeMap::new();
        for route in &self.routes {
            by_path.entry(route.path).or_default().push(route);
        }
        // A fixed segment must be matched before a parameter in its place.
        let mut paths: Vec<_> = by_path.into_iter().collect();
        paths.sort_by_key(|(path, _)| path.matches('{').count());
        for (path, routes) in paths {
            let mut resource = web::resource(path);
            let allowed: Vec<&str> = routes.iter().map(|route| http_method(route.method).1).collect();
            let allowed = allowed.join(", ");
            for route in routes {
                let handle = Arc::clone(&route.handle);
                let method = http_method(route.method).0;
                resource = resource.route(
                    web::method(method)
                        .to(move |request: HttpRequest, payload: web::Payload| handle(request, payload)),
                );
            }
            app.service(resource.default_service(web::to(move || {
                let allowed = allowed.clone();
                async move {
                    let problem = Problem::new(Code::MethodNotAllowed, format!("use one of {allowed}"));
                    let mut response = problem_response(&problem);
                    if let Ok(value) = header::HeaderValue::from_str(&allowed) {
                        response.headers_mut().insert(header::ALLOW, value);
                    }
                    response
                }
            })));
        }
    }
}

/// Tells the compiler that the closure is good for every lifetime of the work.
fn as_decision<T>(
    decide: impl for<'a> Fn(&'a mut Work) -> BoxFuture<'a, Result<T>> + Send + Sync + 'static,
) -> command::Decision<T> {
    Arc::new(decide)
}

const fn http_method(method: Method) -> (HttpMethod, &'static str) {
    match method {
        Method::Get => (HttpMethod::GET, "GET"),
        Method::Post => (HttpMethod::POST, "POST"),
        Method::Patch => (HttpMethod::PATCH, "PATCH"),
        Method::Delete => (HttpMethod::DELETE, "DELETE"),
    }
}

/// From request to answer: who, what, do, mask.
async fn answer<E, Do, T>(request: &HttpRequest, payload: web::Payload, act: Do) -> HttpResponse
where
    E: Endpoint<Reply = T>,
    T: serde::Serialize + schema::access::Mask,
    Do: AsyncFnOnce(Arc<Runtime>, Input<E>, Option<Repeatable>) -> Result<(T, Option<i64>)>,
{
    RouteName::set(request, E::NAME);
    let Some(runtime) = request.app_data::<web::Data<Runtime>>().map(|data| Arc::clone(data)) else {
        return problem_response(&Problem::new(Code::Internal, "the service is not set up"));
    };
    let (input, repeatable) = match take::<E>(&runtime, request, payload).await {
        Ok(taken) => taken,
        Err(problem) => return problem_response(&problem),
    };
    let viewer = input.caller.viewer.clone();
    let deadline = Duration::from_millis(runtime.config.http.request_deadline_ms);
    match tokio::time::timeout(deadline, act(runtime, input, repeatable)).await {
        Ok(Ok((answer, revision))) => reply(E::STATUS, answer, revision, &viewer),
        Ok(Err(error)) => problem_response(&error.into_problem()),
        Err(_) => problem_response(&Problem::new(Code::DeadlineExceeded, took_too_long(E::KIND))),
    }
}

/// What to do when the deadline has run out. Commands and batches go on in their own task.
const fn took_too_long(kind: EndpointKind) -> &'static str {
    match kind {
        EndpointKind::Read => "it took too long: ask for less, or again later",
        EndpointKind::Command => {
            "it took too long and may still take effect: repeat it with its Idempotency-Key"
        }
        EndpointKind::Batch => {
            "it took too long and may still take effect: send it again, what is in already stays as it is"
        }
    }
}

/// Checks and reads a request, cheapest first: token, role, then the body.
async fn take<E: Endpoint>(
    runtime: &Runtime,
    request: &HttpRequest,
    payload: web::Payload,
) -> Result<(Input<E>, Option<Repeatable>), Problem> {
    let caller = authenticate(runtime, request).await?;
    if !caller.viewer.has_any(E::ROLES) {
        return Err(Problem::new(
            Code::Forbidden,
            format!("{} needs one of the roles {}", E::NAME, list(E::ROLES)),
        ));
    }
    let query_text = request.query_string();
    let path_text = serde_urlencoded::to_string(request.match_info().iter().collect::<Vec<_>>())
        .map_err(|error| Problem::new(Code::MalformedRequest, error.to_string()))?;
    let path = request::parse_parameters(&path_text, "path")?;
    let query = request::parse_parameters(query_text, "query")?;
    let http = &runtime.config.http;
    let takes_body = std::any::TypeId::of::<E::Body>() != std::any::TypeId::of::<Nothing>();
    let limit = if E::KIND == EndpointKind::Batch { http.body_limit.max(BODY_MAX) } else { http.body_limit };
    let bytes = read_body(payload, limit, Duration::from_millis(http.body_deadline_ms)).await?;
    let body = if takes_body {
        request::expect_json(request)?;
        request::parse_body(&bytes)?
    } else {
        request::parse_body(b"null")?
    };
    let repeatable = match (E::KIND, request::idempotency_key(request)?) {
        (EndpointKind::Command, Some(key)) => {
            let mut hash = Sha256::new();
            for part in [path_text.as_bytes(), b"\n", query_text.as_bytes(), b"\n", &bytes] {
                hash.update(part);
            }
            let fingerprint = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
            Some(Repeatable { key, route: E::NAME, fingerprint })
        }
        (EndpointKind::Command, None) | (EndpointKind::Batch | EndpointKind::Read, _) => None,
    };
    let input = Input {
        path: Arc::new(path),
        query: Arc::new(query),
        body: Arc::new(body),
        if_match: request::if_match(request)?,
        caller,
    };
    Ok((input, repeatable))
}

fn list(roles: &[Role]) -> String {
    let names: Vec<String> = roles.iter().map(|role| format!("{role:?}").to_lowercase()).collect();
    names.join(", ")
}
