//! All customers: which ones each person gets, and a file that is harmless in a spreadsheet.

use schema::{
    access::Role,
    api::{
        Nothing,
        customer::{
            AddContactPoint, AddServingUnit, ContactKind, CustomerPath, GetCustomer, NewContactPoint,
            NewServingUnit,
        },
    },
    topology::Service,
};
use testkit::{Place, Suite};

use super::{NONE, audited, export, export_as, place, rows};
use crate::{company::Company, on_both};

async fn in_scope(place: Place) {
    let suite = Suite::start(&place).await;
    let company = Company::found(&suite).await;
    let mut ids = Vec::new();
    for (unit, name) in [(company.north_1, "Ann"), (company.north, "Ben"), (company.south_1, "Cai")] {
        ids.push(company.register(&suite, unit, name, "+8613812340001").await.id.to_string());
    }
    let names = |text: &str| -> Vec<String> {
        rows(text).iter().map(|row| row["name"].as_str().expect("a name").to_owned()).collect()
    };
    let ndjson = ["customers", "--format", "ndjson"];
    let all = export(&suite, &ndjson).await.whole();
    assert_eq!(names(&all), ["Ann", "Ben", "Cai"]);
    let north = [&ndjson[..], &["--unit", "north"]].concat();
    assert_eq!(names(&export(&suite, &north).await.whole()), ["Ann", "Ben"]);
    let here = &company.manager_north_1;
    assert_eq!(names(&export_as(&suite, here, &ndjson).await.whole()), ["Ann"]);

    // Whoever a further unit serves is seen there, and still has the home unit that they have.
    let path = CustomerPath { customer_id: ids[2].parse().expect("an id") };
    let serving = NewServingUnit { org_unit_id: company.north_1, reason: "On holiday.".to_owned() };
    suite
        .call::<AddServingUnit>(Service::Customer, &company.manager_hq, &path, &NONE, &serving)
        .await
        .expect("served");
    assert_eq!(names(&export_as(&suite, here, &ndjson).await.whole()), ["Ann", "Cai"]);
    let own = [&ndjson[..], &["--unit", "north-1"]].concat();
    assert_eq!(names(&export_as(&suite, here, &own).await.whole()), ["Ann"]);

    // What is not in the person's part of the organisation does not exist.
    for unit in ["south-1", "hq", "atlantis", "%"] {
        let ended = export_as(&suite, here, &["customers", "--unit", unit]).await;
        let says = format!("no unit with the code `{unit}` in your part of the organisation");
        assert!(ended.failed().contains(&says), "{}", ended.complained);
        assert_eq!(ended.said, "");
    }
    let lost = suite.person(Role::Manager, "atlantis");
    let ended = export_as(&suite, &lost, &["customers"]).await;
    assert!(ended.failed().contains("the unit that your token names does not exist"), "{}", ended.complained);

    let audit = audited(&suite, Service::Customer, "customers.export").await;
    let wanted = [
        ("staff:export", "hq as ndjson", 3),
        ("staff:export", "north as ndjson", 2),
        ("staff:some(manager)-north-1", "north-1 as ndjson", 1),
        ("staff:some(manager)-north-1", "north-1 as ndjson", 2),
        ("staff:some(manager)-north-1", "north-1 as ndjson", 1),
    ];
    let wanted: Vec<String> = wanted
        .iter()
        .flat_map(|(who, what, rows)| {
            [format!("{who} customers.export: {what}"), format!("{who} customers.export.end: {rows} rows")]
        })
        .collect();
    assert_eq!(audit, wanted, "every export, and no refusal");
    suite.end().await;
}
on_both!(an_export_holds_who_is_in_scope_and_is_audited, super::in_scope);

async fn spreadsheet(place_: Place) {
    let suite = Suite::start(&place_).await;
    let company = Company::found(&suite).await;
    let bad = ["=HYPERLINK(\"http://x\",\"y\")", "@SUM(A1)", "-1+1", "+49", "\"quoted\", with a comma"];
    let mut registered = Vec::new();
    for (name, number) in bad.iter().zip(1..) {
        let phone = format!("+86138123400{number:02}");
        registered.push(company.register(&suite, company.north_1, name, &phone).await.id);
    }
    let path = CustomerPath { customer_id: registered[4] };
    let new = NewContactPoint { kind: ContactKind::Email, value: "q@example.com".to_owned() };
    suite
        .call::<AddContactPoint>(Service::Customer, &company.manager_hq, &path, &NONE, &new)
        .await
        .expect("added");
    let (file, out) = place(&suite, "customers.csv");
    let ended = export(&suite, &["customers", "--out", &out]).await;
    assert!(ended.complained.contains("5 rows in"), "{}", ended.complained);
    assert_eq!(ended.whole(), "", "the file holds it");
    let text = std::fs::read_to_string(&file).expect("a file");
    assert_eq!(text, export(&suite, &["customers"]).await.whole(), "as standard output does");
    let lines: Vec<&str> = text.split_terminator("\r\n").collect();
    assert_eq!(lines.len(), 6, "{text}");
    assert!(lines[0].starts_with("id,kind,status,stage,name,birth_date,"), "{text}");
    let names = [
        "\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\"",
        "'@SUM(A1)",
        "'-1+1",
        "'+49",
        "\"\"\"quoted\"\", with a comma\"",
    ];
    for (((line, id), name), number) in lines[1..].iter().zip(&registered).zip(names).zip(1..) {
        let begins = format!("{id},consumer,active,lead,{name},1970-05-01,zh-Hans,,north-1,");
        assert!(line.starts_with(&begins), "{line}\n{begins}");
        assert!(line.contains(&format!(",'+86138123400{number:02},")), "{line}");
    }
    assert!(lines[5].contains(",q@example.com,"), "{}", lines[5]);

    // In JSON it is what it is, and the same as the service says of one.
    let seen = rows(&export(&suite, &["customers", "--format", "ndjson"]).await.whole());
    for (row, id) in seen.iter().zip(&registered) {
        let path = CustomerPath { customer_id: *id };
        let file =
            suite.call::<GetCustomer>(Service::Customer, &company.manager_hq, &path, &NONE, &Nothing).await;
        assert_eq!(*row, serde_json::to_value(file.expect("a file")).expect("JSON"));
    }
    suite.end().await;
}
on_both!(a_file_for_a_spreadsheet_runs_nothing, super::spreadsheet);
