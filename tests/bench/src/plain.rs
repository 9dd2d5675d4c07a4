//! The database that one would build without the suite: plain tables, filled from what the services hold, so
//! that everybody answers over the same data.

use std::{
    fs::File,
    path::Path,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use schema::topology::Service;
use sea_orm::DatabaseConnection;
use testkit::backing;

use crate::stage::{PLAIN, Stage, connect, execute, plain_url};

const TABLES: &str = include_str!("../../judges/bench/reference.sql");

const INDEXES: &str = include_str!("../../judges/bench/reference-indexes.sql");

/// A table, whose it is, and what it takes of it.
const FILLED: [(&str, Service, &str); 6] = [
    (
        "customer",
        Service::Customer,
        "SELECT id, kind, name, birth_date, language, stage, home_unit_id, registered_at FROM customer",
    ),
    ("contact_point", Service::Customer, "SELECT customer_id, id, kind, value FROM contact_point"),
    (
        "contact",
        Service::Interaction,
        "SELECT customer_id, id, occurred_at, channel, direction, phase, topic FROM contact",
    ),
    (
        "purchase",
        Service::Interaction,
        "SELECT customer_id, id, occurred_at, total_minor, currency, channel FROM purchase",
    ),
    ("account", Service::Loyalty, "SELECT customer_id, balance, tier, qualifying FROM points_account"),
    ("answer", Service::Survey, "SELECT customer_id, id, occurred_at, instrument, score FROM answer"),
];

/// The wide row of each customer, as the loyalty service's segments see it.
const WIDE: &str = "SELECT p.customer_id, r.kind, 'active', r.home_unit_id, a.tier, a.balance, p.purchases, \
    coalesce(t.amount_minor, 0), to_timestamp(p.last_purchase_day * 86400), p.rfm_recency, p.rfm_frequency, \
    p.rfm_money, p.nps_score, p.nps_at, p.contacts, p.last_contact_at, \
    EXISTS (SELECT FROM profile_consent c WHERE c.customer_id = p.customer_id AND c.purpose = 'marketing' \
        AND c.channel = 'email' AND c.status = 'granted') \
    FROM profile p JOIN customer_ref r USING (customer_id) JOIN points_account a USING (customer_id) \
    LEFT JOIN profile_turnover t ON t.customer_id = p.customer_id AND t.currency = p.main_currency";

/// Makes the database anew.
pub(crate) async fn empty() -> DatabaseConnection {
    let server = connect(&backing::postgres_url()).await;
    execute(&server, &format!("DROP DATABASE IF EXISTS {PLAIN} WITH (FORCE)")).await;
    execute(&server, &format!("CREATE DATABASE {PLAIN}")).await;
    connect(&plain_url()).await
}

/// Copies a file of the history, as it is, into one table with a key and an index for whose it is; gives how long that
/// takes.
pub(crate) async fn copy(plain: &DatabaseConnection, directory: &Path, kind: &str) -> Duration {
    let (columns, keys) = match kind {
        "customers" => (
            "customer bigint, name text, born date, phone text, email text, unit text",
            "PRIMARY KEY (customer)",
        ),
        "contacts" => (
            "number bigint, customer bigint, at timestamptz, channel text, direction text, phase text, topic text, \
             unit text",
            "PRIMARY KEY (number)",
        ),
        "purchases" => (
            "number bigint, customer bigint, at timestamptz, amount numeric, unit text",
            "PRIMARY KEY (number)",
        ),
        _ => (
            "number bigint, customer bigint, at timestamptz, score integer, unit text",
            "PRIMARY KEY (number)",
        ),
    };
    execute(plain, &format!("CREATE TABLE {kind} ({columns}, {keys})")).await;
    if kind != "customers" {
        execute(plain, &format!("CREATE INDEX ON {kind} (customer, at)")).await;
    }
    let rows = File::open(directory.join(format!("{kind}.csv"))).expect("a file");
    let started = Instant::now();
    let copied = psql(&plain_url(), &format!("COPY {kind} FROM STDIN CSV HEADER")).stdin(rows).status();
    assert!(copied.expect("psql starts").success(), "{kind} is not copied");
    started.elapsed()
}

/// Makes the database anew and fills it.
pub(crate) async fn fill(stage: &Stage) -> DatabaseConnection {
    let plain = empty().await;
    execute(&plain, TABLES).await;
    for (table, service, sql) in FILLED.into_iter().chain([("wide", Service::Loyalty, WIDE)]) {
        pour(&stage.place.config.database_url(service), sql, table);
    }
    execute(&plain, INDEXES).await;
    execute(&plain, "VACUUM ANALYZE").await;
    plain
}

/// What a statement gives in one database, into a table of the plain one.
fn pour(from: &str, sql: &str, table: &str) {
    let mut source = psql(from, &format!("COPY ({sql}) TO STDOUT"))
        .stdout(Stdio::piped())
        .spawn()
        .expect("psql is installed (Debian: postgresql-client)");
    let rows = source.stdout.take().expect("its output");
    let filled = psql(&plain_url(), &format!("COPY {table} FROM STDIN")).stdin(rows).status();
    assert!(filled.expect("psql starts").success(), "{table} is not filled");
    assert!(source.wait().expect("psql ends").success(), "{table} is not read");
}

fn psql(url: &str, command: &str) -> Command {
    let mut psql = Command::new("psql");
    psql.args(["-XqAt", "-v", "ON_ERROR_STOP=1", "-c", command, url]);
    psql
}
