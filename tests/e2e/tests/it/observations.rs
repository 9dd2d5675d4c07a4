//! What others are told of an attribute, taking an observation back, and retiring an attribute.

use chrono::{DateTime, Utc};
use kit::client::CallError;
use schema::{
    access::Role,
    api::{
        NoParameters, Nothing,
        customer::{
            Attribute, AttributeClass, AttributePath, AttributeType, AttributeValue, AttributesQuery,
            CustomerFile, CustomerPath, DefineAttribute, GetAttributes, GetProfileWeights, ListObservations,
            NewAttribute, NewObservation, ObservationFilter, ObservationPath, ProfileWeight, ProfileWeights,
            RecordObservation, RetireAttribute, SetProfileWeights, TakeBackObservation, TakingBack,
        },
        problem::Code,
    },
    event::AttributeChanged,
    ids::{CustomerId, ObservationId},
    topology::Service,
};
use testkit::{Person, Place, Suite};

use crate::{commands::problem, company::Company, household::told, on_both};

const NONE: NoParameters = NoParameters {};
const SIZE: &str = "household_size";

fn at(day: &str) -> DateTime<Utc> {
    format!("{day}T12:00:00Z").parse().expect("a time")
}

async fn define(suite: &Suite, company: &Company, code: &str, segmentable: bool) -> Attribute {
    let new = NewAttribute {
        code: code.to_owned(),
        name: code.to_owned(),
        value_type: AttributeType::Integer,
        unit: None,
        class: AttributeClass::Plain,
        segmentable,
    };
    let defined = suite.call::<DefineAttribute>(Service::Customer, &company.admin, &NONE, &NONE, &new);
    defined.await.expect("an attribute")
}

async fn record(
    suite: &Suite,
    who: &Person,
    customer_id: CustomerId,
    (code, number, day): (&str, i32, &str),
) -> Result<CustomerFile, CallError> {
    let new = NewObservation {
        attribute: code.to_owned(),
        value: AttributeValue { integer: Some(number), ..AttributeValue::default() },
        source: "counter".to_owned(),
        observed_at: at(day),
    };
    let path = CustomerPath { customer_id };
    suite.call::<RecordObservation>(Service::Customer, who, &path, &NONE, &new).await
}

async fn take_back(
    suite: &Suite,
    who: &Person,
    customer_id: CustomerId,
    observation_id: ObservationId,
    reason: &str,
) -> Result<CustomerFile, CallError> {
    let path = ObservationPath { customer_id, observation_id };
    let body = TakingBack { reason: reason.to_owned() };
    suite.call::<TakeBackObservation>(Service::Customer, who, &path, &NONE, &body).await
}

/// What was told of the attribute: the value, and since when it is so.
async fn told_of(suite: &Suite, id: CustomerId) -> Vec<(Option<i32>, DateTime<Utc>)> {
    let told = told::<AttributeChanged>(suite, id.uuid()).await;
    assert!(told.iter().all(|(_, data)| data.attribute == SIZE && data.customer_id == id));
    assert!(told.windows(2).all(|pair| pair[0].0 < pair[1].0), "each at a revision of its own");
    told.into_iter().map(|(_, data)| (data.value.and_then(|value| value.integer), data.observed_at)).collect()
}

async fn counting(place: Place) {
    let suite = Suite::start(&place).await;
    let company = Company::found(&suite).await;
    let who = &company.manager_north_1;
    define(&suite, &company, SIZE, true).await;
    define(&suite, &company, "shoe_size", false).await;
    let id = company.register(&suite, company.north_1, "Wang Jia", "+8613900013001").await.id;

    let file = record(&suite, who, id, (SIZE, 4, "2026-03-01")).await.expect("recorded");
    let four = file.attributes[0].id;
    record(&suite, who, id, ("shoe_size", 42, "2026-03-01")).await.expect("recorded");
    assert_eq!(told_of(&suite, id).await, [(Some(4), at("2026-03-01"))]);
    // Older and later to come: nothing is told, because nothing is another today.
    record(&suite, who, id, (SIZE, 3, "2026-02-01")).await.expect("recorded");
    assert_eq!(told_of(&suite, id).await.len(), 1);
    let file = record(&suite, who, id, (SIZE, 5, "2026-03-10")).await.expect("recorded");
    let five = file.attributes.iter().find(|one| one.attribute == SIZE).expect("the size").id;
    assert_eq!(told_of(&suite, id).await.last(), Some(&(Some(5), at("2026-03-10"))));

    // Taken back: the one before counts again, on every day; the history keeps it with who and why.
    let taken = take_back(&suite, who, id, five, "the cousin was a guest").await.expect("taken back");
    assert_eq!(taken.revision, file.revision + 1);
    assert_eq!(told_of(&suite, id).await.last(), Some(&(Some(4), at("2026-03-01"))));
    let path = CustomerPath { customer_id: id };
    for as_of in [None, Some(at("2026-03-11"))] {
        let query = AttributesQuery { as_of };
        let known = suite.call::<GetAttributes>(Service::Customer, who, &path, &query, &Nothing).await;
        let known = known.expect("attributes");
        let size = known.iter().find(|one| one.attribute == SIZE).expect("the size");
        assert_eq!(size.value.as_ref().and_then(|value| value.integer), Some(4), "{as_of:?}");
    }
    let filter = ObservationFilter { attribute: Some(SIZE.to_owned()), ..ObservationFilter::default() };
    for (person, reason) in
        [(who, Some("the cousin was a guest")), (&suite.person(Role::Sales, "north-1"), None)]
    {
        let page = suite.call::<ListObservations>(Service::Customer, person, &path, &filter, &Nothing).await;
        let history = page.expect("a history").items;
        assert_eq!(history.len(), 3);
        assert_eq!(history[0].value.as_ref().and_then(|value| value.integer), Some(5));
        assert_eq!(history[0].taken_back_by.as_deref(), who.viewer.staff.as_deref());
        assert!(history[0].taken_back_at.is_some() && history[1].taken_back_at.is_none());
        assert_eq!(history[0].taken_back_reason.as_deref(), reason, "why is free text");
    }

    // Once, with a reason, by whoever sees the customer.
    assert_eq!(problem(take_back(&suite, who, id, five, "again").await).code, Code::Conflict);
    assert_eq!(problem(take_back(&suite, who, id, four, " ").await).errors[0].pointer, "/reason");
    let stranger = &company.manager_south_1;
    assert_eq!(problem(take_back(&suite, stranger, id, four, "mine").await).code, Code::NotFound);
    take_back(&suite, who, id, four, "they live apart").await.expect("taken back");
    assert_eq!(told_of(&suite, id).await.last(), Some(&(Some(3), at("2026-02-01"))));
    let three = suite.call::<ListObservations>(Service::Customer, who, &path, &filter, &Nothing).await;
    let three = three.expect("a history").items[2].id;
    take_back(&suite, who, id, three, "nobody asked them").await.expect("taken back");
    let last = told_of(&suite, id).await.pop().expect("told");
    assert_eq!(last.0, None, "nothing is known any more");
    assert_eq!(told_of(&suite, id).await.len(), 5);
    suite.end().await;
}
on_both!(what_counts_is_told_and_can_be_taken_back, super::counting);

async fn retiring(place: Place) {
    let suite = Suite::start(&place).await;
    let company = Company::found(&suite).await;
    let (who, admin) = (&company.manager_north_1, &company.admin);
    let size = define(&suite, &company, SIZE, true).await;
    let weight = ProfileWeights { items: vec![ProfileWeight { item: SIZE.to_owned(), weight: 7 }] };
    suite.call::<SetProfileWeights>(Service::Customer, admin, &NONE, &NONE, &weight).await.expect("a weight");
    let id = company.register(&suite, company.north_1, "Wang Jia", "+8613900013002").await.id;
    let file = record(&suite, who, id, (SIZE, 4, "2026-03-01")).await.expect("recorded");

    let path = AttributePath { attribute_id: size.id };
    let refused = suite.call::<RetireAttribute>(Service::Customer, who, &path, &NONE, &Nothing).await;
    assert_eq!(problem(refused).code, Code::Forbidden);
    let retired = suite.call::<RetireAttribute>(Service::Customer, admin, &path, &NONE, &Nothing).await;
    let retired = retired.expect("retired");
    assert!(retired.retired_at.is_some());
    assert_eq!(retired.revision, size.revision + 1);
    let again = suite.call::<RetireAttribute>(Service::Customer, admin, &path, &NONE, &Nothing).await;
    assert_eq!(problem(again).code, Code::Conflict);

    assert_eq!(problem(record(&suite, who, id, (SIZE, 5, "2026-03-10")).await).code, Code::Conflict);
    let of = CustomerPath { customer_id: id };
    let known = suite
        .call::<GetAttributes>(Service::Customer, who, &of, &AttributesQuery::default(), &Nothing)
        .await
        .expect("attributes");
    assert_eq!(known.len(), 1, "what was observed can still be read");
    let weights = suite.call::<GetProfileWeights>(Service::Customer, admin, &NONE, &NONE, &Nothing).await;
    assert!(weights.expect("weights").items.iter().all(|one| one.item != SIZE), "nobody is asked for it");
    // And what was observed wrongly can still be put right.
    take_back(&suite, who, id, file.attributes[0].id, "a guest").await.expect("taken back");
    suite.end().await;
}
on_both!(a_retired_attribute_is_read_and_not_observed, super::retiring);
