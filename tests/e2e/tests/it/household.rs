//! Households: who is in one, what everybody is told, and many changes at once.

use std::{collections::BTreeSet, time::Duration};

use futures::future::join_all;
use kit::{client::CallError, db::statement};
use schema::{
    api::{
        NoParameters, Nothing,
        customer::{
            CreateHousehold, CustomerFile, CustomerPath, DissolveHousehold, GetCustomer, GetHousehold,
            Household, HouseholdJoin, HouseholdMemberPath, HouseholdPath, JoinHousehold, LeaveHousehold,
            NewHousehold,
        },
        problem::Code,
    },
    event::{Envelope, Event, HouseholdChanged},
    ids::{CustomerId, HouseholdId},
    topology::Service,
};
use sea_orm::ConnectionTrait as _;
use serde_json::json;
use testkit::{Person, Place, Suite, eventually};
use uuid::Uuid;

use crate::{commands::problem, company::Company, on_both};

const NONE: NoParameters = NoParameters {};

/// What the customer service told of a subject by one type of event: revisions and data, oldest first.
pub(crate) async fn told<E: Event>(suite: &Suite, subject: Uuid) -> Vec<(i64, E::Data)> {
    let customer = suite.running.iter().find(|one| one.runtime.service == Service::Customer);
    let read = customer.expect("customer").runtime.db.read();
    let sql = "SELECT envelope FROM outbox ORDER BY id";
    let rows = read.query_all_raw(statement(read, sql, vec![])).await.expect("the outbox");
    rows.iter()
        .map(|row| {
            let text: String = row.try_get_by_index(0).expect("an envelope");
            serde_json::from_str::<Envelope>(&text).expect("an envelope")
        })
        .filter(|one| one.subject == subject && one.kind == E::DECLARATION.name)
        .map(|one| (one.revision, one.data::<E>().expect("its data")))
        .collect()
}

async fn create(suite: &Suite, who: &Person, ids: &[CustomerId]) -> Result<Household, CallError> {
    let new = NewHousehold { customer_ids: ids.to_vec() };
    suite.call::<CreateHousehold>(Service::Customer, who, &NONE, &NONE, &new).await
}

async fn join(
    suite: &Suite,
    who: &Person,
    id: HouseholdId,
    who_joins: CustomerId,
) -> Result<Household, CallError> {
    let (path, body) = (HouseholdPath { household_id: id }, HouseholdJoin { customer_id: who_joins });
    suite.call::<JoinHousehold>(Service::Customer, who, &path, &NONE, &body).await
}

async fn leave(
    suite: &Suite,
    who: &Person,
    id: HouseholdId,
    leaver: CustomerId,
) -> Result<Household, CallError> {
    let path = HouseholdMemberPath { household_id: id, customer_id: leaver };
    suite.call::<LeaveHousehold>(Service::Customer, who, &path, &NONE, &Nothing).await
}

async fn get(suite: &Suite, who: &Person, id: HouseholdId) -> Result<Household, CallError> {
    let path = HouseholdPath { household_id: id };
    suite.call::<GetHousehold>(Service::Customer, who, &path, &NONE, &Nothing).await
}

async fn file(suite: &Suite, who: &Person, customer_id: CustomerId) -> CustomerFile {
    let path = CustomerPath { customer_id };
    suite.call::<GetCustomer>(Service::Customer, who, &path, &NONE, &Nothing).await.expect("a file")
}

/// What the last event of a customer says: household and members.
async fn last_told(suite: &Suite, id: CustomerId) -> (Option<HouseholdId>, i32) {
    let (_, data) = told::<HouseholdChanged>(suite, id.uuid()).await.pop().expect("an event");
    (data.household_id, data.members)
}

async fn life(place: Place) {
    let suite = Suite::start(&place).await;
    let company = Company::found(&suite).await;
    let (who, stranger) = (&company.manager_north_1, &company.manager_south_1);
    let mut ids = Vec::new();
    for number in 1..=4 {
        let phone = format!("+86139000090{number:02}");
        ids.push(company.register(&suite, company.north_1, "Of the house", &phone).await.id);
    }
    let other = company.register(&suite, company.south_1, "Of another", "+8613900009010").await.id;
    let [a, b, c, d] = ids[..] else { panic!("four") };

    // What is no household.
    for bad in [vec![], vec![a], vec![a, a]] {
        let refused = problem(create(&suite, who, &bad).await);
        assert_eq!((refused.code, refused.errors[0].pointer.as_str()), (Code::Invalid, "/customer_ids"));
    }
    let refused = problem(create(&suite, who, &[a, other]).await);
    assert_eq!(refused.errors[0].pointer, "/customer_ids/1", "out of scope");
    assert_eq!(file(&suite, who, a).await.revision, 1, "nothing was raised");

    let house = create(&suite, who, &[c, a, b]).await.expect("a household");
    assert_eq!(house.member_ids, BTreeSet::from([a, b, c]).into_iter().collect::<Vec<_>>());
    for id in [a, b, c] {
        let shown = file(&suite, who, id).await;
        assert_eq!((shown.household_id, &shown.household_member_ids), (Some(house.id), &house.member_ids));
        assert_eq!(shown.revision, 2, "each has a revision of their own");
        let events = told::<HouseholdChanged>(&suite, id.uuid()).await;
        assert_eq!(events.len(), 1);
        assert_eq!((events[0].0, events[0].1.members), (2, 3));
    }
    let view = "query ($id: UUID!) { customer(id: $id) { file { householdId householdMemberIds } } }";
    eventually("the view shows it", Duration::from_secs(10), || async {
        let seen = suite.graphql(who, view, json!({ "id": a })).await["data"]["customer"]["file"].take();
        (seen == json!({ "householdId": house.id, "householdMemberIds": house.member_ids })).then_some(())
    })
    .await;

    // Strangers learn nothing and change nothing.
    assert_eq!(problem(get(&suite, stranger, house.id).await).code, Code::NotFound);
    assert_eq!(problem(join(&suite, stranger, house.id, other).await).code, Code::NotFound);
    assert_eq!(problem(leave(&suite, stranger, house.id, a).await).code, Code::NotFound);
    let refused = problem(join(&suite, who, house.id, other).await);
    assert_eq!((refused.code, refused.errors[0].pointer.as_str()), (Code::Invalid, "/customer_id"));

    // One household at most.
    assert_eq!(problem(create(&suite, who, &[a, d]).await).code, Code::Conflict);
    assert_eq!(problem(join(&suite, who, house.id, a).await).code, Code::Conflict);
    let joined = join(&suite, who, house.id, d).await.expect("joins");
    assert_eq!((joined.member_ids.len(), joined.revision), (4, 2));
    assert_eq!(last_told(&suite, a).await, (Some(house.id), 4), "who stays is told of the number");

    let left = leave(&suite, who, house.id, b).await.expect("leaves");
    assert_eq!(left.member_ids.len(), 3);
    assert_eq!(last_told(&suite, b).await, (None, 0));
    assert_eq!(last_told(&suite, a).await, (Some(house.id), 3));
    assert_eq!(file(&suite, who, b).await.household_id, None);
    assert_eq!(problem(leave(&suite, who, house.id, b).await).code, Code::NotFound);

    // Somebody of elsewhere in it: it is seen by both, and dissolved by who sees all.
    join(&suite, &company.manager_hq, house.id, other).await.expect("joins");
    assert_eq!(get(&suite, stranger, house.id).await.expect("a household").member_ids.len(), 4);
    let path = HouseholdPath { household_id: house.id };
    let refused = suite.call::<DissolveHousehold>(Service::Customer, who, &path, &NONE, &Nothing).await;
    assert_eq!(problem(refused).code, Code::Conflict);
    assert_eq!(problem(leave(&suite, who, house.id, other).await).code, Code::NotFound);
    leave(&suite, stranger, house.id, other).await.expect("leaves");
    leave(&suite, who, house.id, d).await.expect("leaves");
    let ended = leave(&suite, who, house.id, c).await.expect("the last but one leaves");
    assert!(ended.member_ids.is_empty(), "one alone is no household");
    assert_eq!(last_told(&suite, a).await, (None, 0));
    assert_eq!(problem(get(&suite, who, house.id).await).code, Code::NotFound);

    let again = create(&suite, who, &[a, b]).await.expect("free again");
    let path = HouseholdPath { household_id: again.id };
    let ended = suite.call::<DissolveHousehold>(Service::Customer, who, &path, &NONE, &Nothing).await;
    assert!(ended.expect("dissolved").member_ids.is_empty());
    assert_eq!(file(&suite, who, a).await.household_id, None);
    suite.end().await;
}
on_both!(a_household_lives_and_everybody_is_told, super::life);

/// Joins, leaves and rival households at the same time: nobody waits for ever, nobody is in two, and the last
/// word to each is how it is.
async fn at_once(place: Place) {
    let suite = Suite::start(&place).await;
    let company = Company::found(&suite).await;
    let who = &company.manager_north_1;
    let mut ids = Vec::new();
    for number in 0..14 {
        let phone = format!("+861390010{number:04}");
        ids.push(company.register(&suite, company.north_1, "Many", &phone).await.id);
    }
    let one = create(&suite, who, &ids[..2]).await.expect("a household").id;
    let other = create(&suite, who, &ids[2..4]).await.expect("a household").id;
    // Everybody wants into both; some households are made of the same people in either order.
    let joins = ids[4..].iter().enumerate().flat_map(|(at, id)| {
        let order = if at % 2 == 0 { [one, other] } else { [other, one] };
        order.map(|house| join(&suite, who, house, *id))
    });
    let backwards: Vec<CustomerId> = ids[4..10].iter().rev().copied().collect();
    let rivals = join_all([create(&suite, who, &ids[4..10]), create(&suite, who, &backwards)]);
    let (joined, made) = tokio::join!(join_all(joins), rivals);
    for refused in joined.into_iter().filter_map(Result::err) {
        assert_eq!(problem::<Household>(Err(refused)).code, Code::Conflict, "in one already");
    }
    let made: Vec<Household> = made.into_iter().filter_map(Result::ok).collect();
    assert!(made.len() <= 1, "the same people are in one only");
    let mut members = 0;
    for id in &ids {
        let shown = file(&suite, who, *id).await;
        let (household, count) = match told::<HouseholdChanged>(&suite, id.uuid()).await.pop() {
            Some((_, data)) => (data.household_id, data.members),
            None => (None, 0),
        };
        assert_eq!(shown.household_id, household, "the last word");
        assert_eq!(shown.household_member_ids.len(), usize::try_from(count).expect("a count"));
        assert!(shown.household_member_ids.len() <= 20);
        assert!(household.is_none() || shown.household_member_ids.contains(id));
        members += usize::from(household.is_some());
    }
    assert_eq!(members, 14, "there is room for all of them");
    suite.end().await;
}
on_both!(households_change_at_once_and_nobody_is_in_two, super::at_once);
