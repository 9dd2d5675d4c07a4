//! Nothing that a service keeps is forgotten: every table and column of its database is either in what it exports of
//! a customer or left out with a reason, on both databases, by its type, and with the class that the API gives it.

use std::collections::{BTreeMap, BTreeSet};

use kit::{Db, db::statement};
use reference::person::{BACKBONE_LEFT_OUT, Column, Held, Holds, ORGANISATION_LEFT_OUT, Shown, Table};
use schema::{
    access::{ClassifiedField, Mask},
    api::{
        customer::{ConsentWord, ContactPoint, CustomerFile, ExternalId, Observation, ServiceBrief},
        interaction::{Case, Contact, Gesture, HandOver, OutreachToSend, Task},
        loyalty::{LoyaltyAccount, PointsEntry, PointsHold, PointsLot},
        survey::{Answer, ItemAnswer, QuestionnaireAnswer},
    },
    topology::Service,
};
use sea_orm::{ConnectionTrait as _, DbBackend};
use testkit::{Place, Suite, suite::personal_data};

use super::db;
use crate::on_both;

/// Columns and their types, by table.
type Tables = BTreeMap<String, BTreeMap<String, String>>;

async fn complete(place: Place) {
    let suite = Suite::start(&place).await;
    for service in Service::ALL {
        let held = personal_data(service);
        let tables = tables(db(&suite, service)).await;
        every_table_is_named(service, held, &tables);
        for table in held.tables {
            every_column_is_named(service, table, &tables[table.name]);
        }
    }
    suite.end().await;
}
on_both!(every_table_and_column_is_exported_or_left_out_for_a_reason, super::complete);

async fn tables(db: &Db) -> Tables {
    let read = db.read();
    let sql = match read.get_database_backend() {
        DbBackend::Sqlite => {
            "SELECT m.name, c.name, lower(c.type) FROM sqlite_master m, pragma_table_info(m.name) c \
             WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%'"
        }
        _ => {
            "SELECT CAST(t.table_name AS text), CAST(c.column_name AS text), CAST(c.data_type AS text) \
             FROM information_schema.tables t JOIN information_schema.columns c \
             ON c.table_schema = t.table_schema AND c.table_name = t.table_name \
             WHERE t.table_schema = 'public' AND t.table_type = 'BASE TABLE'"
        }
    };
    let mut tables = Tables::new();
    for row in read.query_all_raw(statement(read, sql, vec![])).await.expect("the tables") {
        let text = |place| row.try_get_by_index::<String>(place).expect("text");
        tables.entry(text(0)).or_default().insert(text(1), text(2));
    }
    assert!(tables.len() > 10, "{tables:?}");
    tables
}

fn every_table_is_named(service: Service, held: &Held, tables: &Tables) {
    let exported = held.tables.iter().map(|table| table.name);
    let left_out = [held.left_out, BACKBONE_LEFT_OUT, ORGANISATION_LEFT_OUT].concat();
    assert!(left_out.iter().all(|(_, why)| !why.is_empty()));
    let named: Vec<&str> = exported.chain(left_out.iter().map(|(table, _)| *table)).collect();
    let once: BTreeSet<&str> = named.iter().copied().collect();
    assert_eq!(once.len(), named.len(), "{service}: each once");
    let there: BTreeSet<&str> = tables.keys().map(String::as_str).collect();
    let forgotten: Vec<&&str> = there.difference(&once).collect();
    assert!(
        forgotten.is_empty(),
        "{service}: storage/person.rs names neither as exported nor as left out {forgotten:?}"
    );
    let gone: Vec<&&str> = once.difference(&there).collect();
    assert!(gone.is_empty(), "{service} has no such table: {gone:?}");
}

fn every_column_is_named(service: Service, table: &Table, columns: &BTreeMap<String, String>) {
    let name = table.name;
    let own: Vec<&Column> = table.columns.iter().filter(|column| column.from.is_none()).collect();
    let mut named: BTreeSet<&str> = own.iter().map(|column| column.name).collect();
    assert_eq!(named.len(), own.len(), "{service}.{name}: each once");
    for (column, why) in table.left_out {
        assert!(!why.is_empty() && named.insert(column), "{service}.{name}.{column}");
    }
    named.insert(table.owner);
    let there: BTreeSet<&str> = columns.keys().map(String::as_str).collect();
    assert_eq!(
        named, there,
        "{service}.{name}: exported and left out on the left, the database on the right"
    );
    for key in table.key {
        assert!(own.iter().any(|column| column.name == *key), "{service}.{name}: {key} is a column");
    }
    for column in own {
        let is = columns[column.name].as_str();
        let fits: &[Holds] = match is {
            "uuid" | "blob" => &[Holds::Id],
            "integer" => &[Holds::Integer],
            "bigint" => &[Holds::Long],
            "boolean" => &[Holds::Flag],
            "timestamp with time zone" => &[Holds::Time],
            "date" => &[Holds::Day],
            // SQLite has no type for a time.
            "text" => &[Holds::Text, Holds::Json, Holds::Time],
            other => panic!("{service}.{name}.{}: {other}", column.name),
        };
        assert!(fits.contains(&column.holds), "{service}.{name}.{} is {is}", column.name);
    }
}

/// The types that the API shows rows of these tables as.
const SHOWN_AS: [(&str, &[ClassifiedField]); 19] = [
    ("customer", CustomerFile::FIELDS),
    ("contact_point", ContactPoint::FIELDS),
    ("external_id", ExternalId::FIELDS),
    ("consent", ConsentWord::FIELDS),
    ("service_brief", ServiceBrief::FIELDS),
    ("observation", Observation::FIELDS),
    ("contact", Contact::FIELDS),
    ("service_case", Case::FIELDS),
    ("case_hand_over", HandOver::FIELDS),
    ("task", Task::FIELDS),
    ("gesture", Gesture::FIELDS),
    ("outreach_notice", OutreachToSend::FIELDS),
    ("points_account", LoyaltyAccount::FIELDS),
    ("points_entry", PointsEntry::FIELDS),
    ("points_hold", PointsHold::FIELDS),
    ("points_lot", PointsLot::FIELDS),
    ("answer", Answer::FIELDS),
    ("questionnaire_answer", QuestionnaireAnswer::FIELDS),
    ("questionnaire_answer_item", ItemAnswer::FIELDS),
];

#[test]
fn a_column_has_the_class_that_the_api_gives_it() {
    let mut compared = 0;
    for service in Service::ALL {
        for table in personal_data(service).tables {
            let shown = SHOWN_AS.iter().find(|(name, _)| *name == table.name);
            let fields = shown.map_or(&[][..], |(_, fields)| fields);
            for field in fields.iter().filter(|field| field.class.is_some()) {
                if let Some(column) = table.columns.iter().find(|column| column.name == field.name) {
                    let class = field.class.map(Shown::By);
                    assert_eq!(Some(column.shown), class, "{service}.{}.{}", table.name, field.name);
                    compared += 1;
                }
            }
        }
    }
    assert!(compared > 30, "only {compared} have a class in both");
}
