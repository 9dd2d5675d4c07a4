//! The contracts as documents: OpenAPI, GraphQL SDL, AsyncAPI. What they print is committed under
//! `schema/`, and the check fails when the two differ.

use kit::{Config, openapi::Document};
use schema::topology::Service;

use crate::{
    asyncapi,
    cli::Outcome,
    services::{declare, has_openapi},
};

/// Prints the OpenAPI document of a service.
pub(crate) fn openapi(config: &Config, service: Service) -> Outcome {
    has_openapi(service)?;
    let declaration = declare(service, config)?;
    print(&Document::of(service, &declaration.routes).json()?)
}

/// Prints the gateway's schema.
pub(crate) fn sdl() -> Outcome {
    print(&gateway::sdl())
}

/// Prints the AsyncAPI document.
pub(crate) fn asyncapi() -> Outcome {
    print(&asyncapi::document()?)
}

fn print(text: &str) -> Outcome {
    use std::io::Write as _;
    std::io::stdout().write_all(text.as_bytes())?;
    Ok(())
}
