//! What goes wrong, as a client reads it: RFC 9457 problem details with one table code → status → title.

use serde::{Deserialize, Serialize};
use utoipa::{
    ToSchema,
    openapi::{
        RefOr,
        schema::{ObjectBuilder, Schema, Type},
    },
};

macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $name:ident = $wire:literal, $status:literal, $title:literal;)+) => {
        /// Every code a client can meet. Stable: clients branch on it.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum Code {$(
            $(#[doc = $doc])+
            #[serde(rename = $wire)]
            $name,
        )+}

        impl Code {
            /// All codes.
            pub const ALL: &'static [Code] = &[$(Code::$name),+];
            /// The code on the wire.
            pub const fn as_str(self) -> &'static str {
                match self { $(Code::$name => $wire),+ }
            }
            /// The HTTP status.
            pub const fn status(self) -> u16 {
                match self { $(Code::$name => $status),+ }
            }
            /// The title, the same for every occurrence.
            pub const fn title(self) -> &'static str {
                match self { $(Code::$name => $title),+ }
            }
        }
    };
}

codes! {
    /// The request is not of the form that the endpoint takes.
    MalformedRequest = "malformed-request", 400, "The request is malformed";
    /// The cursor is not one of this query.
    InvalidCursor = "invalid-cursor", 400, "The cursor does not belong to this query";
    /// No token, or one that is not valid now.
    Unauthenticated = "unauthenticated", 401, "A valid bearer token is required";
    /// The roles do not allow it.
    Forbidden = "forbidden", 403, "Your roles do not allow this";
    /// There is no such thing, or it is not in the caller's scope.
    NotFound = "not-found", 404, "Not found";
    /// The path exists with another method.
    MethodNotAllowed = "method-not-allowed", 405, "The method is not allowed here";
    /// The client asks for a media type that we do not serve.
    NotAcceptable = "not-acceptable", 406, "No acceptable representation";
    /// The body did not arrive in time.
    RequestTimeout = "request-timeout", 408, "The request did not arrive in time";
    /// Something with this code or key exists.
    AlreadyExists = "already-exists", 409, "It exists already";
    /// The customer was not announced to this service yet; try again.
    CustomerNotKnownYet = "customer-not-known-yet", 409, "The customer is not known here yet";
    /// The state does not allow it.
    Conflict = "conflict", 409, "The current state does not allow this";
    /// The same key came with another request before.
    IdempotencyKeyReused = "idempotency-key-reused", 422, "The idempotency key was used for another request";
    /// It changed since it was read.
    StaleRevision = "stale-revision", 412, "It changed since you read it";
    /// The body is larger than we take.
    PayloadTooLarge = "payload-too-large", 413, "The body is too large";
    /// The body is not JSON.
    UnsupportedMediaType = "unsupported-media-type", 415, "The body must be JSON in UTF-8";
    /// The form is right but the content is not.
    Invalid = "invalid", 422, "The request is not valid";
    /// More comes than can be taken in now.
    TooManyRequests = "too-many-requests", 429, "Too much at once";
    /// A bug or a fault of ours.
    Internal = "internal", 500, "Something failed on our side";
    /// The service or its database cannot answer now.
    Unavailable = "unavailable", 503, "Temporarily unavailable";
    /// Another service did not answer in time.
    DeadlineExceeded = "deadline-exceeded", 504, "The deadline passed";
}

// By hand: the derive would document the names of the variants, not the words on the wire.
impl utoipa::PartialSchema for Code {
    fn schema() -> RefOr<Schema> {
        let words = Self::ALL.iter().map(|code| code.as_str());
        let about = "Every code a client can meet. Stable: clients branch on it.";
        ObjectBuilder::new()
            .schema_type(Type::String)
            .enum_values(Some(words))
            .description(Some(about))
            .into()
    }
}

impl ToSchema for Code {
    fn name() -> std::borrow::Cow<'static, str> {
        "Code".into()
    }
}

/// A problem as it is sent: `application/problem+json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, thiserror::Error)]
#[error("{}: {detail}", code.as_str())]
pub struct Problem {
    /// `urn:customer360:problem:<code>`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The title of the code.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// The code that clients branch on.
    pub code: Code,
    /// What is wrong this time and what to do; holds no personal data.
    pub detail: String,
    /// Each place that is wrong.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
    /// Seconds after which to try again; also sent as `Retry-After`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u32>,
}

/// One place of a request that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FieldError {
    /// JSON pointer into the body, for example `/lines/0/amount_minor`.
    pub pointer: String,
    /// What is wrong with it and what would be right.
    pub detail: String,
}

impl Problem {
    /// A problem of this code.
    pub fn new(code: Code, detail: impl Into<String>) -> Self {
        Self {
            kind: format!("urn:customer360:problem:{}", code.as_str()),
            title: code.title().to_owned(),
            status: code.status(),
            code,
            detail: detail.into(),
            errors: Vec::new(),
            retry_after: None,
        }
    }

    /// A field of the body that is not valid.
    pub fn field(pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        Self::fields(vec![FieldError { pointer: pointer.into(), detail: detail.into() }])
    }

    /// Several fields of the body that are not valid.
    pub fn fields(errors: Vec<FieldError>) -> Self {
        let detail = match errors.as_slice() {
            [one] => format!("{}: {}", one.pointer, one.detail),
            many => format!("{} fields are not valid; see errors", many.len()),
        };
        Self { errors, ..Self::new(Code::Invalid, detail) }
    }

    /// The same problem of a part of the body, which lies at `part`: its places are within it.
    #[must_use]
    pub fn within(self, part: &str) -> Self {
        if self.errors.is_empty() {
            return self;
        }
        let within = |error: FieldError| FieldError {
            pointer: format!("{part}{}", error.pointer),
            detail: error.detail,
        };
        let Self { detail, errors, .. } = Self::fields(self.errors.iter().cloned().map(within).collect());
        Self { detail, errors, ..self }
    }

    /// Nothing by that name or id is in the caller's scope. Which of the two is never said.
    pub fn not_found(what: &str) -> Self {
        Self::new(Code::NotFound, format!("no {what} with this id is within your scope"))
    }

    /// The customer has not been announced to the service that was asked.
    pub fn not_known_yet() -> Self {
        Self::new(
            Code::CustomerNotKnownYet,
            "the customer was not announced to this service yet; try again, and if that goes on ask the customer \
             service whether the customer exists",
        )
        .retry_after(1)
    }

    /// The same problem with advice when to try again.
    #[must_use]
    pub fn retry_after(mut self, seconds: u32) -> Self {
        self.retry_after = Some(seconds);
        self
    }
}
