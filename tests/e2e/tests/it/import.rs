//! `customer360 import`, the real binary, against a suite: the documented examples, hostile files, dry runs,
//! repetitions, and what is left when it is ended or killed.

mod cdnow;
mod hostile;

use std::path::{Path, PathBuf};

use schema::{
    access::Role,
    api::{
        NoParameters, Nothing,
        customer::{
            AttributeClass, AttributeType, CustomerFile, CustomerPath, DefineAttribute, ExternalIdQuery,
            FindByExternalId, JoinStaff, NewAttribute, NewStaff,
        },
        interaction::{
            CaseState, CasesQuery, ContactsQuery, GetDealingsSummary, GetTimeline, ListCases, ListContacts,
            TimelineKind, TimelineQuery,
        },
        loyalty::{GetAccount, ListPointsEntries, PointsEntryKind, PointsQuery},
        survey::{AnswersQuery, ListAnswers},
    },
    topology::Service,
};
use testkit::{
    Place, Suite, eventually,
    process::{self, Ended},
};

use crate::{company::Company, on_both};

const NONE: NoParameters = NoParameters {};
const WITHIN: std::time::Duration = std::time::Duration::from_secs(20);

/// The first line of what an import printed, from the counts on.
fn counts(ended: &Ended) -> &str {
    let line = ended.said.lines().next().unwrap_or_else(|| panic!("no counts: {}", ended.complained));
    line.split_once("): ").expect("counts").1
}

/// Runs an import to its end.
async fn import(suite: &Suite, mapping: &Path, file: &Path, more: &[&str]) -> Ended {
    let text = |path: &Path| path.to_str().expect("a path").to_owned();
    let (mapping, file) = (text(mapping), text(file));
    let refused = suite.data.join("refused.csv");
    let refused = text(&refused);
    let arguments = ["import", &mapping, &file, "--refused", &refused];
    let arguments: Vec<&str> = arguments.into_iter().chain(more.iter().copied()).collect();
    process::command(suite, &arguments).output().await.expect("the binary runs").into()
}

/// A file of the documentation.
fn documented(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs/import").join(name)
}

/// Writes a file of this test.
fn written(suite: &Suite, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
    let path = suite.data.join(name);
    std::fs::write(&path, content).expect("written");
    path
}

async fn customer(suite: &Suite, company: &Company, value: &str) -> CustomerFile {
    let query = ExternalIdQuery { system: "crm".to_owned(), value: value.to_owned() };
    let found =
        suite.call::<FindByExternalId>(Service::Customer, &company.manager_hq, &NONE, &query, &Nothing);
    found.await.expect("a customer")
}

/// A suite with the people and attributes that the examples speak of.
async fn stage(place: &Place) -> (Suite, Company) {
    let suite = Suite::start(place).await;
    let company = Company::found(&suite).await;
    let seller = NewStaff {
        code: "north-1-seller".to_owned(),
        name: "Qian Bo".to_owned(),
        org_unit_id: company.north_1,
    };
    suite.call::<JoinStaff>(Service::Customer, &company.admin, &NONE, &NONE, &seller).await.expect("joins");
    let persons = NewAttribute {
        code: "household_size".to_owned(),
        name: "Household size".to_owned(),
        value_type: AttributeType::Integer,
        unit: Some("persons".to_owned()),
        class: AttributeClass::Plain,
        segmentable: true,
    };
    // It may be there from the beginning.
    let _ = suite.call::<DefineAttribute>(Service::Customer, &company.admin, &NONE, &NONE, &persons).await;
    (suite, company)
}

const EXAMPLES: [(&str, &str, u32); 7] = [
    ("customers.toml", "customers.csv", 3),
    ("relationships.toml", "relationships.csv", 2),
    ("contacts.toml", "contacts.tsv", 2),
    ("purchases.toml", "purchases.csv", 5),
    ("cases.toml", "cases.csv", 2),
    ("answers.toml", "answers.ndjson", 2),
    ("points.toml", "points.csv", 2),
];

async fn examples(place: Place) {
    let (suite, company) = stage(&place).await;
    for (mapping, file, rows) in EXAMPLES {
        let ended = import(&suite, &documented(mapping), &documented(file), &[]).await;
        let refused = std::fs::read_to_string(suite.data.join("refused.csv")).unwrap_or_default();
        assert_eq!(
            counts(&ended),
            format!("{rows} entered, 0 were in already, 0 refused"),
            "{mapping}: {refused}"
        );
        assert_eq!(ended.status, Some(0), "{mapping}");
    }
    look(&suite, &company).await;
    for (mapping, file, rows) in EXAMPLES {
        let ended = import(&suite, &documented(mapping), &documented(file), &[]).await;
        assert_eq!(counts(&ended), format!("0 entered, {rows} were in already, 0 refused"), "{mapping}");
        assert_eq!(ended.status, Some(0), "{mapping}");
    }
    look(&suite, &company).await;
    suite.end().await;
}
on_both!(the_documented_examples_come_in_once, super::examples);

/// What the examples say of their customers is what the services say.
async fn look(suite: &Suite, company: &Company) {
    let who = &company.manager_hq;
    let (lan, bo) = (customer(suite, company, "1001").await, customer(suite, company, "1002").await);
    assert_eq!(lan.name.as_deref(), Some("Lan Zhao"));
    assert_eq!(bo.name.as_deref(), Some("Bo \"Iron\" Wu; senior"));
    assert_eq!(lan.birth_date.map(|day| day.to_string()).as_deref(), Some("1980-05-03"));
    assert_eq!((lan.contact_points.len(), lan.external_ids.len(), lan.attributes.len()), (3, 2, 1));
    assert_eq!(lan.home_unit_id, company.north_1);
    assert_eq!((lan.relationships.len(), bo.relationships.len()), (1, 0), "one has ended");

    let path = CustomerPath { customer_id: lan.id };
    let contacts = suite
        .call::<ListContacts>(Service::Interaction, who, &path, &ContactsQuery::default(), &Nothing)
        .await
        .expect("contacts");
    assert_eq!(contacts.items[0].notes.as_deref(), Some("Asked twice:\nround or brown?"));
    assert_eq!(contacts.items[0].occurred_at.to_rfc3339(), "2026-03-02T01:30:00+00:00");

    let timeline = suite
        .call::<GetTimeline>(Service::Interaction, who, &path, &TimelineQuery::default(), &Nothing)
        .await
        .expect("a timeline");
    let bought: Vec<(String, i64)> = timeline
        .items
        .iter()
        .filter(|entry| entry.kind == TimelineKind::Purchase)
        .map(|entry| {
            let currency = entry.currency.as_ref().expect("a currency").to_string();
            (currency, entry.amount_minor.expect("an amount").get())
        })
        .collect();
    assert_eq!(bought, [("JPY".to_owned(), 1_550), ("CNY".to_owned(), 11_300)], "two lines are one purchase");

    let cases = suite
        .call::<ListCases>(Service::Interaction, who, &path, &CasesQuery::default(), &Nothing)
        .await
        .expect("cases");
    assert_eq!(cases.items.iter().map(|case| case.state).collect::<Vec<_>>(), [CaseState::Closed]);
    let of_bo = CustomerPath { customer_id: bo.id };
    let summary = suite.call::<GetDealingsSummary>(Service::Interaction, who, &of_bo, &NONE, &Nothing);
    assert_eq!(summary.await.expect("figures").open_case_count, 1);

    let answers = suite
        .call::<ListAnswers>(Service::Survey, who, &path, &AnswersQuery::default(), &Nothing)
        .await
        .expect("answers");
    assert_eq!(answers.items.iter().map(|answer| answer.score).collect::<Vec<_>>(), [Some(9)]);

    // 1,250 brought along, and what the purchase of 113.00 CNY earned, once.
    eventually("the points are there", WITHIN, || async {
        let account = suite.call::<GetAccount>(Service::Loyalty, who, &path, &NONE, &Nothing).await.ok()?;
        let query = PointsQuery::default();
        let entries = suite.call::<ListPointsEntries>(Service::Loyalty, who, &path, &query, &Nothing).await;
        let entries = entries.expect("entries").items;
        let sum: i64 = entries.iter().map(|entry| entry.points.expect("points").get()).sum();
        let opened: Vec<i64> = entries
            .iter()
            .filter(|entry| entry.kind == PointsEntryKind::Opening)
            .map(|entry| entry.points.expect("points").get())
            .collect();
        let balance = account.balance.expect("a balance").get();
        (opened == [1_250] && balance > 1_250 && balance == sum).then_some(())
    })
    .await;
}

async fn dry_run(place: Place) {
    let (suite, company) = stage(&place).await;
    let (mapping, file) = (documented("customers.toml"), documented("customers.csv"));
    let ended = import(&suite, &mapping, &file, &["--dry-run"]).await;
    assert_eq!((counts(&ended), ended.status), ("3 are good (nothing was entered), 0 refused", Some(0)));
    let (mapping, file) = (documented("points.toml"), documented("points.csv"));
    let ended = import(&suite, &mapping, &file, &["--dry-run"]).await;
    assert_eq!((counts(&ended), ended.status), ("0 are good (nothing was entered), 2 refused", Some(3)));
    let registering = ["--dry-run", "--register-missing", "--unit", "north-1"];
    let ended = import(&suite, &mapping, &file, &registering).await;
    assert_eq!(ended.status, Some(0));
    assert!(ended.said.contains("2 customers would be registered"), "{}", ended.said);
    let query = ExternalIdQuery { system: "crm".to_owned(), value: "1001".to_owned() };
    let found =
        suite.call::<FindByExternalId>(Service::Customer, &company.manager_hq, &NONE, &query, &Nothing);
    assert!(found.await.is_err(), "nobody was registered");
    suite.end().await;
}
on_both!(a_dry_run_enters_nothing, super::dry_run);

async fn wrongly_asked(place: Place) {
    let (suite, company) = stage(&place).await;
    let (mapping, file) = (documented("points.toml"), documented("points.csv"));
    let seller = suite.person(Role::Sales, "north-1");
    for (arguments, says) in [
        (vec!["--unit", "atlantis"], "no unit with the code `atlantis`"),
        (vec!["--token", "nonsense"], "the token is not valid"),
    ] {
        let ended = import(&suite, &mapping, &file, &arguments).await;
        assert_eq!(ended.status, Some(1), "{}", ended.said);
        assert!(ended.complained.contains(says), "{}", ended.complained);
    }
    let customers = (documented("customers.toml"), documented("customers.csv"));
    assert_eq!(import(&suite, &customers.0, &customers.1, &[]).await.status, Some(0));
    let ended = import(&suite, &mapping, &file, &["--token", &seller.bearer.0]).await;
    assert_eq!(ended.status, Some(1), "a seller gives no points");
    assert!(ended.complained.contains("forbidden"), "{}", ended.complained);
    let lost = import(&suite, &mapping, &suite.data.join("nowhere.csv"), &[]).await;
    assert_eq!(lost.status, Some(1));
    assert!(lost.complained.contains("nowhere.csv cannot be read"), "{}", lost.complained);
    let wrong = written(&suite, "wrong.toml", "kind = \"points\"\nsource = \"s\"\ncolour = 1\n");
    let ended = import(&suite, &wrong, &file, &[]).await;
    assert!(ended.status == Some(1) && ended.complained.contains("colour"), "{}", ended.complained);
    drop(company);
    suite.end().await;
}
on_both!(what_is_wrong_is_said_before_anything_is_entered, super::wrongly_asked);
