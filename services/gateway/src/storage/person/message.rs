//! Tracked messages of one customer that still say something: those that are to be forwarded, wait, or were
//! refused. What the others said is deleted, and with it whose they were.
//!
//! A message names a user by an external id of the customer, or a device. Neither is indexed, because nobody
//! else asks: all messages that say something are read through, of which there are at most a million.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use futures::{
    StreamExt as _,
    stream::{self, BoxStream},
};
use kit::{Error, Result, Runtime, db::statement};
use reference::person::{Record, Shown};
use schema::{access::Class, api::customer::CustomerFile, ids::CustomerId};
use sea_orm::{ConnectionTrait as _, QueryResult, Value};
use serde_json::Value as Json;
use uuid::Uuid;

use crate::domain::ingestion::message::{Message, anonymous_key, user_key};

/// Messages that are looked at in one step.
const PAGE: usize = 1_000;

/// Whose messages are meant.
struct Whose {
    /// What stands for devices and former ids of theirs.
    keys: HashSet<Uuid>,
    /// What the systems call them: system and id.
    external_ids: HashSet<(String, String)>,
    /// The system of whose ids each source speaks.
    namespaces: HashMap<Uuid, String>,
}

/// How far the messages were read.
struct Reading {
    runtime: Arc<Runtime>,
    whose: Whose,
    /// The position of the last message that was looked at.
    after: i64,
    ended: bool,
}

/// The customer's messages.
pub(super) fn of(runtime: Arc<Runtime>, customer: CustomerId) -> BoxStream<'static, Result<Vec<Record>>> {
    let begin = async move {
        let whose = whose(&runtime, customer).await?;
        let reading = Reading { runtime, whose, after: 0, ended: false };
        Ok::<_, Error>(stream::try_unfold(reading, Reading::next))
    };
    stream::once(begin)
        .flat_map(|begun| match begun {
            Ok(pages) => pages.boxed(),
            Err(error) => stream::iter([Err(error)]).boxed(),
        })
        .boxed()
}

async fn whose(runtime: &Runtime, customer: CustomerId) -> Result<Whose> {
    let read = runtime.db.read();
    let rows = |sql: &'static str, values: Vec<Value>| read.query_all_raw(statement(read, sql, values));
    let id = || vec![customer.uuid().into()];
    let mut keys = HashSet::new();
    for row in rows("SELECT key FROM ingestion_link WHERE customer_id = $1", id()).await? {
        keys.insert(row.try_get_by_index(0)?);
    }
    let mut namespaces = HashMap::new();
    for row in rows("SELECT id, namespace FROM ingestion_source", Vec::new()).await? {
        namespaces.insert(row.try_get("", "id")?, row.try_get("", "namespace")?);
    }
    let files = rows("SELECT file FROM customer_view WHERE customer_id = $1", id()).await?;
    let file: Option<String> = files.first().map(|row| row.try_get_by_index(0)).transpose()?.flatten();
    // Without the file the messages cannot be told from those of others; it comes within moments.
    let file = file.ok_or(Error::NotKnownYet(customer.into()))?;
    let file: CustomerFile =
        serde_json::from_str(&file).map_err(|error| Error::malformed("a file in the view", error))?;
    let external_ids =
        file.external_ids.into_iter().filter_map(|one| Some((one.system, one.value?))).collect();
    Ok(Whose { keys, external_ids, namespaces })
}

impl Whose {
    fn is(&self, source: Uuid, message: &Message) -> bool {
        let user = |id: &String| {
            let system = self.namespaces.get(&source);
            let known =
                system.is_some_and(|system| self.external_ids.contains(&(system.clone(), id.clone())));
            known || self.keys.contains(&user_key(source.into(), id))
        };
        let device = |id: &String| self.keys.contains(&anonymous_key(source.into(), id));
        // A former id may be of either kind.
        message.user_id.as_ref().is_some_and(user)
            || message.anonymous_id.as_ref().is_some_and(device)
            || message.previous_id.as_ref().is_some_and(|id| user(id) || device(id))
    }
}

impl Reading {
    async fn next(mut self) -> Result<Option<(Vec<Record>, Self)>> {
        if self.ended {
            return Ok(None);
        }
        let sql = format!(
            "SELECT position, id, source_id, call, state, received_at, said, reason FROM ingestion_message \
             WHERE position > $1 AND said IS NOT NULL ORDER BY position LIMIT {PAGE}"
        );
        let read = self.runtime.db.read();
        let rows = read.query_all_raw(statement(read, &sql, vec![self.after.into()])).await?;
        let mut found = Vec::new();
        for row in &rows {
            self.after = row.try_get("", "position")?;
            let said: String = row.try_get("", "said")?;
            // What no version of ours wrote is nobody's, and is refused when its turn comes.
            let Ok(message) = serde_json::from_str::<Message>(&said) else { continue };
            if self.whose.is(row.try_get("", "source_id")?, &message) {
                found.push(record(row, message)?);
            }
        }
        self.ended = rows.len() < PAGE;
        Ok(Some((found, self)))
    }
}

fn record(row: &QueryResult, message: Message) -> Result<Record> {
    let Message { call: _, user_id, anonymous_id, previous_id, event, occurred_at, fields, locale } = message;
    let identity = Shown::By(Class::Identity);
    let received_at: chrono::DateTime<chrono::Utc> = row.try_get("", "received_at")?;
    let time = |at| serde_json::to_value(at).map_err(|error| Error::malformed("a time", error));
    let id = |name| row.try_get::<Uuid>("", name).map(|id| Json::from(id.to_string()));
    let text = |name| row.try_get::<Option<String>>("", name).map(Json::from);
    Ok(Record {
        kind: "ingestion_message",
        fields: vec![
            ("id", id("id")?, Shown::ToAll),
            ("source_id", id("source_id")?, Shown::ToAll),
            ("call", text("call")?, Shown::ToAll),
            ("state", text("state")?, Shown::ToAll),
            ("reason", text("reason")?, Shown::ToAll),
            ("received_at", time(received_at)?, Shown::ToAll),
            ("occurred_at", time(occurred_at)?, Shown::ToAll),
            ("user_id", user_id.into(), identity),
            ("anonymous_id", anonymous_id.into(), identity),
            ("previous_id", previous_id.into(), identity),
            ("event", event.into(), Shown::ToAll),
            ("locale", locale.into(), Shown::ToAll),
            // Traits and properties hold anything.
            ("fields", Json::Object(fields), Shown::ToWhoSeesEverything),
        ],
    })
}
