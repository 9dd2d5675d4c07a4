//! What a service knows, as text that can be compared: its tables without the times at which it learned.

use std::collections::BTreeMap;

use kit::{Db, db::statement};
use schema::topology::Service;
use sea_orm::ConnectionTrait as _;
use uuid::Uuid;

use crate::bus::sight;

/// Rows by table, each row as text.
pub(super) type State = BTreeMap<String, Vec<String>>;

/// The entry of what was told, which only loyalty does.
pub(super) const POINTS_TOLD: &str = "points told";

/// A table: its name, its columns that hold ids, and further columns.
type Table = (&'static str, &'static [&'static str], &'static [&'static str]);

/// What every service keeps of others.
const ORGANISATION: &[Table] = &[
    ("org_unit", &["id", "parent_id"], &["code", "kind", "status", "path", "revision"]),
    ("customer_unit", &["customer_id", "org_unit_id"], &[]),
    ("inbox", &["event_id"], &["event_type"]),
];
const STAFF: Table = ("staff", &["id", "org_unit_id"], &["code", "status", "revision"]);
const CUSTOMER: Table = ("customer_ref", &["customer_id", "home_unit_id"], &["kind", "status", "revision"]);
const LEDGER: &[Table] = &[
    ("points_account", &["customer_id"], &["balance", "qualifying", "tier", "opened_at"]),
    ("points_entry", &["customer_id", "id", "purchase_id"], &["kind", "points", "occurred_at"]),
    ("points_posting", &["customer_id", "entry_id"], &["account", "points"]),
    ("purchase_ref", &["customer_id", "purchase_id"], &["total_minor", "rate_millionths"]),
    ("dealing", &["customer_id", "id"], &["purchases", "day", "month", "currency", "amount_minor"]),
];
const ASKED: &[Table] = &[
    (
        "invitation_occasion",
        &["customer_id", "id", "case_id", "purchase_id", "org_unit_id", "first_answer_id"],
        &["cause", "rule", "occurred_at", "due_at", "outcome"],
    ),
    (
        "invitation",
        &["customer_id", "id", "case_id", "first_answer_id"],
        &["state", "cause", "instrument", "owed", "held_because", "occurred_at"],
    ),
    (
        "invitation_outreach",
        &["customer_id", "id", "invitation_id"],
        &["reminder", "state", "channel", "not_before"],
    ),
];
const VIEW: &[Table] = &[
    ("customer_view", &["customer_id", "home_unit_id"], &["kind", "status", "reference_revision"]),
    ("view_stale", &["customer_id"], &["section", "wanted_revision"]),
];

fn tables(service: Service) -> Vec<Table> {
    let own: &[Table] = match service {
        Service::Loyalty => LEDGER,
        Service::Gateway => VIEW,
        Service::Survey => ASKED,
        Service::Customer | Service::Interaction => &[],
    };
    let references: &[Table] = if service == Service::Gateway { &[] } else { &[STAFF, CUSTOMER] };
    ORGANISATION.iter().chain(references).chain(own).copied().collect()
}

/// What the service knows.
pub(super) async fn state(db: &Db, service: Service) -> State {
    let mut state = State::new();
    for (table, ids, texts) in tables(service) {
        let texts = texts.iter().map(|text| format!("COALESCE(CAST({text} AS text), '-')"));
        let columns: Vec<String> = ids.iter().map(|id| (*id).to_owned()).chain(texts).collect();
        let sql = format!("SELECT {} FROM {table}", columns.join(", "));
        let rows = db.read().query_all_raw(statement(db.read(), &sql, vec![])).await.expect("the table");
        let mut rows: Vec<String> = rows
            .iter()
            .map(|row| {
                let text = |at: usize| {
                    if at < ids.len() {
                        let id: Option<Uuid> = row.try_get_by_index(at).expect("an id");
                        id.map_or("-".to_owned(), |id| id.to_string())
                    } else {
                        row.try_get_by_index(at).expect("text")
                    }
                };
                (0..columns.len()).map(text).collect::<Vec<String>>().join(" ")
            })
            .collect();
        rows.sort_unstable();
        state.insert(table.to_owned(), rows);
    }
    state.insert(POINTS_TOLD.to_owned(), points_told(db).await);
    state
}

/// What was told about points: ids, times and amounts, without revisions, which follow the order. (When a
/// tier changes follows the order too.)
async fn points_told(db: &Db) -> Vec<String> {
    let told = sight::outbox(db).await.into_iter().filter(|envelope| envelope.kind.contains(".points."));
    let mut told: Vec<String> =
        told.map(|one| format!("{} {} {} {}", one.id, one.kind, one.time, one.data)).collect();
    told.sort_unstable();
    told
}

/// How much is not done yet.
pub(super) async fn open(db: &Db) -> i64 {
    sight::parked(db).await + sight::failed(db).await
}

/// Says where two states differ.
pub(super) fn same(expected: &State, found: &State) -> Result<(), String> {
    for (table, rows) in expected {
        if found.get(table) != Some(rows) {
            return Err(format!("{table}:\nexpected {rows:#?}\nfound {:#?}", found.get(table)));
        }
    }
    Ok(())
}
