//! What a file shows beyond its own rows: attributes, how well the customer is known,
//! containers, relationships, external ids, the household, and how they want to be dealt with.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use kit::Result;
use schema::api::customer::CustomerFile;
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use super::{conduct, container, external_id, household, observation, profile_weight, relationship};
use crate::domain::{attribute, completeness};

/// Completes files with ten statements, however many they are; `today` decides which relationships are valid.
pub(super) async fn complete(
    connection: &impl ConnectionTrait,
    files: &mut [CustomerFile],
    today: NaiveDate,
) -> Result<()> {
    if files.is_empty() {
        return Ok(());
    }
    let ids: Vec<Uuid> = files.iter().map(|file| file.id.uuid()).collect();
    let weights = profile_weight::all(connection).await?;
    let mut observed = observation::latest(connection, &ids, None).await?;
    let mut standing = container::all(connection, &ids).await?;
    let mut related = relationship::shown(connection, &ids, today).await?;
    let mut called = external_id::all(connection, &ids).await?;
    let mut living = household::of(connection, &ids).await?;
    for file in &mut *files {
        let mut attributes = observed.remove(&file.id.uuid()).unwrap_or_default();
        let mut known: BTreeSet<&str> = completeness::known_built_in(file);
        known.extend(attributes.iter().map(|one| one.attribute.as_str()));
        let completeness = completeness::of(&weights, file.kind, &known);
        attributes.truncate(attribute::SHOWN);
        let shown = related.remove(&file.id.uuid()).unwrap_or_default();
        file.completeness = completeness;
        file.attributes = attributes;
        file.containers = standing.remove(&file.id.uuid()).unwrap_or_default();
        file.external_ids = called.remove(&file.id.uuid()).unwrap_or_default();
        if let Some((household, members)) = living.remove(&file.id.uuid()) {
            file.household_id = Some(household);
            file.household_member_ids = members;
        }
        file.relationships = shown.newest;
        file.relationship_counts = shown.counts;
    }
    conduct::complete(connection, files).await
}
