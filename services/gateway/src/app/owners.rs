//! The services that own the data: asked with the person's token for a person, with the gateway's own
//! for the view.

use std::{sync::Arc, time::Duration};

use kit::{
    Config, Error, Result, Runtime,
    auth::OwnToken,
    client::{CallError, CallOptions, Client},
    clock::Clock,
    http::Bearer,
};
use schema::{
    api::{
        Endpoint, NoParameters, Nothing,
        customer::{CustomerFile, CustomerPath, GetCustomer, GetFileSections},
        interaction::{Dealings, GetDealingsSections},
        loyalty::{GetLoyaltySections, LoyaltyAccount},
        problem::{Code, Problem},
        section::{Section, Sections, SectionsWanted},
        survey::{GetVoiceSections, Voice},
    },
    ids::CustomerId,
    topology::Service,
};
use serde::Serialize;
use tokio::sync::OnceCell;

use crate::storage::section::Fetched;

/// The deadline of a call of our own that does many things at once.
const INTERNAL_DEADLINE: Duration = Duration::from_secs(12);

/// Clients of the four services, and the gateway's own token.
pub(crate) struct Owners {
    clients: [Client; 4],
    own: OnceCell<Arc<OwnToken>>,
}

/// No HTTP client can be built.
#[derive(Debug, thiserror::Error)]
#[error("the clients of the other services cannot be built")]
pub struct NoClient(#[source] Box<dyn std::error::Error + Send + Sync>);

impl Owners {
    /// Clients of the services that the configuration names.
    pub(crate) fn of(config: &Config) -> Result<Self, NoClient> {
        // A client that gives a service a moment's rest measures it by the machine's clock.
        let client = |section: Section| {
            Client::new(section.owner(), config.services.of(section.owner()), Clock::system())
                .map_err(|error| NoClient(error.into()))
        };
        let [file, dealings, loyalty, voice] = Section::ALL;
        let clients = [client(file)?, client(dealings)?, client(loyalty)?, client(voice)?];
        Ok(Self { clients, own: OnceCell::new() })
    }

    /// The client of the service that owns a section.
    pub(crate) const fn of_section(&self, section: Section) -> &Client {
        &self.clients[section as usize]
    }

    /// The customer service.
    pub(crate) const fn customer(&self) -> &Client {
        self.of_section(Section::File)
    }

    /// Whether the person behind the token may see the customer, by the word of the owner.
    pub(crate) async fn shows(&self, bearer: &Bearer, customer_id: CustomerId) -> Result<bool, CallError> {
        let path = CustomerPath { customer_id };
        let options = CallOptions::default();
        let asked =
            self.customer().call::<GetCustomer>(bearer, &path, &NoParameters {}, &Nothing, &options).await;
        match asked {
            Ok(_) => Ok(true),
            Err(CallError::Problem(problem)) if problem.code == Code::NotFound => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// The sections of these customers, at most 200; those that the owner does not know are left out.
    /// Files come decoded too, because they say who sees the customer.
    pub(crate) async fn fetch(
        &self,
        runtime: &Runtime,
        section: Section,
        customer_ids: Vec<CustomerId>,
    ) -> Result<Vec<(Fetched, Option<CustomerFile>)>> {
        let bearer = self.own_token(runtime).await?;
        let (client, wanted) = (self.of_section(section), SectionsWanted { customer_ids });
        match section {
            Section::File => ask::<GetFileSections, CustomerFile>(client, &bearer, &wanted, Some).await,
            Section::Dealings => {
                ask::<GetDealingsSections, Dealings>(client, &bearer, &wanted, |_| None).await
            }
            Section::Loyalty => {
                ask::<GetLoyaltySections, LoyaltyAccount>(client, &bearer, &wanted, |_| None).await
            }
            Section::Voice => ask::<GetVoiceSections, Voice>(client, &bearer, &wanted, |_| None).await,
        }
    }

    /// Calls an internal endpoint of the service that owns a section, with the gateway's own token.
    pub(crate) async fn internal<E>(
        &self,
        runtime: &Runtime,
        section: Section,
        body: &E::Body,
    ) -> Result<E::Reply>
    where
        E: Endpoint<Path = NoParameters, Query = NoParameters>,
    {
        let bearer = self.own_token(runtime).await?;
        let (nothing, client) = (NoParameters {}, self.of_section(section));
        let options = CallOptions { deadline: Some(INTERNAL_DEADLINE), ..CallOptions::default() };
        Ok(client.call::<E>(&bearer, &nothing, &nothing, body, &options).await?)
    }

    /// The gateway's own token, for what nobody asked for.
    async fn own_token(&self, runtime: &Runtime) -> Result<Bearer> {
        let own = self.own.get_or_try_init(async || {
            OwnToken::of(&runtime.config, Service::Gateway.name(), runtime.clock.clone())
        });
        let token = match own.await {
            Ok(own) => own.get().await,
            Err(error) => Err(error),
        };
        token.map_err(|error| {
            tracing::warn!(error = %kit::error::Chain(&error), "the gateway gets no token of its own");
            Error::from(
                Problem::new(Code::Unavailable, "the issuer gives the gateway no token").retry_after(2),
            )
        })
    }
}

async fn ask<E, T>(
    client: &Client,
    bearer: &Bearer,
    wanted: &SectionsWanted,
    file: impl Fn(T) -> Option<CustomerFile>,
) -> Result<Vec<(Fetched, Option<CustomerFile>)>>
where
    E: Endpoint<Path = NoParameters, Query = NoParameters, Body = SectionsWanted, Reply = Sections<T>>,
    T: Serialize,
{
    let nothing = NoParameters {};
    let reply = client.call::<E>(bearer, &nothing, &nothing, wanted, &CallOptions::default()).await?;
    reply
        .items
        .into_iter()
        .map(|item| {
            let json =
                serde_json::to_string(&item.section).map_err(|error| Error::malformed("a section", error))?;
            let (customer_id, revision, as_of) = (item.customer_id, item.revision, item.as_of);
            Ok((Fetched { customer_id, revision, as_of, json }, file(item.section)))
        })
        .collect()
}
