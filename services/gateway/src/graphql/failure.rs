//! How a problem becomes a GraphQL error: its detail is the message, its code and each argument that is
//! wrong stand in the extensions.

use async_graphql::{Context, Error, ErrorExtensions as _, ServerError, Value, value};
use kit::http::Caller;
use schema::{
    access::Role,
    api::{
        Endpoint,
        problem::{Code, FieldError, Problem},
    },
};

use super::user_error::place;

/// The error of a resolver.
pub(super) fn failure(error: impl Into<kit::Error>) -> Error {
    from_problem(&error.into().into_problem())
}

/// A problem as the error of a resolver.
pub(super) fn from_problem(problem: &Problem) -> Error {
    Error::new(problem.detail.clone()).extend_with(|_, extensions| {
        extensions.set("code", problem.code.as_str());
        if !problem.errors.is_empty() {
            let one = |error: &FieldError| {
                let path = place(&error.pointer).map(Value::from).collect();
                value!({ "path": (Value::List(path)), "message": (error.detail.as_str()) })
            };
            extensions.set("errors", Value::List(problem.errors.iter().map(one).collect()));
        }
        if let Some(seconds) = problem.retry_after {
            extensions.set("retryAfter", seconds);
        }
    })
}

/// A problem as the error of a request of which nothing was executed.
pub(crate) fn server_error(problem: &Problem) -> ServerError {
    let mut error = ServerError::new(problem.detail.clone(), None);
    error.extensions = from_problem(problem).extensions;
    error
}

/// Whoever asks, if their roles allow them what this endpoint does.
pub(super) fn allowed<'a, E: Endpoint>(ctx: &Context<'a>) -> Result<&'a Caller, Problem> {
    allowed_for(ctx, E::ROLES, E::NAME)
}

/// Whoever asks, if they have one of the roles that `what` needs.
pub(super) fn allowed_for<'a>(ctx: &Context<'a>, roles: &[Role], what: &str) -> Result<&'a Caller, Problem> {
    let caller = ctx
        .data::<Caller>()
        .map_err(|_| Problem::new(Code::Unauthenticated, "the request carries nobody's token"))?;
    if caller.viewer.has_any(roles) {
        return Ok(caller);
    }
    let roles: Vec<String> = roles.iter().map(|role| format!("{role:?}").to_lowercase()).collect();
    Err(Problem::new(Code::Forbidden, format!("{what} needs one of the roles {}", roles.join(", "))))
}

/// Refuses a text that is too long for what it is meant to be, before it goes anywhere.
pub(super) fn not_longer(text: Option<&str>, most: usize, argument: &str) -> Result<(), Error> {
    if text.is_none_or(|text| text.chars().count() <= most) {
        return Ok(());
    }
    let problem = Problem::field(format!("/{argument}"), format!("at most {most} characters"));
    Err(from_problem(&problem))
}
