//! A suite that runs, however it was started: in this process, or as processes of the real binary.

use std::path::PathBuf;

use kit::{
    Config, Running,
    client::{CallError, CallOptions, Client},
    clock::Clock,
    service::Shared,
};
use schema::{access::Role, api::Endpoint, topology::Service};

use crate::{Person, Place, process::Process};

/// Where the services listen, and whatever keeps them running.
pub struct Suite {
    /// Base URL of the gateway.
    pub gateway: String,
    /// Configuration with the services' addresses.
    pub config: Config,
    /// Directory of the development key.
    pub data: PathBuf,
    /// The services of this process; empty when they are processes.
    pub running: Vec<Running>,
    /// The processes; empty when they are in this process.
    pub processes: Vec<(Service, Process)>,
}

impl Suite {
    /// Starts all five services in this process.
    pub async fn start(place: &Place) -> Self {
        Self::start_with(place, &Shared::default()).await
    }

    /// Starts all five services in this process with this clock and local bus.
    pub async fn start_with(place: &Place, shared: &Shared) -> Self {
        let mut config = place.config.clone();
        let mut running = Vec::new();
        for service in Service::ALL {
            let one = start_service(service, &config, shared).await;
            config.services.set(service, one.url());
            running.push(one);
        }
        let gateway = running.last().map(Running::url).unwrap_or_default();
        Self { gateway, data: config.data.clone(), config, running, processes: Vec::new() }
    }

    /// Starts the suite as processes of the real binary: one for `serve all`, or five.
    pub async fn spawn(place: &Place, extra: &[(&str, &str)]) -> Self {
        crate::process::spawn_suite(place, extra).await
    }

    /// A person with one role in a unit.
    pub fn person(&self, role: Role, unit: &str) -> Person {
        Person::new(&self.data, role, unit)
    }

    /// The base URL of a service.
    pub fn url(&self, service: Service) -> &str {
        match service {
            Service::Gateway => &self.gateway,
            other => self.config.services.of(other),
        }
    }

    /// Calls an endpoint of a service directly.
    pub async fn call<E: Endpoint>(
        &self,
        service: Service,
        who: &Person,
        path: &E::Path,
        query: &E::Query,
        body: &E::Body,
    ) -> Result<E::Reply, CallError> {
        self.call_with::<E>(service, who, path, query, body, &CallOptions::default()).await
    }

    /// Calls an endpoint of a service directly, with options.
    pub async fn call_with<E: Endpoint>(
        &self,
        service: Service,
        who: &Person,
        path: &E::Path,
        query: &E::Query,
        body: &E::Body,
        options: &CallOptions,
    ) -> Result<E::Reply, CallError> {
        let client = Client::new(service, self.url(service), Clock::system()).expect("a client");
        client.call::<E>(&who.bearer, path, query, body, options).await
    }

    /// Ends everything in order.
    pub async fn end(self) {
        for one in self.running.into_iter().rev() {
            one.end().await;
        }
        for (_, process) in self.processes.into_iter().rev() {
            process.end().await;
        }
    }
}

/// The declaration of a service.
pub fn declare(service: Service, config: &Config) -> kit::Service {
    match service {
        Service::Customer => customer::service(config).expect("a region"),
        Service::Interaction => interaction::service(config),
        Service::Loyalty => loyalty::service(config),
        Service::Survey => survey::service(config),
        Service::Gateway => gateway::service(config).expect("a gateway"),
    }
}

/// What a service says that it keeps of a customer.
pub fn personal_data(service: Service) -> &'static reference::person::Held {
    match service {
        Service::Customer => &customer::PERSONAL_DATA,
        Service::Interaction => &interaction::PERSONAL_DATA,
        Service::Loyalty => &loyalty::PERSONAL_DATA,
        Service::Survey => &survey::PERSONAL_DATA,
        Service::Gateway => &gateway::PERSONAL_DATA,
    }
}

/// The gateway's schema in GraphQL's own language.
pub fn sdl() -> String {
    gateway::sdl()
}

/// Starts one service in this process, its schema brought up to date.
pub async fn start_service(service: Service, config: &Config, shared: &Shared) -> Running {
    declare(service, config).start(config, shared, true).await.expect("the service starts")
}
