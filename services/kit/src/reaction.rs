//! A service's table of reactions: which event does what here.
//!
//! A reaction gives the same result for every order of arrival. It asks whether its subject is known
//! *before* it writes anything and fails with [`Error::NotKnownYet`] when it is not: the event is then
//! parked and applied in the transaction that brings the subject.

use std::{collections::HashMap, sync::Arc};

use chrono::{DateTime, Utc};
use futures::future::BoxFuture;
use schema::{
    event::{Declaration, Envelope, Event},
    ids::EventId,
    topology::Service,
};
use uuid::Uuid;

use crate::{
    error::{Error, Result},
    work::Work,
};

/// An event as a reaction gets it.
#[derive(Clone, Debug)]
pub struct Received<T> {
    /// Its id: the same for every delivery of it.
    pub id: EventId,
    /// The aggregate that it is about.
    pub subject: Uuid,
    /// The publisher's revision of the subject.
    pub revision: i64,
    /// When it happened (business time).
    pub occurred_at: DateTime<Utc>,
    /// When the publisher recorded it (system time).
    pub recorded_at: DateTime<Utc>,
    /// What it says.
    pub data: T,
}

type React = Arc<dyn for<'a> Fn(&'a mut Work, &'a Envelope) -> BoxFuture<'a, Result<()>> + Send + Sync>;

/// The table.
#[derive(Clone, Default)]
pub struct Reactions {
    by_type: HashMap<&'static str, (Declaration, React)>,
}

impl Reactions {
    /// No reactions.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds the reaction to an event type.
    #[must_use]
    pub fn on<E: Event>(
        mut self,
        react: impl for<'a> Fn(&'a mut Work, Received<E::Data>) -> BoxFuture<'a, Result<()>>
        + Send
        + Sync
        + Copy
        + 'static,
    ) -> Self {
        let call: React = Arc::new(move |work, envelope| {
            Box::pin(async move {
                let data =
                    envelope.data::<E>().map_err(|error| Error::malformed("the event's data", error))?;
                let received = Received {
                    id: envelope.id,
                    subject: envelope.subject,
                    revision: envelope.revision,
                    occurred_at: envelope.time,
                    recorded_at: envelope.recordedat,
                    data,
                };
                react(work, received).await
            })
        });
        self.by_type.insert(E::DECLARATION.name, (E::DECLARATION, call));
        self
    }

    /// The types reacted to.
    pub fn types(&self) -> impl Iterator<Item = &Declaration> {
        self.by_type.values().map(|(declaration, _)| declaration)
    }

    /// The services whose events are reacted to.
    pub fn publishers(&self) -> Vec<Service> {
        let mut all: Vec<Service> = self.types().map(|declaration| declaration.publisher).collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    /// Whether there is nothing to react to.
    pub fn is_empty(&self) -> bool {
        self.by_type.is_empty()
    }

    pub(crate) fn knows(&self, kind: &str) -> bool {
        self.by_type.contains_key(kind)
    }

    pub(crate) async fn react(&self, work: &mut Work, envelope: &Envelope) -> Result<()> {
        match self.by_type.get(envelope.kind.as_str()) {
            Some((_, react)) => {
                work.set_cause(envelope.id.into());
                react(work, envelope).await
            }
            None => Ok(()),
        }
    }
}
