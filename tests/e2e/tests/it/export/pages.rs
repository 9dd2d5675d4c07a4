//! Many customers: each once, over all pages; and files that break off, which are never taken for whole ones.

use std::time::Duration;

use kit::{client::CallOptions, db::statement};
use schema::{
    api::{
        batch::Batch,
        customer::{NewCustomerItem, RegisterCustomers},
    },
    topology::Service,
};
use sea_orm::ConnectionTrait as _;
use testkit::{Place, Suite};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    net::TcpListener,
};

use super::{NONE, audited, db, export, left_behind, place, rows};
use crate::{
    company::{Company, new_customer},
    on_both,
};

/// More than two pages of the service.
const MANY: usize = 1_203;

/// A suite with many customers; their ids in the order of the file.
async fn many(place: &Place) -> (Suite, Vec<String>) {
    let suite = Suite::start(place).await;
    let company = Company::found(&suite).await;
    let mut ids = Vec::new();
    for part in (0..MANY).collect::<Vec<_>>().chunks(500) {
        let item = |number: &usize| NewCustomerItem {
            reference: number.to_string(),
            command: new_customer(company.north_1, &format!("No. {number}\nof many"), "+8613812340001"),
        };
        let batch = Batch { source: "test".to_owned(), items: part.iter().map(item).collect() };
        let options = CallOptions { deadline: Some(Duration::from_secs(60)), ..CallOptions::default() };
        let who = &company.manager_hq;
        let done = suite
            .call_with::<RegisterCustomers>(Service::Customer, who, &NONE, &NONE, &batch, &options)
            .await
            .expect("registered");
        ids.extend(done.items.iter().map(|one| one.id.expect("an id").to_string()));
    }
    ids.sort_unstable();
    (suite, ids)
}

async fn paged(place_: Place) {
    let (suite, ids) = many(&place_).await;
    let seen = rows(&export(&suite, &["customers", "--format", "ndjson"]).await.whole());
    let seen: Vec<&str> = seen.iter().map(|row| row["id"].as_str().expect("an id")).collect();
    assert_eq!(seen, ids, "each once, by id");
    let (file, out) = place(&suite, "all.csv");
    let ended = export(&suite, &["customers", "--out", &out]).await;
    assert!(ended.complained.contains(&format!("{MANY} rows in ")), "{}", ended.complained);
    let text = std::fs::read_to_string(&file).expect("a file");
    let begins: Vec<&str> =
        text.split_terminator("\r\n").map(|line| line.split(',').next().expect("an id")).collect();
    assert_eq!(begins[0], "id");
    assert_eq!(begins[1..], ids, "and in a spreadsheet, where a row has two lines");
    broken_in_the_service(&suite, &ids).await;
    cut_on_the_way(&suite).await;
    suite.end().await;
}
on_both!(many_customers_come_each_once_or_the_export_fails, super::paged);

/// A row of the last page that cannot be read: the pages before it have left already.
async fn broken_in_the_service(suite: &Suite, ids: &[String]) {
    let last: uuid::Uuid = ids.last().expect("a last one").parse().expect("an id");
    let set = |kind: &str| {
        let (db, values) = (db(suite, Service::Customer), vec![kind.into(), last.into()]);
        async move {
            let sql = "UPDATE customer SET kind = $1 WHERE id = $2";
            db.write().execute_raw(statement(db.write(), sql, values)).await.expect("written");
        }
    };
    let (before, out) = place(suite, "all.csv");
    let yesterday = std::fs::read_to_string(&before).expect("a file");
    set("spoiled").await;
    let ended = export(suite, &["customers", "--out", &out]).await;
    assert!(ended.failed().contains("broke off"), "{}", ended.complained);
    assert_eq!(std::fs::read_to_string(&before).expect("a file"), yesterday, "the whole one of before stays");
    assert_eq!(left_behind(suite), Vec::<String>::new());
    let ended = export(suite, &["customers", "--format", "ndjson"]).await;
    assert!(ended.failed().contains("what was written is not whole"), "{}", ended.complained);
    assert!(rows(&ended.said).len() < MANY);
    let audit = audited(suite, Service::Customer, "customers.export").await;
    let begun = audit.iter().filter(|entry| entry.contains("customers.export: ")).count();
    let ends: Vec<&String> = audit.iter().filter(|entry| entry.contains(".end: ")).collect();
    assert_eq!((begun, ends.len()), (4, 2), "what broke off has no end: {audit:?}");
    assert!(ends.iter().all(|end| end.ends_with(&format!("{MANY} rows"))), "{audit:?}");
    set("consumer").await;
}

/// A way on which a part of the file is lost: the connection ends early, or a proxy makes a whole answer of half.
async fn cut_on_the_way(suite: &Suite) {
    for (answer, says) in [
        // Cut in the middle of a chunk.
        ("transfer-encoding: chunked\r\n\r\n50\r\n{\"id\":1}\n", "broke off"),
        // Less than was promised.
        ("content-length: 900\r\n\r\n{\"id\":1}\n{\"id\":2}\n", "broke off"),
        // A whole answer, in which the end is missing.
        ("transfer-encoding: chunked\r\n\r\n9\r\n{\"id\":1}\n\r\n0\r\n\r\n", "its end is missing"),
        ("content-length: 0\r\n\r\n", "its end is missing"),
        // A whole answer, in which a row is missing.
        (
            "connection: close\r\n\r\n{\"id\":1}\n{\"end\":{\"rows\":2,\"unmasked\":true}}\n",
            "1 rows came and 2 were sent",
        ),
    ] {
        let url =
            answering(format!("HTTP/1.1 200 OK\r\ncontent-type: application/x-ndjson\r\n{answer}")).await;
        let (file, out) = place(suite, "cut.ndjson");
        let arguments = ["export", "customers", "--format", "ndjson", "--out", &out];
        let mut command = testkit::process::command(suite, &arguments);
        let ended: super::Ended =
            command.env("C360_SERVICES__CUSTOMER", url).output().await.expect("the binary runs").into();
        assert!(ended.failed().contains(says), "{answer}: {}", ended.complained);
        assert!(!file.exists(), "{answer}");
        assert_eq!(left_behind(suite), Vec::<String>::new(), "{answer}");
    }
}

/// Where one request is answered with this, and the connection closed.
async fn answering(answer: String) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let url = format!("http://{}", listener.local_addr().expect("its address"));
    tokio::spawn(async move {
        let (mut near, _) = listener.accept().await.expect("a connection");
        // What it asks is known; it is read so that closing does not reset the connection.
        let mut head = BufReader::new(&mut near).lines();
        while head.next_line().await.expect("a line").is_some_and(|line| !line.is_empty()) {}
        near.write_all(answer.as_bytes()).await.expect("written");
        near.shutdown().await.expect("closed");
    });
    url
}
