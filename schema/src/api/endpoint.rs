//! What an endpoint declaration says, and the macro that writes one.

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use utoipa::{IntoParams, ToSchema};

use crate::access::{ClassifiedField, Mask, Role, Viewer};

/// The HTTP method of an endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Reads.
    Get,
    /// Creates, or asks with a body.
    Post,
    /// Changes.
    Patch,
    /// Removes.
    Delete,
}

/// What calling an endpoint does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndpointKind {
    /// Changes state in one transaction; takes `Idempotency-Key` and `If-Match`.
    Command,
    /// Several commands in one call, each safe to repeat by its reference: takes neither `Idempotency-Key`
    /// nor `If-Match`.
    Batch,
    /// Changes nothing, whatever its method.
    Read,
}

/// One endpoint: method, path, who may call it, what goes in and what comes out.
pub trait Endpoint: Send + Sync + 'static {
    /// The operation id, the same in spans, metrics and OpenAPI.
    const NAME: &'static str;
    /// What it does, for the contract.
    const SUMMARY: &'static str;
    /// The HTTP method.
    const METHOD: Method;
    /// The path with `{parameters}`.
    const PATH: &'static str;
    /// Command or read.
    const KIND: EndpointKind;
    /// The status of success.
    const STATUS: u16;
    /// The roles that may call it.
    const ROLES: &'static [Role];
    /// The parameters in the path.
    type Path: Serialize + DeserializeOwned + IntoParams + Send + Sync + 'static;
    /// The parameters after `?`.
    type Query: Serialize + DeserializeOwned + IntoParams + Send + Sync + 'static;
    /// The JSON body of the request.
    type Body: Serialize + DeserializeOwned + ToSchema + Send + Sync + 'static;
    /// The JSON body of the reply; masked for whoever asks before it leaves.
    type Reply: Serialize + DeserializeOwned + ToSchema + Mask + Send + Sync + 'static;
}

/// No parameters.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct NoParameters {}

/// No body.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Nothing;

impl Mask for Nothing {
    const FIELDS: &'static [ClassifiedField] = &[];
    fn mask(&mut self, _: &Viewer) {}
}

/// Declares endpoints. `path`, `query` and `body` may be left out.
macro_rules! endpoints {
    ($($(#[doc = $doc:literal])+ $name:ident = $kind:ident $method:ident $path:literal $status:literal for $roles:expr => {
        $(path: $path_type:ty,)? $(query: $query:ty,)? $(body: $body:ty,)? reply: $reply:ty $(,)?
    })+) => {$(
        $(#[doc = $doc])+
        #[derive(Clone, Copy, Debug)]
        pub struct $name;

        impl $crate::api::Endpoint for $name {
            const NAME: &'static str = stringify!($name);
            const SUMMARY: &'static str = concat!($($doc),+);
            const METHOD: $crate::api::Method = $crate::api::Method::$method;
            const PATH: &'static str = $path;
            const KIND: $crate::api::EndpointKind = $crate::api::EndpointKind::$kind;
            const STATUS: u16 = $status;
            const ROLES: &'static [$crate::access::Role] = $roles;
            type Path = $crate::api::endpoints!(@or $crate::api::NoParameters $(, $path_type)?);
            type Query = $crate::api::endpoints!(@or $crate::api::NoParameters $(, $query)?);
            type Body = $crate::api::endpoints!(@or $crate::api::Nothing $(, $body)?);
            type Reply = $reply;
        }
    )+};
    (@or $default:ty) => { $default };
    (@or $default:ty, $given:ty) => { $given };
}
pub(crate) use endpoints;
