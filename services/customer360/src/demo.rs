//! A small believable company to look at: a rice trader with two regional companies and their shops.
//!
//! It is written through the services' own API with a fixed seed, so every demo has the same people;
//! only the ids and the day from which the past is counted differ.

mod company;
mod people;

use kit::{
    Config,
    client::{CallError, CallOptions, Client},
    clock::Clock,
    http::Bearer,
};
use schema::{
    access::Role,
    api::{
        Endpoint, NoParameters,
        customer::{ListOrgUnits, OrgUnitFilter},
    },
    topology::Service,
    value::Currency,
};
use serde_json::Value;

use crate::{cli::Outcome, serve::say, token};

/// Clients of the four services, as one person.
pub(crate) struct Door {
    customer: Client,
    interaction: Client,
    survey: Client,
    bearer: Bearer,
    clock: Clock,
    currency: Currency,
}

impl Door {
    fn open(config: &Config, clock: &Clock) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        let client = |service| Client::new(service, config.services.of(service), clock.clone());
        let roles = vec![Role::Admin, Role::Manager];
        Ok(Self {
            customer: client(Service::Customer)?,
            interaction: client(Service::Interaction)?,
            survey: client(Service::Survey)?,
            bearer: Bearer(token::mint(config, roles, "hq", "demo", 1)?.into()),
            clock: clock.clone(),
            currency: Currency::try_from("CNY".to_owned())?,
        })
    }

    /// Sends a command; the key makes a repeated demo harmless.
    async fn command<E: Endpoint<Query = NoParameters>>(
        &self,
        client: &Client,
        key: String,
        path: &E::Path,
        body: &E::Body,
    ) -> Result<E::Reply, CallError> {
        let options = CallOptions { idempotency_key: Some(key), ..CallOptions::default() };
        client.call::<E>(&self.bearer, path, &NoParameters::default(), body, &options).await
    }
}

/// Fills an empty suite, waits for the view, and prints how to ask it.
pub(crate) async fn fill_new(config: &Config, gateway: &str, clock: &Clock) -> Outcome {
    let door = Door::open(config, clock)?;
    let caller = if is_empty(&door).await? {
        say("filling the empty data directory with a demo …");
        let company = company::found(&door).await?;
        let caller = people::fill(&door, &company).await?;
        wait_for_view(config, gateway, &caller).await?;
        caller
    } else {
        people::CALLER.to_owned()
    };
    let manager = token::mint(config, vec![Role::Manager], "hq", "demo", 12)?;
    say(&format!(
        "\nCustomer 360 is ready.\n\n  address  {gateway}/graphql   (a page to try queries: {gateway}/)\n  token    {manager}\n\n\
         The phone rings. Who is it? Paste:\n\ncurl -s {gateway}/graphql -H 'Authorization: Bearer {manager}' \\\n  \
         -H 'Content-Type: application/json' \\\n  -d '{}'\n",
        serde_json::json!({ "query": query(&caller) })
    ));
    Ok(())
}

/// Fills the suite that runs on this machine.
pub(crate) async fn fill_running(config: Config) -> Outcome {
    let door = Door::open(&config, &Clock::system())?;
    if !is_empty(&door).await? {
        return Err("there are units besides the head office already: the demo is for an empty suite".into());
    }
    let company = company::found(&door).await?;
    let caller = people::fill(&door, &company).await?;
    say(&format!("the demo is in; ask for the caller {caller}"));
    Ok(())
}

async fn is_empty(door: &Door) -> Result<bool, Box<dyn std::error::Error + Send + Sync>> {
    let filter = OrgUnitFilter { limit: Some(2), ..OrgUnitFilter::default() };
    let page = door
        .customer
        .call::<ListOrgUnits>(
            &door.bearer,
            &NoParameters::default(),
            &filter,
            &schema::api::Nothing,
            &CallOptions::default(),
        )
        .await?;
    Ok(page.items.len() < 2)
}

/// The query that answers a ringing phone.
fn query(caller: &str) -> String {
    format!(
        "{{ customersByContact(kind: PHONE, value: \"{caller}\") {{ file {{ name contactPoints {{ kind value }} }} \
         dealings {{ turnover {{ currency totalMinor returnedMinor }} purchases {{ occurredAt totalMinor }} }} \
         loyalty {{ tier balance pointsToNextTier }} voice {{ npsScore npsCategory }} }} }}"
    )
}

/// Waits until the view shows what the four services know of the caller.
async fn wait_for_view(config: &Config, gateway: &str, caller: &str) -> Outcome {
    let manager = token::mint(config, vec![Role::Manager], "hq", "demo", 1)?;
    let http = reqwest::Client::new();
    for _ in 0..200 {
        let body = serde_json::json!({ "query": query(caller) }).to_string();
        let answer = http
            .post(format!("{gateway}/graphql"))
            .bearer_auth(&manager)
            .header("content-type", "application/json")
            .body(body)
            .send()
            .await?
            .text()
            .await?;
        let answer: Value = serde_json::from_str(&answer)?;
        let seen = &answer["data"]["customersByContact"][0];
        let full = ["file", "dealings", "loyalty", "voice"].iter().all(|section| seen[section].is_object());
        if full && seen["voice"]["npsScore"].is_number() && seen["loyalty"]["balance"].as_i64() > Some(0) {
            return Ok(());
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    Err("the view did not show the demo within 20 s".into())
}
