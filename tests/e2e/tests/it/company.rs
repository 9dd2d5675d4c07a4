//! A small organisation that tests begin with: two companies with an outlet each, and people in them.

use std::time::Duration;

use schema::{
    access::Role,
    api::{
        NoParameters, Nothing,
        customer::{
            ContactKind, CreateOrgUnit, CustomerFile, CustomerKind, JoinStaff, ListOrgUnits, NewContactPoint,
            NewCustomer, NewOrgUnit, NewStaff, OrgUnitFilter, OrgUnitKind, RegisterCustomer,
        },
        interaction::{Channel, NewPurchase, NewPurchaseLine},
    },
    ids::{OrgUnitId, StaffId},
    topology::Service,
    value::{Currency, Milli, Minor},
};
use testkit::{Person, Suite, eventually};

/// The units `north` › `north-1` and `south` › `south-1` below `hq`, and who works there.
pub(crate) struct Company {
    pub(crate) north: OrgUnitId,
    pub(crate) south: OrgUnitId,
    pub(crate) north_1: OrgUnitId,
    pub(crate) south_1: OrgUnitId,
    pub(crate) seller: StaffId,
    /// Configures the organisation.
    pub(crate) admin: Person,
    /// Leads the outlet `north-1`.
    pub(crate) manager_north_1: Person,
    /// Leads the outlet `south-1`.
    pub(crate) manager_south_1: Person,
    /// Leads everything.
    pub(crate) manager_hq: Person,
}

impl Company {
    /// Creates it through the customer service's own API.
    pub(crate) async fn found(suite: &Suite) -> Self {
        let admin = suite.person(Role::Admin, "hq");
        let root = eventually("the root unit exists", Duration::from_secs(10), || async {
            let filter = OrgUnitFilter { code: Some("hq".to_owned()), ..OrgUnitFilter::default() };
            let none = NoParameters::default();
            let page =
                suite.call::<ListOrgUnits>(Service::Customer, &admin, &none, &filter, &Nothing).await.ok()?;
            page.items.into_iter().next()
        })
        .await;
        let north = unit(suite, &admin, "north", OrgUnitKind::Company, root.id).await;
        let south = unit(suite, &admin, "south", OrgUnitKind::Company, root.id).await;
        let north_1 = unit(suite, &admin, "north-1", OrgUnitKind::Outlet, north).await;
        let south_1 = unit(suite, &admin, "south-1", OrgUnitKind::Outlet, south).await;
        let new = NewStaff { code: "zhao".to_owned(), name: "Zhao Lan".to_owned(), org_unit_id: north_1 };
        let none = NoParameters::default();
        let seller =
            suite.call::<JoinStaff>(Service::Customer, &admin, &none, &none, &new).await.expect("joins").id;
        Self {
            north,
            south,
            north_1,
            south_1,
            seller,
            manager_north_1: suite.person(Role::Manager, "north-1"),
            manager_south_1: suite.person(Role::Manager, "south-1"),
            manager_hq: suite.person(Role::Manager, "hq"),
            admin,
        }
    }

    /// Registers a customer of a unit with a phone number.
    pub(crate) async fn register(
        &self,
        suite: &Suite,
        unit: OrgUnitId,
        name: &str,
        phone: &str,
    ) -> CustomerFile {
        let none = NoParameters::default();
        let new = new_customer(unit, name, phone);
        suite
            .call::<RegisterCustomer>(Service::Customer, &self.manager_hq, &none, &none, &new)
            .await
            .expect("registers")
    }
}

async fn unit(
    suite: &Suite,
    admin: &Person,
    code: &str,
    kind: OrgUnitKind,
    parent_id: OrgUnitId,
) -> OrgUnitId {
    let new =
        NewOrgUnit { code: code.to_owned(), name: format!("Unit {code}"), kind, parent_id, details: None };
    let none = NoParameters::default();
    suite.call::<CreateOrgUnit>(Service::Customer, admin, &none, &none, &new).await.expect("a new unit").id
}

/// A customer to register.
pub(crate) fn new_customer(unit: OrgUnitId, name: &str, phone: &str) -> NewCustomer {
    NewCustomer {
        kind: CustomerKind::Consumer,
        name: name.to_owned(),
        birth_date: chrono::NaiveDate::from_ymd_opt(1970, 5, 1),
        language: Some("zh-Hans".to_owned()),
        market_type: None,
        home_unit_id: unit,
        contact_points: vec![NewContactPoint { kind: ContactKind::Phone, value: phone.to_owned() }],
        external_ids: Vec::new(),
        observations: Vec::new(),
    }
}

/// A purchase of rice for this much.
pub(crate) fn new_purchase(unit: OrgUnitId, staff: Option<StaffId>, amounts: &[i64]) -> NewPurchase {
    NewPurchase {
        org_unit_id: unit,
        staff_id: staff,
        channel: Channel::Counter,
        occurred_at: kit::clock::Clock::system().now(),
        currency: Currency::try_from("CNY".to_owned()).expect("a currency"),
        lines: amounts
            .iter()
            .map(|amount| NewPurchaseLine {
                sku: "rice-jasmine".to_owned(),
                quantity_milli: Milli::new(5_000),
                amount_minor: Minor::new(*amount),
            })
            .collect(),
    }
}
