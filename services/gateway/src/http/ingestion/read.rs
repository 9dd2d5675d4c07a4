//! A request taken apart into messages. A message of a batch that cannot be taken does not hold up the
//! others: it is told in the answer and, when we know which call it is, kept with its reason.

use chrono::{DateTime, Utc};
use kit::{clock::new_id, http::holds_nul};
use schema::{
    api::{
        ingestion::TrackingCall,
        problem::{Code, Problem},
    },
    ids::{IngestionMessageId, IngestionSourceId},
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, value::RawValue};

use crate::{
    domain::ingestion::{
        message::{self, Arrival, Message},
        source::WriteKey,
        time,
    },
    storage::ingestion::message::Taken,
};

/// The largest message, in bytes.
const MESSAGE_MOST: usize = 32 * 1024;

/// A request.
pub(super) struct Request<'a> {
    /// Its messages, each with the call when the path says it.
    messages: Vec<&'a RawValue>,
    call: Option<TrackingCall>,
    sent_at: Option<DateTime<Utc>>,
    write_key: Option<String>,
}

/// A message of a batch that was not taken.
#[derive(Debug, Serialize)]
pub(super) struct Refused {
    /// Its place in the batch, from 0.
    index: usize,
    /// Why.
    detail: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct BatchBody<'a> {
    #[serde(borrow)]
    batch: Vec<&'a RawValue>,
    #[serde(default)]
    sent_at: Option<Value>,
    #[serde(default)]
    write_key: Option<Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Keyed {
    #[serde(default)]
    write_key: Option<Value>,
}

impl<'a> Request<'a> {
    /// Reads a batch, or one message of this call.
    pub(super) fn read(body: &'a str, call: Option<TrackingCall>) -> Result<Self, Problem> {
        let malformed = |error: serde_json::Error| Problem::new(Code::MalformedRequest, error.to_string());
        let text = |value: Option<Value>| value.as_ref().and_then(Value::as_str).map(str::to_owned);
        if call.is_some() {
            let message: &RawValue = serde_json::from_str(body).map_err(malformed)?;
            let keyed: Keyed = serde_json::from_str(body).map_err(malformed)?;
            let write_key = text(keyed.write_key);
            return Ok(Self { messages: vec![message], call, sent_at: None, write_key });
        }
        let batch: BatchBody<'_> = serde_json::from_str(body).map_err(malformed)?;
        // The browser's library puts the key into the messages.
        let in_first = || {
            let first = batch.batch.first()?;
            text(serde_json::from_str::<Keyed>(first.get()).ok()?.write_key)
        };
        let write_key = text(batch.write_key).or_else(in_first);
        let sent_at = text(batch.sent_at).as_deref().and_then(time::parse);
        Ok(Self { messages: batch.batch, call, sent_at, write_key })
    }

    /// The write key in the body.
    pub(super) fn key(&self) -> Result<WriteKey, Problem> {
        let key = self.write_key.as_deref().filter(|key| !key.trim().is_empty());
        key.map(WriteKey::given).ok_or_else(|| {
            let detail = "send the write key as the user name of basic authentication, or as `writeKey`";
            Problem::new(Code::Unauthenticated, detail)
        })
    }

    /// The messages to take, and those that are refused. A single message that is refused is an error.
    pub(super) fn messages(
        self,
        source: IngestionSourceId,
        received_at: DateTime<Utc>,
    ) -> Result<(Vec<Taken>, Vec<Refused>), Problem> {
        let arrival = Arrival { received_at, sent_at: self.sent_at };
        let (mut taken, mut refused) = (Vec::with_capacity(self.messages.len()), Vec::new());
        for (index, raw) in self.messages.iter().enumerate() {
            let read = read(raw.get(), self.call, source, arrival);
            match (read.said, read.call) {
                (Err(problem), _) if self.call.is_some() => return Err(problem),
                (Err(problem), call) => {
                    if let Some(call) = call {
                        let said = Err(problem.detail.clone());
                        taken.push(Taken { id: read.id, source, call, received_at, said });
                    }
                    refused.push(Refused { index, detail: problem.detail });
                }
                (Ok(said), Some(call)) => {
                    taken.push(Taken { id: read.id, source, call, received_at, said: Ok(said) });
                }
                (Ok(_), None) => {}
            }
        }
        Ok((taken, refused))
    }
}

/// A message as far as it can be read.
struct Read {
    id: IngestionMessageId,
    call: Option<TrackingCall>,
    said: Result<String, Problem>,
}

fn read(text: &str, call: Option<TrackingCall>, source: IngestionSourceId, arrival: Arrival) -> Read {
    let anew = || new_id(arrival.received_at).into();
    if text.len() > MESSAGE_MOST {
        let detail = format!("a message has at most {MESSAGE_MOST} bytes, this one has {}", text.len());
        return Read { id: anew(), call, said: Err(Problem::new(Code::PayloadTooLarge, detail)) };
    }
    let malformed = |detail: String| Problem::new(Code::MalformedRequest, detail);
    if holds_nul(text) {
        let detail = "the message holds the character U+0000, which cannot be stored; leave it out";
        return Read { id: anew(), call, said: Err(malformed(detail.to_owned())) };
    }
    let all: Map<String, Value> = match serde_json::from_str(text) {
        Ok(all) => all,
        Err(error) => return Read { id: anew(), call, said: Err(malformed(error.to_string())) },
    };
    let id = message::message_id(&all).map_or_else(anew, |id| message::derived_id(source, id));
    let call = call.or_else(|| message::call(all.get("type").and_then(Value::as_str)?));
    let Some(known) = call else {
        let detail = "the type of a message is identify, track, page, screen, group or alias";
        return Read { id, call, said: Err(malformed(detail.to_owned())) };
    };
    let said = Message::read(known, all, arrival)
        .map_err(malformed)
        .and_then(|message| serde_json::to_string(&message).map_err(|error| malformed(error.to_string())));
    Read { id, call, said }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn messages(body: &str, call: Option<TrackingCall>) -> Result<(Vec<Taken>, Vec<Refused>), Problem> {
        let source = IngestionSourceId::from(Uuid::from_u128(1));
        Request::read(body, call)?.messages(source, "2026-11-22T12:00:00Z".parse().expect("a time"))
    }

    #[test]
    fn one_bad_message_does_not_hold_up_a_batch() {
        let large = "x".repeat(MESSAGE_MOST);
        let body = format!(
            r#"{{"batch":[{{"type":"track","userId":"u","event":"A","messageId":"m"}},{{"type":"track","event":"A"}},
            {{"type":"sing","userId":"u"}},7,{{"type":"page","userId":"u","x":"\u0000"}},
            {{"type":"track","userId":"u","event":"A","x":"{large}"}},{{"type":"page","userId":"u"}}]}}"#
        );
        let (taken, refused) = messages(&body, None).expect("a batch");
        let places: Vec<usize> = refused.iter().map(|one| one.index).collect();
        assert_eq!(places, [1, 2, 3, 4, 5]);
        assert_eq!(taken.iter().filter(|one| one.said.is_ok()).count(), 2);
        assert_eq!(taken.iter().filter(|one| one.said.is_err()).count(), 1, "a track without anybody");
    }

    #[test]
    fn the_same_message_has_the_same_id_and_one_without_id_its_own() {
        let body = r#"{"userId":"u","event":"A","messageId":"m"}"#;
        let id = || messages(body, Some(TrackingCall::Track)).expect("one").0[0].id;
        assert_eq!(id(), id());
        let body = r#"{"userId":"u","event":"A"}"#;
        let id = || messages(body, Some(TrackingCall::Track)).expect("one").0[0].id;
        assert_ne!(id(), id());
    }

    #[test]
    fn a_single_message_that_is_wrong_is_an_error() {
        let status =
            |body: &str| messages(body, Some(TrackingCall::Track)).map_err(|one| one.status).map(|_| ());
        assert_eq!(status(r#"{"userId":"u"}"#), Err(400));
        assert_eq!(status("{"), Err(400));
        assert_eq!(status(&format!(r#"{{"userId":"u","x":"{}"}}"#, "x".repeat(MESSAGE_MOST))), Err(413));
        assert_eq!(status(r#"{"userId":"u","event":"A"}"#), Ok(()));
    }

    #[test]
    fn the_key_may_be_in_the_body_or_in_its_first_message() {
        for (body, call) in [
            (r#"{"writeKey":"k","batch":[]}"#, None),
            (r#"{"batch":[{"writeKey":"k"}]}"#, None),
            (r#"{"writeKey":"k"}"#, Some(TrackingCall::Track)),
        ] {
            let key = Request::read(body, call).and_then(|request| request.key());
            assert_eq!(key.ok(), Some(WriteKey::given("k")), "{body}");
        }
        assert!(Request::read(r#"{"batch":[]}"#, None).is_ok_and(|request| request.key().is_err()));
    }
}
