//! A place of its own for each test, removed when the test ends, also when it fails.

use std::{future::Future, path::PathBuf};

use kit::{Config, clock};
use tempfile::TempDir;
use tokio::sync::RwLock;

use crate::backing;

/// The broker is everybody's: whoever restarts it must be alone with it.
static BROKER: RwLock<()> = RwLock::const_new(());

/// On what a suite runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// SQLite files and the bus within the process.
    Embedded,
    /// PostgreSQL and RabbitMQ.
    Brokered,
}

/// Where one test's suite keeps its things.
#[derive(Clone, Debug)]
pub struct Place {
    /// On what it runs.
    pub mode: Mode,
    /// The configuration of its services: free ports, short retries.
    pub config: Config,
    /// Prefix of databases and, with a dot, namespace on the broker.
    pub prefix: String,
}

impl Place {
    /// Runs a test in a place of its own, in a task, so that the place is removed whatever happens.
    pub async fn with<F>(mode: Mode, test: impl FnOnce(Self) -> F)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let _shared = if mode == Mode::Brokered { Some(BROKER.read().await) } else { None };
        Self::run(mode, test).await;
    }

    /// Runs a test that stops the broker: no other test of this process uses it meanwhile.
    pub async fn alone_with_the_broker<F>(test: impl FnOnce(Self) -> F)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let _alone = BROKER.write().await;
        Self::run(Mode::Brokered, test).await;
    }

    async fn run<F>(mode: Mode, test: impl FnOnce(Self) -> F)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let directory = TempDir::new().expect("a temporary directory");
        let place = Self::new(mode, directory.path().to_owned());
        if mode == Mode::Brokered {
            backing::create_databases(&place.prefix).await;
        }
        let outcome = tokio::spawn(test(place.clone())).await;
        if mode == Mode::Brokered {
            backing::drop_databases(&place.prefix).await;
            backing::remove_namespace(&place.config.bus.namespace).await;
        }
        if let Err(failed) = outcome {
            std::panic::resume_unwind(failed.into_panic());
        }
    }

    fn new(mode: Mode, data: PathBuf) -> Self {
        let id = clock::new_id(clock::Clock::system().now()).simple().to_string();
        Self::named(mode, data, format!("c360_{}", &id[id.len() - 12..]))
    }

    /// A place with a name of its own, for what outlives a run. Its databases are whoever uses it to make.
    pub fn named(mode: Mode, data: PathBuf, prefix: String) -> Self {
        kit::client::install_tls();
        let mut config = Config::defaults(&data).expect("the defaults are usable");
        config.allow_weak_durability = true;
        config.http.port = Some(0);
        config.bus.retry_base_ms = 20;
        config.bus.max_attempts = 4;
        if mode == Mode::Brokered {
            config.database.url = backing::database_url(&prefix);
            config.database.max_connections = 6;
            config.bus.url = backing::amqp_url();
            config.bus.namespace = format!("{prefix}.");
        }
        Self { mode, config, prefix }
    }
}
