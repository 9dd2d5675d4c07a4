//! Timelines beyond what the view holds: one batched call per request and level, with the person's
//! token. A loader lives as long as one request, so that nobody's data reaches another.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use async_graphql::dataloader::Loader;
use kit::{Error, client::CallOptions, http::Bearer};
use schema::{
    api::{
        NoParameters,
        interaction::{GetTimelines, TimelineEntry, TimelineWanted, TimelinesWanted},
        page::Page,
        problem::Problem,
        section::{BATCH_MAX, Section},
    },
    ids::CustomerId,
};

use crate::app::Gateway;

/// The most entries of one timeline in a batched call.
pub(super) const ENTRIES_MOST: u32 = 50;

/// A part of one customer's timeline.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Part {
    /// How many entries.
    pub(super) limit: u32,
    /// Whose.
    pub(super) customer_id: CustomerId,
    /// The owner's cursor.
    pub(super) after: Option<String>,
}

/// Loads parts of timelines.
pub(crate) struct Timelines {
    gateway: Arc<Gateway>,
    bearer: Bearer,
}

impl Timelines {
    pub(super) fn new(gateway: Arc<Gateway>, bearer: Bearer) -> Self {
        Self { gateway, bearer }
    }

    async fn call(
        &self,
        limit: u32,
        parts: &[Part],
        found: &mut HashMap<Part, Page<TimelineEntry>>,
    ) -> Result<(), Error> {
        let of = parts
            .iter()
            .map(|part| TimelineWanted { customer_id: part.customer_id, after: part.after.clone() })
            .collect();
        let client = self.gateway.owners.of_section(Section::Dealings);
        let (wanted, nothing) = (TimelinesWanted { of, limit }, NoParameters {});
        let options = CallOptions::default();
        let timelines =
            client.call::<GetTimelines>(&self.bearer, &nothing, &nothing, &wanted, &options).await?;
        for timeline in timelines {
            if let Some(part) = parts.iter().find(|part| part.customer_id == timeline.customer_id) {
                found.insert(part.clone(), timeline.page);
            }
        }
        Ok(())
    }
}

impl Loader<Part> for Timelines {
    type Value = Page<TimelineEntry>;
    type Error = Arc<Problem>;

    async fn load(&self, parts: &[Part]) -> Result<HashMap<Part, Self::Value>, Self::Error> {
        let mut found = HashMap::new();
        for (limit, parts) in calls(parts) {
            let called = self.call(limit, &parts, &mut found).await;
            called.map_err(|error| Arc::new(error.into_problem()))?;
        }
        Ok(found)
    }
}

/// The calls that these parts take: one limit for each, and each customer at most once. Usually one.
fn calls(parts: &[Part]) -> Vec<(u32, Vec<Part>)> {
    let mut calls: BTreeMap<(u32, usize), Vec<Part>> = BTreeMap::new();
    for part in parts {
        let mut nth = 0;
        let call = loop {
            let call = calls.entry((part.limit, nth)).or_default();
            if call.len() < BATCH_MAX && call.iter().all(|other| other.customer_id != part.customer_id) {
                break (part.limit, nth);
            }
            nth += 1;
        };
        calls.entry(call).or_default().push(part.clone());
    }
    calls.into_iter().map(|((limit, _), parts)| (limit, parts)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(customer: u8, limit: u32, after: Option<&str>) -> Part {
        let customer_id = format!("01930000-0000-7000-8000-0000000000{customer:02x}").parse().expect("an id");
        Part { limit, customer_id, after: after.map(str::to_owned) }
    }

    #[test]
    fn one_call_for_many_customers_and_a_second_for_the_same_one() {
        assert_eq!(calls(&[part(1, 20, None), part(2, 20, None), part(3, 20, Some("x"))]).len(), 1);
        assert_eq!(calls(&[part(1, 20, None), part(1, 20, Some("x"))]).len(), 2);
        assert_eq!(calls(&[part(1, 20, None), part(2, 10, None)]).len(), 2);
    }
}
