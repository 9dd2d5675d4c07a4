//! Searching customers by what they are, where they buy, how far they have come and what others call them.

use std::{collections::BTreeSet, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};
use kit::{client::CallError, clock::Clock};
use schema::{
    access::Role,
    api::{
        NoParameters, Nothing,
        customer::{
            AddExternalId, ChangeCustomer, CustomerChange, CustomerFile, CustomerFilter, CustomerKind,
            CustomerPath, CustomerStage, ExternalIdPath, ExternalIdQuery, FindByExternalId, GetCustomer,
            MarketType, NewCustomer, NewExternalId, RegisterCustomer, RemoveExternalId, SearchCustomers,
        },
        interaction::{NewContact, NewPurchase, RecordContact, RecordPurchase},
        page::Page,
        problem::Code,
    },
    ids::CustomerId,
    topology::Service,
};
use serde_json::json;
use testkit::{Person, Place, Suite, eventually};

use crate::{
    commands::problem,
    company::{Company, new_customer, new_purchase},
    on_both,
};

const NONE: NoParameters = NoParameters {};
const LONG: Duration = Duration::from_secs(10);

async fn search(
    suite: &Suite,
    who: &Person,
    filter: &CustomerFilter,
) -> Result<Page<CustomerFile>, CallError> {
    suite.call::<SearchCustomers>(Service::Customer, who, &NONE, filter, &Nothing).await
}

/// Everybody whom the filter finds, by pages of two.
async fn all(suite: &Suite, who: &Person, filter: CustomerFilter) -> BTreeSet<CustomerId> {
    let mut filter = CustomerFilter { limit: Some(2), ..filter };
    let mut found = BTreeSet::new();
    loop {
        let page = search(suite, who, &filter).await.expect("a page");
        let count = found.len() + page.items.len();
        found.extend(page.items.into_iter().map(|file| file.id));
        assert_eq!(found.len(), count, "nobody comes twice");
        match page.next {
            Some(next) => filter.after = Some(next),
            None => return found,
        }
    }
}

async fn called(
    suite: &Suite,
    who: &Person,
    id: CustomerId,
    system: &str,
    value: &str,
) -> Result<CustomerFile, CallError> {
    let path = CustomerPath { customer_id: id };
    let new = NewExternalId { system: system.to_owned(), value: value.to_owned() };
    suite.call::<AddExternalId>(Service::Customer, who, &path, &NONE, &new).await
}

async fn by_external_id(
    suite: &Suite,
    who: &Person,
    system: &str,
    value: &str,
) -> Result<CustomerFile, CallError> {
    let query = ExternalIdQuery { system: system.to_owned(), value: value.to_owned() };
    suite.call::<FindByExternalId>(Service::Customer, who, &NONE, &query, &Nothing).await
}

/// Row 104 of the domain: the markets are a filter each, and what they find adds up to the total.
async fn filters(place: Place) {
    let suite = Suite::start(&place).await;
    let company = Company::found(&suite).await;
    let (who, head) = (&company.manager_north_1, &company.manager_hq);
    let markets = [
        (MarketType::Consumer, CustomerKind::Consumer, 3),
        (MarketType::Business, CustomerKind::Organisation, 2),
        (MarketType::Reseller, CustomerKind::Intermediary, 2),
        (MarketType::Government, CustomerKind::Organisation, 1),
        (MarketType::International, CustomerKind::Intermediary, 1),
    ];
    let mut northern = BTreeSet::new();
    for (at, (market, kind, count)) in markets.into_iter().enumerate() {
        for number in 0..count {
            for unit in [company.north_1, company.south_1] {
                let south = usize::from(unit == company.south_1);
                let phone = format!("+86139002{at}{number}{south}00");
                let new = NewCustomer {
                    kind,
                    market_type: Some(market),
                    ..new_customer(unit, &format!("Somebody {at}{number}"), &phone)
                };
                let made = suite.call::<RegisterCustomer>(Service::Customer, head, &NONE, &NONE, &new).await;
                let made = made.expect("a customer");
                assert_eq!((made.market_type, made.stage), (Some(market), CustomerStage::Lead));
                if south == 0 {
                    northern.insert(made.id);
                }
            }
        }
    }
    assert_eq!(all(&suite, who, CustomerFilter::default()).await, northern);
    let in_market = |market| CustomerFilter { market_type: Some(market), ..CustomerFilter::default() };
    let mut sum = BTreeSet::new();
    for (market, _, count) in markets {
        let found = all(&suite, who, in_market(market)).await;
        assert_eq!(found.len(), count, "{market:?}, and none of the south");
        assert_eq!(all(&suite, head, in_market(market)).await.len(), 2 * count, "{market:?}");
        sum.extend(found);
    }
    assert_eq!(sum, northern);
    let kind = |kind| CustomerFilter { kind: Some(kind), ..CustomerFilter::default() };
    assert_eq!(all(&suite, who, kind(CustomerKind::Organisation)).await.len(), 3);
    let both = CustomerFilter {
        kind: Some(CustomerKind::Intermediary),
        org_unit_id: Some(company.south),
        ..in_market(MarketType::Reseller)
    };
    assert_eq!(all(&suite, head, both.clone()).await.len(), 2);
    assert!(all(&suite, who, both).await.is_empty(), "naming a unit does not open it");

    // A customer changes the market, and a cursor belongs to its filters.
    let moved = *northern.first().expect("somebody");
    let change = CustomerChange { market_type: Some(MarketType::Government), ..CustomerChange::default() };
    let path = CustomerPath { customer_id: moved };
    let changed = suite.call::<ChangeCustomer>(Service::Customer, who, &path, &NONE, &change).await;
    assert_eq!(changed.expect("changes").market_type, Some(MarketType::Government));
    assert!(all(&suite, who, in_market(MarketType::Government)).await.contains(&moved));
    let first = CustomerFilter { limit: Some(1), ..kind(CustomerKind::Organisation) };
    let page = search(&suite, who, &first).await.expect("a page");
    for other in [
        CustomerFilter { kind: Some(CustomerKind::Consumer), after: page.next.clone(), ..first.clone() },
        CustomerFilter { stage: Some(CustomerStage::Lead), after: page.next.clone(), ..first.clone() },
    ] {
        assert_eq!(problem(search(&suite, who, &other).await).code, Code::InvalidCursor);
    }
    suite.end().await;
}
on_both!(filters_find_within_scope_and_add_up, super::filters);

async fn external_ids(place: Place) {
    let suite = Suite::start(&place).await;
    let company = Company::found(&suite).await;
    let (who, stranger) = (&company.manager_north_1, &company.manager_south_1);
    let a = company.register(&suite, company.north_1, "Of two systems", "+8613900011001").await;
    let b = company.register(&suite, company.south_1, "Of one system", "+8613900011002").await;

    let file = called(&suite, who, a.id, "erp", " C-1001 ").await.expect("an id");
    assert_eq!(file.revision, a.revision + 1);
    assert_eq!(file.external_ids[0].value.as_deref(), Some("C-1001"));
    let file = called(&suite, who, a.id, "webshop", "C-1001").await.expect("of another system");
    assert_eq!(file.external_ids.len(), 2);
    // One id, one customer; the case counts.
    assert_eq!(problem(called(&suite, stranger, b.id, "erp", "C-1001").await).code, Code::AlreadyExists);
    assert_eq!(problem(called(&suite, who, a.id, "erp", "C-1001").await).code, Code::AlreadyExists);
    called(&suite, stranger, b.id, "erp", "c-1001").await.expect("another id");
    assert_eq!(problem(called(&suite, stranger, a.id, "erp", "X").await).code, Code::NotFound);
    let refused = problem(called(&suite, who, a.id, "E R P", " ").await);
    let places: Vec<&str> = refused.errors.iter().map(|error| error.pointer.as_str()).collect();
    assert_eq!(places, ["/system", "/value"]);

    assert_eq!(by_external_id(&suite, who, "erp", "C-1001").await.expect("found").id, a.id);
    assert_eq!(problem(by_external_id(&suite, stranger, "erp", "C-1001").await).code, Code::NotFound);
    assert_eq!(problem(by_external_id(&suite, who, "erp", "C-1002").await).code, Code::NotFound);
    let known = |value: Option<&str>| CustomerFilter {
        external_system: Some("erp".to_owned()),
        external_value: value.map(str::to_owned),
        ..CustomerFilter::default()
    };
    assert_eq!(all(&suite, who, known(Some("C-1001"))).await, BTreeSet::from([a.id]));
    assert!(all(&suite, stranger, known(Some("C-1001"))).await.is_empty());
    assert_eq!(all(&suite, &company.manager_hq, known(None)).await, BTreeSet::from([a.id, b.id]));
    let lonely = CustomerFilter { external_system: None, ..known(Some("C-1001")) };
    assert_eq!(problem(search(&suite, who, &lonely).await).errors[0].pointer, "/external_system");

    // Whoever sees ids masked cannot probe for one.
    let marketing = suite.person(Role::Marketing, "hq");
    assert_eq!(problem(search(&suite, &marketing, &known(Some("C-1001"))).await).code, Code::Forbidden);
    assert_eq!(problem(by_external_id(&suite, &marketing, "erp", "C-1001").await).code, Code::Forbidden);
    let path = CustomerPath { customer_id: a.id };
    let seen = suite.call::<GetCustomer>(Service::Customer, &marketing, &path, &NONE, &Nothing).await;
    let seen = seen.expect("a file").external_ids;
    assert_eq!((seen[0].system.as_str(), seen[0].value.as_deref()), ("erp", Some("C****")));

    // At most 20; one that is removed is free for another.
    for number in 3..=20 {
        called(&suite, who, a.id, "till", &number.to_string()).await.expect("one of twenty");
    }
    assert_eq!(problem(called(&suite, who, a.id, "till", "21").await).code, Code::Conflict);
    let path = ExternalIdPath { customer_id: a.id, external_ref_id: file.external_ids[0].id };
    let removed = suite.call::<RemoveExternalId>(Service::Customer, who, &path, &NONE, &Nothing).await;
    assert_eq!(removed.expect("a file").external_ids.len(), 19);
    let again = suite.call::<RemoveExternalId>(Service::Customer, who, &path, &NONE, &Nothing).await;
    assert_eq!(problem(again).code, Code::NotFound);
    called(&suite, stranger, b.id, "erp", "C-1001").await.expect("free again");
    suite.end().await;
}
on_both!(an_external_id_belongs_to_one_customer, super::external_ids);

async fn buys(suite: &Suite, company: &Company, id: CustomerId, at: DateTime<Utc>) {
    let path = CustomerPath { customer_id: id };
    let body = NewPurchase { occurred_at: at, ..new_purchase(company.north_1, None, &[1_000]) };
    eventually("a purchase can be recorded", LONG, || async {
        let who = &company.manager_north_1;
        suite.call::<RecordPurchase>(Service::Interaction, who, &path, &NONE, &body).await.ok()
    })
    .await;
}

async fn talks(suite: &Suite, company: &Company, id: CustomerId, phase: &str) {
    let path = CustomerPath { customer_id: id };
    let contact: NewContact = serde_json::from_value(json!({
        "org_unit_id": company.north_1, "channel": "counter", "direction": "inbound", "phase": phase,
        "occurred_at": Clock::system().now(), "topic": "rice",
    }))
    .expect("a contact");
    eventually("a contact can be recorded", LONG, || async {
        let who = &company.manager_north_1;
        suite.call::<RecordContact>(Service::Interaction, who, &path, &NONE, &contact).await.ok()
    })
    .await;
}

/// Waits until the customer is at the stage: in the file, in the search by it and by no other, in the view.
async fn reaches(suite: &Suite, company: &Company, id: CustomerId, stage: CustomerStage) -> CustomerFile {
    let who = &company.manager_north_1;
    let path = CustomerPath { customer_id: id };
    let file = eventually("the stage is reached", LONG, || async {
        let file = suite.call::<GetCustomer>(Service::Customer, who, &path, &NONE, &Nothing).await;
        file.ok().filter(|file| file.stage == stage)
    })
    .await;
    for other in [
        CustomerStage::Lead,
        CustomerStage::Prospect,
        CustomerStage::FirstBuyer,
        CustomerStage::RepeatBuyer,
        CustomerStage::Lapsed,
    ] {
        let filter = CustomerFilter { stage: Some(other), ..CustomerFilter::default() };
        assert_eq!(all(suite, who, filter).await.contains(&id), other == stage, "{other:?}");
    }
    let view = "query ($id: UUID!) { customer(id: $id) { file { stage } } }";
    let shown = json!(stage).as_str().expect("a word").to_uppercase();
    eventually("the view shows the stage", LONG, || async {
        let seen = suite.graphql(who, view, json!({ "id": id })).await;
        (seen["data"]["customer"]["file"]["stage"] == shown).then_some(())
    })
    .await;
    file
}

async fn stages(place: Place) {
    let suite = Suite::start(&place).await;
    let company = Company::found(&suite).await;
    let now = Clock::system().now();
    let id = company.register(&suite, company.north_1, "On the way", "+8613900012001").await.id;
    assert_eq!(reaches(&suite, &company, id, CustomerStage::Lead).await.revision, 1);
    talks(&suite, &company, id, "aftersales").await;
    talks(&suite, &company, id, "presales").await;
    assert_eq!(reaches(&suite, &company, id, CustomerStage::Prospect).await.revision, 2);
    // An old purchase, as an import brings it.
    buys(&suite, &company, id, now - TimeDelta::days(400)).await;
    assert_eq!(reaches(&suite, &company, id, CustomerStage::Lapsed).await.revision, 3);
    buys(&suite, &company, id, now).await;
    assert_eq!(reaches(&suite, &company, id, CustomerStage::RepeatBuyer).await.revision, 4);
    buys(&suite, &company, id, now - TimeDelta::days(500)).await;
    talks(&suite, &company, id, "presales").await;

    // The other way round; the stage raises a revision only when it is another one.
    let id = company.register(&suite, company.north_1, "At once", "+8613900012002").await.id;
    buys(&suite, &company, id, now).await;
    reaches(&suite, &company, id, CustomerStage::FirstBuyer).await;
    talks(&suite, &company, id, "presales").await;
    buys(&suite, &company, id, now - TimeDelta::days(1)).await;
    assert_eq!(reaches(&suite, &company, id, CustomerStage::RepeatBuyer).await.revision, 3);
    suite.end().await;
}
on_both!(what_happens_moves_a_customer_on, super::stages);
