//! How an answer leaves. With `application/graphql-response+json` the status tells whether anything was
//! executed; with `application/json` it is 200, as old clients expect. An answer of which nothing was
//! executed has no `data`.

use std::sync::Arc;

use actix_web::{
    HttpResponse,
    http::{StatusCode, header},
    web::Bytes,
};
use async_graphql::{
    Response, ServerError, Value,
    parser::types::{OperationDefinition, OperationType},
};
use schema::api::problem::{Code, Problem};
use serde::Serialize;

use super::accept::MediaType;
use crate::graphql::server_error;

#[derive(Serialize)]
struct Body<'a> {
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    errors: &'a [ServerError],
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<&'a Value>,
}

/// The answer to a request that is not of the form of GraphQL over HTTP: 400 for every client.
pub(super) fn malformed(media_type: MediaType, problem: &Problem) -> HttpResponse {
    let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::BAD_REQUEST);
    write(media_type, status, &Body { errors: &[server_error(problem)], data: None })
}

/// The answer to an operation of which nothing was executed.
pub(super) fn not_executed(media_type: MediaType, mut errors: Vec<ServerError>) -> HttpResponse {
    let status = match media_type {
        MediaType::Json => StatusCode::OK,
        MediaType::GraphqlResponse => StatusCode::BAD_REQUEST,
    };
    errors.iter_mut().for_each(name);
    write(media_type, status, &Body { errors: &errors, data: None })
}

/// The answer to an operation. Values of arguments are read when their field's turn comes; an operation
/// all of whose errors are of that kind, and which could not do anything before, was not executed.
pub(super) fn executed(
    media_type: MediaType,
    operation: &OperationDefinition,
    mut response: Response,
) -> HttpResponse {
    let has_effect = operation.ty == OperationType::Mutation && operation.selection_set.node.items.len() > 1;
    let has_begun = |error: &ServerError| !error.path.is_empty() && (has_effect || has_code(error));
    if response.data == Value::Null && !response.errors.iter().any(has_begun) {
        return not_executed(media_type, response.errors);
    }
    response.errors.iter_mut().for_each(name);
    write(media_type, StatusCode::OK, &Body { errors: &response.errors, data: Some(&response.data) })
}

/// An answer without errors, whose body is kept for whoever asks the same.
pub(super) fn kept(media_type: MediaType, data: &Value, keep: impl FnOnce(Arc<[u8]>)) -> HttpResponse {
    match serde_json::to_vec(&Body { errors: &[], data: Some(data) }) {
        Ok(bytes) => {
            let body = Arc::<[u8]>::from(bytes);
            keep(Arc::clone(&body));
            whole(media_type, body)
        }
        Err(error) => not_written(&error),
    }
}

/// An answer whose body is there already.
pub(super) fn whole(media_type: MediaType, body: Arc<[u8]>) -> HttpResponse {
    with_status(media_type, StatusCode::OK, Bytes::from_owner(body))
}

/// Whether a resolver of ours says what went wrong; validation and reading of arguments do not.
fn has_code(error: &ServerError) -> bool {
    error.extensions.as_ref().is_some_and(|extensions| extensions.get("code").is_some())
}

/// Gives an error a code to branch on.
fn name(error: &mut ServerError) {
    if !has_code(error) {
        error.extensions.get_or_insert_default().set("code", Code::MalformedRequest.as_str());
    }
}

fn write(media_type: MediaType, status: StatusCode, body: &Body<'_>) -> HttpResponse {
    match serde_json::to_vec(body) {
        Ok(bytes) => with_status(media_type, status, bytes.into()),
        Err(error) => not_written(&error),
    }
}

fn with_status(media_type: MediaType, status: StatusCode, body: Bytes) -> HttpResponse {
    let mut response = HttpResponse::build(status);
    // Answers hold personal data and depend on the token.
    response.insert_header((header::CACHE_CONTROL, "no-store"));
    response.insert_header((header::VARY, "Accept, Authorization"));
    response.content_type(media_type.content_type()).body(body)
}

fn not_written(error: &serde_json::Error) -> HttpResponse {
    tracing::error!(%error, "an answer cannot be written");
    kit::http::problem_response(&Problem::new(Code::Internal, "the answer could not be written"))
}
