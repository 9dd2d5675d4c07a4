//! How the demo speaks to the suite: through the services' own API, each time as one person.

use std::{sync::Arc, time::Duration};

use kit::{
    Config,
    client::{CallError, CallOptions, Client},
    clock::Clock,
    http::Bearer,
};
use schema::{
    access::Role,
    api::{Endpoint, NoParameters, Nothing, problem::Code},
    topology::Service,
    value::Currency,
};

use super::Failed;
use crate::token;

/// How often a command is tried that the service cannot take yet.
const TRIES: u32 = 5;

/// What everybody in the demo shares.
struct Suite {
    customer: Client,
    interaction: Client,
    loyalty: Client,
    survey: Client,
}

impl Suite {
    /// The client of the service that owns the data. The gateway owns none: it has nothing to be told.
    fn of(&self, owner: Owner) -> &Client {
        match owner {
            Owner::Customer => &self.customer,
            Owner::Interaction => &self.interaction,
            Owner::Loyalty => &self.loyalty,
            Owner::Survey => &self.survey,
        }
    }
}

/// Who owns the data that a command changes.
#[derive(Clone, Copy, Debug)]
pub(super) enum Owner {
    Customer,
    Interaction,
    Loyalty,
    Survey,
}

/// The four services, as one person.
#[derive(Clone)]
pub(super) struct Door {
    suite: Arc<Suite>,
    bearer: Bearer,
    pub(super) clock: Clock,
    pub(super) currency: Currency,
}

impl Door {
    /// As whoever sets the company up: administrator and manager at head office.
    pub(super) fn open(config: &Config, clock: &Clock) -> Result<Self, Failed> {
        let client = |service| Client::new(service, config.services.of(service), clock.clone());
        let suite = Suite {
            customer: client(Service::Customer)?,
            interaction: client(Service::Interaction)?,
            loyalty: client(Service::Loyalty)?,
            survey: client(Service::Survey)?,
        };
        Ok(Self {
            suite: Arc::new(suite),
            bearer: bearer(config, vec![Role::Admin, Role::Manager], "hq", "demo")?,
            clock: clock.clone(),
            currency: Currency::try_from("CNY".to_owned())?,
        })
    }

    /// As a member of staff: the codes of the unit and of the person.
    pub(super) fn of(&self, config: &Config, role: Role, unit: &str, staff: &str) -> Result<Self, Failed> {
        Ok(Self { bearer: bearer(config, vec![role], unit, staff)?, ..self.clone() })
    }

    /// Asks; what is asked changes nothing.
    pub(super) async fn ask<E: Endpoint<Path = NoParameters, Body = Nothing>>(
        &self,
        owner: Owner,
        query: &E::Query,
    ) -> Result<E::Reply, CallError> {
        let (client, options) = (self.suite.of(owner), CallOptions::default());
        client.call::<E>(&self.bearer, &NoParameters::default(), query, &Nothing, &options).await
    }

    /// Sends a command; the key makes a repeated demo harmless. Where many are registered at once, a
    /// service may hear of a customer late, or be busy: then it is tried again.
    pub(super) async fn command<E: Endpoint<Query = NoParameters>>(
        &self,
        owner: Owner,
        key: String,
        path: &E::Path,
        body: &E::Body,
    ) -> Result<E::Reply, CallError> {
        let client = self.suite.of(owner);
        let options = CallOptions { idempotency_key: Some(key), ..CallOptions::default() };
        let mut tries = 0;
        loop {
            tries += 1;
            let answer = client.call::<E>(&self.bearer, path, &NoParameters::default(), body, &options).await;
            match answer {
                Err(CallError::Problem(problem))
                    if matches!(problem.code, Code::CustomerNotKnownYet | Code::Unavailable)
                        && tries < TRIES =>
                {
                    let wait = problem.retry_after.unwrap_or(1);
                    tokio::time::sleep(Duration::from_secs(wait.into())).await;
                }
                answer => return answer,
            }
        }
    }
}

fn bearer(config: &Config, roles: Vec<Role>, unit: &str, staff: &str) -> Result<Bearer, Failed> {
    Ok(Bearer(token::mint(config, roles, unit, staff, 1)?.into()))
}
