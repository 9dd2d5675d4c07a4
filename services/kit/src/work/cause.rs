//! What a unit of work tells things because of: the command, or one of the events that it applies.
//!
//! Ids of what is told follow from the cause, the type and how many things the cause told before. So they are the
//! same when the cause is applied again, and whatever else is applied with it.

use std::collections::HashMap;

use schema::ids::EventId;
use tracing::Span;
use uuid::Uuid;

use crate::telemetry;

/// A command or an event that makes something be told. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Cause {
    id: Uuid,
    /// Its own span; none of a command, whose span is the current one.
    span: Option<Span>,
}

impl Cause {
    pub(crate) const fn command(id: Uuid) -> Self {
        Self { id, span: None }
    }

    pub(crate) const fn event(id: Uuid, span: Span) -> Self {
        Self { id, span: Some(span) }
    }

    /// Its span.
    pub(crate) fn span(&self) -> Span {
        self.span.clone().unwrap_or_else(Span::current)
    }

    /// The trace that what is told because of it belongs to.
    pub(super) fn traceparent(&self) -> Option<String> {
        telemetry::traceparent_of(&self.span())
    }
}

/// How many things each cause told so far.
#[derive(Debug, Default)]
pub(super) struct Ordinals(HashMap<Uuid, usize>);

impl Ordinals {
    /// The id of the next thing of a type that a cause tells.
    pub(super) fn next(&mut self, cause: &Cause, kind: &str) -> EventId {
        let ordinal = self.0.entry(cause.id).or_default();
        let id = Uuid::new_v5(&cause.id, format!("{kind}#{ordinal}").as_bytes());
        *ordinal += 1;
        id.into()
    }

    /// This cause begins anew.
    pub(super) fn forget(&mut self, cause: Uuid) {
        self.0.remove(&cause);
    }

    /// Every cause begins anew.
    pub(super) fn clear(&mut self) {
        self.0.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_do_not_depend_on_what_else_is_told() {
        let (one, other) = (Cause::command(Uuid::from_u128(1)), Cause::command(Uuid::from_u128(2)));
        let mut alone = Ordinals::default();
        let wanted = [alone.next(&one, "a"), alone.next(&one, "a")];
        let mut among = Ordinals::default();
        let first = among.next(&one, "a");
        assert_ne!(among.next(&other, "a"), first);
        assert_eq!([first, among.next(&one, "a")], wanted);
        among.clear();
        assert_eq!(among.next(&one, "a"), first);
        among.forget(one.id);
        assert_eq!(among.next(&one, "a"), first);
    }
}
