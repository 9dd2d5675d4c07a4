//! A service's table of reactions: which event does what here.
//!
//! A reaction gives the same result for every order of arrival, so the events of a batch are applied type by type,
//! and a reaction takes all of its type at once. It asks which subjects are known *before* it writes anything, and
//! says which of its events wait for a subject that is not: those are parked and applied in the transaction that
//! brings it. A reaction that takes one event after the other fails with [`Error::NotKnownYet`] instead.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use chrono::{DateTime, Utc};
use futures::future::BoxFuture;
use schema::{
    event::{Declaration, EVENTS, Envelope, Event},
    ids::EventId,
    topology::Service,
};
use tracing::Instrument as _;
use uuid::Uuid;

use crate::{
    error::{Error, Result},
    telemetry,
    work::{Cause, Work},
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
    /// What is told because of it, is told with [`Work::because`] of this.
    pub cause: Cause,
}

impl<T> Received<T> {
    fn of<E: Event<Data = T>>(service: Service, envelope: &Envelope) -> Result<Self> {
        let data = envelope.data::<E>().map_err(|error| Error::malformed("the event's data", error))?;
        let span = telemetry::consumer_span(service, envelope);
        Ok(Self {
            id: envelope.id,
            subject: envelope.subject,
            revision: envelope.revision,
            occurred_at: envelope.time,
            recorded_at: envelope.recordedat,
            data,
            cause: Cause::event(envelope.id.uuid(), span),
        })
    }
}

/// The events of a batch whose subject is not known here yet, each with the subject that it waits for.
pub type Unknown = Vec<(EventId, Uuid)>;

type React =
    Arc<dyn for<'a> Fn(&'a mut Work, &'a [Arc<Envelope>]) -> BoxFuture<'a, Result<Unknown>> + Send + Sync>;

#[derive(Clone)]
struct Reaction {
    declaration: Declaration,
    react: React,
}

/// The table.
#[derive(Clone, Default)]
pub struct Reactions {
    by_type: HashMap<&'static str, Reaction>,
}

impl Reactions {
    /// No reactions.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds the reaction to an event type, which takes all events of the type in a batch, in their order, with as many
    /// statements as for one.
    #[must_use]
    pub fn on_many<E: Event>(
        mut self,
        react: impl for<'a> Fn(&'a mut Work, Vec<Received<E::Data>>) -> BoxFuture<'a, Result<Unknown>>
        + Send
        + Sync
        + Copy
        + 'static,
    ) -> Self {
        let react: React = Arc::new(move |work, envelopes| {
            Box::pin(async move {
                let service = work.service();
                let events = envelopes.iter().map(|envelope| Received::of::<E>(service, envelope));
                let events = events.collect::<Result<Vec<_>>>()?;
                react(work, events).await
            })
        });
        self.by_type.insert(E::DECLARATION.name, Reaction { declaration: E::DECLARATION, react });
        self
    }

    /// Adds the reaction to an event type that is rare: one event after the other.
    #[must_use]
    pub fn on<E: Event>(
        self,
        react: impl for<'a> Fn(&'a mut Work, Received<E::Data>) -> BoxFuture<'a, Result<()>>
        + Send
        + Sync
        + Copy
        + 'static,
    ) -> Self {
        self.on_many::<E>(move |work, events| {
            Box::pin(async move {
                let mut unknown = Unknown::new();
                for event in events {
                    work.because(&event.cause);
                    let (id, span) = (event.id, event.cause.span());
                    match react(work, event).instrument(span).await {
                        Ok(()) => {}
                        Err(Error::NotKnownYet(subject)) => unknown.push((id, subject)),
                        Err(error) => return Err(error),
                    }
                }
                Ok(unknown)
            })
        })
    }

    /// The types reacted to.
    pub fn types(&self) -> impl Iterator<Item = &Declaration> {
        self.by_type.values().map(|reaction| &reaction.declaration)
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

    /// Events by type, the types in the order of the event table: there, what others wait for comes first.
    pub(crate) fn by_type(envelopes: Vec<Arc<Envelope>>) -> Vec<Vec<Arc<Envelope>>> {
        let mut groups: BTreeMap<usize, Vec<Arc<Envelope>>> = BTreeMap::new();
        for envelope in envelopes {
            let place = EVENTS.iter().position(|one| one.name == envelope.kind).unwrap_or(EVENTS.len());
            groups.entry(place).or_default().push(envelope);
        }
        groups.into_values().collect()
    }

    /// Applies events of one type; gives those that wait for their subject.
    pub(crate) async fn react(&self, work: &mut Work, envelopes: &[Arc<Envelope>]) -> Result<Unknown> {
        let kind = envelopes.first().map(|envelope| envelope.kind.as_str()).unwrap_or_default();
        let Some(reaction) = self.by_type.get(kind) else { return Ok(Unknown::new()) };
        work.begin_events();
        (reaction.react)(work, envelopes).await
    }
}
