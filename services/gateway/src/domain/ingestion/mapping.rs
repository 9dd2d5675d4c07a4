//! What a tracked event is to us: by the source's own mappings, else by those that every shop shares.

use schema::api::{
    ingestion::{EventMapping, MappedEffect, TrackingCall},
    interaction::Phase,
    problem::FieldError,
};

use super::source;

/// The event of the Segment e-commerce specification that is a purchase unless a source says otherwise.
const ORDER_COMPLETED: &str = "Order Completed";
/// The most mappings of one source.
pub(crate) const MOST: usize = 200;
/// The longest name of an event.
const LONGEST_EVENT: usize = 100;

/// What an event is to us.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Mapped {
    /// A contact.
    Contact {
        /// What it was about.
        topic: String,
        /// Where on the journey.
        phase: Phase,
    },
    /// A purchase.
    Purchase,
    /// Nothing.
    Unmapped,
}

/// What an event of this name is to a source with these mappings.
pub(crate) fn of(mappings: &[EventMapping], call: TrackingCall, event: Option<&str>) -> Mapped {
    let named =
        mappings.iter().find(|one| one.call == call && one.event.is_some() && one.event.as_deref() == event);
    let any = || mappings.iter().find(|one| one.call == call && one.event.is_none());
    match named.or_else(any) {
        Some(mapping) => match (mapping.effect, &mapping.topic) {
            (MappedEffect::Contact, Some(topic)) => {
                Mapped::Contact { topic: topic.clone(), phase: mapping.phase.unwrap_or(Phase::Presales) }
            }
            (MappedEffect::Purchase, _) => Mapped::Purchase,
            (MappedEffect::Contact, None) | (MappedEffect::Ignore, _) => Mapped::Unmapped,
        },
        None if call == TrackingCall::Track && event == Some(ORDER_COMPLETED) => Mapped::Purchase,
        None => Mapped::Unmapped,
    }
}

/// Finds mappings right, or says everything that is wrong with them.
pub(crate) fn check(mappings: &[EventMapping], mistakes: &mut Vec<FieldError>) {
    let mut wrong = |at: usize, field: &str, detail: String| {
        mistakes.push(FieldError { pointer: format!("/mappings/{at}/{field}"), detail });
    };
    for (at, one) in mappings.iter().enumerate() {
        match (one.call, one.event.as_deref()) {
            (TrackingCall::Track, None) => wrong(at, "event", "say which event".to_owned()),
            (TrackingCall::Track | TrackingCall::Page | TrackingCall::Screen, Some(event)) => {
                if event.trim() != event || !(1..=LONGEST_EVENT).contains(&event.chars().count()) {
                    let rule = format!("a name has 1 to {LONGEST_EVENT} characters, no blanks around it");
                    wrong(at, "event", rule);
                }
            }
            (TrackingCall::Page | TrackingCall::Screen, None) => {}
            (TrackingCall::Identify | TrackingCall::Group | TrackingCall::Alias, _) => {
                wrong(at, "call", "only track, page and screen can be mapped".to_owned());
            }
        }
        match (one.effect, one.topic.as_deref()) {
            (MappedEffect::Contact, topic) if !topic.is_some_and(source::is_code) => {
                wrong(at, "topic", format!("a contact has a topic: {}", source::CODE_RULE));
            }
            (MappedEffect::Purchase | MappedEffect::Ignore, Some(_)) => {
                wrong(at, "topic", "only a contact has a topic; leave it out".to_owned());
            }
            _ => {}
        }
        if one.effect != MappedEffect::Contact && one.phase.is_some() {
            wrong(at, "phase", "only a contact has a phase; leave it out".to_owned());
        }
        if mappings[..at].iter().any(|other| other.call == one.call && other.event == one.event) {
            wrong(at, "event", "this event has a mapping already; an event is mapped once".to_owned());
        }
    }
    if mappings.len() > MOST {
        let detail = format!("a source has at most {MOST} mappings");
        mistakes.push(FieldError { pointer: "/mappings".to_owned(), detail });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mapping(
        call: TrackingCall,
        event: Option<&str>,
        effect: MappedEffect,
        topic: Option<&str>,
    ) -> EventMapping {
        let text = |text: Option<&str>| text.map(str::to_owned);
        EventMapping { call, event: text(event), effect, topic: text(topic), phase: None }
    }

    #[test]
    fn a_sources_own_mapping_comes_before_what_every_shop_shares() {
        let of_none = |event| of(&[], TrackingCall::Track, Some(event));
        assert_eq!(of_none("Order Completed"), Mapped::Purchase);
        assert_eq!(of_none("Product Viewed"), Mapped::Unmapped);
        let ignore = [mapping(TrackingCall::Track, Some("Order Completed"), MappedEffect::Ignore, None)];
        assert_eq!(of(&ignore, TrackingCall::Track, Some("Order Completed")), Mapped::Unmapped);
    }

    #[test]
    fn a_page_is_kept_out_unless_it_is_mapped() {
        assert_eq!(of(&[], TrackingCall::Page, Some("Home")), Mapped::Unmapped);
        let all = [
            mapping(TrackingCall::Page, None, MappedEffect::Contact, Some("visit")),
            mapping(TrackingCall::Page, Some("Home"), MappedEffect::Ignore, None),
        ];
        let visit = Mapped::Contact { topic: "visit".to_owned(), phase: Phase::Presales };
        assert_eq!(of(&all, TrackingCall::Page, Some("Prices")), visit);
        assert_eq!(of(&all, TrackingCall::Page, None), visit);
        assert_eq!(of(&all, TrackingCall::Page, Some("Home")), Mapped::Unmapped);
        assert_eq!(of(&all, TrackingCall::Screen, Some("Prices")), Mapped::Unmapped);
    }

    #[test]
    fn every_mistake_is_told_with_its_place() {
        let mappings = [
            mapping(TrackingCall::Track, None, MappedEffect::Ignore, None),
            mapping(TrackingCall::Track, Some("A"), MappedEffect::Contact, Some("No Code")),
            mapping(TrackingCall::Track, Some("A"), MappedEffect::Purchase, Some("x")),
            mapping(TrackingCall::Group, Some("A"), MappedEffect::Ignore, None),
        ];
        let mut mistakes = Vec::new();
        check(&mappings, &mut mistakes);
        let places: Vec<&str> = mistakes.iter().map(|one| one.pointer.as_str()).collect();
        assert_eq!(
            places,
            [
                "/mappings/0/event",
                "/mappings/1/topic",
                "/mappings/2/topic",
                "/mappings/2/event",
                "/mappings/3/call"
            ]
        );
    }
}
