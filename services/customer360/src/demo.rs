//! A believable company to look at: a rice trader with three regional companies, twelve shops, forty people
//! and up to 2,000 customers with two years of dealings.
//!
//! It is written through the services' own API. Every customer has a seed of their own, so every demo of a
//! size that is told on the same day has the same people with the same lives; the past is counted from that
//! day, and festivals and summers lie where they lie. Every command has a key: a demo that was cut short and is begun anew harms nothing.

mod company;
mod complaint;
mod door;
mod family;
mod life;
mod marketing;
mod person;
mod rules;
mod tell;

use std::{
    error::Error,
    time::{Duration, Instant},
};

use futures::{StreamExt as _, TryStreamExt as _, stream};
use kit::{Config, clock::Clock};
use schema::{
    access::Role,
    api::customer::{ListOrgUnits, OrgUnitFilter},
};
use serde_json::Value;

use self::door::{Door, Owner};

use crate::{cli::Outcome, serve::say, token};

/// Why the demo could not be told.
type Failed = Box<dyn Error + Send + Sync>;

/// Customers whose lives are told at the same time.
const AT_ONCE: usize = 40;
/// Fills an empty suite, waits for the view, and prints how to ask it.
pub(crate) async fn fill_new(config: &Config, gateway: &str, clock: &Clock, customers: u32) -> Outcome {
    let door = Door::open(config, clock)?;
    if is_empty(&door).await? {
        say("filling the empty data directory with a demo …");
        fill(config, &door, customers).await?;
        wait_for_view(config, gateway).await?;
    }
    let manager = token::mint(config, vec![Role::Manager], "hq", "demo", 12)?;
    say(&format!(
        "\nCustomer 360 is ready.\n\n  address  {gateway}/graphql   (a page to try queries: {gateway}/)\n  token    {manager}\n\n\
         The phone rings. Who is it? Paste:\n\ncurl -s {gateway}/graphql -H 'Authorization: Bearer {manager}' \\\n  \
         -H 'Content-Type: application/json' \\\n  -d '{}'\n",
        serde_json::json!({ "query": query() })
    ));
    Ok(())
}

/// Fills the suite that runs on this machine.
pub(crate) async fn fill_running(config: Config, customers: u32) -> Outcome {
    let door = Door::open(&config, &Clock::system())?;
    if !is_empty(&door).await? {
        return Err("there are units besides the head office already: the demo is for an empty suite".into());
    }
    fill(&config, &door, customers).await?;
    say(&format!("the demo is in; ask for the caller {}", person::CALLER));
    Ok(())
}

/// Founds the company and tells the lives of its customers, with progress.
async fn fill(config: &Config, door: &Door, customers: u32) -> Result<(), Failed> {
    let began = Instant::now();
    let company = company::found(config, door).await?;
    rules::agree(door, &company).await?;
    let now = door.clock.now();
    let told = stream::iter(0..customers).map(|number| tell::tell(&company.shops, number, now));
    let mut told = told.buffer_unordered(AT_ONCE);
    let (mut known, mut said) = (Vec::new(), began);
    while let Some(customer) = told.try_next().await? {
        known.push(customer);
        if said.elapsed() >= Duration::from_secs(5) {
            said = Instant::now();
            let (done, seconds) = (known.len() as u64, began.elapsed().as_secs());
            let left = seconds * (u64::from(customers) - done) / done;
            say(&format!("  {done} of {customers} customers after {seconds} s, about {left} s left"));
        }
    }
    known.sort_unstable();
    family::live_together(&company.shops, &known).await?;
    marketing::look_at(door).await?;
    rules::plan_the_week(&company.shops, now).await?;
    say(&format!("  {customers} customers with two years of dealings in {} s", began.elapsed().as_secs()));
    Ok(())
}

async fn is_empty(door: &Door) -> Result<bool, Failed> {
    let filter = OrgUnitFilter { limit: Some(2), ..OrgUnitFilter::default() };
    Ok(door.ask::<ListOrgUnits>(Owner::Customer, &filter).await?.items.len() < 2)
}

/// The query that answers a ringing phone.
fn query() -> String {
    let caller = person::CALLER;
    format!(
        "{{ customersByContact(kind: PHONE, value: \"{caller}\") {{ file {{ name contactPoints {{ kind value }} }} \
         dealings {{ turnover {{ currency totalMinor returnedMinor }} purchases {{ occurredAt totalMinor }} }} \
         loyalty {{ tier balance pointsToNextTier }} voice {{ npsScore npsCategory }} }} }}"
    )
}

/// Waits until the view shows what the four services know of the caller.
async fn wait_for_view(config: &Config, gateway: &str) -> Outcome {
    let manager = token::mint(config, vec![Role::Manager], "hq", "demo", 1)?;
    let http = reqwest::Client::new();
    for _ in 0..200 {
        let body = serde_json::json!({ "query": query() }).to_string();
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
