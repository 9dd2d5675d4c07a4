//! Mutations of sources of tracked messages. They are the gateway's own commands: no other service is asked.
//!
//! They take no idempotency key, because the answer to one would have to be kept, and a write key must not
//! be. A source that is created twice is refused by its code.

use std::sync::Arc;

use async_graphql::{Context, Object, Result, SimpleObject};
use kit::http::Caller;
use schema::{
    access::ADMINISTRATORS,
    api::{
        ingestion::{IngestionSource, IngestionSourceChange, NewIngestionSource},
        problem::Problem,
    },
    ids::{IngestionMessageId, IngestionSourceId},
    value::Long,
};

use crate::{
    app::{Gateway, ingestion::configure},
    domain::ingestion::source::{Secret, WriteKey},
    graphql::{
        failure::{allowed_for, from_problem},
        user_error::UserError,
    },
};

/// Sources of tracked messages.
#[derive(Default)]
pub(super) struct IngestionMutation;

/// What became of a command about a source.
#[derive(SimpleObject)]
pub(crate) struct IngestionSourcePayload {
    /// The source as it is now.
    source: Option<IngestionSource>,
    /// The new write key, shown this once; null when the command gives none.
    write_key: Option<String>,
    /// Why nothing was done; empty when it was.
    errors: Vec<UserError>,
}

/// What became of a retry.
#[derive(SimpleObject)]
pub(crate) struct IngestionRetryPayload {
    /// How many messages are forwarded again.
    retried: Long,
    /// Why nothing was done; empty when it was.
    errors: Vec<UserError>,
}

#[Object]
impl IngestionMutation {
    /// Creates a source and gives its write key, which is not shown again.
    async fn create_ingestion_source(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What the command says.")] input: NewIngestionSource,
    ) -> Option<Result<IngestionSourcePayload>> {
        let done = async {
            let (gateway, caller) = who(ctx)?;
            let key = WriteKey::new(rand::random::<Secret>());
            let created = configure::create(gateway, &caller.viewer, input, key.clone()).await;
            source_payload(created, Some(&key))
        };
        Some(done.await)
    }

    /// Changes a source; what is absent stays.
    async fn change_ingestion_source(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] source_id: IngestionSourceId,
        #[graphql(desc = "What the command says.")] input: IngestionSourceChange,
    ) -> Option<Result<IngestionSourcePayload>> {
        let done = async {
            let (gateway, caller) = who(ctx)?;
            source_payload(configure::change(gateway, &caller.viewer, source_id, input).await, None)
        };
        Some(done.await)
    }

    /// Gives a source another write key; the former one is refused within 10 s.
    async fn rotate_ingestion_write_key(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] source_id: IngestionSourceId,
    ) -> Option<Result<IngestionSourcePayload>> {
        let done = async {
            let (gateway, caller) = who(ctx)?;
            let key = WriteKey::new(rand::random::<Secret>());
            let rotated = configure::rotate(gateway, &caller.viewer, source_id, key.clone()).await;
            source_payload(rotated, Some(&key))
        };
        Some(done.await)
    }

    /// Forwards refused messages of a source again, after what made them fail was mended.
    async fn retry_ingestion_messages(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The source.")] source_id: IngestionSourceId,
        #[graphql(desc = "Which messages, at most 1,000; the oldest 1,000 when absent.")] message_ids: Option<
            Vec<IngestionMessageId>,
        >,
    ) -> Option<Result<IngestionRetryPayload>> {
        let done = async {
            let (gateway, caller) = who(ctx)?;
            match configure::retry(gateway, &caller.viewer, source_id, message_ids).await {
                Ok(retried) => {
                    let retried = Long(i64::try_from(retried).unwrap_or(i64::MAX));
                    Ok(IngestionRetryPayload { retried, errors: Vec::new() })
                }
                Err(error) => {
                    Ok(IngestionRetryPayload { retried: Long(0), errors: errors(error.into_problem())? })
                }
            }
        };
        Some(done.await)
    }
}

fn who<'a>(ctx: &Context<'a>) -> Result<(&'a Arc<Gateway>, &'a Caller)> {
    let caller = allowed_for(ctx, ADMINISTRATORS, "Ingestion").map_err(|problem| from_problem(&problem))?;
    Ok((ctx.data::<Arc<Gateway>>()?, caller))
}

fn source_payload(
    done: kit::Result<IngestionSource>,
    key: Option<&WriteKey>,
) -> Result<IngestionSourcePayload> {
    match done {
        Ok(source) => Ok(IngestionSourcePayload {
            source: Some(source),
            write_key: key.map(|key| key.text().to_owned()),
            errors: Vec::new(),
        }),
        Err(error) => Ok(IngestionSourcePayload {
            source: None,
            write_key: None,
            errors: errors(error.into_problem())?,
        }),
    }
}

fn errors(problem: Problem) -> Result<Vec<UserError>> {
    UserError::of(problem).map_err(|problem| from_problem(&problem))
}
