//! A service, declared, and what runs the declaration.

use std::{net::SocketAddr, sync::Arc};

use schema::topology;
use sea_orm_migration::MigrationTrait;
use tokio::{runtime::Handle, sync::Notify, task::JoinHandle};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use uuid::Uuid;

use crate::{
    announce::Announcements,
    arrivals::Arrivals,
    auth::{HasLeft, Leavers, Verifier},
    bus::{self, LocalBus},
    clock::{Clock, new_id},
    config::Config,
    db::{self, Db, OpenError},
    housekeeping,
    http::{self, Extra, Routes},
    inbox, metrics,
    reaction::Reactions,
    relay,
};

/// Work driven by time: idempotent, and one replica at a time by lease where that matters.
pub type Job = fn(Arc<Runtime>) -> futures::future::BoxFuture<'static, ()>;

/// The declaration of a service.
pub struct Service {
    /// Which.
    pub name: topology::Service,
    /// Its own migrations, after the kit's.
    pub migrations: fn() -> Vec<Box<dyn MigrationTrait>>,
    /// What it answers.
    pub routes: Routes,
    /// What it reacts to.
    pub reactions: Reactions,
    /// What it does by itself.
    pub jobs: Vec<Job>,
    /// Who has left and is refused, whatever the token says; none when the service knows nobody.
    pub has_left: Option<HasLeft>,
    /// Further HTTP resources that are not endpoints, such as a GraphQL door.
    pub extra: Option<Extra>,
}

/// What a running service shares among its requests, reactions and jobs.
pub struct Runtime {
    /// Which service.
    pub service: topology::Service,
    /// This process's instance of it: holds leases, names queues.
    pub instance: Uuid,
    /// Its settings.
    pub config: Config,
    /// Its database.
    pub db: Db,
    /// Its time.
    pub clock: Clock,
    /// Who waits for which subject.
    pub arrivals: Arrivals,
    /// What replicas tell each other.
    pub announcements: Announcements,
    /// Who may come in.
    pub verifier: Verifier,
    pub(crate) leavers: Leavers,
    /// The runtime on which transactions run, whoever waits for them.
    pub tasks: Handle,
    /// Tasks beside the declared jobs, such as those that share state with the door; the end waits for
    /// them.
    pub background: TaskTracker,
    /// Ends the service when cancelled.
    pub stop: CancellationToken,
    /// Wakes whoever publishes from the outbox.
    pub told: Arc<Notify>,
    pub(crate) reactions: Reactions,
    local: LocalBus,
}

/// What the services of one process share.
#[derive(Clone, Debug, Default)]
pub struct Shared {
    /// The bus within this process; used when the configuration says `local`.
    pub local: LocalBus,
    /// The time.
    pub clock: Clock,
}

/// A service cannot start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// Its database cannot be used.
    #[error(transparent)]
    Database(#[from] OpenError),
    /// A migration failed or cannot be looked up.
    #[error("the schema cannot be checked or migrated")]
    Migration(#[from] sea_orm::DbErr),
    /// Its schema is behind.
    #[error("the schema of {0} is behind: run `customer360 migrate {0}` first")]
    Behind(topology::Service),
    /// Tokens cannot be verified.
    #[error(transparent)]
    Auth(#[from] crate::auth::AuthError),
    /// Its port cannot be opened.
    #[error("cannot listen on {address}")]
    Port {
        /// The address.
        address: SocketAddr,
        /// Why.
        #[source]
        source: std::io::Error,
    },
}

/// A service that runs.
pub struct Running {
    /// Where it listens.
    pub address: SocketAddr,
    /// What it shares.
    pub runtime: Arc<Runtime>,
    server: http::Server,
    tasks: Vec<JoinHandle<()>>,
    relay: Option<JoinHandle<()>>,
    relay_stop: CancellationToken,
}

impl Service {
    /// Starts the service. `migrate` brings an older schema up to date, else it is refused.
    ///
    /// # Errors
    /// When its database, keys or port cannot be used.
    pub async fn start(self, config: &Config, shared: &Shared, migrate: bool) -> Result<Running, StartError> {
        metrics::install();
        let db = Db::open(config, self.name).await?;
        if migrate {
            db::migrate(&db, self.migrations).await?;
        } else if !db::is_current(&db, self.migrations).await? {
            return Err(StartError::Behind(self.name));
        }
        let verifier = Verifier::of(config).await?;
        let runtime = Arc::new(Runtime {
            service: self.name,
            instance: new_id(shared.clock.now()),
            config: config.clone(),
            db,
            clock: shared.clock.clone(),
            arrivals: Arrivals::default(),
            announcements: Announcements::of(config),
            verifier,
            leavers: Leavers::new(self.has_left),
            tasks: Handle::current(),
            background: TaskTracker::new(),
            stop: CancellationToken::new(),
            told: Arc::new(Notify::new()),
            reactions: self.reactions,
            local: shared.local.clone(),
        });
        let address = config.address(self.name);
        let server = http::serve(&runtime, self.routes, self.extra, address)
            .map_err(|source| StartError::Port { address, source })?;
        let mut tasks: Vec<JoinHandle<()>> = Vec::new();
        let relay_stop = CancellationToken::new();
        let mut relay_task = None;
        if config.bus.url == "local" {
            runtime.local.register(&runtime);
            tasks.extend(bus::local::consume(&runtime, &shared.local));
        } else {
            relay_task = Some(tokio::spawn(relay::run(Arc::clone(&runtime), relay_stop.clone())));
            if !runtime.reactions.is_empty() {
                tasks.push(tokio::spawn(bus::amqp::consume(Arc::clone(&runtime))));
            }
        }
        tasks.push(tokio::spawn(inbox::run_retries(Arc::clone(&runtime))));
        tasks.push(tokio::spawn(housekeeping::run(Arc::clone(&runtime))));
        tasks.extend(self.jobs.iter().map(|job| tokio::spawn(job(Arc::clone(&runtime)))));
        tracing::info!(service = self.name.name(), address = %server.address, "serving");
        Ok(Running { address: server.address, runtime, server, tasks, relay: relay_task, relay_stop })
    }
}

impl Running {
    /// The base URL of this service.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Ends in order: requests, consumers and jobs, relay, database.
    pub async fn end(self) {
        self.server.stop().await;
        self.runtime.stop.cancel();
        for task in self.tasks {
            // A task that panicked has been reported where it did.
            let _ = task.await;
        }
        self.runtime.background.close();
        self.runtime.background.wait().await;
        self.relay_stop.cancel();
        if let Some(relay) = self.relay {
            let _ = relay.await;
        }
        self.runtime.local.forget(self.runtime.service);
        self.runtime.db.clone().close().await;
        tracing::info!(service = self.runtime.service.name(), "ended");
    }
}

impl Runtime {
    /// Wakes whoever has work now.
    pub(crate) fn after_commit(&self, told: bool, arrived: &[Uuid], announced: Vec<String>) {
        self.announcements.announce(announced);
        if told {
            self.told.notify_one();
            self.local.told(self.service);
        }
        self.arrivals.announce(arrived);
    }
}
