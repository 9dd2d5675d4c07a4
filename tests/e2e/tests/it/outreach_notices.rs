//! What interaction itself wants said: fetched by a connector page by page, noted as sent once, within scope.

use chrono::TimeDelta;
use kit::client::CallError;
use schema::{
    access::Role,
    api::{
        Nothing,
        interaction::{
            Channel, ListOutreachesToSend, MarkOutreachSent, OutreachPath, OutreachToSend, OutreachesQuery,
        },
        problem::Code,
    },
    event::{ConsentChanged, PointsExpiring, customer::ConsentState, loyalty::PointsExpiring as Expiring},
    ids::CustomerId,
    value::Points,
};
use testkit::{Person, Place};

use crate::{
    commands::problem,
    on_both,
    working_time::{Floor, NONE, SHOP, SOUTH, at, id},
};

/// Noon in Shanghai.
const NOON: &str = "2026-11-23T04:00:00Z";

async fn to_send(floor: &Floor, who: &Person) -> Vec<OutreachToSend> {
    let (mut found, mut after) = (Vec::new(), None);
    loop {
        let query = OutreachesQuery { after, limit: Some(2) };
        let page = floor.call::<ListOutreachesToSend>(who, &NONE, &query, &Nothing).await.expect("a page");
        found.extend(page.items);
        after = page.next;
        if after.is_none() {
            return found;
        }
    }
}

async fn mark(floor: &Floor, who: &Person, one: &OutreachToSend) -> Result<OutreachToSend, CallError> {
    let path = OutreachPath { customer_id: one.customer_id, outreach_id: one.outreach_id };
    floor.call::<MarkOutreachSent>(who, &path, &NONE, &Nothing).await
}

/// Points of a customer expire in so many days.
async fn expiring(floor: &Floor, customer_id: CustomerId, revision: i64, points: i64, days: i64) {
    let data = Expiring {
        lot_id: kit::clock::new_id(floor.clock.now()).into(),
        customer_id,
        points: Points::new(points),
        expires_at: floor.clock.now() + TimeDelta::days(days),
    };
    floor.deliver(&[floor.event::<PointsExpiring>(customer_id.into(), revision, &data)]).await;
}

async fn sent(place: Place) {
    let floor = Floor::start(&place, NOON).await;
    let connector = floor.person("connector", Role::Marketing, "shop");
    let mut customers = Vec::new();
    for points in [100, 200, 300] {
        let customer = floor.customer(SHOP).await;
        expiring(&floor, customer, 1, points, 5).await;
        floor.clock.advance(std::time::Duration::from_secs(60));
        customers.push(customer);
    }
    let elsewhere = floor.customer(SOUTH).await;
    expiring(&floor, elsewhere, 1, 900, 5).await;
    // Whoever wants to hear nothing is not on the list.
    let quiet = floor.customer(SHOP).await;
    let always = schema::api::customer::QuietSpan { channel: None, from_minute: 0, until_minute: 1_440 };
    let wishes = ConsentState {
        customer_id: quiet,
        consents: Vec::new(),
        quiet_spans: vec![always],
        time_zone: None,
        stated_channels: Vec::new(),
    };
    floor.deliver(&[floor.event::<ConsentChanged>(quiet.into(), 1, &wishes)]).await;
    expiring(&floor, quiet, 1, 900, 5).await;

    let waiting = to_send(&floor, &connector).await;
    let told: Vec<_> = waiting.iter().map(|one| (one.customer_id, one.points.map(Points::get))).collect();
    assert_eq!(told, [(customers[0], Some(100)), (customers[1], Some(200)), (customers[2], Some(300))]);
    assert_eq!((waiting[0].reason.as_str(), waiting[0].channel), ("points-expiring", Channel::Messenger));
    assert_eq!((waiting[0].not_before, waiting[0].sent_at), (at(NOON), None));
    assert_eq!(waiting[0].expires_at, at(NOON) + TimeDelta::days(5));
    let south = floor.person("south", Role::Manager, "south");
    let there = to_send(&floor, &south).await;
    assert_eq!(there.iter().map(|one| one.customer_id).collect::<Vec<_>>(), [elsewhere]);

    // Noted once: again it is the same, also later.
    let first = mark(&floor, &connector, &waiting[0]).await.expect("noted");
    assert_eq!(first.sent_at, Some(floor.clock.now()));
    floor.clock.advance(std::time::Duration::from_secs(60));
    assert_eq!(mark(&floor, &connector, &waiting[0]).await.expect("noted"), first);
    assert_eq!(to_send(&floor, &connector).await, waiting[1..]);

    // Who may not, whose it is not, and what there is not.
    assert_eq!(problem(mark(&floor, &south, &waiting[1]).await).code, Code::NotFound);
    let seller = floor.person("zhao", Role::Sales, "shop");
    assert_eq!(problem(mark(&floor, &seller, &waiting[1]).await).code, Code::Forbidden);
    let none = OutreachesQuery::default();
    let refused = floor.call::<ListOutreachesToSend>(&seller, &NONE, &none, &Nothing).await;
    assert_eq!(problem(refused).code, Code::Forbidden);
    let unknown = OutreachToSend { outreach_id: id(0x99), ..waiting[1].clone() };
    assert_eq!(problem(mark(&floor, &connector, &unknown).await).code, Code::NotFound);

    // What ran out is neither listed nor sent.
    let hours = std::time::Duration::from_secs(5 * 86_400);
    floor.clock.advance(hours);
    let late = floor.person("connector", Role::Marketing, "shop");
    assert_eq!(to_send(&floor, &late).await, []);
    assert_eq!(problem(mark(&floor, &late, &waiting[1]).await).code, Code::Conflict);
    floor.running.end().await;
}
on_both!(what_is_granted_waits_for_a_connector, super::sent);

/// What may be sent later is listed then.
async fn later(place: Place) {
    let floor = Floor::start(&place, NOON).await;
    let connector = floor.person("connector", Role::Manager, "shop");
    let customer = floor.customer(SHOP).await;
    let now = floor.clock.now();
    // Noon in Shanghai is minute 720: quiet for two more hours on every channel.
    let span = schema::api::customer::QuietSpan { channel: None, from_minute: 600, until_minute: 840 };
    let wishes = ConsentState {
        customer_id: customer,
        consents: Vec::new(),
        quiet_spans: vec![span],
        time_zone: Some("Asia/Shanghai".to_owned()),
        stated_channels: Vec::new(),
    };
    floor.deliver(&[floor.event::<ConsentChanged>(customer.into(), 1, &wishes)]).await;
    expiring(&floor, customer, 1, 50, 5).await;
    assert_eq!(to_send(&floor, &connector).await, []);
    floor.until(now + TimeDelta::hours(2));
    let connector = floor.person("connector", Role::Manager, "shop");
    let waiting = to_send(&floor, &connector).await;
    assert_eq!(waiting.iter().map(|one| one.not_before).collect::<Vec<_>>(), [now + TimeDelta::hours(2)]);
    floor.running.end().await;
}
on_both!(what_may_be_sent_later_is_listed_later, super::later);
