//! The real PostgreSQL and RabbitMQ: by URL, else on the standard loopback ports.

use lapin::{
    Connection, ConnectionProperties,
    options::{ExchangeDeleteOptions, QueueDeleteOptions},
};
use schema::topology::{ANNOUNCEMENTS, EXCHANGE, Service};
use sea_orm::{ConnectionTrait as _, Database};

/// The maintenance URL of PostgreSQL.
pub fn postgres_url() -> String {
    std::env::var("C360_TEST_POSTGRES_URL")
        .unwrap_or_else(|_| "postgres://postgres@127.0.0.1:5432/postgres?sslmode=disable".to_owned())
}

/// The URL of RabbitMQ.
pub fn amqp_url() -> String {
    std::env::var("C360_TEST_AMQP_URL").unwrap_or_else(|_| "amqp://guest:guest@127.0.0.1:5672/%2f".to_owned())
}

/// The URL of the databases whose names begin with `prefix`; `{service}` is left for each service.
pub fn database_url(prefix: &str) -> String {
    let url = postgres_url();
    let (server, parameters) =
        url.split_once('?').map_or((url.as_str(), ""), |(server, rest)| (server, rest));
    let base = server.rsplit_once('/').map_or(server, |(base, _)| base);
    let parameters = if parameters.is_empty() { String::new() } else { format!("?{parameters}") };
    format!("{base}/{prefix}_{{service}}{parameters}")
}

/// Creates one empty database for each service.
pub async fn create_databases(prefix: &str) {
    let server = Database::connect(postgres_url()).await.expect("PostgreSQL answers");
    for service in Service::ALL {
        let sql = format!("CREATE DATABASE {prefix}_{service}");
        server.execute_unprepared(&sql).await.expect("a database can be created");
    }
    server.close().await.expect("closes");
}

/// Drops them, whoever is still connected.
pub async fn drop_databases(prefix: &str) {
    let server = Database::connect(postgres_url()).await.expect("PostgreSQL answers");
    for service in Service::ALL {
        let sql = format!("DROP DATABASE IF EXISTS {prefix}_{service} WITH (FORCE)");
        server.execute_unprepared(&sql).await.expect("a database can be dropped");
    }
    server.close().await.expect("closes");
}

/// A connection to the broker, to look at what stands there or to publish by hand.
pub async fn broker() -> Connection {
    Connection::connect(&amqp_url(), ConnectionProperties::default()).await.expect("RabbitMQ answers")
}

/// Removes what a namespace left on the broker.
pub async fn remove_namespace(namespace: &str) {
    let connection = broker().await;
    let channel = connection.create_channel().await.expect("a channel");
    for service in Service::ALL {
        for queue in [service.queue(), service.dead_letter_queue()] {
            let name = format!("{namespace}{queue}");
            let _ = channel.queue_delete(name.as_str().into(), QueueDeleteOptions::default()).await;
        }
    }
    for exchange in [EXCHANGE, ANNOUNCEMENTS] {
        let name = format!("{namespace}{exchange}");
        let _ = channel.exchange_delete(name.as_str().into(), ExchangeDeleteOptions::default()).await;
    }
    let _ = connection.close(200, "done".into()).await;
}
