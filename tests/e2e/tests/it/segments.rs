//! Segments: built and validated, counted within scope, explained, kept while events arrive, and exported.

mod agree;
mod files;
mod kept;

use std::sync::Arc;

use kit::inbox::Delivery;
use schema::{
    access::Role,
    api::{
        Nothing,
        loyalty::{
            ArchiveSegment, ChangeListMembers, ChangeSegment, Condition, CreateCustomerList, CreateSegment,
            CustomerListFilter, CustomerListPath, ExplainMember, GetSegment, ListCustomerLists,
            ListMembersChange, ListSegmentMembers, ListSegments, MemberPath, MemberQuery, MembersQuery,
            NewCustomerList, NewSegment, PreviewSegment, PreviewWanted, Segment, SegmentChange,
            SegmentFilter, SegmentMember, SegmentPath, SegmentQuery, SegmentState,
        },
        problem::{Code, Problem},
    },
    event::{AttributeChanged, customer::AttributeState},
    ids::{CustomerId, SegmentId},
};
use serde_json::{Value, json};
use testkit::{Person, Place};
use uuid::Uuid;

use crate::{
    commands::problem,
    on_both,
    points::{NONE, NORTH, SOUTH, Stage},
};

fn condition(value: Value) -> Condition {
    serde_json::from_value(value).expect("a condition")
}

fn new(code: &str, value: Value) -> NewSegment {
    NewSegment { code: code.to_owned(), name: format!("Segment {code}"), condition: condition(value) }
}

async fn create(stage: &Stage, who: &Person, code: &str, value: Value) -> Segment {
    stage.call::<CreateSegment>(who, &NONE, &NONE, &new(code, value)).await.expect("a segment")
}

/// How many in scope a condition holds for, and of how many.
async fn preview(stage: &Stage, who: &Person, value: Value) -> (i64, i64) {
    let wanted = PreviewWanted { condition: condition(value), as_of: None };
    let seen = stage.call::<PreviewSegment>(who, &NONE, &NONE, &wanted).await.expect("a preview");
    (seen.customers.expect("whole"), seen.of.expect("whole"))
}

/// All members in scope, in pages of two.
async fn members(stage: &Stage, who: &Person, segment_id: SegmentId) -> Vec<SegmentMember> {
    let mut query = MembersQuery { limit: Some(2), ..MembersQuery::default() };
    let mut all = Vec::new();
    loop {
        let path = SegmentPath { segment_id };
        let page = stage.call::<ListSegmentMembers>(who, &path, &query, &Nothing).await.expect("a page");
        all.extend(page.items);
        match page.next {
            Some(next) => query.after = Some(next),
            None => return all,
        }
    }
}

fn places(problem: &Problem) -> Vec<&str> {
    problem.errors.iter().map(|error| error.pointer.as_str()).collect()
}

/// The event that tells an attribute of a customer.
fn attribute(stage: &Stage, customer: CustomerId, revision: i64, code: &str, value: Value) -> Delivery {
    let state = AttributeState {
        customer_id: customer,
        attribute: code.to_owned(),
        value: serde_json::from_value(value).expect("a value"),
        observed_at: stage.clock.now(),
    };
    at_revision(stage.event::<AttributeChanged>(customer.uuid(), &state), revision)
}

/// The same event at another revision of its publisher.
pub(crate) fn at_revision(delivery: Delivery, revision: i64) -> Delivery {
    match delivery {
        Delivery::Event(mut envelope) => {
            Arc::make_mut(&mut envelope).revision = revision;
            Delivery::Event(envelope)
        }
        other => other,
    }
}

async fn built(place: Place) {
    let stage = Stage::start(&place).await;
    let marketing = stage.person(Role::Marketing, "hq");
    stage.member(NORTH, 150_000).await;
    let refused =
        async |new: NewSegment| problem(stage.call::<CreateSegment>(&marketing, &NONE, &NONE, &new).await);
    let shoes = json!({ "attribute": "shoe_size", "op": "is", "value": { "integer": 42 } });
    let bad = json!({ "all": [
        { "tier": { "is": "gold", "at_least": "gold" } },
        { "none": [{ "attribute": shoes }] },
        { "rfm": { "recency": { "at_least": 0 } } },
    ] });
    let wrong = refused(NewSegment { name: " ".into(), ..new("Bad Code", bad) }).await;
    assert_eq!(wrong.status, 422);
    assert_eq!(
        places(&wrong),
        [
            "/code",
            "/name",
            "/condition/all/0/tier",
            "/condition/all/1/none/0/attribute/attribute",
            "/condition/all/2/rfm/recency/at_least"
        ]
    );
    let unknown = &wrong.errors[3].detail;
    assert!(unknown.contains("no customer has a segmentable attribute"), "{unknown}");
    let deep = (0..10).fold(json!({ "kind": ["consumer"] }), |inner, _| json!({ "any": [inner] }));
    assert!(refused(new("deep", deep)).await.detail.contains("deeper than 10"));
    let wide = json!({ "any": vec![json!({ "kind": ["consumer"] }); 100] });
    assert!(refused(new("wide", wide)).await.detail.contains("at most 100"));

    let buyers = create(&stage, &marketing, "buyers", json!({ "frequency": { "at_least": 1 } })).await;
    assert_eq!((buyers.version, buyers.state, buyers.revision), (1, SegmentState::Active, 1));
    let twice = refused(new("buyers", json!({ "kind": ["consumer"] }))).await;
    assert_eq!(twice.code, Code::AlreadyExists);
    let silver = json!({ "all": [{ "segment": buyers.id }, { "tier": { "at_least": "silver" } }] });
    let silver = create(&stage, &marketing, "silver-buyers", silver).await;
    assert_eq!(members(&stage, &marketing, silver.id).await.len(), 1);

    // Another condition is a new version; the old one can still be read. A name is none.
    let path = SegmentPath { segment_id: buyers.id };
    let change = |change: SegmentChange| {
        let (stage, marketing, path) = (&stage, &marketing, &path);
        async move { stage.call::<ChangeSegment>(marketing, path, &NONE, &change).await }
    };
    let often = condition(json!({ "frequency": { "at_least": 2 } }));
    let changed =
        change(SegmentChange { condition: Some(often.clone()), name: None }).await.expect("changed");
    assert_eq!((changed.version, changed.revision, &changed.condition), (2, 2, &often));
    let named = SegmentChange { name: Some("Regulars".into()), condition: Some(often) };
    let named = change(named).await.expect("changed");
    assert_eq!((named.version, named.revision, named.name.as_str()), (2, 3, "Regulars"));
    let query = SegmentQuery { version: Some(1) };
    let first = stage.call::<GetSegment>(&marketing, &path, &query, &Nothing).await.expect("version 1");
    assert_eq!(first.condition, buyers.condition);
    assert!(members(&stage, &marketing, silver.id).await.is_empty(), "it asks by the condition of now");

    let circle = condition(json!({ "any": [{ "kind": ["consumer"] }, { "segment": silver.id }] }));
    let circle = problem(change(SegmentChange { condition: Some(circle), name: None }).await);
    assert_eq!(places(&circle), ["/condition/any/1/segment"]);
    assert!(circle.detail.contains("refer to itself"), "{circle}");
    let archive = async |segment_id| {
        stage.call::<ArchiveSegment>(&marketing, &SegmentPath { segment_id }, &NONE, &Nothing).await
    };
    let needed = problem(archive(buyers.id).await);
    assert!(needed.code == Code::Conflict && needed.detail.contains("silver-buyers"), "{needed}");
    archive(silver.id).await.expect("archived");
    assert_eq!(archive(buyers.id).await.expect("archived").state, SegmentState::Archived);
    assert_eq!(problem(archive(buyers.id).await).code, Code::Conflict);
    let late = problem(change(SegmentChange { name: Some("Late".into()), condition: None }).await);
    assert_eq!(late.code, Code::Conflict);
    let refers = refused(new("refers", json!({ "segment": buyers.id }))).await;
    assert_eq!(places(&refers), ["/condition/segment"], "an archived one is not referred to");

    let filter = SegmentFilter { state: Some(SegmentState::Active), ..SegmentFilter::default() };
    let active = stage.call::<ListSegments>(&marketing, &NONE, &filter, &Nothing).await.expect("a page");
    assert!(active.items.is_empty());
    let filter = SegmentFilter { limit: Some(1), ..SegmentFilter::default() };
    let page = stage.call::<ListSegments>(&marketing, &NONE, &filter, &Nothing).await.expect("a page");
    assert_eq!((page.items[0].code.as_str(), page.next.is_some()), ("buyers", true));
    for role in [Role::Sales, Role::Presales, Role::Aftersales, Role::Admin] {
        let who = stage.person(role, "hq");
        let filter = SegmentFilter::default();
        let refused = problem(stage.call::<ListSegments>(&who, &NONE, &filter, &Nothing).await);
        assert_eq!(refused.code, Code::Forbidden, "{role:?}");
    }
    let executive = stage.person(Role::Executive, "hq");
    let new = new("executive", json!({ "kind": ["consumer"] }));
    assert_eq!(
        problem(stage.call::<CreateSegment>(&executive, &NONE, &NONE, &new).await).code,
        Code::Forbidden
    );
    stage.running.end().await;
}
on_both!(a_segment_is_built_changed_and_archived, super::built);

async fn counted(place: Place) {
    let stage = Stage::start(&place).await;
    let (hq, north) = (stage.person(Role::Marketing, "hq"), stage.person(Role::Marketing, "north"));
    let mut northern = Vec::new();
    for amount in [100_000, 200_000, 600_000, 50_000] {
        northern.push(stage.member(NORTH, amount).await);
    }
    let southern = stage.member(SOUTH, 2_500_000).await;
    let silver = json!({ "tier": { "at_least": "silver" } });
    assert_eq!(preview(&stage, &hq, silver.clone()).await, (4, 5));
    assert_eq!(preview(&stage, &north, silver.clone()).await, (3, 4), "who sees less counts less");
    let segment = create(&stage, &hq, "silver", silver).await;
    let seen = members(&stage, &north, segment.id).await;
    let mut expected = northern[..3].to_vec();
    expected.sort_unstable();
    assert_eq!(seen.iter().map(|one| one.customer_id).collect::<Vec<_>>(), expected);
    assert_eq!(members(&stage, &hq, segment.id).await.len(), 4);

    // Why, clause by clause; of nobody out of scope.
    let why = async |who: &Person, customer_id: CustomerId| {
        let path = MemberPath { segment_id: segment.id, customer_id };
        stage.call::<ExplainMember>(who, &path, &MemberQuery::default(), &Nothing).await
    };
    let gold = why(&north, northern[2]).await.expect("why");
    assert!(gold.member && gold.clauses[0].holds);
    assert_eq!(gold.clauses[0].found.as_deref(), Some("gold"));
    let basic = why(&north, northern[3]).await.expect("why");
    assert_eq!((basic.member, basic.clauses[0].found.as_deref()), (false, Some("basic")));
    assert_eq!(problem(why(&north, southern).await).code, Code::NotFound);

    // By unit, and by a list kept by hand.
    let below = |unit: u128| json!({ "unit": Uuid::from_u128(unit) });
    assert_eq!(preview(&stage, &hq, below(NORTH)).await, (4, 5));
    assert_eq!(preview(&stage, &hq, below(0x10)).await, (5, 5), "below head office is everyone");
    let new_list = NewCustomerList { code: "fair".into(), name: "The fair".into() };
    let list = stage.call::<CreateCustomerList>(&hq, &NONE, &NONE, &new_list).await.expect("a list");
    let path = CustomerListPath { list_id: list.id };
    let put = async |who: &Person, add: Vec<CustomerId>, remove: Vec<CustomerId>| {
        let change = ListMembersChange { add, remove };
        stage.call::<ChangeListMembers>(who, &path, &NONE, &change).await
    };
    let beyond = problem(put(&north, vec![northern[0], southern], vec![northern[0]]).await);
    assert_eq!(places(&beyond), ["/add/1", "/remove/0"], "{beyond}");
    assert_eq!(put(&hq, vec![northern[0], southern], vec![]).await.expect("added").customers, Some(2));
    assert_eq!(preview(&stage, &hq, json!({ "list": list.id })).await, (2, 5));
    assert_eq!(preview(&stage, &north, json!({ "list": list.id })).await, (1, 4));
    let filter = CustomerListFilter::default();
    let lists = stage.call::<ListCustomerLists>(&north, &NONE, &filter, &Nothing).await.expect("lists");
    assert_eq!(lists.items[0].customers, Some(1), "a count leaks nobody");
    assert_eq!(put(&hq, vec![], vec![southern]).await.expect("removed").customers, Some(1));
    assert_eq!(places(&problem(put(&hq, vec![], vec![]).await)), ["/add"]);
    let many: Vec<CustomerId> = (0..1_001).map(|n| Uuid::from_u128(n).into()).collect();
    assert_eq!(places(&problem(put(&hq, many, vec![]).await)), ["/add"]);

    // An attribute can be asked for once it was told; who asks does not see it unless they see everything.
    let five = attribute(&stage, northern[0], 2, "household_size", json!({ "integer": 5 }));
    stage.deliver(&[five]).await;
    let large = json!({ "attribute": "household_size", "op": "at_least", "value": { "integer": 4 } });
    assert_eq!(preview(&stage, &hq, json!({ "attribute": large.clone() })).await, (1, 5));
    let older = attribute(&stage, northern[0], 1, "household_size", json!({ "integer": 2 }));
    stage.deliver(&[older]).await;
    assert_eq!(preview(&stage, &hq, json!({ "attribute": large.clone() })).await, (1, 5), "older is skipped");
    let segment = create(&stage, &hq, "large", json!({ "attribute": large })).await;
    let path = MemberPath { segment_id: segment.id, customer_id: northern[0] };
    let query = MemberQuery::default();
    for (who, found) in [(&stage.manager, Some("5")), (&hq, None)] {
        let why = stage.call::<ExplainMember>(who, &path, &query, &Nothing).await.expect("why");
        assert_eq!((why.member, why.clauses[0].found.as_deref()), (true, found), "{:?}", who.viewer.roles);
    }
    stage.running.end().await;
}
on_both!(members_are_counted_listed_and_explained_within_scope, super::counted);
