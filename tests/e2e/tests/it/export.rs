//! `customer360 export`, the real binary, against a suite: who gets which customers and which fields, pages, files
//! that break off, everything about one person, and what stands in the audit afterwards.

mod asked;
mod customers;
mod masks;
mod pages;
mod person;
mod tables;
mod tracked;

use std::path::PathBuf;

use kit::{Db, db::statement};
use schema::{api::NoParameters, topology::Service};
use sea_orm::ConnectionTrait as _;
use serde_json::Value;
use testkit::{
    Person, Suite,
    process::{self, Ended},
};

const NONE: NoParameters = NoParameters {};

/// Runs an export to its end.
async fn export(suite: &Suite, arguments: &[&str]) -> Ended {
    let arguments: Vec<&str> = ["export"].into_iter().chain(arguments.iter().copied()).collect();
    process::command(suite, &arguments).output().await.expect("the binary runs").into()
}

/// Runs an export to its end as somebody.
async fn export_as(suite: &Suite, who: &Person, arguments: &[&str]) -> Ended {
    let arguments: Vec<&str> = arguments.iter().copied().chain(["--token", &who.bearer.0]).collect();
    export(suite, &arguments).await
}

/// The rows of a file of JSON objects.
fn rows(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

/// The database of a service.
fn db(suite: &Suite, service: Service) -> &Db {
    let running = suite.running.iter().find(|running| running.runtime.service == service);
    &running.expect("a service of this process").runtime.db
}

/// The audit's entries of actions that begin so, in their order: actor, action, detail.
async fn audited(suite: &Suite, service: Service, action: &str) -> Vec<String> {
    let db = db(suite, service).read();
    let sql =
        "SELECT actor || ' ' || action || ': ' || detail FROM audit_entry WHERE action LIKE $1 ORDER BY id";
    let rows = db.query_all_raw(statement(db, sql, vec![format!("{action}%").into()])).await.expect("rows");
    rows.iter().map(|row| row.try_get_by_index(0).expect("text")).collect()
}

/// A path in the suite's own directory, and the same as text.
fn place(suite: &Suite, name: &str) -> (PathBuf, String) {
    let path = suite.data.join(name);
    let text = path.to_str().expect("a path").to_owned();
    (path, text)
}

/// Files of exports that were begun and not ended.
fn left_behind(suite: &Suite) -> Vec<String> {
    let entries = std::fs::read_dir(&suite.data).expect("a directory").flatten();
    let names = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
    names.filter(|name| name.ends_with(".part")).collect()
}
