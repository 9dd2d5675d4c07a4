//! Customers lapse by the calendar: on that day, and once, the others are told, so that the view shows it.

use std::{sync::Arc, time::Duration};

use chrono::TimeDelta;
use kit::{
    Running,
    auth::DevelopmentIssuer,
    client::Client,
    clock::{self, Clock},
    db::statement,
    http::Bearer,
    inbox::{Delivery, deliver},
    service::Shared,
};
use schema::{
    access::{Role, Viewer},
    api::{
        Endpoint, NoParameters, Nothing,
        customer::{CustomerPath, CustomerStage, GetCustomer, ListOrgUnits, OrgUnitFilter, RegisterCustomer},
    },
    event::{CustomerChanged, Envelope, Event as _, PurchaseRecorded},
    ids::CustomerId,
    topology::Service,
};
use sea_orm::ConnectionTrait as _;
use serde_json::value::to_raw_value;
use testkit::{Place, eventually, suite::start_service};
use uuid::Uuid;

use crate::{company::new_customer, on_both, points};

const NONE: NoParameters = NoParameters {};
const LONG: Duration = Duration::from_secs(40);

/// The customer service alone, with a clock that stands until it is moved.
struct Register {
    customer: Running,
    clock: Clock,
    data: std::path::PathBuf,
}

impl Register {
    async fn call<E: Endpoint>(&self, path: &E::Path, query: &E::Query, body: &E::Body) -> Option<E::Reply> {
        let viewer = Viewer {
            subject: "staff:lena".to_owned(),
            staff: Some("lena".to_owned()),
            org_unit: Some("hq".to_owned()),
            roles: vec![Role::Manager],
        };
        let issuer = DevelopmentIssuer::load_or_create(&self.data).expect("the development key");
        let now = self.clock.now();
        let token = issuer.mint(&viewer, "customer360", now, TimeDelta::hours(1)).expect("a token");
        let client = Client::new(Service::Customer, &self.customer.url(), Clock::system()).expect("a client");
        client.call::<E>(&Bearer(token.into()), path, query, body, &Default::default()).await.ok()
    }

    /// A customer who bought so many days ago.
    async fn buyer(&self, number: u32, days: i64) -> CustomerId {
        let query = OrgUnitFilter { code: Some("hq".to_owned()), ..OrgUnitFilter::default() };
        let root = eventually("the root unit exists", LONG, || async {
            self.call::<ListOrgUnits>(&NONE, &query, &Nothing).await?.items.pop()
        })
        .await;
        let new = new_customer(root.id, "Seldom Seen", &format!("+86139000081{number:02}"));
        let id = self.call::<RegisterCustomer>(&NONE, &NONE, &new).await.expect("registered").id;
        self.bought(id, number, days).await;
        id
    }

    async fn bought(&self, customer: CustomerId, number: u32, days: i64) {
        let now = self.clock.now();
        let bought_at = now - TimeDelta::days(days);
        let purchase = points::purchase(customer, Uuid::from_u128(u128::from(number)), bought_at, 100);
        let event = Delivery::Event(Arc::new(Envelope {
            specversion: "1.0".to_owned(),
            id: clock::new_id(now).into(),
            source: "/interaction".to_owned(),
            kind: PurchaseRecorded::DECLARATION.name.to_owned(),
            subject: customer.into(),
            time: bought_at,
            recordedat: now,
            revision: i64::from(number),
            traceparent: None,
            datacontenttype: "application/json".to_owned(),
            data: to_raw_value(&purchase).expect("JSON"),
        }));
        deliver(&self.customer.runtime, &[event], None).await.expect("delivered");
    }

    async fn stage(&self, customer_id: CustomerId) -> CustomerStage {
        self.call::<GetCustomer>(&CustomerPath { customer_id }, &NONE, &Nothing).await.expect("a file").stage
    }

    /// How often it was told in the last seven days that the customer's file is another one. The outbox forgets what
    /// is older than fourteen.
    async fn told(&self, customer: CustomerId) -> usize {
        let since = self.clock.now() - TimeDelta::days(7);
        let db = &self.customer.runtime.db;
        let asked = statement(db.read(), "SELECT envelope FROM outbox ORDER BY id", vec![]);
        let rows = db.read().query_all_raw(asked).await.expect("the outbox");
        let read = |text: String| serde_json::from_str::<Envelope>(&text).expect("an envelope");
        let all = rows.iter().map(|row| read(row.try_get_by_index(0).expect("text")));
        let kind = CustomerChanged::DECLARATION.name;
        all.filter(|one| one.kind == kind && one.subject == customer.uuid() && one.recordedat > since).count()
    }

    async fn is_told(&self, customer: CustomerId, times: usize) {
        eventually("it is told", LONG, || async { (self.told(customer).await == times).then_some(()) }).await;
    }
}

async fn lapsing(place: Place) {
    let clock = Clock::standing(Clock::system().now());
    let shared = Shared { clock: clock.clone(), ..Shared::default() };
    let customer = start_service(Service::Customer, &place.config, &shared).await;
    let register = Register { customer, clock: clock.clone(), data: place.config.data.clone() };
    let (first, second) = (register.buyer(1, 364).await, register.buyer(2, 361).await);
    let loyal = register.buyer(3, 364).await;
    assert_eq!(register.stage(first).await, CustomerStage::FirstBuyer);
    assert_eq!((register.told(first).await, register.told(second).await), (1, 1), "of the first purchase");

    clock.advance(Duration::from_secs(2 * 86_400));
    // One of those who would lapse today buys in time, or just in time.
    register.bought(loyal, 4, 0).await;
    register.is_told(first, 2).await;
    assert_eq!(register.stage(first).await, CustomerStage::Lapsed);
    assert_eq!((register.stage(second).await, register.told(second).await), (CustomerStage::FirstBuyer, 1));
    assert_eq!(register.stage(loyal).await, CustomerStage::RepeatBuyer);

    // What comes late of a lapsed customer's past tells nothing new, and the next round tells of others only.
    register.bought(first, 5, 500).await;
    clock.advance(Duration::from_secs(3 * 86_400));
    register.is_told(second, 2).await;
    assert_eq!(register.told(first).await, 2, "a lapse is told once");

    // Whoever comes back can lapse again.
    register.bought(first, 6, 0).await;
    register.is_told(first, 3).await;
    assert_eq!(register.stage(first).await, CustomerStage::RepeatBuyer);
    clock.advance(Duration::from_secs(367 * 86_400));
    register.is_told(first, 1).await;
    assert_eq!(register.stage(first).await, CustomerStage::Lapsed);
    register.customer.end().await;
}
on_both!(who_lapses_is_told_of_on_that_day_and_once, super::lapsing);
