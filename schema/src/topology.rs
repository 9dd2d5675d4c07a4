//! The services and the names on the broker. Administrators script against these; they never change.

use serde::{Deserialize, Serialize};

/// The topic exchange that every event is published to.
pub const EXCHANGE: &str = "customer360.events";
/// The fanout exchange on which gateway replicas tell each other what to drop from memory.
pub const ANNOUNCEMENTS: &str = "customer360.announcements";

/// One deployable service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Service {
    /// Who they are.
    Customer,
    /// What happens between us.
    Interaction,
    /// What the relationship is worth.
    Loyalty,
    /// What they think.
    Survey,
    /// The one view over all.
    Gateway,
}

impl Service {
    /// All, in start order.
    pub const ALL: [Service; 5] =
        [Service::Customer, Service::Interaction, Service::Loyalty, Service::Survey, Service::Gateway];

    /// The name in commands, logs, labels and queues.
    pub const fn name(self) -> &'static str {
        match self {
            Service::Customer => "customer",
            Service::Interaction => "interaction",
            Service::Loyalty => "loyalty",
            Service::Survey => "survey",
            Service::Gateway => "gateway",
        }
    }

    /// The loopback port that it listens on by default.
    pub const fn port(self) -> u16 {
        match self {
            Service::Gateway => 8360,
            Service::Customer => 8361,
            Service::Interaction => 8362,
            Service::Loyalty => 8363,
            Service::Survey => 8364,
        }
    }

    /// The durable quorum queue that the service consumes.
    pub fn queue(self) -> String {
        format!("{}.events", self.name())
    }

    /// The net for messages that the service could not even store as a dead letter.
    pub fn dead_letter_queue(self) -> String {
        format!("{}.dead", self.name())
    }
}

impl std::fmt::Display for Service {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

impl std::str::FromStr for Service {
    type Err = UnknownService;
    fn from_str(name: &str) -> Result<Self, UnknownService> {
        Self::ALL.into_iter().find(|service| service.name() == name).ok_or(UnknownService)
    }
}

/// Not one of the services.
#[derive(Debug, thiserror::Error)]
#[error("a service is one of customer, interaction, loyalty, survey, gateway")]
pub struct UnknownService;
