//! Dated relationships: a dealer and its consumers, in the file, in lists as of a day, and in the view.

use std::time::Duration;

use chrono::{Days, NaiveDate};
use kit::client::CallOptions;
use schema::{
    api::{
        NoParameters, Nothing,
        customer::{
            AddRelationship, CustomerFile, CustomerKind, CustomerPath, Direction, EndRelationship,
            GetCustomer, ListRelationships, NewCustomer, NewRelationship, RegisterCustomer, Relationship,
            RelationshipEnd, RelationshipFilter, RelationshipKind, RelationshipPath,
        },
        page::Page,
        problem::Code,
    },
    ids::{CustomerId, OrgUnitId},
    topology::Service,
};
use serde_json::json;
use testkit::{Person, Place, Suite, eventually};

use crate::{
    commands::problem,
    company::{Company, new_customer},
    on_both,
};

const NONE: NoParameters = NoParameters {};
const VIEW: &str = "query ($id: UUID!) { customer(id: $id) { file { \
    relationships { kind direction otherCustomerId validUntil } \
    relationshipCounts { kind direction count } } } }";

fn today() -> NaiveDate {
    kit::clock::Clock::system().now().date_naive()
}

fn sold_through(dealer: CustomerId) -> NewRelationship {
    NewRelationship {
        kind: RelationshipKind::SoldThroughBy,
        to_customer_id: dealer,
        valid_from: today() - Days::new(30),
        valid_until: None,
    }
}

async fn dealer(suite: &Suite, company: &Company, unit: OrgUnitId, phone: &str) -> CustomerFile {
    let new = NewCustomer {
        kind: CustomerKind::Intermediary,
        birth_date: None,
        ..new_customer(unit, "Rice and Grain Trading", phone)
    };
    let registered =
        suite.call::<RegisterCustomer>(Service::Customer, &company.manager_hq, &NONE, &NONE, &new);
    registered.await.expect("a dealer")
}

async fn list(suite: &Suite, who: &Person, id: CustomerId, filter: RelationshipFilter) -> Page<Relationship> {
    let path = CustomerPath { customer_id: id };
    let listed = suite.call::<ListRelationships>(Service::Customer, who, &path, &filter, &Nothing);
    listed.await.expect("a page")
}

/// Row 27 of the domain: a dealer with three consumers shows three; one ended yesterday: two.
async fn three_consumers(place: Place) {
    let suite = Suite::start(&place).await;
    let company = Company::found(&suite).await;
    let (who, d) =
        (&company.manager_north_1, dealer(&suite, &company, company.north_1, "+8613900001000").await);
    let mut consumers = Vec::new();
    for number in 1..=3 {
        let phone = format!("+86139000010{number:02}");
        let file = company.register(&suite, company.north_1, "Consumer", &phone).await;
        let path = CustomerPath { customer_id: file.id };
        let added =
            suite.call::<AddRelationship>(Service::Customer, who, &path, &NONE, &sold_through(d.id)).await;
        let added = added.expect("a relationship");
        assert_eq!(added.revision, file.revision + 1);
        assert_eq!(added.relationships[0].direction, Direction::From);
        consumers.push((file.id, added.relationships[0].id));
    }
    shows(&suite, who, d.id, 3).await;

    let yesterday = today() - Days::new(1);
    let (consumer, relationship_id) = consumers[1];
    let path = RelationshipPath { customer_id: consumer, relationship_id };
    let end = RelationshipEnd { valid_until: yesterday };
    let ended = suite.call::<EndRelationship>(Service::Customer, who, &path, &NONE, &end).await;
    assert!(ended.expect("an end").relationships.is_empty(), "it is no relationship of today");
    shows(&suite, who, d.id, 2).await;

    // Either end, as of a day.
    let as_of = |day: NaiveDate| RelationshipFilter { as_of: Some(day), ..RelationshipFilter::default() };
    assert_eq!(list(&suite, who, d.id, as_of(yesterday)).await.items.len(), 3);
    assert_eq!(list(&suite, who, d.id, as_of(today() - Days::new(31))).await.items.len(), 0);
    let one = list(&suite, who, consumer, as_of(yesterday)).await.items;
    assert_eq!((one[0].direction, one[0].other_customer_id), (Direction::From, d.id));
    assert_eq!(one[0].valid_until, Some(yesterday));
    let out = RelationshipFilter { direction: Some(Direction::From), ..RelationshipFilter::default() };
    assert!(list(&suite, who, d.id, out).await.items.is_empty(), "the dealer is sold through by nobody");
    // Pages.
    let first = RelationshipFilter { limit: Some(1), ..RelationshipFilter::default() };
    let page = list(&suite, who, d.id, first.clone()).await;
    let rest = list(&suite, who, d.id, RelationshipFilter { after: page.next, ..first }).await;
    assert_eq!(
        (page.items[0].other_customer_id, rest.items[0].other_customer_id),
        (consumers[2].0, consumers[0].0)
    );
    assert!(rest.next.is_none());
    suite.end().await;
}
on_both!(a_dealer_shows_its_consumers_of_today, super::three_consumers);

/// The file at its owner and the view both show so many consumers.
async fn shows(suite: &Suite, who: &Person, dealer: CustomerId, count: i64) {
    let path = CustomerPath { customer_id: dealer };
    let file =
        suite.call::<GetCustomer>(Service::Customer, who, &path, &NONE, &Nothing).await.expect("a file");
    assert_eq!(file.relationships.len() as i64, count);
    assert_eq!(file.relationship_counts[0].count, count);
    eventually("the view shows them", Duration::from_secs(10), || async {
        let seen = suite.graphql(who, VIEW, json!({ "id": dealer })).await["data"]["customer"]["file"].take();
        let counts = json!([{ "kind": "SOLD_THROUGH_BY", "direction": "TO", "count": count }]);
        (seen["relationshipCounts"] == counts
            && seen["relationships"].as_array().is_some_and(|all| all.len() as i64 == count))
        .then_some(())
    })
    .await;
}

/// Many at once, from both ends, neither lose nor repeat anything; the file shows the newest and counts all.
async fn many_at_once(place: Place) {
    let suite = Suite::start(&place).await;
    let company = Company::found(&suite).await;
    let who = &company.manager_north_1;
    let d = dealer(&suite, &company, company.north_1, "+8613900001600").await;
    let add = |from: CustomerId, to: CustomerId, kind: RelationshipKind| {
        let suite = &suite;
        async move {
            let (path, new) =
                (CustomerPath { customer_id: from }, NewRelationship { kind, ..sold_through(to) });
            let added = suite.call::<AddRelationship>(Service::Customer, who, &path, &NONE, &new).await;
            added.expect("a relationship").revision
        }
    };
    let mut both_ways = Vec::new();
    for number in 1..=12 {
        let phone = format!("+86139000016{number:02}");
        let id = company.register(&suite, company.north_1, "Consumer", &phone).await.id;
        both_ways.push(add(id, d.id, RelationshipKind::SoldThroughBy));
        both_ways.push(add(d.id, id, RelationshipKind::PartnerOf));
    }
    futures::future::join_all(both_ways).await;
    let path = CustomerPath { customer_id: d.id };
    let file =
        suite.call::<GetCustomer>(Service::Customer, who, &path, &NONE, &Nothing).await.expect("a file");
    assert_eq!(file.revision, d.revision + 24, "no gap, no repeat");
    assert_eq!(file.relationships.len(), 20);
    let counts: Vec<i64> = file.relationship_counts.iter().map(|one| one.count).collect();
    assert_eq!(counts, [12, 12]);

    let stale = CallOptions { if_match: Some(d.revision), ..CallOptions::default() };
    let end = RelationshipEnd { valid_until: today() };
    let path = RelationshipPath { customer_id: d.id, relationship_id: file.relationships[0].id };
    let ended = suite.call_with::<EndRelationship>(Service::Customer, who, &path, &NONE, &end, &stale).await;
    assert_eq!(problem(ended).code, Code::StaleRevision);
    suite.end().await;
}
on_both!(many_relationships_at_once_lose_nothing, super::many_at_once);

/// What ends by the calendar leaves the view without anybody's doing.
async fn by_the_calendar(place: Place) {
    let suite = Suite::start(&place).await;
    let company = Company::found(&suite).await;
    let (who, d) =
        (&company.manager_north_1, dealer(&suite, &company, company.north_1, "+8613900001500").await);
    let file = company.register(&suite, company.north_1, "Consumer", "+8613900001501").await;
    let path = CustomerPath { customer_id: file.id };
    let until_today = NewRelationship { valid_until: Some(today()), ..sold_through(d.id) };
    let added = suite.call::<AddRelationship>(Service::Customer, who, &path, &NONE, &until_today).await;
    let id = added.expect("a relationship").relationships[0].id;
    shows(&suite, who, d.id, 1).await;

    // A night passes: what was tomorrow is today.
    let customer =
        suite.running.iter().find(|one| one.runtime.service == Service::Customer).expect("customer");
    let sql = "UPDATE relationship SET valid_until = $2, next_turn = $3 WHERE id = $1 AND next_turn = $4";
    let values = vec![
        id.uuid().into(),
        (today() - Days::new(1)).into(),
        today().into(),
        (today() + Days::new(1)).into(),
    ];
    assert_eq!(customer.runtime.db.execute(sql, values).await.expect("both rows"), 2);
    eventually("the view shows it no more", Duration::from_secs(30), || async {
        let seen = suite.graphql(who, VIEW, json!({ "id": d.id })).await["data"]["customer"]["file"].take();
        (seen == json!({ "relationships": [], "relationshipCounts": [] })).then_some(())
    })
    .await;
    suite.end().await;
}
on_both!(a_relationship_that_is_over_leaves_the_view, super::by_the_calendar);

async fn what_is_refused(place: Place) {
    let suite = Suite::start(&place).await;
    let company = Company::found(&suite).await;
    let near = dealer(&suite, &company, company.north_1, "+8613900002000").await;
    let far = dealer(&suite, &company, company.south_1, "+8613900002001").await;
    let consumer = company.register(&suite, company.north_1, "Consumer", "+8613900002002").await;
    let path = CustomerPath { customer_id: consumer.id };
    let (running, path) = (suite, &path);
    let suite = &running;
    let add = |who: Person, new: NewRelationship| async move {
        suite.call::<AddRelationship>(Service::Customer, &who, path, &NONE, &new).await
    };
    let north = || company.manager_north_1.clone();

    // Both must be in scope; what is not is as if it were not there.
    let refused = problem(add(north(), sold_through(far.id)).await);
    assert_eq!((refused.status, refused.errors[0].pointer.as_str()), (422, "/to_customer_id"));
    let refused = problem(add(company.manager_south_1.clone(), sold_through(far.id)).await);
    assert_eq!(refused.code, Code::NotFound);
    // Only an intermediary sells on, and nobody through themselves; days in their order.
    let backwards =
        NewRelationship { valid_until: Some(today() - Days::new(31)), ..sold_through(consumer.id) };
    let refused = problem(add(north(), backwards).await);
    let places: Vec<&str> = refused.errors.iter().map(|error| error.pointer.as_str()).collect();
    assert_eq!(places, ["/valid_until", "/to_customer_id"]);
    let other = company.register(suite, company.north_1, "Other", "+8613900002003").await;
    assert_eq!(problem(add(north(), sold_through(other.id)).await).code, Code::Invalid);

    // Not twice at one time; again after an end.
    let added = add(north(), sold_through(near.id)).await.expect("a relationship");
    assert_eq!(problem(add(north(), sold_through(near.id)).await).code, Code::AlreadyExists);
    let path = RelationshipPath { customer_id: near.id, relationship_id: added.relationships[0].id };
    let end = |day: NaiveDate, who: Person| async move {
        let end = RelationshipEnd { valid_until: day };
        suite.call::<EndRelationship>(Service::Customer, &who, &path, &NONE, &end).await
    };
    let yesterday = today() - Days::new(1);
    assert_eq!(problem(end(yesterday, company.manager_south_1.clone()).await).code, Code::NotFound);
    assert_eq!(problem(end(today() - Days::new(31), north()).await).code, Code::Invalid);
    end(yesterday, north()).await.expect("an end, from the dealer's side");
    assert_eq!(problem(end(today(), north()).await).code, Code::Invalid, "an end only comes nearer");
    assert_eq!(problem(add(north(), sold_through(near.id)).await).code, Code::AlreadyExists);
    let again = NewRelationship { valid_from: today(), ..sold_through(near.id) };
    let file = add(north(), again).await.expect("a new one from today on");
    assert_eq!(file.relationships.len(), 1);

    // A list of somebody out of scope is not there either.
    let stranger = &company.manager_south_1;
    let (path, all) = (CustomerPath { customer_id: consumer.id }, RelationshipFilter::default());
    let listed = suite.call::<ListRelationships>(Service::Customer, stranger, &path, &all, &Nothing).await;
    assert_eq!(problem(listed).code, Code::NotFound);
    running.end().await;
}
on_both!(a_relationship_needs_both_in_scope_and_days_in_order, super::what_is_refused);
