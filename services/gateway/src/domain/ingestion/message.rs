//! A tracked message as the Segment specification writes it, reduced to what we make something of.

use chrono::{DateTime, Utc};
use schema::{
    api::ingestion::TrackingCall,
    ids::{IngestionMessageId, IngestionSourceId},
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::time;

/// The longest user, anonymous or group id; as long as an external id may be.
const LONGEST_ID: usize = 100;
/// The longest `messageId` that is looked at; the rest of a longer one is ignored by nobody.
const LONGEST_MESSAGE_ID: usize = 1_000;
/// The longest name of an event, page or screen.
const LONGEST_EVENT: usize = 100;

/// A message that was taken.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Message {
    /// Which call.
    pub(crate) call: TrackingCall,
    /// Whose, by the sender's id of users.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) user_id: Option<String>,
    /// Whose, by an id of the device or visit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) anonymous_id: Option<String>,
    /// Of an alias: the id until now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) previous_id: Option<String>,
    /// The name of the event, page or screen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) event: Option<String>,
    /// When, by our clock.
    pub(crate) occurred_at: DateTime<Utc>,
    /// Traits or properties.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub(crate) fields: Map<String, Value>,
    /// The language of the device.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) locale: Option<String>,
}

/// When a message came, and when its batch was sent by the sender's clock.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Arrival {
    /// By our clock.
    pub(crate) received_at: DateTime<Utc>,
    /// By the sender's.
    pub(crate) sent_at: Option<DateTime<Utc>>,
}

/// The call of a word on the wire.
pub(crate) fn call(word: &str) -> Option<TrackingCall> {
    Some(match word {
        "identify" => TrackingCall::Identify,
        "track" => TrackingCall::Track,
        "page" => TrackingCall::Page,
        "screen" => TrackingCall::Screen,
        "group" => TrackingCall::Group,
        "alias" => TrackingCall::Alias,
        _ => return None,
    })
}

impl Message {
    /// Reads a message of this call. `Err` says what would be right.
    pub(crate) fn read(
        call: TrackingCall,
        mut all: Map<String, Value>,
        arrival: Arrival,
    ) -> Result<Self, String> {
        let user_id = id(&all, "userId")?;
        let anonymous_id = id(&all, "anonymousId")?;
        let previous_id = id(&all, "previousId")?;
        if user_id.is_none() && (anonymous_id.is_none() || call == TrackingCall::Alias) {
            return Err(match call {
                TrackingCall::Alias => "an alias has a userId and a previousId".to_owned(),
                _ => "a message has a userId or an anonymousId".to_owned(),
            });
        }
        if call == TrackingCall::Alias && previous_id.is_none() {
            return Err("an alias has a userId and a previousId".to_owned());
        }
        let event = match call {
            TrackingCall::Track => all.get("event"),
            TrackingCall::Page | TrackingCall::Screen => all.get("name"),
            TrackingCall::Identify | TrackingCall::Group | TrackingCall::Alias => None,
        };
        let event = event.and_then(Value::as_str).map(str::trim).filter(|event| !event.is_empty());
        let event: Option<String> = event.map(|event| event.chars().take(LONGEST_EVENT).collect());
        if call == TrackingCall::Track && event.is_none() {
            return Err("a track has the name of its event".to_owned());
        }
        let stamp = |name: &str| all.get(name).and_then(Value::as_str).and_then(time::parse);
        let sent_at = stamp("sentAt").or(arrival.sent_at);
        let timestamp = stamp("timestamp").or_else(|| stamp("originalTimestamp"));
        let occurred_at = time::corrected(timestamp, sent_at, arrival.received_at);
        let locale = all.get("context").and_then(|context| context.get("locale")).and_then(Value::as_str);
        let locale = locale.map(str::to_owned);
        let fields = match call {
            TrackingCall::Identify => all.remove("traits"),
            TrackingCall::Track | TrackingCall::Page | TrackingCall::Screen => all.remove("properties"),
            TrackingCall::Group | TrackingCall::Alias => None,
        };
        let fields = match fields {
            Some(Value::Object(fields)) => fields,
            None | Some(Value::Null) => Map::new(),
            Some(_) => return Err("traits and properties are objects".to_owned()),
        };
        Ok(Self { call, user_id, anonymous_id, previous_id, event, occurred_at, fields, locale })
    }
}

/// The id that the sender gave a message; the same one again is the same message.
pub(crate) fn message_id(all: &Map<String, Value>) -> Option<&str> {
    all.get("messageId").and_then(Value::as_str).filter(|id| (1..=LONGEST_MESSAGE_ID).contains(&id.len()))
}

/// The id of a message here. Sender's ids are text of any length, and may hold anything.
pub(crate) fn derived_id(source: IngestionSourceId, message_id: &str) -> IngestionMessageId {
    Uuid::new_v5(&source.uuid(), format!("message\n{message_id}").as_bytes()).into()
}

/// What stands for a user id of a source, without telling it.
pub(crate) fn user_key(source: IngestionSourceId, user_id: &str) -> Uuid {
    Uuid::new_v5(&source.uuid(), format!("user\n{user_id}").as_bytes())
}

/// What stands for an anonymous id of a source, without telling it.
pub(crate) fn anonymous_key(source: IngestionSourceId, anonymous_id: &str) -> Uuid {
    Uuid::new_v5(&source.uuid(), format!("anonymous\n{anonymous_id}").as_bytes())
}

/// An id: a text or a whole number; an empty one is none.
fn id(all: &Map<String, Value>, name: &str) -> Result<Option<String>, String> {
    let id = match all.get(name) {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::String(text)) => text.trim().to_owned(),
        Some(Value::Number(number)) if number.is_i64() || number.is_u64() => number.to_string(),
        Some(_) => return Err(format!("{name} is a text")),
    };
    match id.chars().count() {
        0 => Ok(None),
        1..=LONGEST_ID => Ok(Some(id)),
        _ => Err(format!("{name} has at most {LONGEST_ID} characters")),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(call: TrackingCall, value: Value) -> Result<Message, String> {
        let Value::Object(all) = value else { panic!("an object") };
        let received_at = "2026-11-22T12:00:00Z".parse().expect("a time");
        Message::read(call, all, Arrival { received_at, sent_at: None })
    }

    #[test]
    fn a_track_is_reduced_to_what_counts() {
        let message = read(
            TrackingCall::Track,
            json!({ "userId": 42, "event": " Order Completed ", "properties": { "total": 1 },
                "context": { "ip": "10.0.0.1", "locale": "de-DE" }, "timestamp": "2026-11-22T11:00:00Z",
                "sentAt": "2026-11-22T11:30:00Z" }),
        )
        .expect("a message");
        assert_eq!(message.user_id.as_deref(), Some("42"));
        assert_eq!(message.event.as_deref(), Some("Order Completed"));
        assert_eq!(message.occurred_at.to_rfc3339(), "2026-11-22T11:30:00+00:00");
        let kept = serde_json::to_string(&message).expect("JSON");
        assert!(!kept.contains("10.0.0.1"), "what nothing is made of is not kept");
        assert_eq!(serde_json::from_str::<Message>(&kept).expect("reads"), message);
    }

    #[test]
    fn what_belongs_to_nobody_or_says_nothing_is_refused() {
        assert!(read(TrackingCall::Track, json!({ "event": "A" })).is_err());
        assert!(read(TrackingCall::Track, json!({ "userId": "", "event": "A" })).is_err());
        assert!(read(TrackingCall::Track, json!({ "anonymousId": "a" })).is_err());
        assert!(read(TrackingCall::Alias, json!({ "userId": "a" })).is_err());
        assert!(read(TrackingCall::Page, json!({ "userId": "a".repeat(101) })).is_err());
        assert!(read(TrackingCall::Page, json!({ "userId": { "a": 1 } })).is_err());
        assert!(read(TrackingCall::Identify, json!({ "userId": "a", "traits": [] })).is_err());
        assert!(read(TrackingCall::Identify, json!({ "userId": "a", "traits": null })).is_ok());
        assert!(read(TrackingCall::Page, json!({ "anonymousId": "a" })).is_ok());
    }

    #[test]
    fn keys_of_a_source_are_its_own() {
        let source = |n: u128| IngestionSourceId::from(Uuid::from_u128(n));
        assert_ne!(user_key(source(1), "a"), user_key(source(2), "a"));
        assert_ne!(user_key(source(1), "a"), anonymous_key(source(1), "a"));
        assert_eq!(derived_id(source(1), "m"), derived_id(source(1), "m"));
    }
}
