//! What is known of a customer: attributes with sources and times, by class, and what to ask next.

use std::time::Duration;

use chrono::{DateTime, Utc};
use schema::{
    access::Role,
    api::{
        NoParameters, Nothing,
        customer::{
            Attribute, AttributeClass, AttributeType, AttributeValue, AttributesQuery, CustomerFile,
            CustomerPath, DefineAttribute, GetAttributes, GetCustomer, ListObservations, NewAttribute,
            NewObservation, Observation, ObservationFilter, ProfileWeight, ProfileWeights, RecordObservation,
            SetProfileWeights,
        },
        problem::Code,
    },
    ids::CustomerId,
    topology::Service,
};
use serde_json::json;
use testkit::{Person, Place, Suite, eventually};

use crate::{commands::problem, company::Company, on_both};

const NONE: NoParameters = NoParameters {};

fn at(text: &str) -> DateTime<Utc> {
    text.parse().expect("a time")
}

fn new_attribute(code: &str, value_type: AttributeType, class: AttributeClass) -> NewAttribute {
    let name = format!("Attribute {code}");
    NewAttribute { code: code.to_owned(), name, value_type, unit: None, class, segmentable: false }
}

async fn define(suite: &Suite, company: &Company, new: NewAttribute) -> Attribute {
    let defined = suite.call::<DefineAttribute>(Service::Customer, &company.admin, &NONE, &NONE, &new).await;
    defined.expect("an attribute")
}

fn integer(number: i32) -> AttributeValue {
    AttributeValue { integer: Some(number), ..AttributeValue::default() }
}

fn observed(attribute: &str, value: AttributeValue, source: &str, when: &str) -> NewObservation {
    NewObservation {
        attribute: attribute.to_owned(),
        value,
        source: source.to_owned(),
        observed_at: at(when),
    }
}

async fn record(suite: &Suite, who: &Person, id: CustomerId, new: NewObservation) -> CustomerFile {
    let path = CustomerPath { customer_id: id };
    let recorded = suite.call::<RecordObservation>(Service::Customer, who, &path, &NONE, &new).await;
    recorded.expect("an observation")
}

async fn known(suite: &Suite, who: &Person, id: CustomerId, as_of: Option<&str>) -> Vec<Observation> {
    let (path, query) = (CustomerPath { customer_id: id }, AttributesQuery { as_of: as_of.map(at) });
    let known = suite.call::<GetAttributes>(Service::Customer, who, &path, &query, &Nothing).await;
    known.expect("attributes")
}

/// Row 1 of the domain: size 4 on 1 March, 5 on 10 March: as of 5 March 4, today 5, both sources kept.
async fn household(place: Place) {
    let suite = Suite::start(&place).await;
    let company = Company::found(&suite).await;
    let who = &company.manager_north_1;
    let size = new_attribute("household_size", AttributeType::Integer, AttributeClass::Plain);
    define(&suite, &company, NewAttribute { unit: Some("persons".to_owned()), segmentable: true, ..size })
        .await;
    let file = company.register(&suite, company.north_1, "Wang Jia", "+8613900003001").await;
    // Told in the other order: what was observed later counts, not what was recorded later.
    record(&suite, who, file.id, observed("household_size", integer(5), "survey", "2026-03-10T09:00:00Z"))
        .await;
    let changed = record(
        &suite,
        who,
        file.id,
        observed("household_size", integer(4), "counter", "2026-03-01T09:00:00Z"),
    );
    let changed = changed.await;
    assert_eq!(changed.revision, file.revision + 2);
    assert_eq!(changed.attributes[0].value, Some(integer(5)));

    let then = known(&suite, who, file.id, Some("2026-03-05T00:00:00Z")).await;
    assert_eq!((then[0].value.clone(), then[0].source.as_str()), (Some(integer(4)), "counter"));
    let now = known(&suite, who, file.id, None).await;
    assert_eq!((now[0].value.clone(), now[0].source.as_str()), (Some(integer(5)), "survey"));
    assert_eq!(now[0].unit.as_deref(), Some("persons"));
    assert!(known(&suite, who, file.id, Some("2026-02-28T00:00:00Z")).await.is_empty());

    // Both are kept; a page at a time.
    let path = CustomerPath { customer_id: file.id };
    let mut filter = ObservationFilter { limit: Some(1), ..ObservationFilter::default() };
    let mut seen = Vec::new();
    loop {
        let page = suite.call::<ListObservations>(Service::Customer, who, &path, &filter, &Nothing).await;
        let page = page.expect("a page");
        seen.extend(page.items.into_iter().map(|one| (one.value, one.source)));
        match page.next {
            Some(next) => filter.after = Some(next),
            None => break,
        }
    }
    assert_eq!(seen, [(Some(integer(5)), "survey".to_owned()), (Some(integer(4)), "counter".to_owned())]);
    // Of two of one time the one recorded last counts.
    record(&suite, who, file.id, observed("household_size", integer(6), "visit", "2026-03-10T09:00:00Z"))
        .await;
    assert_eq!(known(&suite, who, file.id, None).await[0].value, Some(integer(6)));

    let view = "query ($id: UUID!) { customer(id: $id) { file { \
        attributes { attribute class unit source value { integer } } } } }";
    eventually("the view shows it", Duration::from_secs(10), || async {
        let seen = suite.graphql(who, view, json!({ "id": file.id })).await;
        let wanted = json!([{ "attribute": "household_size", "class": "PLAIN", "unit": "persons",
            "source": "visit", "value": { "integer": 6 } }]);
        (seen["data"]["customer"]["file"]["attributes"] == wanted).then_some(())
    })
    .await;
    suite.end().await;
}
on_both!(an_attribute_is_known_as_of_a_day_with_its_source, super::household);

/// Row 9 of the domain: weights 3, 2, 2, 1, 1, 1; all but the last two known: 8 of 10.
async fn completeness(place: Place) {
    let suite = Suite::start(&place).await;
    let company = Company::found(&suite).await;
    let who = &company.manager_north_1;
    define(&suite, &company, new_attribute("household_size", AttributeType::Integer, AttributeClass::Plain))
        .await;
    let weights =
        [("name", 3), ("phone", 2), ("birth_date", 2), ("language", 1), ("email", 1), ("household_size", 1)];
    let items = weights.map(|(item, weight)| ProfileWeight { item: item.to_owned(), weight }).to_vec();
    let set = |items: Vec<ProfileWeight>, who: Person| {
        let suite = &suite;
        async move {
            let body = ProfileWeights { items };
            suite.call::<SetProfileWeights>(Service::Customer, &who, &NONE, &NONE, &body).await
        }
    };
    assert_eq!(set(items, company.admin.clone()).await.expect("weights").items.len(), 6);

    // Registered with name, phone, birth date and language.
    let file = company.register(&suite, company.north_1, "Wang Jia", "+8613900004001").await;
    let seen = &file.completeness;
    assert_eq!((seen.known_weight, seen.total_weight, seen.known_millionths), (8, 10, Some(800_000)));
    let missing: Vec<&str> = seen.missing.iter().map(|one| one.item.as_str()).collect();
    assert_eq!(missing, ["email", "household_size"]);
    let file = record(
        &suite,
        who,
        file.id,
        observed("household_size", integer(4), "counter", "2026-03-01T09:00:00Z"),
    )
    .await;
    assert_eq!(file.completeness.known_millionths, Some(900_000));
    assert_eq!(file.completeness.missing[0].item, "email");
    let view = "query ($id: UUID!) { customer(id: $id) { file { \
        completeness { knownMillionths missing { item weight } } } } }";
    eventually("the view knows what to ask next", Duration::from_secs(10), || async {
        let seen = suite.graphql(who, view, json!({ "id": file.id })).await;
        let wanted = json!({ "knownMillionths": 900_000, "missing": [{ "item": "email", "weight": 1 }] });
        (seen["data"]["customer"]["file"]["completeness"] == wanted).then_some(())
    })
    .await;

    let one = |item: &str, weight| ProfileWeight { item: item.to_owned(), weight };
    let refused = problem(set(vec![one("nothing", 1), one("name", 1_001)], company.admin.clone()).await);
    let places: Vec<&str> = refused.errors.iter().map(|error| error.pointer.as_str()).collect();
    assert_eq!(places, ["/items/0/item", "/items/1/weight"]);
    assert_eq!(problem(set(vec![one("name", 1)], who.clone()).await).code, Code::Forbidden);
    suite.end().await;
}
on_both!(a_file_says_how_complete_it_is_and_what_to_ask_next, super::completeness);

async fn by_class(place: Place) {
    let suite = Suite::start(&place).await;
    let company = Company::found(&suite).await;
    let who = &company.manager_north_1;
    let text = new_attribute("allergies", AttributeType::Text, AttributeClass::Sensitive);
    let segmentable = NewAttribute { segmentable: true, ..text.clone() };
    let refused =
        suite.call::<DefineAttribute>(Service::Customer, &company.admin, &NONE, &NONE, &segmentable);
    assert_eq!(problem(refused.await).errors[0].pointer, "/segmentable");
    define(&suite, &company, text.clone()).await;
    let again = suite.call::<DefineAttribute>(Service::Customer, &company.admin, &NONE, &NONE, &text).await;
    assert_eq!(problem(again).code, Code::AlreadyExists);
    define(&suite, &company, new_attribute("margin", AttributeType::Decimal, AttributeClass::Value)).await;

    let file = company.register(&suite, company.north_1, "Wang Jia", "+8613900005001").await;
    let words = AttributeValue { text: Some("No peanuts".to_owned()), ..AttributeValue::default() };
    record(&suite, who, file.id, observed("allergies", words, "counter", "2026-03-01T09:00:00Z")).await;
    let milli = AttributeValue {
        decimal_milli: Some(schema::value::Milli::new(12_500)),
        ..AttributeValue::default()
    };
    record(&suite, who, file.id, observed("margin", milli, "ledger", "2026-03-01T09:00:00Z")).await;

    // Allergies are sensitive, a margin is value: each is absent for whoever does not see its class whole.
    let view =
        "query ($id: UUID!) { customer(id: $id) { file { attributes { value { text decimalMilli } } } } }";
    eventually("the view has both", Duration::from_secs(10), || async {
        let seen = suite.graphql(who, view, json!({ "id": file.id })).await;
        let all = seen["data"]["customer"]["file"]["attributes"].as_array().map(Vec::len);
        (all == Some(2)).then_some(())
    })
    .await;
    let path = CustomerPath { customer_id: file.id };
    for (role, sees) in [
        (Role::Presales, [false, false]),
        (Role::Sales, [false, false]),
        (Role::Aftersales, [true, false]),
        (Role::Marketing, [false, true]),
        (Role::Manager, [true, true]),
    ] {
        let person = suite.person(role, "north-1");
        let shown = |all: Vec<Observation>| all.iter().map(|one| one.value.is_some()).collect::<Vec<bool>>();
        assert_eq!(shown(known(&suite, &person, file.id, None).await), sees, "{role:?}: as of");
        let whole = suite.call::<GetCustomer>(Service::Customer, &person, &path, &NONE, &Nothing).await;
        assert_eq!(shown(whole.expect("a file").attributes), sees, "{role:?}: file");
        let filter =
            ObservationFilter { attribute: Some("margin".to_owned()), ..ObservationFilter::default() };
        let history =
            suite.call::<ListObservations>(Service::Customer, &person, &path, &filter, &Nothing).await;
        assert_eq!(shown(history.expect("a page").items), sees[1..], "{role:?}: history");
        let seen = suite.graphql(&person, view, json!({ "id": file.id })).await;
        let attributes = seen["data"]["customer"]["file"]["attributes"].clone();
        let in_view: Vec<bool> =
            attributes.as_array().expect("a list").iter().map(|one| !one["value"].is_null()).collect();
        assert_eq!(in_view, sees, "{role:?}: view");
    }

    // What does not fit, each with its place; and nothing for whoever does not see the customer.
    let wrong = observed("allergies", integer(1), "At the counter", "2126-03-01T09:00:00Z");
    let refused = suite.call::<RecordObservation>(Service::Customer, who, &path, &NONE, &wrong).await;
    let refused = problem(refused);
    let places: Vec<&str> = refused.errors.iter().map(|error| error.pointer.as_str()).collect();
    assert_eq!(places, ["/source", "/observed_at", "/value"]);
    let unknown = observed("shoe_size", integer(1), "counter", "2026-03-01T09:00:00Z");
    let refused = suite.call::<RecordObservation>(Service::Customer, who, &path, &NONE, &unknown).await;
    assert_eq!(problem(refused).errors[0].pointer, "/attribute");
    let (stranger, all) = (&company.manager_south_1, ObservationFilter::default());
    let right = observed("margin", AttributeValue::default(), "counter", "2026-03-01T09:00:00Z");
    let right = NewObservation {
        value: AttributeValue { decimal_milli: Some(schema::value::Milli::new(1)), ..right.value },
        ..right
    };
    let refused = suite.call::<RecordObservation>(Service::Customer, stranger, &path, &NONE, &right).await;
    assert_eq!(problem(refused).code, Code::NotFound);
    let refused = suite.call::<ListObservations>(Service::Customer, stranger, &path, &all, &Nothing).await;
    assert_eq!(problem(refused).code, Code::NotFound);
    let query = AttributesQuery::default();
    let refused = suite.call::<GetAttributes>(Service::Customer, stranger, &path, &query, &Nothing).await;
    assert_eq!(problem(refused).code, Code::NotFound);
    suite.end().await;
}
on_both!(an_attribute_is_seen_by_its_class, super::by_class);
