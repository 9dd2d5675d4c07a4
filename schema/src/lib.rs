//! Everything that crosses a process boundary: ids, events, topology, endpoints and their types, and
//! the table of who may see what.
//!
//! This crate does no I/O and holds no decision of a service. A type stands here once and derives its
//! JSON, its OpenAPI schema and its GraphQL form, so the same thing has the same name on every wire.
//! Event payloads and their golden messages are only ever added to; see `docs/adding-an-event.md`.

pub mod access;
pub mod api;
pub mod event;
pub mod ids;
pub mod moment;
pub mod topology;
pub mod value;
