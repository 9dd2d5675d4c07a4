//! Sources of tracked messages and what became of their messages, for administrators.

use std::sync::Arc;

use async_graphql::{Context, Object, Result, connection::Connection};
use schema::{
    access::ADMINISTRATORS,
    api::{
        ingestion::{IngestionCount, IngestionMessage, IngestionSource, MessageState},
        page::LIMIT_MAX,
        problem::Problem,
    },
    ids::IngestionSourceId,
};

use crate::{
    app::Gateway,
    graphql::{
        connection::{connection, cost, window},
        failure::{allowed_for, failure, from_problem},
    },
    storage::ingestion::{count, refused, source},
};

/// The most sources.
const SOURCES_MOST: usize = 100;
/// The most counts of one source.
const COUNTS_MOST: usize = 200;

/// The roots of ingestion.
#[derive(Default)]
pub(super) struct Ingestion;

#[Object]
impl Ingestion {
    /// The sources of your subtree, by code.
    #[graphql(complexity = "SOURCES_MOST.saturating_mul(child_complexity)")]
    async fn ingestion_sources(&self, ctx: &Context<'_>) -> Option<Result<Vec<IngestionSource>>> {
        Some(sources(ctx).await)
    }

    /// What a source sent and what became of it, the most frequent first, at most 200 sorts. Null when the
    /// source is not in your subtree.
    #[graphql(complexity = "COUNTS_MOST.saturating_mul(child_complexity)")]
    async fn ingestion_counts(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The source.")] source_id: IngestionSourceId,
    ) -> Option<Result<Vec<IngestionCount>>> {
        let found = async {
            visible(ctx, source_id).await?;
            let gateway = ctx.data::<Arc<Gateway>>()?;
            count::of(&gateway.runtime.db, source_id).await.map_err(failure)
        };
        Some(found.await)
    }

    /// The messages of a source in one state, those that came last first. What they say is not shown.
    #[graphql(complexity = "cost(first, child_complexity)")]
    async fn ingestion_messages(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The source.")] source_id: IngestionSourceId,
        #[graphql(desc = "What became of them; `REFUSED` when absent.")] state: Option<MessageState>,
        #[graphql(desc = "1 to 100; 20 when absent.")] first: Option<i32>,
        #[graphql(desc = "The cursor to go on after.")] after: Option<String>,
    ) -> Option<Result<Connection<String, IngestionMessage>>> {
        let found = async {
            visible(ctx, source_id).await?;
            let (first, cursor) = window(first, after.as_deref())?;
            let (db, state) =
                (&ctx.data::<Arc<Gateway>>()?.runtime.db, state.unwrap_or(MessageState::Refused));
            let (limit, after) = (cursor.limit(first, LIMIT_MAX), cursor.after.as_deref());
            let page = refused::page(db, source_id, state, after, limit).await.map_err(failure)?;
            Ok(connection(&cursor, page, first, Some))
        };
        Some(found.await)
    }
}

async fn sources(ctx: &Context<'_>) -> Result<Vec<IngestionSource>> {
    let caller = allowed_for(ctx, ADMINISTRATORS, "Ingestion").map_err(|problem| from_problem(&problem))?;
    let gateway = ctx.data::<Arc<Gateway>>()?;
    source::list(&gateway.runtime.db, &caller.viewer.organisation()).await.map_err(failure)
}

/// Refuses a source that is not in the subtree of whoever asks.
async fn visible(ctx: &Context<'_>, id: IngestionSourceId) -> Result<()> {
    if sources(ctx).await?.iter().any(|source| source.id == id) {
        return Ok(());
    }
    Err(from_problem(&Problem::not_found("source")))
}
