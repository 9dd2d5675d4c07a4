//! Configuration: the commented defaults in `config.default.toml`, under `customer360.toml`, under the
//! environment (`C360_…`, `__` between levels). Everything is read and checked before a port opens.

mod lenient;
mod public_pages;

use std::{
    collections::BTreeMap,
    net::{IpAddr, SocketAddr},
    path::{Path, PathBuf},
};

use figment::{
    Figment,
    providers::{Env, Format, Toml},
};
use schema::topology::Service;
use serde::Deserialize;

pub use self::public_pages::PublicPages;

/// The commented defaults: also the manual.
pub const DEFAULTS: &str = include_str!("config.default.toml");

/// All settings.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Directory of the embedded databases and the development key.
    pub data: PathBuf,
    /// Region in which a national phone number is read.
    pub default_region: String,
    /// Whether a database that may lose acknowledged writes is accepted; for tests only.
    #[serde(deserialize_with = "lenient::flag")]
    pub allow_weak_durability: bool,
    /// HTTP.
    pub http: Http,
    /// Databases.
    pub database: Database,
    /// The event bus.
    pub bus: Bus,
    /// Who may come in.
    pub auth: Auth,
    /// Where the services are, for the gateway, and for import and export.
    pub services: Addresses,
    /// What is opened without a login.
    pub public_pages: PublicPages,
    /// Traces and logs.
    pub telemetry: Telemetry,
}

/// HTTP settings.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Http {
    /// Address to listen on.
    pub bind: IpAddr,
    /// Port; absent means the service's own, 0 any free one.
    pub port: Option<u16>,
    /// Largest body, in bytes.
    pub body_limit: usize,
    /// Time in which the body must have arrived, in milliseconds.
    pub body_deadline_ms: u64,
    /// Time in which a request must be answered, in milliseconds.
    pub request_deadline_ms: u64,
    /// Worker threads.
    pub workers: usize,
}

/// Database settings.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Database {
    /// `embedded` (SQLite in `data`) or a PostgreSQL URL in which `{service}` becomes the service's name.
    pub url: String,
    /// Most connections of one service to PostgreSQL.
    pub max_connections: u32,
}

/// Bus settings.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bus {
    /// `local` (within one process) or an AMQP URL.
    pub url: String,
    /// Prefix of exchange and queues, for several suites on one virtual host.
    #[serde(deserialize_with = "lenient::text")]
    pub namespace: String,
    /// Attempts at one event before it becomes a dead letter.
    pub max_attempts: i32,
    /// Pause before the second attempt, in milliseconds; doubles with each, up to a minute.
    pub retry_base_ms: u64,
}

/// Authentication settings.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Auth {
    /// OpenID Connect issuer. Without one the development key is used, on loopback only.
    pub issuer: Option<String>,
    /// The audience that tokens must name.
    pub audience: String,
    /// Client id of the services' own tokens.
    #[serde(deserialize_with = "lenient::text")]
    pub client_id: String,
    /// Client secret of the services' own tokens.
    #[serde(deserialize_with = "lenient::text")]
    pub client_secret: String,
}

/// Base URLs of the services, by name.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(transparent)]
pub struct Addresses(BTreeMap<Service, String>);

/// Telemetry settings.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Telemetry {
    /// OTLP/HTTP endpoint for traces, for example `http://collector:4318`; none exports nothing.
    pub otlp_endpoint: Option<String>,
    /// Share of traces that is exported, in millionths.
    pub sample_millionths: u32,
}

/// The settings are not usable.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A file or variable cannot be read as what it must be.
    #[error("the configuration cannot be read")]
    Unreadable(#[from] Box<figment::Error>),
    /// The values do not go together.
    #[error("{0}")]
    Unusable(&'static str),
}

impl Config {
    /// Reads defaults, then `customer360.toml` in the working directory, then the environment.
    ///
    /// # Errors
    /// Names the setting that cannot be used and why.
    pub fn load(data: Option<&Path>) -> Result<Self, ConfigError> {
        let mut figment = Figment::from(Toml::string(DEFAULTS)).merge(Toml::file("customer360.toml")).merge(
            Env::prefixed("C360_")
                .ignore(&["log", "backing", "token"])
                .filter(|key| !key.starts_with("test_"))
                .split("__"),
        );
        if let Some(data) = data {
            figment = figment.merge(("data", data));
        }
        let config: Self = figment.extract().map_err(Box::new)?;
        config.checked()
    }

    /// The defaults with another data directory; what tests start from.
    ///
    /// # Errors
    /// When the built-in defaults are broken.
    pub fn defaults(data: &Path) -> Result<Self, ConfigError> {
        let figment = Figment::from(Toml::string(DEFAULTS)).merge(("data", data));
        let config: Self = figment.extract().map_err(Box::new)?;
        config.checked()
    }

    fn checked(self) -> Result<Self, ConfigError> {
        if !self.http.bind.is_loopback() && self.auth.issuer.is_none() {
            return Err(ConfigError::Unusable(
                "http.bind is not a loopback address: set auth.issuer, because the development key is for this \
                 machine only",
            ));
        }
        if self.database.url != "embedded" && !self.database.url.starts_with("postgres") {
            return Err(ConfigError::Unusable("database.url is `embedded` or a postgres:// URL"));
        }
        if self.bus.url != "local" && !self.bus.url.starts_with("amqp") {
            return Err(ConfigError::Unusable("bus.url is `local` or an amqp:// URL"));
        }
        if self.bus.url == "local" && self.database.url != "embedded" {
            return Err(ConfigError::Unusable(
                "bus.url = `local` needs database.url = `embedded`: positions over an outbox need its one writer",
            ));
        }
        self.public_pages.check()?;
        Ok(self)
    }

    /// Where a service listens.
    pub fn address(&self, service: Service) -> SocketAddr {
        SocketAddr::new(self.http.bind, self.http.port.unwrap_or_else(|| service.port()))
    }

    /// The database of a service.
    pub fn database_url(&self, service: Service) -> String {
        if self.is_embedded() {
            format!("sqlite://{}?mode=rwc", self.data.join(format!("{service}.db")).display())
        } else {
            self.database.url.replace("{service}", service.name())
        }
    }

    /// Whether databases are files in `data`.
    pub fn is_embedded(&self) -> bool {
        self.database.url == "embedded"
    }
}

impl Addresses {
    /// The base URL of a service; empty when there is none.
    pub fn of(&self, service: Service) -> &str {
        self.0.get(&service).map_or("", String::as_str)
    }

    /// Says where a service listens.
    pub fn set(&mut self, service: Service, url: String) {
        self.0.insert(service, url);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn defaults_are_usable() {
        let config = Config::defaults(Path::new("d")).expect("defaults");
        assert_eq!(config.address(Service::Gateway).to_string(), "127.0.0.1:8360");
        assert_eq!(config.database_url(Service::Loyalty), "sqlite://d/loyalty.db?mode=rwc");
    }

    #[test]
    fn the_environment_may_write_flags_and_secrets_in_digits() {
        let text = "allow_weak_durability = 1\n[auth]\nclient_secret = 123456\n";
        let figment = Figment::from(Toml::string(DEFAULTS)).merge(Toml::string(text));
        let config: Config = figment.extract().expect("lenient");
        assert!(config.allow_weak_durability);
        assert_eq!(config.auth.client_secret, "123456");
    }

    #[test]
    fn an_open_port_needs_an_issuer() {
        let mut config = Config::defaults(Path::new("d")).expect("defaults");
        config.http.bind = IpAddr::from([0, 0, 0, 0]);
        assert!(config.clone().checked().is_err());
        config.auth.issuer = Some("https://issuer.example".into());
        assert!(config.checked().is_ok());
    }
}
