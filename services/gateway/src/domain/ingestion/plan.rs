//! What is to be done with a message: by its call, and by what its source maps its event to.

use schema::api::{
    ingestion::{IngestionSource, TrackingCall},
    interaction::{ContactDirection, NewContact, NewPurchase},
};

use super::{
    mapping::{self, Mapped},
    message::Message,
    order::{self, Till},
    profile::Profile,
};

/// What is to be done with a message.
#[derive(Clone, Debug)]
pub(crate) enum Plan {
    /// Register or update the person, and join what their device did before.
    Identify(Profile),
    /// Two ids are the same person.
    Alias,
    /// Record a contact.
    Contact(NewContact),
    /// Record a purchase, under the shop's id of the order when there is one.
    Purchase(NewPurchase, Option<String>),
    /// Count it.
    Unmapped,
    /// Refuse it: this is why.
    Refused(String),
}

/// What is to be done with a message of this source.
pub(crate) fn of(message: &Message, source: &IngestionSource) -> Plan {
    match message.call {
        // Without a user id it says something of a device, which is nobody we know.
        TrackingCall::Identify if message.user_id.is_none() => Plan::Unmapped,
        TrackingCall::Identify => Plan::Identify(Profile::of(message)),
        TrackingCall::Alias => Plan::Alias,
        TrackingCall::Group => Plan::Unmapped,
        TrackingCall::Track | TrackingCall::Page | TrackingCall::Screen => {
            match mapping::of(&source.mappings, message.call, message.event.as_deref()) {
                Mapped::Contact { topic, phase } => Plan::Contact(NewContact {
                    org_unit_id: source.org_unit_id,
                    staff_id: None,
                    channel: source.channel,
                    direction: ContactDirection::Inbound,
                    phase,
                    occurred_at: message.occurred_at,
                    topic,
                    notes: None,
                    outcome: None,
                    answered: None,
                    promise: None,
                }),
                Mapped::Purchase => {
                    let till = Till {
                        org_unit_id: source.org_unit_id,
                        channel: source.channel,
                        currency: source.currency.as_ref(),
                    };
                    match order::purchase(message, &till) {
                        Ok((purchase, order)) => Plan::Purchase(purchase, order),
                        Err(why) => Plan::Refused(why),
                    }
                }
                Mapped::Unmapped => Plan::Unmapped,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use schema::api::interaction::Channel;
    use serde_json::json;
    use uuid::Uuid;

    use super::*;

    fn plan(call: TrackingCall, user_id: Option<&str>, event: Option<&str>) -> Plan {
        let at = "2026-11-22T12:00:00Z".parse().expect("a time");
        let source = IngestionSource {
            id: Uuid::from_u128(1).into(),
            code: "shop".to_owned(),
            name: "Shop".to_owned(),
            org_unit_id: Uuid::from_u128(2).into(),
            namespace: "shop".to_owned(),
            channel: Channel::Web,
            currency: None,
            mappings: Vec::new(),
            active: true,
            write_key_hint: String::new(),
            created_at: at,
        };
        let fields = json!({ "currency": "EUR", "total": 1 });
        let message = Message {
            call,
            user_id: user_id.map(str::to_owned),
            anonymous_id: Some("a".to_owned()),
            previous_id: None,
            event: event.map(str::to_owned),
            occurred_at: at,
            fields: fields.as_object().cloned().unwrap_or_default(),
            locale: None,
        };
        of(&message, &source)
    }

    #[test]
    fn without_mappings_people_and_orders_count_and_nothing_else() {
        assert!(matches!(plan(TrackingCall::Identify, Some("u"), None), Plan::Identify(_)));
        assert!(matches!(plan(TrackingCall::Identify, None, None), Plan::Unmapped));
        assert!(matches!(plan(TrackingCall::Track, None, Some("Order Completed")), Plan::Purchase(_, None)));
        assert!(matches!(plan(TrackingCall::Track, Some("u"), Some("Order Updated")), Plan::Unmapped));
        assert!(matches!(plan(TrackingCall::Page, Some("u"), Some("Home")), Plan::Unmapped));
        assert!(matches!(plan(TrackingCall::Group, Some("u"), None), Plan::Unmapped));
    }
}
