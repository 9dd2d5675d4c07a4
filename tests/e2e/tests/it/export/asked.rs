//! What is asked wrongly, who stops it, and segments by code and id.

use std::time::Duration;

use schema::{
    access::Role,
    api::loyalty::{CreateSegment, NewSegment},
    topology::Service,
};
use serde_json::json;
use testkit::{Place, Suite, eventually, process};
use tokio::net::TcpListener;
use uuid::Uuid;

use super::{NONE, audited, export, export_as, left_behind, place, rows};
use crate::{company::Company, on_both};

async fn wrongly(place_: Place) {
    let suite = Suite::start(&place_).await;
    let company = Company::found(&suite).await;
    let nobody = Uuid::from_u128(7).to_string();
    let stranger = company.register(&suite, company.south_1, "Cai", "+8613812340003").await.id.to_string();
    let ended = export(&suite, &["person", &nobody, "--format", "csv"]).await;
    assert_eq!(ended.status, Some(2));
    assert!(ended.complained.contains("use --format ndjson"), "{}", ended.complained);
    for wrong in [&["customers", "--format", "xlsx"][..], &["person", "ann"], &["segment"], &[]] {
        assert_eq!(export(&suite, wrong).await.status, Some(2), "{wrong:?}");
    }
    let directory = suite.data.to_str().expect("a path");
    let nowhere = format!("{directory}/nowhere/customers.csv");
    for (arguments, says) in [
        (vec!["customers", "--token", "nonsense"], "the token is not valid"),
        (vec!["customers", "--out", directory], "is a directory"),
        (vec!["customers", "--out", &nowhere], "cannot be written"),
        (vec!["person", &nobody], "no customer with this id is within your scope"),
        (vec!["segment", "nobodys"], "there is no segment with the code `nobodys`"),
        (vec!["segment", &nobody], "no segment with this id"),
    ] {
        let ended = export(&suite, &arguments).await;
        assert!(ended.failed().contains(says), "{}", ended.complained);
        assert_eq!(ended.said, "");
    }
    // Whoever may not see a customer does not learn that there is one.
    let here = &company.manager_north_1;
    for id in [&stranger, &nobody] {
        let ended = export_as(&suite, here, &["person", id]).await;
        assert!(ended.failed().contains("no customer with this id"), "{}", ended.complained);
    }
    for (role, what) in [(Role::Admin, "ExportCustomer"), (Role::Service, "ExportCustomer")] {
        let ended = export_as(&suite, &suite.person(role, "hq"), &["person", &stranger]).await;
        assert!(ended.failed().contains(&format!("forbidden: {what} needs one of the roles")), "{role:?}");
    }
    let partner = export_as(&suite, &suite.person(Role::Partner, "hq"), &["person", &stranger]).await;
    assert!(partner.failed().contains("no customer with this id"), "{}", partner.complained);
    for service in [Service::Customer, Service::Loyalty] {
        assert_eq!(audited(&suite, service, "%export").await, Vec::<String>::new(), "nothing left");
    }
    stopped(&suite).await;
    suite.end().await;
}
on_both!(what_is_asked_wrongly_is_said_and_leaves_no_file, super::wrongly);

/// A service that never answers, and somebody who does not want to wait for it.
async fn stopped(suite: &Suite) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let url = format!("http://{}", listener.local_addr().expect("its address"));
    let (file, out) = place(suite, "never.csv");
    let mut command = process::command(suite, &["export", "customers", "--out", &out]);
    let child = command.env("C360_SERVICES__CUSTOMER", url).spawn().expect("the binary starts");
    let (_held, _) = listener.accept().await.expect("it asks");
    let id = child.id().expect("it runs").to_string();
    tokio::process::Command::new("kill").args(["-INT", &id]).status().await.expect("it is told");
    let ended: super::Ended = child.wait_with_output().await.expect("it ends").into();
    assert_eq!(ended.status, Some(4), "{}", ended.complained);
    assert!(ended.complained.contains("stopped before the end: no file was written"), "{}", ended.complained);
    assert!(!file.exists());
    assert_eq!(left_behind(suite), Vec::<String>::new());
}

async fn of_a_segment(place_: Place) {
    let suite = Suite::start(&place_).await;
    let company = Company::found(&suite).await;
    let mut ids = Vec::new();
    for (unit, name) in [(company.north_1, "Ann"), (company.south_1, "Cai")] {
        ids.push(company.register(&suite, unit, name, "+8613812340001").await.id.to_string());
    }
    let marketing = suite.person(Role::Marketing, "hq");
    let condition = serde_json::from_value(json!({ "kind": ["consumer"] })).expect("a condition");
    let new = NewSegment { code: "consumers".to_owned(), name: "Consumers".to_owned(), condition };
    let segment = suite
        .call::<CreateSegment>(Service::Loyalty, &marketing, &NONE, &NONE, &new)
        .await
        .expect("a segment");
    let ndjson = ["segment", "consumers", "--format", "ndjson"];
    eventually("loyalty knows both", Duration::from_secs(20), || async {
        let text = export_as(&suite, &marketing, &ndjson).await.whole();
        let seen: Vec<String> =
            rows(&text).iter().map(|row| row["customer_id"].as_str().expect("an id").to_owned()).collect();
        (seen == ids).then_some(())
    })
    .await;
    let (file, out) = place(&suite, "segment.csv");
    let id = segment.id.to_string();
    export_as(&suite, &marketing, &["segment", &id, "--out", &out]).await.whole();
    let text = std::fs::read_to_string(&file).expect("a file");
    assert!(text.starts_with("customer_id,kind,status,"), "{text}");
    assert_eq!(text.split_terminator("\r\n").count(), 3, "{text}");
    assert!(!text.contains("#end"), "{text}");
    let south = export_as(&suite, &suite.person(Role::Marketing, "south"), &["segment", "consumers"]).await;
    assert_eq!(south.whole().split_terminator("\r\n").count(), 2, "scope");
    let long_ago = ["segment", "consumers", "--as-of", "1800-01-01T00:00:00Z"];
    let ended = export_as(&suite, &marketing, &long_ago).await;
    assert!(ended.failed().contains("invalid"), "{}", ended.complained);
    let sales = export_as(&suite, &suite.person(Role::Sales, "hq"), &["segment", "consumers"]).await;
    assert!(sales.failed().contains("forbidden"), "{}", sales.complained);
    let audit = audited(&suite, Service::Loyalty, "segment.export").await;
    let last = &audit[audit.len() - 4..];
    assert_eq!(
        last,
        [
            "staff:some(marketing)-hq segment.export: consumers version 1 as csv",
            "staff:some(marketing)-hq segment.export.end: 2 rows",
            "staff:some(marketing)-south segment.export: consumers version 1 as csv",
            "staff:some(marketing)-south segment.export.end: 1 rows",
        ]
    );
    suite.end().await;
}
on_both!(a_segment_is_exported_by_its_code_or_its_id, super::of_a_segment);
