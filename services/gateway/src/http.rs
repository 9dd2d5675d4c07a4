//! The door: GraphQL over HTTP on one path and, in development, a page to try it; and tracked messages as
//! the libraries of the Segment specification send them.

mod accept;
mod answer;
mod graphql;
mod ingestion;
mod lexer;
mod nesting;
mod page;
mod question;

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, http::header, web};
use kit::http::{ExtraRoutes, problem_response};
use schema::api::problem::{Code, Problem};

use self::graphql::Door;
use crate::app::Gateway;

/// What the gateway serves.
pub(crate) fn routes(gateway: &Arc<Gateway>) -> ExtraRoutes {
    // Tokens of the development issuer: this is somebody's own machine.
    let has_page = gateway.runtime.config.auth.issuer.as_deref().is_none_or(str::is_empty);
    let door = Arc::new(Door::new(Arc::clone(gateway)));
    let gateway = Arc::clone(gateway);
    Arc::new(move |app: &mut web::ServiceConfig| {
        let (post, get) = (Arc::clone(&door), Arc::clone(&door));
        app.service(
            web::resource("/graphql")
                .route(web::post().to(move |request: HttpRequest, body: web::Payload| {
                    let door = Arc::clone(&post);
                    async move { door.post(&request, body).await }
                }))
                .route(web::get().to(move |request: HttpRequest| {
                    let door = Arc::clone(&get);
                    async move { door.get(&request).await }
                }))
                .default_service(web::to(|| async { method_not_allowed("GET, POST") })),
        );
        ingestion::mount(app, &gateway);
        if has_page {
            page::mount(app);
        }
    })
}

/// 405 with the methods that are allowed.
fn method_not_allowed(allowed: &'static str) -> HttpResponse {
    let mut response =
        problem_response(&Problem::new(Code::MethodNotAllowed, format!("use one of {allowed}")));
    response.headers_mut().insert(header::ALLOW, header::HeaderValue::from_static(allowed));
    response
}
