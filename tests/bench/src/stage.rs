//! Where it is played: five processes of the released binary on PostgreSQL and RabbitMQ, a small
//! organisation, and people with tokens. What was loaded may be kept for the next run.

use std::{path::PathBuf, time::Duration};

use schema::{
    access::Role,
    api::{
        NoParameters, Nothing,
        customer::{CreateOrgUnit, ListOrgUnits, NewOrgUnit, OrgUnitFilter, OrgUnitKind},
    },
    ids::OrgUnitId,
    topology::Service,
};
use sea_orm::{ConnectionTrait as _, Database, DatabaseConnection, Statement};
use testkit::{Mode, Person, Place, Suite, backing, eventually};
use uuid::Uuid;

use crate::history::OUTLETS;

/// Prefix of the databases.
const PREFIX: &str = "c360_bench";
/// The database of what one would build without the suite.
pub(crate) const PLAIN: &str = "c360_bench_plain";

/// The suite, and who asks it.
pub(crate) struct Stage {
    pub(crate) place: Place,
    pub(crate) suite: Suite,
    /// Leads everything: asks for what front offices ask for.
    pub(crate) manager: Person,
    /// The root of the organisation.
    pub(crate) root: OrgUnitId,
}

impl Stage {
    /// Starts the suite: on what an earlier run has kept, or on empty databases.
    pub(crate) async fn open(directory: PathBuf, keep: bool) -> Self {
        let mut place = Place::named(Mode::Brokered, directory.join("data"), PREFIX.to_owned());
        place.config.database.max_connections = 12;
        if !keep || !is_there(&place.config.database_url(Service::Gateway)).await {
            clear(&place).await;
            backing::create_databases(PREFIX).await;
        }
        let server = connect(&backing::postgres_url()).await;
        let vacuums =
            number(&server, "SELECT count(*) FROM pg_settings WHERE name = 'autovacuum' AND setting = 'on'");
        if vacuums.await == 0 {
            eprintln!("PostgreSQL's autovacuum is off: tables and indexes grow with all that is changed");
        }
        // Everything that a request costs is on: authentication, audit, masks, logs at their default.
        let suite = Suite::spawn(&place, &[("C360_LOG", "warn")]).await;
        let admin = suite.person(Role::Admin, "hq");
        let root =
            eventually("the root unit exists", Duration::from_secs(10), || unit(&suite, &admin, "hq")).await;
        for number in 0..OUTLETS {
            let code = format!("outlet-{number}");
            if unit(&suite, &admin, &code).await.is_some() {
                continue;
            }
            let (kind, name, none) =
                (OrgUnitKind::Outlet, format!("Outlet {number}"), NoParameters::default());
            let new = NewOrgUnit { code, name, kind, parent_id: root, details: None };
            suite.call::<CreateOrgUnit>(Service::Customer, &admin, &none, &none, &new).await.expect("a unit");
        }
        let manager = suite.person(Role::Manager, "hq");
        Self { place, suite, manager, root }
    }

    /// The database of a service.
    pub(crate) async fn database(&self, service: Service) -> DatabaseConnection {
        connect(&self.place.config.database_url(service)).await
    }

    /// Where a service listens.
    pub(crate) fn address(&self, service: Service) -> std::net::SocketAddr {
        let url = self.suite.url(service);
        url.trim_start_matches("http://").parse().expect("an address")
    }

    /// Ends the suite, and takes away what it kept unless it is wanted again.
    pub(crate) async fn close(self, keep: bool) {
        let place = self.place.clone();
        self.suite.end().await;
        if !keep {
            clear(&place).await;
        }
    }
}

async fn unit(suite: &Suite, admin: &Person, code: &str) -> Option<OrgUnitId> {
    let filter = OrgUnitFilter { code: Some(code.to_owned()), ..OrgUnitFilter::default() };
    let none = NoParameters::default();
    let page = suite.call::<ListOrgUnits>(Service::Customer, admin, &none, &filter, &Nothing).await.ok()?;
    page.items.into_iter().next().map(|found| found.id)
}

async fn clear(place: &Place) {
    backing::drop_databases(PREFIX).await;
    backing::remove_namespace(&place.config.bus.namespace).await;
}

async fn is_there(url: &str) -> bool {
    Database::connect(url).await.is_ok()
}

/// A connection of its own.
pub(crate) async fn connect(url: &str) -> DatabaseConnection {
    let mut options = sea_orm::ConnectOptions::new(url);
    options.max_connections(1).sqlx_logging(false);
    Database::connect(options).await.expect("PostgreSQL answers")
}

/// The URL of the plain database.
pub(crate) fn plain_url() -> String {
    backing::database_url(PREFIX).replace("{service}", "plain")
}

/// One number out of a statement.
pub(crate) async fn number(database: &DatabaseConnection, sql: &str) -> i64 {
    let statement = Statement::from_string(database.get_database_backend(), sql);
    let row = database.query_one_raw(statement).await.expect("a statement").expect("a row");
    row.try_get_by_index(0).expect("a number")
}

/// A column of ids.
pub(crate) async fn ids(database: &DatabaseConnection, sql: &str) -> Vec<Uuid> {
    let statement = Statement::from_string(database.get_database_backend(), sql);
    let rows = database.query_all_raw(statement).await.expect("a statement");
    rows.iter().map(|row| row.try_get_by_index(0).expect("an id")).collect()
}

/// Runs statements that give nothing.
pub(crate) async fn execute(database: &DatabaseConnection, sql: &str) {
    database.execute_unprepared(sql).await.expect("a statement");
}
