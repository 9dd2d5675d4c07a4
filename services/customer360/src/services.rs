//! The declarations of all services.

use kit::Config;
use schema::topology;

use crate::cli::Outcome;

/// The declaration of one service.
pub(crate) fn declare(
    service: topology::Service,
    config: &Config,
) -> Result<kit::Service, Box<dyn std::error::Error + Send + Sync>> {
    Ok(match service {
        topology::Service::Customer => customer::service(config)?,
        topology::Service::Interaction => interaction::service(config),
        topology::Service::Loyalty => loyalty::service(config),
        topology::Service::Survey => survey::service(config),
        topology::Service::Gateway => gateway::service(config)?,
    })
}

/// Refuses what only makes sense for a service with an API of its own.
pub(crate) fn has_openapi(service: topology::Service) -> Outcome {
    match service {
        topology::Service::Gateway => Err("the gateway speaks GraphQL: use `customer360 sdl`".into()),
        _ => Ok(()),
    }
}
