//! What a service knows, as text that can be compared: its tables without the times at which it learned.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use kit::{Db, db::statement};
use schema::topology::Service;
use sea_orm::{ConnectionTrait as _, Value};
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
    (
        "points_fact",
        &["customer_id", "id", "purchase_id", "entry_id"],
        &["returned", "occurred_at", "version", "earns_millionths", "before_minor", "amount_minor"],
    ),
    (
        "points_lot",
        &["customer_id", "id", "purchase_id"],
        &["opened_at", "points", "used", "reversed", "expired", "held", "remaining"],
    ),
    (
        "tier_step",
        &["customer_id"],
        &["number", "from_tier", "to_tier", "changed_at", "cause", "qualifying", "version"],
    ),
    ("supply_delivery", &["customer_id", "id", "purchase_id"], &["sku", "occurred_at", "quantity_milli"]),
];
/// What the owner of the customers learns from others.
const FILE: &[Table] = &[
    ("customer", &["id"], &["purchases", "presales_contacts", "stage", "last_purchase_at"]),
    ("inbox", &["event_id"], &["event_type"]),
    ("channel_usage", &["customer_id"], &["channel", "attempts", "answers"]),
];
/// Of an outreach only that it was decided, and for what: what was decided is a decision in time, made with
/// what had arrived. A case that comes up after somebody left is not handed over, and what is past is seen to by a
/// job: these steps are left out.
const RECOVERY: &[Table] = &[
    (
        "replenishment_due",
        &["customer_id", "event_id"],
        &["sku", "runs_out_at", "runs_out_on", "deliver_by", "quantity_milli", "revision"],
    ),
    ("consent_copy", &["customer_id"], &["state", "revision"]),
    ("household_copy", &["customer_id", "household_id"], &["revision"]),
    ("staff_successor", &["staff_id", "successor_id"], &["revision"]),
    ("outreach", &["customer_id", "id"], &["purpose", "reason", "owed", "caused_at", "expires_at"]),
    (
        "service_case",
        &["customer_id", "id", "org_unit_id", "answer_id", "accountable_id", "handler_id"],
        &["topic", "severity", "state", "occurred_at", "due_at", "recovered", "score_before", "score_after"],
    ),
    (
        "timeline_step WHERE outreach_id IS NOT NULL",
        &["customer_id", "id", "outreach_id", "org_unit_id"],
        &[],
    ),
    (
        "timeline_step WHERE kind IN ('case_opened', 'invitation_created', 'answer_received', \
         'questionnaire_answered', 'recovery_measured')",
        &["customer_id", "id", "org_unit_id", "case_id", "invitation_id", "answer_id", "staff_id"],
        &["kind", "occurred_at"],
    ),
];
/// Without the scores of the base, which are made by a job.
const PROFILE: &[Table] = &[
    (
        "profile",
        &["customer_id"],
        &[
            "purchases",
            "main_currency",
            "contacts",
            "open_cases",
            "complaints",
            "cases_resolved",
            "nps_score",
            "csat_score",
            "ces_score",
            "recovered",
            "first_purchase_day",
            "last_purchase_day",
            "first_contact_at",
            "last_contact_at",
            "nps_at",
            "csat_at",
            "recovery_at",
            "consent_revision",
        ],
    ),
    ("profile_turnover", &["customer_id"], &["currency", "purchases", "amount_minor"]),
    ("profile_contact", &["customer_id", "id"], &["occurred_at", "day"]),
    ("profile_case", &["customer_id", "id"], &["complaint", "state", "revision", "day"]),
    ("profile_answer", &["customer_id", "id"], &["instrument", "score", "occurred_at", "day"]),
    ("profile_consent", &["customer_id"], &["purpose", "channel", "status", "expires_at"]),
    ("profile_attribute", &["customer_id"], &["attribute", "number", "code", "revision"]),
    ("attribute_known", &[], &["attribute", "value_type"]),
    ("segment_member", &["customer_id", "segment_id"], &[]),
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
    if service == Service::Customer {
        // It owns the organisation and the references that the others keep.
        return FILE.to_vec();
    }
    let own: &[Table] = match service {
        Service::Loyalty => LEDGER,
        Service::Gateway => VIEW,
        Service::Interaction => RECOVERY,
        Service::Survey => ASKED,
        Service::Customer => &[],
    };
    let references: &[Table] = if service == Service::Gateway { &[] } else { &[STAFF, CUSTOMER] };
    let profile: &[Table] = if service == Service::Loyalty { PROFILE } else { &[] };
    ORGANISATION.iter().chain(references).chain(own).chain(profile).copied().collect()
}

/// What a service has before the story: loyalty two segments, whose members follow from it.
pub(super) async fn prepare(db: &Db, service: Service) {
    if service != Service::Loyalty {
        return;
    }
    let gold = r#"{"all":[{"tier":{"at_least":"gold"}},{"frequency":{"at_least":2}}]}"#;
    let small = r#"{"attribute":{"attribute":"household_size","op":"at_most","value":{"integer":2}}}"#;
    let asked = r#"{"last_score":{"instrument":"csat","at_least":1}}"#;
    let reached = r#"{"consent":{"purpose":"marketing","channel":"email"}}"#;
    let calm = format!(r#"{{"none":[{small},{asked},{reached}]}}"#);
    // Known before anybody can ask for it.
    let sql = "INSERT INTO attribute_known (attribute, value_type) VALUES ('household_size', 'integer')";
    db.execute(sql, vec![]).await.expect("an attribute");
    for (number, condition) in [(1_u128, gold.to_owned()), (2, calm)] {
        let id = || Value::from(Uuid::from_u128(0x900 + number));
        // Not due while the story is told: only events change who belongs.
        let later: DateTime<Utc> = "9000-01-01T00:00:00Z".parse().expect("a time");
        let sql = "INSERT INTO segment (id, code, name, state, version, due_at) VALUES ($1, $2, $2, 'active', 1, $3)";
        let code = format!("s{number}");
        db.execute(sql, vec![id(), code.into(), later.into()]).await.expect("a segment");
        let sql =
            "INSERT INTO segment_version (segment_id, version, condition, made_at) VALUES ($1, 1, $2, $3)";
        db.execute(sql, vec![id(), condition.into(), later.into()]).await.expect("its version");
    }
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
