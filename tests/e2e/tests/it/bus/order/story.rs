//! One story that touches every reaction: an organisation that is built and rebuilt, people who come and
//! move, customers who register, change, buy and return. Ids and times are the same whenever it is told.

mod profile;
mod recovery;

use std::{fs, path::Path, sync::LazyLock};

use chrono::{DateTime, TimeDelta, Utc};
use kit::{Running, Work, clock::Clock, command};
use schema::{
    api::{
        customer::{CustomerKind, CustomerStatus, OrgUnitKind, OrgUnitStatus, StaffStatus},
        interaction::{Channel, ContactDirection, Phase},
        survey::Instrument,
    },
    event::{
        AnswerReceived, ContactRecorded, CustomerChanged, CustomerRegistered, EVENTS, Envelope, Event,
        OrgUnitChanged, OrgUnitCreated, OrgUnitMoved, PointsEarned, PurchaseRecorded, PurchaseReturned,
        ReplenishmentDue, StaffChanged, StaffJoined, StaffLeft,
        customer::{CustomerState, OrgUnitState, StaffLeft as LeftStaff, StaffState},
        interaction::{
            ContactRecorded as Contact, Line, PurchaseRecorded as Purchase, PurchaseReturned as Return,
        },
        loyalty::{PointsMoved, ReplenishmentDue as Due},
        survey::AnswerReceived as Answer,
    },
    ids::{EventId, PurchaseReturnId},
    topology::Service,
    value::{Milli, Minor, Points},
};
use uuid::Uuid;

use super::state::State;
use crate::bus::{facts, stage::deciding};

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
            lines: vec![Line {
                line_no: 1,
                sku: "rice".to_owned(),
                quantity_milli: Milli::new(5_000),
                amount_minor: Minor::new(amount),
            }],
        };
        self.tell::<PurchaseRecorded>(who, revision, &data);
    }

    fn tried(&mut self, who: u128, revision: i64, channel: Channel, answered: Option<bool>) {
        let data = Contact {
            contact_id: id(0x80 + self.0.len() as u128),
            customer_id: id(who),
            org_unit_id: id(SHOP),
            staff_id: Some(id(SELLER)),
            channel,
            direction: ContactDirection::Outbound,
            phase: Phase::Aftersales,
            occurred_at: *BEGIN + TimeDelta::minutes(revision),
            topic: "delivery".to_owned(),
            outcome: None,
            promise_due_at: None,
            answered,
        };
        self.tell::<ContactRecorded>(who, revision, &data);
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
    fn contacted(&mut self, who: u128, revision: i64, contact: u128, phase: Phase) {
        let data = Contact {
            contact_id: id(contact),
            customer_id: id(who),
            org_unit_id: id(SHOP),
            staff_id: Some(id(SELLER)),
            channel: Channel::Counter,
            direction: ContactDirection::Inbound,
            phase,
            occurred_at: *BEGIN + TimeDelta::minutes(revision),
            topic: "rice".to_owned(),
            outcome: None,
            promise_due_at: None,
            answered: None,
        };
        self.tell::<ContactRecorded>(who, revision, &data);
    }

    /// Loyalty reckons when a customer runs out of something.
    fn reckoned(&mut self, who: u128, revision: i64, sku: &str, days: i64) {
        let runs_out_at = *BEGIN + TimeDelta::days(days);
        let data = Due {
            customer_id: id(who),
            sku: sku.to_owned(),
            runs_out_at,
            deliver_by: runs_out_at - TimeDelta::hours(6),
            quantity_milli: (days > 3).then_some(Milli::new(20_000)),
        };
        self.tell::<ReplenishmentDue>(who, revision, &data);
    }

    /// Whom we tried to reach where, and who asked.
    fn tell_the_attempts(&mut self) {
        self.tried(ANNA, 5, Channel::Sms, Some(true));
        self.tried(ANNA, 6, Channel::Phone, Some(false));
        self.tried(BEN, 4, Channel::Sms, None);
        self.tried(ANNA, 7, Channel::Sms, Some(false));
        self.tried(BEN, 5, Channel::Sms, Some(true));
        self.tried(ANNA, 8, Channel::Sms, Some(true));
        self.contacted(ANNA, 7, 0x50, Phase::Presales);
        self.contacted(BEN, 5, 0x51, Phase::Aftersales);
    }

    /// Reckoned anew, twice by one revision: the later one counts, whatever comes last.
    fn tell_the_reckonings(&mut self) {
        self.reckoned(ANNA, 2, "rice-jasmine", 9);
        self.reckoned(ANNA, 4, "rice-jasmine", 2);
        self.reckoned(ANNA, 4, "rice-jasmine", 5);
        self.reckoned(ANNA, 3, "rice-jasmine", 1);
        self.reckoned(ANNA, 3, "oil", 3);
        self.reckoned(BEN, 1, "rice-jasmine", 4);
    }

    fn tell_the_departure(&mut self) {
        let left = LeftStaff {
            staff_id: id(SELLER),
            code: "seller".to_owned(),
            org_unit_id: id(SOUTH),
            status: StaffStatus::Left,
            successor_id: id(0x21),
        };
        self.tell::<StaffLeft>(SELLER, 4, &left);
    }

    /// Every further event type that the view follows, as its golden message tells it, twice, about both
    /// customers. For the view an event is like any other; elsewhere each belongs into the story itself.
    fn tell_the_rest(&mut self, service: Service) {
        let told: Vec<String> = self.0.iter().map(|envelope| envelope.kind.clone()).collect();
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../schema/events");
        let heard = EVENTS.iter().filter(|event| event.consumers.contains(&service));
        for event in heard.filter(|event| !told.iter().any(|kind| kind == event.name)) {
            assert_eq!(service, Service::Gateway, "{} belongs into the story of {service}", event.name);
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

/// The story as it happened, with the part that is about what the service does.
pub(super) fn story(service: Service) -> Vec<Envelope> {
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
    match service {
        Service::Customer => teller.tell_the_attempts(),
        Service::Interaction => {
            teller.tell_the_reckonings();
            recovery::tell(&mut teller);
        }
        Service::Loyalty => teller.tell_the_profile(),
        Service::Survey => super::asked::story(&mut teller),
        Service::Gateway => {}
    }
    if service != Service::Interaction {
        teller.tell_the_departure();
    }
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
    teller.tell_the_rest(service);
    teller.0
}

/// The customers as the service that owns them has them: one who was there before the story, and one who is
/// registered while it is told.
pub(super) const REGISTERED: [u128; 2] = [ANNA, BEN];

/// Registers a customer of the story with the service that owns them.
pub(super) async fn register(customer: &Running, who: u128) {
    let decision = deciding(move |work: &mut Work| {
        Box::pin(async move {
            let values = vec![id::<Uuid>(who).into(), id::<Uuid>(SHOP).into(), (*BEGIN).into()];
            let sql = "INSERT INTO customer (id, kind, status, name, name_key, home_unit_id, registered_at, \
                       changed_at) VALUES ($1, 'consumer', 'active', '', '', $2, $3, $3)";
            work.execute(sql, values).await?;
            work.revise(id::<Uuid>(who), None).await?;
            work.arrived(id::<Uuid>(who));
            Ok(())
        })
    });
    command::run(&customer.runtime, None, None, decision).await.expect("registers");
}

/// What customer must know after the story, by calculation and not by comparison.
pub(super) fn check_customer(state: &State) {
    let last = |minutes| *BEGIN + TimeDelta::minutes(minutes);
    for (row, who, contacts, minutes) in [(0, ANNA, 1, 4), (1, BEN, 0, 3)] {
        let row = &state["customer"][row];
        assert!(row.starts_with(&format!("{} 2 {contacts} repeat_buyer ", Uuid::from_u128(who))), "{row}");
        assert!(row.contains(&last(minutes).format("%H:%M:%S").to_string()), "{row}");
    }
    let (anna, ben) = (Uuid::from_u128(ANNA), Uuid::from_u128(BEN));
    let usage = [format!("{anna} phone 1 0"), format!("{anna} sms 3 2"), format!("{ben} sms 1 1")];
    assert_eq!(state["channel_usage"], usage);
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
    check_profiles(state);
    let paths: Vec<&str> = state["org_unit"].iter().filter_map(|row| row.split(' ').nth(5)).collect();
    assert_eq!(paths, ["/hq/", "/hq/north/", "/hq/north/south/", "/hq/north/south/shop/"]);
}

/// What the profiles must say after the story.
fn check_profiles(state: &State) {
    let profiles = &state["profile"];
    // Purchases, currency, contacts; open cases, complaints, resolved; NPS, CSAT, CES; recovered.
    let rest =
        |who: u128, row: &str| row.strip_prefix(&format!("{} ", Uuid::from_u128(who))).map(str::to_owned);
    let figures = |who: u128| {
        let row = profiles.iter().find_map(|row| rest(who, row)).expect("a profile");
        row.split(' ').take(10).collect::<Vec<&str>>().join(" ")
    };
    assert_eq!(figures(ANNA), "2 CNY 2 1 1 0 9 - - 1", "{profiles:?}");
    assert_eq!(figures(BEN), "2 CNY 1 0 0 1 9 2 - -", "{profiles:?}");
    assert_eq!(state["profile_consent"].len(), 3, "the withdrawal names one channel, Ben's grant two");
    assert_eq!(state["profile_attribute"].len(), 2);
    // Both are gold or higher and bought twice; of the second segment Anna is one, and Ben is not.
    assert_eq!(state["segment_member"].len(), 3, "{:?}", state["segment_member"]);
}
