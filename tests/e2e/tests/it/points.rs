//! Points that are spent, held and given: the loyalty service alone, fed with events by hand.

mod burns;
mod histories;
mod holds;

use std::{collections::BTreeMap, path::PathBuf, sync::Arc, time::Duration};

use kit::{
    Running,
    client::{CallError, CallOptions, Client},
    clock::{self, Clock},
    db::statement,
    inbox::{Delivery, deliver},
    service::Shared,
};
use schema::{
    access::Role,
    api::{
        Endpoint, NoParameters, Nothing,
        customer::{CustomerKind, CustomerPath, CustomerStatus, OrgUnitKind, OrgUnitStatus},
        loyalty::{GetAccount, LoyaltyAccount},
    },
    event::{
        CustomerRegistered, Envelope, Event, OrgUnitCreated, PurchaseRecorded,
        customer::{CustomerState, OrgUnitState},
        interaction::PurchaseRecorded as Purchase,
    },
    ids::CustomerId,
    topology::Service,
    value::{Currency, Minor},
};
use sea_orm::ConnectionTrait as _;
use serde_json::value::to_raw_value;
use testkit::{Person, Place, suite::start_service};
use tokio::sync::Mutex;
use uuid::Uuid;

pub(crate) const NONE: NoParameters = NoParameters {};
const HQ: u128 = 0x10;
/// The unit whose customers the tests are about.
pub(crate) const NORTH: u128 = 0x11;
/// The other unit.
pub(crate) const SOUTH: u128 = 0x12;

/// The loyalty service with two units, and a clock that stands until it is moved.
pub(crate) struct Stage {
    pub(crate) running: Running,
    pub(crate) clock: Clock,
    pub(crate) manager: Person,
    client: Client,
    data: PathBuf,
    /// What was told, by its place in the outbox.
    heard: Mutex<BTreeMap<i64, Envelope>>,
}

impl Stage {
    pub(crate) async fn start(place: &Place) -> Self {
        Self::start_at(place, Clock::system().now()).await
    }

    /// With a clock that stands at a time, which is not later than now: a token would have run out.
    pub(crate) async fn start_at(place: &Place, now: chrono::DateTime<chrono::Utc>) -> Self {
        let clock = Clock::standing(now);
        let shared = Shared { clock: clock.clone(), ..Shared::default() };
        let running = start_service(Service::Loyalty, &place.config, &shared).await;
        let data = place.config.data.clone();
        let client = Client::new(Service::Loyalty, &running.url(), Clock::system()).expect("a client");
        let manager = Person::new(&data, Role::Manager, "north");
        let stage = Self { running, clock, manager, client, data, heard: Mutex::default() };
        let kinds = [
            (HQ, "hq", OrgUnitKind::Headquarters, None),
            (NORTH, "north", OrgUnitKind::Outlet, Some(HQ)),
            (SOUTH, "south", OrgUnitKind::Outlet, Some(HQ)),
        ];
        let units = kinds.map(|(id, code, kind, parent)| {
            let state = OrgUnitState {
                org_unit_id: Uuid::from_u128(id).into(),
                code: code.to_owned(),
                kind,
                parent_id: parent.map(|parent| Uuid::from_u128(parent).into()),
                status: OrgUnitStatus::Open,
            };
            stage.event::<OrgUnitCreated>(Uuid::from_u128(id), &state)
        });
        stage.deliver(&units).await;
        stage
    }

    pub(crate) fn person(&self, role: Role, unit: &str) -> Person {
        Person::new(&self.data, role, unit)
    }

    /// An event as it would come off the wire.
    pub(crate) fn event<E: Event>(&self, subject: Uuid, data: &E::Data) -> Delivery {
        let now = self.clock.now();
        Delivery::Event(Arc::new(Envelope {
            specversion: "1.0".to_owned(),
            id: clock::new_id(now).into(),
            source: format!("/{}", E::DECLARATION.publisher),
            kind: E::DECLARATION.name.to_owned(),
            subject,
            time: now,
            recordedat: now,
            revision: 1,
            traceparent: None,
            datacontenttype: "application/json".to_owned(),
            data: to_raw_value(data).expect("JSON"),
        }))
    }

    pub(crate) async fn deliver(&self, batch: &[Delivery]) {
        deliver(&self.running.runtime, batch, None).await.expect("delivered");
    }

    /// The event that makes a customer of a unit known.
    pub(crate) fn registered(&self, customer: CustomerId, unit: u128) -> Delivery {
        let state = CustomerState {
            customer_id: customer,
            kind: CustomerKind::Consumer,
            status: CustomerStatus::Active,
            home_unit_id: Uuid::from_u128(unit).into(),
            serving_unit_ids: Vec::new(),
        };
        self.event::<CustomerRegistered>(customer.uuid(), &state)
    }

    /// A customer of a unit who bought for so much.
    pub(crate) async fn member(&self, unit: u128, amount_minor: i64) -> CustomerId {
        let customer = clock::new_id(self.clock.now()).into();
        let bought = purchase(customer, clock::new_id(self.clock.now()), self.clock.now(), amount_minor);
        let bought = self.event::<PurchaseRecorded>(customer.uuid(), &bought);
        self.deliver(&[self.registered(customer, unit), bought]).await;
        customer
    }

    pub(crate) async fn call<E: Endpoint>(
        &self,
        who: &Person,
        path: &E::Path,
        query: &E::Query,
        body: &E::Body,
    ) -> Result<E::Reply, CallError> {
        self.call_with::<E>(who, path, query, body, CallOptions::default()).await
    }

    pub(crate) async fn call_with<E: Endpoint>(
        &self,
        who: &Person,
        path: &E::Path,
        query: &E::Query,
        body: &E::Body,
        options: CallOptions,
    ) -> Result<E::Reply, CallError> {
        let options = CallOptions { deadline: Some(Duration::from_secs(20)), ..options };
        self.client.call::<E>(&who.bearer, path, query, body, &options).await
    }

    pub(crate) async fn account(&self, customer_id: CustomerId) -> LoyaltyAccount {
        let path = CustomerPath { customer_id };
        self.call::<GetAccount>(&self.manager, &path, &NONE, &Nothing).await.expect("an account")
    }

    /// Moves the clock to a time, after all that was told was heard: an outbox is tidied up by the clock.
    pub(crate) async fn go_to(&self, to: &str) {
        self.hear().await;
        let to: chrono::DateTime<chrono::Utc> = to.parse().expect("a time");
        self.clock.advance((to - self.clock.now()).to_std().expect("a later time"));
    }

    async fn hear(&self) {
        let db = &self.running.runtime.db;
        let sql = "SELECT id, envelope FROM outbox ORDER BY id";
        let rows = db.read().query_all_raw(statement(db.read(), sql, vec![])).await.expect("the outbox");
        let mut heard = self.heard.lock().await;
        for row in &rows {
            let (id, text): (i64, String) =
                (row.try_get("", "id").expect("an id"), row.try_get("", "envelope").expect("an envelope"));
            heard.insert(id, serde_json::from_str(&text).expect("an envelope"));
        }
    }

    /// What was told of a type, the oldest first.
    pub(crate) async fn told<E: Event>(&self) -> Vec<E::Data> {
        self.hear().await;
        let heard = self.heard.lock().await;
        let of_type = heard.values().filter(|envelope| envelope.kind == E::DECLARATION.name);
        of_type.map(|envelope| envelope.data::<E>().expect("its data")).collect()
    }

    /// Whatever happened: all postings sum to zero, and every balance is the sum of its own.
    pub(crate) async fn check_ledger(&self) {
        let db = &self.running.runtime.db;
        assert_eq!(loyalty::ledger_total(db).await.expect("a total"), 0);
        assert_eq!(loyalty::unbalanced_accounts(db).await.expect("a count"), 0);
    }
}

/// Balance, available, held and qualifying points.
pub(crate) fn figures(account: &LoyaltyAccount) -> [i64; 4] {
    [account.balance, account.available, account.held, account.qualifying]
        .map(|points| points.expect("a manager sees points").get())
}

pub(crate) fn purchase(
    customer: CustomerId,
    id: Uuid,
    at: chrono::DateTime<chrono::Utc>,
    amount_minor: i64,
) -> Purchase {
    Purchase {
        purchase_id: id.into(),
        customer_id: customer,
        org_unit_id: Uuid::from_u128(NORTH).into(),
        staff_id: None,
        occurred_at: at,
        currency: Currency::try_from("CNY".to_owned()).expect("a currency"),
        total_minor: Minor::new(amount_minor),
        lines: Vec::new(),
    }
}
