//! One story that touches every reaction: an organisation that is built and rebuilt, people who come and
//! move, customers who register, change, buy and return. Ids and times are the same whenever it is told.

use std::{fs, path::Path, sync::LazyLock};

use chrono::{DateTime, TimeDelta, Utc};
use kit::clock::Clock;
use schema::{
    api::{
        customer::{CustomerKind, CustomerStatus, OrgUnitKind, OrgUnitStatus, StaffStatus},
        survey::Instrument,
    },
    event::{
        AnswerReceived, CustomerChanged, CustomerRegistered, EVENTS, Envelope, Event, OrgUnitChanged,
        OrgUnitCreated, OrgUnitMoved, PointsEarned, PurchaseRecorded, PurchaseReturned, StaffChanged,
        StaffJoined,
        customer::{CustomerState, OrgUnitState, StaffState},
        interaction::{PurchaseRecorded as Purchase, PurchaseReturned as Return},
        loyalty::PointsMoved,
        survey::AnswerReceived as Answer,
    },
    ids::{EventId, PurchaseReturnId},
    topology::Service,
    value::{Minor, Points},
};
use uuid::Uuid;

use super::state::State;
use crate::bus::facts;

/// The beginning: yesterday, so that an inbox still remembers it.
pub(super) static BEGIN: LazyLock<DateTime<Utc>> =
    LazyLock::new(|| Clock::system().now() - TimeDelta::days(1));

const HQ: u128 = 0x10;
const NORTH: u128 = 0x11;
const SOUTH: u128 = 0x12;
pub(super) const SHOP: u128 = 0x13;
pub(super) const SELLER: u128 = 0x20;
pub(super) const ANNA: u128 = 0x30;
pub(super) const BEN: u128 = 0x31;

pub(super) fn id<T: From<Uuid>>(number: u128) -> T {
    Uuid::from_u128(number).into()
}

#[derive(Default)]
pub(super) struct Teller(Vec<Envelope>);

impl Teller {
    pub(super) fn tell<E: Event>(&mut self, subject: u128, revision: i64, data: &E::Data) -> EventId {
        let minutes = TimeDelta::minutes(i64::try_from(self.0.len()).expect("a short story"));
        let mut envelope = facts::envelope::<E>(id(subject), revision, data);
        envelope.id = id(0x1000 + self.0.len() as u128);
        envelope.time = *BEGIN + minutes;
        envelope.recordedat = envelope.time;
        let told = envelope.id;
        self.0.push(envelope);
        told
    }

    fn unit<E: Event<Data = OrgUnitState>>(
        &mut self,
        unit: u128,
        revision: i64,
        code: &str,
        parent: Option<u128>,
        status: OrgUnitStatus,
    ) {
        let kind = match unit {
            HQ => OrgUnitKind::Headquarters,
            SHOP => OrgUnitKind::Outlet,
            _ => OrgUnitKind::Company,
        };
        let data = OrgUnitState {
            org_unit_id: id(unit),
            code: code.to_owned(),
            kind,
            parent_id: parent.map(id),
            status,
        };
        self.tell::<E>(unit, revision, &data);
    }

    fn seller<E: Event<Data = StaffState>>(&mut self, revision: i64, unit: u128) {
        let data = StaffState {
            staff_id: id(SELLER),
            code: "seller".to_owned(),
            org_unit_id: id(unit),
            status: StaffStatus::Active,
        };
        self.tell::<E>(SELLER, revision, &data);
    }

    fn customer<E: Event<Data = CustomerState>>(
        &mut self,
        who: u128,
        revision: i64,
        status: CustomerStatus,
        serving: &[u128],
    ) {
        let data = CustomerState {
            customer_id: id(who),
            kind: CustomerKind::Consumer,
            status,
            home_unit_id: id(SHOP),
            serving_unit_ids: serving.iter().map(|unit| id(*unit)).collect(),
        };
        self.tell::<E>(who, revision, &data);
    }

    fn bought(&mut self, who: u128, revision: i64, purchase: u128, amount: i64) {
        let data = Purchase {
            purchase_id: id(purchase),
            customer_id: id(who),
            org_unit_id: id(SHOP),
            staff_id: Some(id(SELLER)),
            occurred_at: *BEGIN + TimeDelta::minutes(revision),
            currency: facts::yuan(),
            total_minor: Minor::new(amount),
            lines: Vec::new(),
        };
        self.tell::<PurchaseRecorded>(who, revision, &data);
    }

    fn returned(&mut self, who: u128, revision: i64, purchase: u128, before: i64, amount: i64) {
        let data = Return {
            return_id: PurchaseReturnId::from(Uuid::from_u128(0x60 + revision.unsigned_abs() as u128)),
            occurred_at: *BEGIN + TimeDelta::minutes(60 + revision),
            ..facts::given_back(id(who), id(purchase), before, amount)
        };
        self.tell::<PurchaseReturned>(who, revision, &data);
    }
}

impl Teller {
    /// Every further event type as its golden message tells it, twice, about both customers. Only the view
    /// follows these; one that changes something elsewhere belongs into the story itself.
    fn tell_the_rest(&mut self) {
        let told: Vec<String> = self.0.iter().map(|envelope| envelope.kind.clone()).collect();
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../schema/events");
        for event in EVENTS.iter().filter(|event| !told.iter().any(|kind| kind == event.name)) {
            assert_eq!(event.consumers, [Service::Gateway], "{} belongs into the story", event.name);
            let text =
                fs::read_to_string(folder.join(format!("{}.json", event.name))).expect("a golden message");
            for (who, revision) in [(ANNA, 5), (BEN, 4), (ANNA, 6), (BEN, 2)] {
                let mut envelope: Envelope = serde_json::from_str(&text).expect("an envelope");
                envelope.id = id(0x1000 + self.0.len() as u128);
                envelope.subject = id(who);
                envelope.revision = revision;
                envelope.time = *BEGIN;
                envelope.recordedat = *BEGIN;
                self.0.push(envelope);
            }
        }
    }
}

/// The story as it happened.
pub(super) fn story() -> Vec<Envelope> {
    use CustomerStatus::{Active, Inactive};
    use OrgUnitStatus::{Closed, Open};
    let mut teller = Teller::default();
    teller.unit::<OrgUnitCreated>(HQ, 1, "hq", None, Open);
    teller.unit::<OrgUnitCreated>(NORTH, 1, "north", Some(HQ), Open);
    teller.unit::<OrgUnitCreated>(SOUTH, 1, "south", Some(HQ), Open);
    teller.unit::<OrgUnitCreated>(SHOP, 1, "shop", Some(NORTH), Open);
    teller.seller::<StaffJoined>(1, NORTH);
    teller.customer::<CustomerRegistered>(ANNA, 1, Active, &[]);
    teller.bought(ANNA, 1, 0x40, 150_050);
    teller.unit::<OrgUnitChanged>(NORTH, 2, "north", Some(HQ), Closed);
    teller.unit::<OrgUnitMoved>(SHOP, 2, "shop", Some(SOUTH), Open);
    teller.unit::<OrgUnitMoved>(SOUTH, 2, "south", Some(NORTH), Open);
    teller.seller::<StaffChanged>(2, SHOP);
    teller.customer::<CustomerRegistered>(BEN, 1, Active, &[NORTH]);
    teller.customer::<CustomerChanged>(ANNA, 2, Active, &[NORTH, SOUTH]);
    teller.returned(ANNA, 2, 0x40, 0, 50_049);
    teller.bought(BEN, 1, 0x41, 99_950);
    teller.returned(ANNA, 3, 0x40, 50_049, 49_951);
    teller.customer::<CustomerChanged>(BEN, 2, Inactive, &[]);
    teller.bought(ANNA, 4, 0x42, 450_099);
    teller.returned(BEN, 2, 0x41, 0, 99_950);
    teller.bought(BEN, 3, 0x43, 2_000_001);
    teller.customer::<CustomerChanged>(ANNA, 3, Active, &[SOUTH]);
    teller.unit::<OrgUnitChanged>(HQ, 2, "hq", None, Open);
    teller.seller::<StaffChanged>(3, SOUTH);
    super::asked::story(&mut teller);
    // Told by other services; only the view follows these.
    let moved = PointsMoved {
        entry_id: id(0x70),
        customer_id: id(ANNA),
        purchase_id: id(0x40),
        points: Points::new(1_500),
        occurred_at: *BEGIN,
    };
    teller.tell::<PointsEarned>(ANNA, 1, &moved);
    let answer = Answer {
        answer_id: id(0x71),
        customer_id: id(BEN),
        instrument: Instrument::Nps,
        score: 9,
        org_unit_id: Some(id(SHOP)),
        purchase_id: None,
        occurred_at: *BEGIN,
        case_id: None,
        invitation_id: None,
        phase: None,
        low: None,
    };
    teller.tell::<AnswerReceived>(BEN, 1, &answer);
    teller.tell_the_rest();
    teller.0
}

/// What loyalty must know after the story, by calculation and not by comparison.
pub(super) fn check_loyalty(state: &State) {
    let accounts = &state["points_account"];
    // 1,500.50 less 1,000.00 returned leave 500 points, and 4,500.99 earn 4,500.
    assert!(accounts[0].starts_with(&format!("{} 5000 5000 gold ", Uuid::from_u128(ANNA))), "{accounts:?}");
    assert!(
        accounts[1].starts_with(&format!("{} 20000 20000 platinum ", Uuid::from_u128(BEN))),
        "{accounts:?}"
    );
    assert_eq!(state["points_entry"].len(), 7, "four purchases, three returns");
    let paths: Vec<&str> = state["org_unit"].iter().filter_map(|row| row.split(' ').nth(5)).collect();
    assert_eq!(paths, ["/hq/", "/hq/north/", "/hq/north/south/", "/hq/north/south/shop/"]);
}
