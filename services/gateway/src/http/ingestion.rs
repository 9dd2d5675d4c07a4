//! The door for tracked messages, as the libraries of the Segment specification send them: a write key, a
//! JSON body whatever its media type, perhaps packed. It answers 200 once the messages are durable, and
//! never redirects. Browsers of any origin may send; the key is no secret there, and it can only write.

mod body;
mod key;
mod read;

use std::sync::Arc;

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{self, HeaderValue},
    web,
};
use kit::http::{RouteName, problem_response};
use schema::api::{
    ingestion::TrackingCall,
    problem::{Code, Problem},
};
use serde_json::json;

use self::read::{Refused, Request};
use super::method_not_allowed;
use crate::app::{
    Gateway,
    ingestion::{accept, source_of},
};

/// Paths and what they take; nothing stands for a batch. The short ones are those of the browser library.
const PATHS: [(&str, &str, Option<TrackingCall>); 8] = [
    ("batch", "b", None),
    ("import", "import", None),
    ("identify", "i", Some(TrackingCall::Identify)),
    ("track", "t", Some(TrackingCall::Track)),
    ("page", "p", Some(TrackingCall::Page)),
    ("screen", "s", Some(TrackingCall::Screen)),
    ("group", "g", Some(TrackingCall::Group)),
    ("alias", "a", Some(TrackingCall::Alias)),
];
/// The most refusals that an answer lists.
const REFUSALS_SHOWN: usize = 50;

/// Mounts the paths, with and without a slash at their end.
pub(super) fn mount(app: &mut web::ServiceConfig, gateway: &Arc<Gateway>) {
    for (long, short, call) in PATHS {
        let gateway = Arc::clone(gateway);
        let paths = [long, short].map(|name| [format!("/v1/{name}"), format!("/v1/{name}/")]);
        let post = web::post().to(move |request: HttpRequest, payload: web::Payload| {
            let gateway = Arc::clone(&gateway);
            async move { open(receive(&gateway, &request, payload, call).await) }
        });
        let preflight = web::method(actix_web::http::Method::OPTIONS).to(|| async { open(allowed()) });
        app.service(
            web::resource(paths.concat())
                .route(post)
                .route(preflight)
                .default_service(web::to(|| async { open(method_not_allowed("POST, OPTIONS")) })),
        );
    }
}

async fn receive(
    gateway: &Arc<Gateway>,
    request: &HttpRequest,
    payload: web::Payload,
    call: Option<TrackingCall>,
) -> HttpResponse {
    RouteName::set(request, "Track");
    match take(gateway, request, payload, call).await {
        Ok(refused) if refused.is_empty() => HttpResponse::Ok().json(json!({ "success": true })),
        // The others were taken; libraries look at the status only, and need not send anything again.
        Ok(refused) => {
            let shown = &refused[..refused.len().min(REFUSALS_SHOWN)];
            HttpResponse::Ok()
                .json(json!({ "success": true, "refused": shown, "refused_count": refused.len() }))
        }
        Err(problem) => problem_response(&problem),
    }
}

/// Takes a request; gives the messages of a batch that were refused.
async fn take(
    gateway: &Arc<Gateway>,
    http: &HttpRequest,
    payload: web::Payload,
    call: Option<TrackingCall>,
) -> Result<Vec<Refused>, Problem> {
    // A key in the header is checked before the body is read.
    let in_header = match key::of_header(http) {
        Some(key) => Some(source(gateway, &key).await?),
        None => None,
    };
    let body = body::read(&gateway.runtime, http, payload).await?;
    let request = Request::read(&body, call)?;
    let source = match in_header {
        Some(source) => source,
        None => source(gateway, &request.key()?).await?,
    };
    let (taken, refused) = request.messages(source, gateway.runtime.clock.now())?;
    if !refused.is_empty() {
        kit::metrics::ingested("refused".to_owned(), refused.len() as u64);
    }
    if !taken.is_empty() {
        accept::accept(gateway, taken).await?;
    }
    Ok(refused)
}

async fn source(
    gateway: &Arc<Gateway>,
    key: &crate::domain::ingestion::source::WriteKey,
) -> Result<schema::ids::IngestionSourceId, Problem> {
    let source = source_of(gateway, key).await.map_err(kit::Error::into_problem)?;
    source.ok_or_else(|| {
        Problem::new(
            Code::Unauthenticated,
            "the write key is not one of an active source; ask an administrator",
        )
    })
}

/// What a browser may send.
fn allowed() -> HttpResponse {
    HttpResponse::NoContent()
        .insert_header((header::ACCESS_CONTROL_ALLOW_METHODS, "POST"))
        .insert_header((header::ACCESS_CONTROL_ALLOW_HEADERS, "authorization, *"))
        .insert_header((header::ACCESS_CONTROL_MAX_AGE, "86400"))
        .finish()
}

/// Lets pages of any origin read the answer. There are no cookies here that another page could abuse.
fn open(mut response: HttpResponse) -> HttpResponse {
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    // A browser that is asked for a user name and password would show a window.
    headers.remove(header::WWW_AUTHENTICATE);
    response
}
