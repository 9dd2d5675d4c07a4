//! The AsyncAPI 3 document of the events, made from the event table.

use schema::{
    event::{Delivery, EVENTS},
    topology::{EXCHANGE, Service},
};
use serde_json::{Map, Value, json};

/// The document. YAML 1.2 includes JSON, but people read this one: it is written in block style.
pub(crate) fn document() -> Result<String, serde_json::Error> {
    let mut channels = Map::new();
    let mut operations = Map::new();
    let mut messages = Map::new();
    let mut schemas = Map::new();
    for event in EVENTS {
        let mut collected = Vec::new();
        let payload = (event.schema)(&mut collected);
        for (name, schema) in collected {
            schemas.insert(name, serde_json::to_value(schema)?);
        }
        let consumers: Vec<&str> = event.consumers.iter().map(|service| service.name()).collect();
        messages.insert(
            event.name.to_owned(),
            json!({
                "name": event.name,
                "summary": event.summary.trim(),
                "contentType": "application/cloudevents+json",
                "x-delivery": match event.delivery { Delivery::State => "state", Delivery::Fact => "fact" },
                "x-publisher": event.publisher.name(),
                "x-consumers": consumers,
                "payload": {
                    "allOf": [
                        { "$ref": "#/components/schemas/Envelope" },
                        { "properties": {
                            "type": { "const": event.name },
                            "data": { "$ref": format!("#/components/schemas/{payload}") },
                        } },
                    ],
                },
            }),
        );
        channels.insert(
            event.name.to_owned(),
            json!({
                "address": event.routing_key(),
                "messages": { "event": { "$ref": format!("#/components/messages/{}", event.name) } },
                "bindings": { "amqp": {
                    "is": "routingKey",
                    "exchange": { "name": EXCHANGE, "type": "topic", "durable": true, "vhost": "/" },
                } },
            }),
        );
        operations.insert(
            format!("publish {}", event.name),
            json!({ "action": "send", "channel": { "$ref": format!("#/channels/{}", event.name) } }),
        );
    }
    schemas.insert("Envelope".to_owned(), envelope());
    let queues: Map<String, Value> =
        Service::ALL.iter().map(|service| (service.queue(), Value::from("quorum"))).collect();
    let document = json!({
        "asyncapi": "3.0.0",
        "info": {
            "title": "Customer 360 events",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "CloudEvents 1.0 in structured mode. Delivery is at least once; ids repeat with the event.",
        },
        "channels": channels,
        "operations": operations,
        "components": { "messages": messages, "schemas": schemas },
        "x-queues": queues,
    });
    let mut text = String::new();
    block(&document, 0, &mut text)?;
    Ok(text)
}

fn envelope() -> Value {
    let text = |about: &str| json!({ "type": "string", "description": about });
    json!({
        "type": "object",
        "required": ["specversion", "id", "source", "type", "subject", "time", "recordedat", "revision",
            "datacontenttype", "data"],
        "properties": {
            "specversion": { "const": "1.0" },
            "id": { "type": "string", "format": "uuid", "description": "The same for every delivery of the event." },
            "source": text("The publishing service, for example /customer."),
            "type": text("The event type with its version."),
            "subject": { "type": "string", "format": "uuid", "description": "The aggregate that it is about." },
            "time": { "type": "string", "format": "date-time", "description": "When it happened (business time)." },
            "recordedat": { "type": "string", "format": "date-time", "description": "When it was recorded." },
            "revision": { "type": "integer", "minimum": 1, "description": "The publisher's revision of the subject." },
            "traceparent": text("W3C trace context of what caused it."),
            "datacontenttype": { "const": "application/json" },
            "data": { "type": "object" },
        },
    })
}

/// Writes a value as YAML in block style; scalars are written as JSON, which YAML reads as they are.
fn block(value: &Value, indent: usize, text: &mut String) -> Result<(), serde_json::Error> {
    let pad = "  ".repeat(indent);
    match value {
        Value::Object(fields) => {
            for (name, field) in fields {
                text.push_str(&format!("{pad}{}:", key(name)?));
                nested(field, indent, text)?;
            }
        }
        Value::Array(items) => {
            for item in items {
                text.push_str(&format!("{pad}-"));
                nested(item, indent, text)?;
            }
        }
        scalar => text.push_str(&format!("{pad}{}\n", serde_json::to_string(scalar)?)),
    }
    Ok(())
}

/// A key without quotes where YAML takes it as a text anyway.
fn key(name: &str) -> Result<String, serde_json::Error> {
    let plain = name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'))
        && !matches!(name, "true" | "false" | "null" | "yes" | "no" | "on" | "off" | "y" | "n");
    if plain { Ok(name.to_owned()) } else { serde_json::to_string(name) }
}

fn nested(value: &Value, indent: usize, text: &mut String) -> Result<(), serde_json::Error> {
    let has_content = match value {
        Value::Object(fields) => !fields.is_empty(),
        Value::Array(items) => !items.is_empty(),
        _ => false,
    };
    if has_content {
        text.push('\n');
        block(value, indent + 1, text)
    } else {
        text.push_str(&format!(" {}\n", serde_json::to_string(value)?));
        Ok(())
    }
}
