//! How an answer leaves: JSON for what was asked, `application/problem+json` for what went wrong.

use actix_web::{
    HttpResponse,
    http::{StatusCode, header},
};
use schema::{
    access::{Mask, Viewer},
    api::problem::{Code, Problem},
};
use serde::Serialize;

/// A problem as an answer.
pub fn problem_response(problem: &Problem) -> HttpResponse {
    let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = HttpResponse::build(status);
    response.content_type("application/problem+json");
    if let Some(seconds) = problem.retry_after {
        response.insert_header((header::RETRY_AFTER, seconds.to_string()));
    }
    if problem.code == Code::Unauthenticated {
        response.insert_header((header::WWW_AUTHENTICATE, "Bearer"));
    }
    // A body that was refused may still be on its way: the connection cannot carry another request.
    if matches!(
        problem.code,
        Code::PayloadTooLarge | Code::RequestTimeout | Code::Unauthenticated | Code::Forbidden
    ) {
        response.force_close();
    }
    match serde_json::to_vec(problem) {
        Ok(body) => response.body(body),
        Err(_) => HttpResponse::InternalServerError().finish(),
    }
}

/// A problem that ends a request outside of its handler.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub(super) struct Refusal(pub(super) Problem);

impl actix_web::ResponseError for Refusal {
    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.0.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    fn error_response(&self) -> HttpResponse {
        problem_response(&self.0)
    }
}

/// A reply, masked for whoever asked.
pub fn reply<T: Serialize + Mask>(
    status: u16,
    mut reply: T,
    revision: Option<i64>,
    viewer: &Viewer,
) -> HttpResponse {
    reply.mask(viewer);
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
    let mut response = HttpResponse::build(status);
    if let Some(revision) = revision {
        response.insert_header((header::ETAG, format!("\"{revision}\"")));
    }
    // Answers hold personal data and depend on the token.
    response.insert_header((header::CACHE_CONTROL, "no-store"));
    match serde_json::to_vec(&reply) {
        Ok(body) => response.content_type("application/json").body(body),
        Err(error) => {
            tracing::error!(%error, "a reply cannot be written");
            problem_response(&Problem::new(Code::Internal, "the reply could not be written"))
        }
    }
}
