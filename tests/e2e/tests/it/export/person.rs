//! Everything about one person: every row that any service keeps of them, nothing of anybody else, masked for each
//! role, however many rows there are.

use std::{collections::BTreeMap, time::Duration};

use kit::{client::CallOptions, db::statement};
use reference::person::{Shown, Table};
use schema::{
    access::{Level, Reach, Role, TABLE, Viewer},
    api::{
        batch::{Batch, BatchItem},
        customer::{AddRelationship, CustomerPath, NewRelationship, RelationshipKind},
        interaction::{Channel, Phase, RecordContacts},
    },
    ids::CustomerId,
    topology::Service,
};
use sea_orm::ConnectionTrait as _;
use serde_json::Value;
use testkit::{Person, Place, Suite, eventually, suite::personal_data};

use super::{NONE, audited, db, export_as, place, rows};
use crate::{bad_week::Week, company::Company, contacts::new_contact, masks::everything, on_both};

/// How long it may take until all services have heard of all. On a busy machine with few cores that is long.
const LONG: Duration = Duration::from_secs(60);

/// Records by service and kind.
type Records = BTreeMap<(String, String), Vec<Value>>;

/// Everything of a customer as somebody gets it, without the exports themselves.
async fn everything_of(suite: &Suite, who: &Person, customer: CustomerId) -> (Records, String) {
    let text = export_as(suite, who, &["person", &customer.to_string()]).await.whole();
    let mut records = Records::new();
    for mut row in rows(&text) {
        let word = |name: &str| row[name].as_str().expect("a word").to_owned();
        let (of, record) = ((word("service"), word("kind")), row["record"].take());
        let is_export = record["action"].as_str().is_some_and(|action| action.starts_with("customer.export"));
        if !is_export {
            records.entry(of).or_default().push(record);
        }
    }
    (records, text)
}

/// How many rows of a customer each table has, without the exports themselves.
async fn kept(suite: &Suite, customer: CustomerId) -> BTreeMap<(String, String), usize> {
    let mut counts = BTreeMap::new();
    for service in Service::ALL {
        let read = db(suite, service).read();
        for Table { name, owner, .. } in personal_data(service).tables {
            let audit = if *name == "audit_entry" { " AND action NOT LIKE 'customer.export%'" } else { "" };
            let sql = format!("SELECT COUNT(*) FROM {name} WHERE {owner} = $1{audit}");
            let row = read.query_one_raw(statement(read, &sql, vec![customer.uuid().into()])).await;
            let count: i64 = row.expect("a query").expect("a row").try_get_by_index(0).expect("a count");
            if count > 0 {
                let count = usize::try_from(count).expect("a number");
                counts.insert((service.name().to_owned(), (*name).to_owned()), count);
            }
        }
    }
    counts
}

/// Exports until every row that is kept is in it: what happened is still on its way.
async fn all_of(suite: &Suite, who: &Person, customer: CustomerId) -> (Records, String) {
    eventually("every row that is kept is exported", LONG, || async {
        let before = kept(suite, customer).await;
        let (records, text) = everything_of(suite, who, customer).await;
        let came: BTreeMap<_, _> = records.iter().map(|(of, records)| (of.clone(), records.len())).collect();
        let same = came == before && before == kept(suite, customer).await;
        same.then_some((records, text))
    })
    .await
}

async fn whole(place_: Place) {
    let week = Week::begin(&place_).await;
    everything::happen(&week).await;
    let (suite, company) = (&week.suite, &week.company);
    let other = company.register(suite, company.north_1, "Quiet Quinn", "+8613812349999").await.id;
    let new = NewRelationship {
        kind: RelationshipKind::PartnerOf,
        to_customer_id: other,
        valid_from: chrono::NaiveDate::from_ymd_opt(2020, 1, 1).expect("a day"),
        valid_until: None,
    };
    week.call::<AddRelationship>(Service::Customer, &company.manager_hq, &week.path(), &NONE, &new)
        .await
        .expect("a relationship");
    let (records, text) = all_of(suite, &company.manager_hq, week.customer).await;
    for said in [
        "Angry Ann",
        "+8613812340090",
        "ann@example.com",
        "A-17-4711",
        "Auntie Ann",
        "Tea first.",
        "Her daughter",
        "She was joking.",
        "Smell the whole lot.",
        "Never again",
        "She called me",
    ] {
        assert!(text.contains(said), "{said}");
    }
    let kinds: Vec<String> = records.keys().map(|(service, kind)| format!("{service}.{kind}")).collect();
    assert!(
        kinds.len() > 45,
        "only {} kinds have records, so the story tells little: {kinds:?}",
        kinds.len()
    );
    for service in ["customer", "interaction", "loyalty", "survey", "gateway"] {
        assert!(kinds.iter().any(|kind| kind.starts_with(service)), "{kinds:?}");
    }

    // Of the other one there is no more than that there is a relationship.
    assert!(!text.contains("Quinn") && !text.contains("+8613812349999"), "nothing of anybody else");
    let named: Vec<&str> = text.lines().filter(|line| line.contains(&other.to_string())).collect();
    let relations = |line: &&&str| {
        line.contains("\"kind\":\"relationship\"") || line.contains("\"kind\":\"audit_entry\"")
    };
    assert_eq!(named.iter().filter(relations).count(), named.len(), "{named:?}");
    let (_, of_other) = everything_of(suite, &company.manager_hq, other).await;
    assert!(of_other.contains("Quiet Quinn") && !of_other.contains("Angry Ann"), "{of_other}");

    let audit = audited(suite, Service::Survey, "customer.export").await;
    let count = rows(&text).iter().filter(|row| row["service"] == "survey").count();
    assert!(
        audit.contains(&format!("staff:some(manager)-hq customer.export.end: {count} rows")),
        "{audit:?}"
    );
    let (file, out) = place(suite, "ann.ndjson");
    let id = week.customer.to_string();
    export_as(suite, &company.manager_hq, &["person", &id, "--out", &out]).await.whole();
    let lines = std::fs::read_to_string(&file).expect("a file").lines().count();
    assert!(lines >= text.lines().count(), "with the exports of before");
    by_role(&week, &records).await;
    week.suite.end().await;
}
on_both!(a_person_gets_every_row_that_is_kept_and_nobody_elses, super::whole);

/// Every column, by every role that reaches the customer, by the class that it is declared with.
async fn by_role(week: &Week, whole: &Records) {
    for rule in TABLE.iter().filter(|rule| matches!(rule.reach, Reach::Subtree | Reach::Everything)) {
        if rule.role == Role::Service {
            continue;
        }
        let who = week.suite.person(rule.role, "hq");
        let (seen, text) = everything_of(&week.suite, &who, week.customer).await;
        assert_eq!(seen.keys().collect::<Vec<_>>(), whole.keys().collect::<Vec<_>>(), "{:?}", rule.role);
        for service in Service::ALL {
            for table in personal_data(service).tables {
                let of = (service.name().to_owned(), table.name.to_owned());
                let (Some(seen), Some(whole)) = (seen.get(&of), whole.get(&of)) else { continue };
                assert_eq!(seen.len(), whole.len(), "{:?} {of:?}", rule.role);
                seen.iter().zip(whole).for_each(|(seen, whole)| compare(table, seen, whole, &who.viewer));
            }
        }
        for (said, level) in [
            ("Angry Ann", rule.identity),
            ("+8613812340090", rule.contact),
            ("Smell the whole lot.", rule.sensitive),
            ("Never again", rule.sensitive),
        ] {
            assert_eq!(text.contains(said), level == Level::Whole, "{:?} {said}", rule.role);
        }
    }
}

fn compare(table: &Table, seen: &Value, whole: &Value, viewer: &Viewer) {
    for column in table.columns {
        let (is, all) = (&seen[column.name], &whole[column.name]);
        let level = match column.shown {
            Shown::ToAll => Level::Whole,
            Shown::By(class) => viewer.level(class),
            Shown::ToWhoSeesEverything if viewer.sees_everything_whole() => Level::Whole,
            Shown::ToWhoSeesEverything => Level::None,
            Shown::AsAttribute(class) => {
                let class = serde_json::from_value(whole[class].clone()).expect("a class");
                let class: schema::api::customer::AttributeClass = class;
                if class.is_whole_for(viewer) { Level::Whole } else { Level::None }
            }
        };
        let right = match level {
            Level::Whole => is == all,
            Level::None => is.is_null(),
            Level::Masked => is.as_str().map_or(is.is_null(), |text| text.contains("****") && is != all),
        };
        assert!(right, "{:?} sees {is} in {}.{}", viewer.roles, table.name, column.name);
    }
}

async fn many_rows(place: Place) {
    let suite = Suite::start(&place).await;
    let company = Company::found(&suite).await;
    let customer = company.register(&suite, company.north_1, "Ann", "+8613812340001").await.id;
    let path = CustomerPath { customer_id: customer };
    for part in (0..1_100).collect::<Vec<_>>().chunks(500) {
        let item = |number: &i32| BatchItem {
            reference: number.to_string(),
            customer_id: path.customer_id,
            // Several at the same time, so that the id decides where a page ends.
            command: new_contact(company.north_1, Channel::Phone, Phase::Sales),
        };
        let batch = Batch { source: "test".to_owned(), items: part.iter().map(item).collect() };
        let options = CallOptions { deadline: Some(LONG), ..CallOptions::default() };
        let who = &company.manager_hq;
        suite
            .call_with::<RecordContacts>(Service::Interaction, who, &NONE, &NONE, &batch, &options)
            .await
            .expect("recorded");
    }
    let (records, _) = all_of(&suite, &company.manager_hq, customer).await;
    for (service, kind) in [
        ("interaction", "contact"),
        ("interaction", "timeline_step"),
        ("interaction", "audit_entry"),
        ("loyalty", "profile_contact"),
    ] {
        let of = (service.to_owned(), kind.to_owned());
        let ids: std::collections::BTreeSet<String> =
            records[&of].iter().map(|record| record["id"].to_string()).collect();
        assert_eq!((records[&of].len(), ids.len()), (1_100, 1_100), "{of:?}: each once");
    }
    suite.end().await;
}
on_both!(more_rows_than_a_page_come_each_once, super::many_rows);
