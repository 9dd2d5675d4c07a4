//! The ceilings, behind the same HTTP server as the suite's: an answer that costs nothing, five prepared
//! statements pipelined on one connection of PostgreSQL, and a plain transaction that records a contact. In a
//! process of their own, with as many workers as a service has.

mod write;

use std::sync::Arc;

use actix_web::{App, HttpResponse, HttpServer, web};
use chrono::{DateTime, NaiveDate, Utc};
use futures::try_join;
use serde_json::{Value, json};
use tokio_postgres::{Client, NoTls, Row, Statement, types::ToSql};
use uuid::Uuid;

use self::write::Writers;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const WORKERS: usize = 2;

/// One connection with its statements.
struct Five {
    client: Client,
    statements: [Statement; 5],
}

const STATEMENTS: [&str; 5] = [
    "SELECT c.kind, c.name, c.birth_date, c.language, c.stage, \
     coalesce((SELECT json_agg(json_build_object('kind', p.kind, 'value', p.value)) FROM contact_point p \
     WHERE p.customer_id = c.id), '[]') FROM customer c WHERE c.id = $1",
    "SELECT id, occurred_at, channel, direction, phase, topic FROM contact WHERE customer_id = $1 \
     ORDER BY occurred_at DESC, id DESC LIMIT 20",
    "SELECT id, occurred_at, total_minor, currency, channel FROM purchase WHERE customer_id = $1 \
     ORDER BY occurred_at DESC, id DESC LIMIT 10",
    "SELECT balance, tier, qualifying FROM account WHERE customer_id = $1",
    "SELECT id, occurred_at, instrument, score FROM answer WHERE customer_id = $1 \
     ORDER BY occurred_at DESC, id DESC LIMIT 3",
];

/// Serves until it is killed; says `ready` when it listens.
fn main() -> std::io::Result<()> {
    let setting = |name| std::env::var(name).unwrap_or_else(|_| panic!("{name} says where"));
    let (port, url): (u16, String) = (setting("PORT").parse().expect("a port"), setting("DATABASE_URL"));
    actix_web::rt::System::new().block_on(async move {
        let writers = web::Data::new(Writers::connect(&url).await);
        let server = HttpServer::new(move || {
            let url = url.clone();
            App::new()
                .app_data(writers.clone())
                .route("/contacts/{id}", web::post().to(write::contact))
                .data_factory(move || {
                    let url = url.clone();
                    async move { Ok::<_, std::io::Error>(connections(&url).await) }
                })
                .route("/plain", web::get().to(|| async { HttpResponse::Ok().json(json!({ "answer": 42 })) }))
                .route("/five/{id}", web::get().to(five))
        })
        .workers(WORKERS)
        .bind(("127.0.0.1", port))?
        .run();
        println!("ready");
        server.await
    })
}

/// Four connections for each worker: with fewer, statements of different requests wait for each other.
async fn connections(url: &str) -> Arc<[Five]> {
    let mut all = Vec::new();
    for _ in 0..4 {
        let client = connect(url).await;
        let mut statements = Vec::new();
        for sql in STATEMENTS {
            statements.push(client.prepare(sql).await.expect("a statement"));
        }
        let statements = statements.try_into().unwrap_or_else(|_| unreachable!("as many as there were"));
        all.push(Five { client, statements });
    }
    all.into()
}

async fn five(path: web::Path<Uuid>, connections: web::Data<Arc<[Five]>>) -> HttpResponse {
    let id = path.into_inner();
    let turn = usize::try_from(id.as_u128() % connections.len() as u128).unwrap_or_default();
    let Five { client, statements: [customer, contacts, purchases, account, answers] } = &connections[turn];
    let of: [&(dyn ToSql + Sync); 1] = [&id];
    let found = try_join!(
        client.query_opt(customer, &of),
        client.query(contacts, &of),
        client.query(purchases, &of),
        client.query_opt(account, &of),
        client.query(answers, &of),
    );
    match found {
        Ok((Some(customer), contacts, purchases, account, answers)) => HttpResponse::Ok().json(json!({
            "customer": {
                "kind": customer.get::<_, String>(0), "name": customer.get::<_, String>(1),
                "birthDate": customer.get::<_, Option<NaiveDate>>(2), "language": customer.get::<_, Option<String>>(3),
                "stage": customer.get::<_, String>(4), "contactPoints": customer.get::<_, Value>(5),
            },
            "contacts": contacts.iter().map(contact).collect::<Vec<_>>(),
            "purchases": purchases.iter().map(purchase).collect::<Vec<_>>(),
            "account": account.as_ref().map(|row| json!({
                "balance": row.get::<_, i64>(0), "tier": row.get::<_, String>(1), "qualifying": row.get::<_, i64>(2),
            })),
            "answers": answers.iter().map(answer).collect::<Vec<_>>(),
        })),
        Ok((None, ..)) => HttpResponse::NotFound().finish(),
        Err(error) => HttpResponse::InternalServerError().body(error.to_string()),
    }
}

fn at(row: &Row) -> Value {
    json!(row.get::<_, DateTime<Utc>>(1))
}

fn contact(row: &Row) -> Value {
    json!({
        "id": row.get::<_, Uuid>(0), "occurredAt": at(row), "channel": row.get::<_, String>(2),
        "direction": row.get::<_, String>(3), "phase": row.get::<_, String>(4), "topic": row.get::<_, String>(5),
    })
}

fn purchase(row: &Row) -> Value {
    json!({
        "id": row.get::<_, Uuid>(0), "occurredAt": at(row), "totalMinor": row.get::<_, i64>(2),
        "currency": row.get::<_, String>(3), "channel": row.get::<_, String>(4),
    })
}

fn answer(row: &Row) -> Value {
    json!({
        "id": row.get::<_, Uuid>(0), "occurredAt": at(row), "instrument": row.get::<_, String>(2),
        "score": row.get::<_, i32>(3),
    })
}

/// A connection of its own.
async fn connect(url: &str) -> Client {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.expect("PostgreSQL answers");
    // It ends with its client.
    actix_web::rt::spawn(connection);
    client
}
