//! Membership as it is kept: found in silence at first, then told as it changes, by events, by hand and by
//! time.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use chrono::TimeDelta;
use kit::{Db, clock, db::statement};
use schema::{
    access::Role,
    api::{
        interaction::{Channel, ContactDirection, Phase},
        loyalty::{
            ChangeListMembers, ChangeSegment, CreateCustomerList, CustomerListPath, ListMembersChange,
            NewCustomerList, SegmentChange, SegmentPath,
        },
    },
    event::{
        ContactRecorded, Envelope, PurchaseRecorded, SegmentEntered, SegmentLeft,
        interaction::ContactRecorded as Contact,
    },
    ids::{CustomerId, SegmentId},
};
use sea_orm::ConnectionTrait as _;
use serde_json::json;
use testkit::{Place, eventually};
use uuid::Uuid;

use super::{condition, create};
use crate::{
    on_both,
    points::{NONE, NORTH, Stage, purchase},
};

const LONG: Duration = Duration::from_secs(20);

/// Whether a customer is kept as a member.
async fn belongs(db: &Db, customer: CustomerId, segment: SegmentId) -> bool {
    let sql = "SELECT 1 FROM segment_member WHERE customer_id = $1 AND segment_id = $2";
    let values = vec![customer.uuid().into(), segment.uuid().into()];
    db.read().query_one_raw(statement(db.read(), sql, values)).await.expect("an answer").is_some()
}

/// What was told of segments: entered or left, in order, by customer.
async fn told(db: &Db) -> BTreeMap<(CustomerId, SegmentId), Vec<&'static str>> {
    let sql = "SELECT envelope FROM outbox WHERE event_type LIKE 'customer360.segment.%' ORDER BY id";
    let rows = db.read().query_all_raw(statement(db.read(), sql, vec![])).await.expect("the outbox");
    let mut told: BTreeMap<_, Vec<&'static str>> = BTreeMap::new();
    for row in rows {
        let text: String = row.try_get_by_index(0).expect("an envelope");
        let envelope: Envelope = serde_json::from_str(&text).expect("an envelope");
        let (data, way) = if envelope.kind.contains("entered") {
            (envelope.data::<SegmentEntered>(), "entered")
        } else {
            (envelope.data::<SegmentLeft>(), "left")
        };
        let data = data.expect("its data");
        assert_eq!(envelope.subject, data.customer_id.uuid());
        told.entry((data.customer_id, data.segment_id)).or_default().push(way);
    }
    told
}

/// Until a customer is kept as a member, or as none.
async fn until(db: &Db, what: &str, customer: CustomerId, segment: SegmentId, member: bool) {
    eventually(what, LONG, || async { (belongs(db, customer, segment).await == member).then_some(()) }).await;
}

async fn kept(place: Place) {
    let stage = Stage::start(&place).await;
    let db = stage.running.runtime.db.clone();
    let marketing = stage.person(Role::Marketing, "hq");
    let anna = stage.member(NORTH, 120_000).await;
    let ben = stage.member(NORTH, 50_000).await;
    let silver = json!({ "tier": { "at_least": "silver" } });
    let silver = create(&stage, &marketing, "silver", silver).await.id;
    assert!(belongs(&db, anna, silver).await && !belongs(&db, ben, silver).await);
    assert!(told(&db).await.is_empty(), "the first members were so before anybody asked");

    // In the transaction of the purchase: nothing to wait for. A late purchase counts and is told, too, with
    // its own business time, so that nobody acts on it.
    let then = stage.clock.now() - TimeDelta::days(30);
    let id = clock::new_id(stage.clock.now());
    let bought = stage.event::<PurchaseRecorded>(ben.uuid(), &purchase(ben, id, then, 90_000));
    let bought = match bought {
        kit::inbox::Delivery::Event(mut envelope) => {
            Arc::make_mut(&mut envelope).time = then;
            kit::inbox::Delivery::Event(envelope)
        }
        other => other,
    };
    stage.deliver(std::slice::from_ref(&bought)).await;
    assert!(belongs(&db, ben, silver).await);
    stage.deliver(&[bought]).await;
    assert_eq!(told(&db).await, [((ben, silver), vec!["entered"])].into(), "once");
    let sql = "SELECT envelope FROM outbox WHERE event_type = 'customer360.segment.entered.v1'";
    let row =
        db.read().query_one_raw(statement(db.read(), sql, vec![])).await.expect("asked").expect("a row");
    let envelope: Envelope =
        serde_json::from_str(&row.try_get_by_index::<String>(0).expect("text")).expect("an envelope");
    assert_eq!(envelope.time, then, "the time of its cause");
    assert_eq!(envelope.data::<SegmentEntered>().expect("data").occurred_at, stage.clock.now());

    // The return takes the tier back.
    let back = schema::event::interaction::PurchaseReturned {
        return_id: clock::new_id(stage.clock.now()).into(),
        purchase_id: id.into(),
        customer_id: ben,
        occurred_at: stage.clock.now(),
        currency: purchase(ben, id, then, 0).currency,
        total_minor: schema::value::Minor::new(90_000),
        returned_before_minor: schema::value::Minor::new(0),
        lines: Vec::new(),
    };
    stage.deliver(&[stage.event::<schema::event::PurchaseReturned>(ben.uuid(), &back)]).await;
    assert!(!belongs(&db, ben, silver).await);
    assert_eq!(told(&db).await[&(ben, silver)], ["entered", "left"]);

    // A changed condition is another question: its members are found in silence.
    let change =
        SegmentChange { name: None, condition: Some(condition(json!({ "frequency": { "at_least": 1 } }))) };
    let path = SegmentPath { segment_id: silver };
    stage.call::<ChangeSegment>(&marketing, &path, &NONE, &change).await.expect("changed");
    assert!(belongs(&db, ben, silver).await);
    assert_eq!(told(&db).await.len(), 1);

    // By hand: soon after.
    let new = NewCustomerList { code: "fair".into(), name: "The fair".into() };
    let list = stage.call::<CreateCustomerList>(&marketing, &NONE, &NONE, &new).await.expect("a list");
    let fair = create(&stage, &marketing, "fair", json!({ "list": list.id })).await.id;
    let path = CustomerListPath { list_id: list.id };
    let put = ListMembersChange { add: vec![anna], remove: vec![] };
    stage.call::<ChangeListMembers>(&marketing, &path, &NONE, &put).await.expect("put");
    until(&db, "Anna is on the list", anna, fair, true).await;

    // By time: nobody bought or called for a while. Nothing arrives that would say so.
    let quiet = json!({ "all": [
        { "recency_days": { "at_least": 60 } },
        { "count": { "of": "contacts", "days": 30, "at_most": 0 } },
    ] });
    let quiet = create(&stage, &marketing, "quiet", quiet).await.id;
    let called = Contact {
        contact_id: clock::new_id(stage.clock.now()).into(),
        customer_id: ben,
        org_unit_id: Uuid::from_u128(NORTH).into(),
        staff_id: None,
        channel: Channel::Phone,
        direction: ContactDirection::Inbound,
        phase: Phase::Aftersales,
        occurred_at: stage.clock.now(),
        topic: "hello".into(),
        outcome: None,
        promise_due_at: None,
        answered: None,
    };
    assert!(!belongs(&db, anna, quiet).await);
    stage.clock.advance(Duration::from_secs(61 * 86_400));
    until(&db, "Anna was quiet for two months", anna, quiet, true).await;
    until(&db, "so was Ben", ben, quiet, true).await;
    let called = Contact { occurred_at: stage.clock.now(), ..called };
    stage.deliver(&[stage.event::<ContactRecorded>(ben.uuid(), &called)]).await;
    assert!(!belongs(&db, ben, quiet).await, "he called, and it is known at once");
    assert_eq!(told(&db).await[&(ben, quiet)], ["entered", "left"]);
    assert_eq!(told(&db).await[&(anna, quiet)], ["entered"]);
    assert_eq!(told(&db).await[&(anna, fair)], ["entered"]);
    stage.running.end().await;
}
on_both!(coming_and_going_is_told, super::kept);
