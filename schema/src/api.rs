//! Endpoints and their types. An endpoint is declared once: the service mounts a handler on the
//! declaration, the client calls by it, and the OpenAPI document is made from it.

pub mod batch;
pub mod customer;
mod endpoint;
pub mod export;
pub mod ingestion;
pub mod interaction;
pub mod loyalty;
pub mod page;
pub mod problem;
pub mod section;
pub mod survey;

pub(crate) use endpoint::endpoints;
pub use endpoint::{Endpoint, EndpointKind, Method, NoParameters, Nothing};
