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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reference_of_an_openapi_document_leads_to_the_one_schema_of_that_name() {
        for service in Service::ALL {
            let declaration =
                declare(service, &Config::defaults(std::path::Path::new("data")).expect("the defaults"))
                    .expect("a service");
            let document = Document::of(service, &declaration.routes);
            assert_eq!(document.dangling().expect("a document"), Vec::<String>::new(), "{service}");
            assert_eq!(Document::clashes(&declaration.routes), Vec::<String>::new(), "{service}");
        }
    }
}
