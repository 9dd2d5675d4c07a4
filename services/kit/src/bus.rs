//! The event bus: RabbitMQ between processes, or the local bus within one. Both carry the same
//! envelopes with the same guarantee, and both pass the same contract suite.

pub mod amqp;
pub mod local;

pub use local::LocalBus;
