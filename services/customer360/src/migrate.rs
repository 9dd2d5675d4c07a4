//! `migrate`: brings databases up to date, before a rollout.

use kit::{
    Config,
    db::{self, Db},
    telemetry,
};
use schema::topology::Service;

use crate::{cli::Outcome, serve::say, services::declare};

/// Migrates the databases of these services, one after another.
pub(crate) async fn migrate(config: Config, services: Vec<Service>) -> Outcome {
    telemetry::install(&config.telemetry);
    for service in services {
        let declaration = declare(service, &config)?;
        let db = Db::open(&config, service).await?;
        db::migrate(&db, declaration.migrations).await?;
        db.close().await;
        say(&format!("{service} is up to date"));
    }
    Ok(())
}
