//! Customers, relationships, and which customers other systems mean.

use schema::{
    api::{
        NoParameters, Nothing,
        batch::{Batch, BatchItem, Outcome},
        customer::{
            AddRelationships, AttributeClass, AttributeType, AttributeValue, CustomerKind, CustomerPath,
            DefineAttribute, ExternalKey, ExternalKeys, GetCustomer, NewAttribute, NewCustomer,
            NewCustomerItem, NewExternalId, NewObservation, NewRelationship, RegisterCustomer,
            RegisterCustomers, RelationshipKind, ResolveCustomers, ResolveCustomersInternally,
        },
        problem::Code,
    },
    ids::{CustomerId, OrgUnitId},
    topology::Service,
};
use testkit::Place;

use super::{NONE, Shop, now, outcomes, refusals, same::scrub};
use crate::{commands::problem, company::new_customer, on_both};

/// A customer to register, whom the systems know by these ids.
pub(super) fn registration(reference: &str, unit: OrgUnitId, called: &[(&str, &str)]) -> NewCustomerItem {
    let external_ids = called
        .iter()
        .map(|(system, value)| NewExternalId { system: (*system).to_owned(), value: (*value).to_owned() });
    let command = NewCustomer {
        external_ids: external_ids.collect(),
        ..new_customer(unit, "王小明", "+8613812341234")
    };
    NewCustomerItem { reference: reference.to_owned(), command }
}

fn batch(items: Vec<NewCustomerItem>) -> Batch<NewCustomerItem> {
    Batch { source: "erp".to_owned(), items }
}

fn size(heads: i32, days_ago: i64) -> NewObservation {
    NewObservation {
        attribute: "household_size".to_owned(),
        value: AttributeValue { integer: Some(heads), ..AttributeValue::default() },
        source: "erp".to_owned(),
        observed_at: now() - chrono::TimeDelta::days(days_ago),
    }
}

async fn registered(place: Place) {
    let shop = Shop::open(&place).await;
    let unit = shop.company.north_1;
    let attribute = NewAttribute {
        code: "household_size".to_owned(),
        name: "Household".to_owned(),
        value_type: AttributeType::Integer,
        unit: Some("heads".to_owned()),
        class: AttributeClass::Plain,
        segmentable: true,
    };
    let none = NoParameters {};
    let defined =
        shop.suite.call::<DefineAttribute>(Service::Customer, &shop.company.admin, &none, &none, &attribute);
    defined.await.expect("an attribute");

    let mut whole = registration("1", unit, &[("erp", " 4711 "), ("till", "9")]);
    whole.command.observations = vec![size(4, 9), size(5, 1), size(3, 30)];
    let mut wrong = registration("2", unit, &[("ERP", "1")]);
    wrong.command.name = " ".to_owned();
    wrong.command.observations = vec![NewObservation { attribute: "unheard_of".to_owned(), ..size(1, 1) }];
    let items = vec![
        whole,
        wrong,
        registration("3", unit, &[("erp", "4711")]),
        registration("4", shop.company.south_1, &[]),
        registration("5", unit, &[]),
    ];
    let first = shop.send::<RegisterCustomers>(Service::Customer, &batch(items.clone())).await;
    let first = first.expect("an answer");
    assert_eq!(
        refusals(&first),
        [(1, "invalid", "/command/name".to_owned()), (2, "already-exists", String::new())]
    );
    let wrong = first.items[1].problem.as_ref().expect("a problem");
    let places: Vec<&str> = wrong.errors.iter().map(|error| error.pointer.as_str()).collect();
    let expected = ["/command/name", "/command/external_ids/0/system", "/command/observations/0/attribute"];
    assert_eq!(places, expected);

    let id = CustomerId::from(first.items[0].id.expect("an id"));
    let path = CustomerPath { customer_id: id };
    let file = shop.suite.call::<GetCustomer>(Service::Customer, shop.manager(), &path, &NONE, &Nothing);
    let file = file.await.expect("a file");
    assert_eq!((file.name.as_deref(), file.revision), (Some("王小明"), 1));
    assert_eq!(file.contact_points.len(), 1);
    let called: Vec<_> = file.external_ids.iter().map(|one| one.value.as_deref()).collect();
    assert_eq!(called, [Some("4711"), Some("9")]);
    assert_eq!(file.attributes[0].value.as_ref().and_then(|value| value.integer), Some(5));
    let told = shop.told(Service::Customer, id).await;
    let kinds: Vec<&str> = told.iter().map(|(kind, ..)| kind.as_str()).collect();
    assert_eq!(kinds, ["customer360.customer.registered.v1", "customer360.attribute.changed.v1"]);
    assert_eq!(told[1].2["value"]["integer"], 5, "what was observed last counts");

    singly(&shop, &items[0].command, id).await;

    // Whoever sends it again gets the same ids; a manager of the north does not learn of the south.
    let again = shop.send::<RegisterCustomers>(Service::Customer, &batch(items.clone())).await;
    let again = again.expect("an answer");
    assert_eq!(again.items[0].id, first.items[0].id);
    assert_eq!([0, 3, 4].map(|at| again.items[at].outcome), [Outcome::Repeated; 3]);
    let north = &shop.company.manager_north_1;
    let theirs =
        shop.suite.call::<RegisterCustomers>(Service::Customer, north, &NONE, &NONE, &batch(items)).await;
    let theirs = theirs.expect("an answer");
    assert_eq!(theirs.items[0].outcome, Outcome::Repeated);
    assert_eq!(theirs.items[3].problem.as_ref().map(|problem| problem.code), Some(Code::AlreadyExists));
    resolved(&shop, id).await;
    shop.suite.end().await;
}
on_both!(a_batch_registers_customers_with_all_that_is_known_of_them, super::registered);

/// The single command makes the same file and tells the same.
async fn singly(shop: &Shop, command: &NewCustomer, in_a_batch: CustomerId) {
    let mut command = command.clone();
    for (number, called) in command.external_ids.iter_mut().enumerate() {
        called.value = format!("{number} of another");
    }
    let call = shop.suite.call::<RegisterCustomer>(Service::Customer, shop.manager(), &NONE, &NONE, &command);
    let single = call.await.expect("registers").id;
    let file = async |customer_id| {
        let path = CustomerPath { customer_id };
        let file = shop.suite.call::<GetCustomer>(Service::Customer, shop.manager(), &path, &NONE, &Nothing);
        let mut file = scrub(serde_json::to_value(file.await.expect("a file")).expect("JSON"));
        file["external_ids"] = serde_json::Value::Null;
        file
    };
    assert_eq!(file(single).await, file(in_a_batch).await);
    let told = async |customer| {
        let told = shop.told(Service::Customer, customer).await;
        told.into_iter().map(|(kind, revision, data)| (kind, revision, scrub(data))).collect::<Vec<_>>()
    };
    assert_eq!(told(single).await, told(in_a_batch).await);
}

async fn resolved(shop: &Shop, id: CustomerId) {
    let key = |system: &str, value: &str| ExternalKey { system: system.to_owned(), value: value.to_owned() };
    let keys = ExternalKeys {
        keys: vec![key("erp", "none"), key("till", "9"), key("erp", "4711"), key("erp", "4711 ")],
    };
    let expected: Vec<(u32, CustomerId)> = vec![(1, id), (2, id), (3, id)];
    let asked =
        shop.suite.call::<ResolveCustomers>(Service::Customer, shop.manager(), &NONE, &NONE, &keys).await;
    let found = asked.expect("found").into_iter().map(|one| (one.position, one.customer_id));
    assert_eq!(found.collect::<Vec<_>>(), expected);
    let service = shop.service();
    let inside =
        shop.suite.call::<ResolveCustomersInternally>(Service::Customer, &service, &NONE, &NONE, &keys);
    assert_eq!(inside.await.expect("found").len(), 3);
    let stranger = &shop.company.manager_south_1;
    let elsewhere = shop.suite.call::<ResolveCustomers>(Service::Customer, stranger, &NONE, &NONE, &keys);
    assert!(elsewhere.await.expect("an answer").is_empty(), "out of scope is not there");
    let many = ExternalKeys { keys: vec![key("erp", "1"); 501] };
    let refused = shop.suite.call::<ResolveCustomers>(Service::Customer, shop.manager(), &NONE, &NONE, &many);
    assert_eq!(problem(refused.await).errors[0].pointer, "/keys");
}

async fn related(place: Place) {
    let shop = Shop::open(&place).await;
    let unit = shop.company.north_1;
    let mut items: Vec<_> = (0..4).map(|n| registration(&n.to_string(), unit, &[])).collect();
    items[0].command.kind = CustomerKind::Intermediary;
    items[0].command.birth_date = None;
    let made = shop.send::<RegisterCustomers>(Service::Customer, &batch(items)).await.expect("an answer");
    let ids: Vec<CustomerId> = made.items.iter().map(|one| one.id.expect("an id").into()).collect();
    let dealer = ids[0];
    let sold = |customer_id: CustomerId, to_customer_id: CustomerId, reference: &str| BatchItem {
        reference: reference.to_owned(),
        customer_id,
        command: NewRelationship {
            kind: RelationshipKind::SoldThroughBy,
            to_customer_id,
            valid_from: chrono::NaiveDate::from_ymd_opt(2025, 1, 1).expect("a day"),
            valid_until: None,
        },
    };
    let theirs = shop.company.register(&shop.suite, shop.company.south_1, "South", "+8613900000077").await.id;
    let batch = Batch {
        source: "erp".to_owned(),
        items: vec![
            sold(ids[1], dealer, "1"),
            sold(ids[2], dealer, "1"),
            sold(ids[2], dealer, "2"),
            sold(ids[3], ids[1], "1"),
            sold(ids[3], theirs, "2"),
            sold(theirs, dealer, "1"),
        ],
    };
    let north = &shop.company.manager_north_1;
    let send =
        async || shop.suite.call::<AddRelationships>(Service::Customer, north, &NONE, &NONE, &batch).await;
    let reply = send().await.expect("an answer");
    assert_eq!(
        refusals(&reply),
        [
            (2, "already-exists", String::new()),
            (3, "invalid", "/command/to_customer_id".to_owned()),
            (4, "invalid", "/command/to_customer_id".to_owned()),
            (5, "not-found", String::new()),
        ]
    );
    assert_eq!(outcomes(&send().await.expect("an answer"))[..2], [Outcome::Repeated; 2]);
    let path = CustomerPath { customer_id: dealer };
    let file = shop.suite.call::<GetCustomer>(Service::Customer, north, &path, &NONE, &Nothing);
    let file = file.await.expect("a file");
    assert_eq!((file.relationships.len(), file.revision), (2, 3), "what was refused raised nothing");
    shop.suite.end().await;
}
on_both!(a_batch_relates_customers, super::related);
