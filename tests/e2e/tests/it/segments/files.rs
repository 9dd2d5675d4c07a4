//! A segment as a file: whole, masked, within scope, harmless in a spreadsheet, and in the audit.

use kit::{Db, db::statement};
use schema::access::Role;
use sea_orm::ConnectionTrait as _;
use serde_json::{Value, json};
use testkit::{Person, Place};

use super::{attribute, create, members, preview};
use crate::{
    on_both,
    points::{NORTH, SOUTH, Stage},
};

/// The file as it comes: status, content type, text.
async fn download(stage: &Stage, who: &Person, path: &str) -> (u16, String, String) {
    let url = format!("{}{path}", stage.running.url());
    let answer = reqwest::Client::new().get(url).bearer_auth(&who.bearer.0).send().await.expect("an answer");
    let kind = answer.headers().get("content-type").map(|kind| kind.to_str().expect("text").to_owned());
    (answer.status().as_u16(), kind.unwrap_or_default(), answer.text().await.expect("a whole answer"))
}

async fn audited(db: &Db, action: &str) -> Vec<String> {
    let sql = "SELECT actor || ': ' || detail FROM audit_entry WHERE action = $1 ORDER BY id";
    let rows =
        db.read().query_all_raw(statement(db.read(), sql, vec![action.into()])).await.expect("the audit");
    rows.iter().map(|row| row.try_get_by_index(0).expect("text")).collect()
}

async fn exported(place: Place) {
    let stage = Stage::start(&place).await;
    let (manager, marketing) = (&stage.manager, stage.person(Role::Marketing, "north"));
    let mut all = Vec::new();
    for amount in [100_000, 200_000, 600_000] {
        all.push(stage.member(NORTH, amount).await);
    }
    stage.member(SOUTH, 100_000).await;
    // No event of ours looks like this; whoever sends such a one shall not reach a spreadsheet.
    let formula = "=HYPERLINK(\"http://x\",\"y\")";
    let told = [
        attribute(&stage, all[0], 1, "rice", json!({ "code": formula })),
        attribute(&stage, all[1], 1, "rice", json!({ "code": "-jasmine" })),
        attribute(&stage, all[2], 1, "rice", json!({ "code": "basmati" })),
    ];
    stage.deliver(&told).await;
    let asked = json!({ "any": [
        { "frequency": { "at_least": 1 } },
        { "attribute": { "attribute": "rice", "op": "is_known" } },
    ] });
    let (count, of) = preview(&stage, &marketing, asked.clone()).await;
    let segment = create(&stage, &marketing, "rice", asked).await;
    let listed = members(&stage, &marketing, segment.id).await;
    let path = format!("/segments/{}/export", segment.id);

    let (status, kind, text) = download(&stage, manager, &format!("{path}?format=csv")).await;
    assert_eq!((status, kind.as_str()), (200, "text/csv; charset=utf-8; header=present"));
    let lines: Vec<&str> = text.split_terminator("\r\n").collect();
    assert_eq!((count, of, listed.len(), lines.len()), (3, 3, 3, 4), "{text}");
    assert!(lines[0].starts_with("customer_id,kind,status,") && lines[0].ends_with(",attribute.rice"));
    let line = |id: &str| lines.iter().find(|line| line.starts_with(id)).copied().expect("a line");
    let quoted = "\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\"";
    assert!(line(&all[0].to_string()).ends_with(quoted), "{text}");
    assert!(line(&all[1].to_string()).ends_with(",'-jasmine"), "{text}");
    assert!(line(&all[2].to_string()).ends_with(",basmati"), "{text}");
    assert!(line(&all[2].to_string()).contains(",gold,6000,"), "{text}");

    // Marketing sees values and no attributes, whose class an event does not tell.
    let (status, kind, text) = download(&stage, &marketing, &format!("{path}?format=ndjson")).await;
    assert_eq!((status, kind.as_str()), (200, "application/x-ndjson"));
    let rows: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(rows.len(), 3);
    for (row, member) in rows.iter().zip(&listed) {
        assert_eq!(*row, serde_json::to_value(member).expect("JSON"), "the file says what the list says");
        assert_eq!((&row["purchases"], &row["attributes"][0]["value"]), (&json!(1), &Value::Null), "{row}");
    }
    let (.., text) = download(&stage, manager, &format!("{path}?format=ndjson")).await;
    assert!(text.contains(&json!(formula).to_string()), "in JSON it is what it is: {text}");
    let (.., text) = download(&stage, &marketing, &path).await;
    assert!(!text.contains("HYPERLINK") && text.lines().count() == 4, "{text}");

    let south = stage.person(Role::Marketing, "south");
    let (.., text) = download(&stage, &south, &path).await;
    assert_eq!(text.lines().count(), 2, "of the other unit: {text}");
    let sales = stage.person(Role::Sales, "north");
    assert_eq!(download(&stage, &sales, &path).await.0, 403);
    assert_eq!(download(&stage, manager, &format!("{path}?format=xlsx")).await.0, 400);
    let nowhere = format!("/segments/{}/export", all[0]);
    assert_eq!(download(&stage, manager, &nowhere).await.0, 404);
    let url = format!("{}{path}", stage.running.url());
    assert_eq!(reqwest::get(url).await.expect("an answer").status().as_u16(), 401);

    let audit = audited(&stage.running.runtime.db, "segment.export").await;
    assert_eq!(audit.len(), 5, "every file, and no refusal: {audit:?}");
    assert_eq!(audit[0], "staff:some(manager)-north: rice version 1 as csv");
    stage.running.end().await;
}
on_both!(a_segment_is_exported_whole_masked_and_harmless, super::exported);
