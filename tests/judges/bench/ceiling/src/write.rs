//! Recording a contact as one would without the suite: one transaction that looks whose customer it is and
//! writes the contact, its place on the timeline and the count. No outbox, revision, audit or idempotency.

use std::sync::atomic::{AtomicUsize, Ordering};

use actix_web::{HttpResponse, web};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use tokio::sync::Mutex;
use tokio_postgres::{Client, Error, Statement};
use uuid::Uuid;

use crate::connect;

/// As many as a service has at most.
const CONNECTIONS: usize = 12;

const TABLES: &str = "
    CREATE TABLE IF NOT EXISTS timeline (customer_id uuid, occurred_at timestamptz, id uuid, kind text, channel text,
        PRIMARY KEY (customer_id, occurred_at, id));
    CREATE TABLE IF NOT EXISTS contact_count (customer_id uuid, channel text, contacts integer, last_at timestamptz,
        PRIMARY KEY (customer_id, channel));";

const STATEMENTS: [&str; 4] = [
    "SELECT unit_id FROM customer WHERE id = $1",
    "INSERT INTO contact (customer_id, id, occurred_at, channel, direction, phase, topic) \
     VALUES ($1, $2, $3, $4, $5, $6, $7)",
    "INSERT INTO timeline (customer_id, occurred_at, id, kind, channel) VALUES ($1, $2, $3, 'contact', $4)",
    "INSERT INTO contact_count (customer_id, channel, contacts, last_at) VALUES ($1, $2, 1, $3) \
     ON CONFLICT (customer_id, channel) DO UPDATE SET contacts = contact_count.contacts + 1, \
     last_at = greatest(contact_count.last_at, excluded.last_at)",
];

/// Connections that take turns.
pub(super) struct Writers {
    all: Vec<Mutex<(Client, Vec<Statement>)>>,
    next: AtomicUsize,
}

impl Writers {
    pub(super) async fn connect(url: &str) -> Self {
        connect(url).await.batch_execute(TABLES).await.expect("tables");
        let mut all = Vec::new();
        for _ in 0..CONNECTIONS {
            let client = connect(url).await;
            let mut statements = Vec::new();
            for sql in STATEMENTS {
                statements.push(client.prepare(sql).await.expect("a statement"));
            }
            all.push(Mutex::new((client, statements)));
        }
        Self { all, next: AtomicUsize::new(0) }
    }
}

/// A contact as it is given.
#[derive(Deserialize)]
pub(super) struct NewContact {
    channel: String,
    direction: String,
    phase: String,
    topic: String,
    occurred_at: DateTime<Utc>,
}

#[derive(Serialize)]
struct Recorded {
    id: Uuid,
}

pub(super) async fn contact(
    path: web::Path<Uuid>,
    body: web::Json<NewContact>,
    writers: web::Data<Writers>,
) -> HttpResponse {
    let turn = writers.next.fetch_add(1, Ordering::Relaxed) % writers.all.len();
    let mut writer = writers.all[turn].lock().await;
    let id = Uuid::now_v7();
    match record(&mut writer, path.into_inner(), id, &body).await {
        Ok(()) => HttpResponse::Ok().json(Recorded { id }),
        Err(error) => HttpResponse::InternalServerError().body(error.to_string()),
    }
}

async fn record(
    (client, statements): &mut (Client, Vec<Statement>),
    customer: Uuid,
    id: Uuid,
    new: &NewContact,
) -> Result<(), Error> {
    let NewContact { channel, direction, phase, topic, occurred_at } = new;
    let tx = client.transaction().await?;
    tx.query_one(&statements[0], &[&customer]).await?;
    tx.execute(&statements[1], &[&customer, &id, occurred_at, channel, direction, phase, topic]).await?;
    tx.execute(&statements[2], &[&customer, occurred_at, &id, channel]).await?;
    tx.execute(&statements[3], &[&customer, channel, occurred_at]).await?;
    tx.commit().await
}
