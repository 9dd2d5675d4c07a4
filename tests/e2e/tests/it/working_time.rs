//! Working time through the API: the interaction service alone, fed with events by hand, with a clock that
//! stands until it is moved (row 49).

use std::{path::PathBuf, sync::Arc, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};
use kit::{
    Running,
    auth::DevelopmentIssuer,
    client::{CallError, CallOptions, Client},
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
        customer::{CustomerKind, CustomerPath, CustomerStatus, OrgUnitKind, OrgUnitStatus, StaffStatus},
        interaction::{
            AssignCalendar, Calendar, CalendarChange, CalendarPath, CalendarUnit, CalendarsQuery, Case,
            CasePath, CaseReason, CaseResolution, ChangeCalendar, CreateCalendar, GetCalendar, GetCase,
            ListCalendars, NewCalendar, NewCase, NewStandard, OpenCase, ReopenCase, ResolveCase,
            ServiceStandard, SetStandard, Severity, Span, SpecialDay, Weekday, WeekdayHours,
        },
        problem::Code,
    },
    event::{
        CustomerRegistered, Envelope, Event, OrgUnitCreated, StaffJoined,
        customer::{CustomerState, OrgUnitState, StaffState},
    },
    ids::{CalendarId, CustomerId, OrgUnitId, StaffId},
    topology::Service,
};
use sea_orm::ConnectionTrait as _;
use serde_json::value::to_raw_value;
use testkit::{Person, Place, suite::start_service};
use uuid::Uuid;

use crate::{commands::problem, on_both};

pub(crate) const NONE: NoParameters = NoParameters {};
const HQ: u128 = 0x10;
const NORTH: u128 = 0x11;
/// The outlet that the tests are about, below the company `north`.
pub(crate) const SHOP: u128 = 0x12;
/// An outlet elsewhere.
pub(crate) const SOUTH: u128 = 0x13;
/// Friday, 17:30 in Shanghai.
pub(crate) const FRIDAY: &str = "2026-11-20T17:30:00+08:00";

/// An id that a test gave.
pub(crate) fn id<T: From<Uuid>>(number: u128) -> T {
    Uuid::from_u128(number).into()
}

pub(crate) fn at(text: &str) -> DateTime<Utc> {
    text.parse().expect("a time")
}

/// The interaction service with three units.
pub(crate) struct Floor {
    pub(crate) running: Running,
    pub(crate) clock: Clock,
    pub(crate) manager: Person,
    client: Client,
    data: PathBuf,
}

impl Floor {
    pub(crate) async fn start(place: &Place, now: &str) -> Self {
        let clock = Clock::standing(at(now));
        let shared = Shared { clock: clock.clone(), ..Shared::default() };
        let running = start_service(Service::Interaction, &place.config, &shared).await;
        let data = place.config.data.clone();
        let client = Client::new(Service::Interaction, &running.url(), Clock::system()).expect("a client");
        let manager = person(&data, "lena", Role::Manager, "shop");
        let floor = Self { running, clock, manager, client, data };
        let units = [
            (HQ, "hq", OrgUnitKind::Headquarters, None),
            (NORTH, "north", OrgUnitKind::Company, Some(HQ)),
            (SHOP, "shop", OrgUnitKind::Outlet, Some(NORTH)),
            (SOUTH, "south", OrgUnitKind::Outlet, Some(HQ)),
        ];
        let units = units.map(|(unit, code, kind, parent)| {
            let state = OrgUnitState {
                org_unit_id: id(unit),
                code: code.to_owned(),
                kind,
                parent_id: parent.map(id),
                status: OrgUnitStatus::Open,
            };
            floor.event::<OrgUnitCreated>(id(unit), 1, &state)
        });
        floor.deliver(&units).await;
        floor.join("lena", SHOP).await;
        floor
    }

    /// Somebody with a token, whether or not they are known as staff.
    pub(crate) fn person(&self, code: &str, role: Role, unit: &str) -> Person {
        person(&self.data, code, role, unit)
    }

    /// Somebody joins a unit.
    pub(crate) async fn join(&self, code: &str, unit: u128) -> StaffId {
        let staff_id = Uuid::new_v5(&Uuid::NAMESPACE_OID, code.as_bytes()).into();
        let state = StaffState {
            staff_id,
            code: code.to_owned(),
            org_unit_id: id(unit),
            status: StaffStatus::Active,
        };
        self.deliver(&[self.event::<StaffJoined>(staff_id.into(), 1, &state)]).await;
        staff_id
    }

    /// A customer of a unit.
    pub(crate) async fn customer(&self, unit: u128) -> CustomerId {
        let customer: CustomerId = clock::new_id(self.clock.now()).into();
        let state = CustomerState {
            customer_id: customer,
            kind: CustomerKind::Consumer,
            status: CustomerStatus::Active,
            home_unit_id: id(unit),
            serving_unit_ids: Vec::new(),
        };
        self.deliver(&[self.event::<CustomerRegistered>(customer.into(), 1, &state)]).await;
        customer
    }

    /// An event as it would come off the wire.
    pub(crate) fn event<E: Event>(&self, subject: Uuid, revision: i64, data: &E::Data) -> Delivery {
        let now = self.clock.now();
        Delivery::Event(Arc::new(Envelope {
            specversion: "1.0".to_owned(),
            id: clock::new_id(now).into(),
            source: format!("/{}", E::DECLARATION.publisher),
            kind: E::DECLARATION.name.to_owned(),
            subject,
            time: now,
            recordedat: now,
            revision,
            traceparent: None,
            datacontenttype: "application/json".to_owned(),
            data: to_raw_value(data).expect("JSON"),
        }))
    }

    pub(crate) async fn deliver(&self, batch: &[Delivery]) {
        deliver(&self.running.runtime, batch, None).await.expect("delivered");
    }

    /// Moves the clock on to a time.
    pub(crate) fn until(&self, time: DateTime<Utc>) {
        self.clock.advance((time - self.clock.now()).to_std().expect("ahead"));
    }

    pub(crate) async fn call<E: Endpoint>(
        &self,
        who: &Person,
        path: &E::Path,
        query: &E::Query,
        body: &E::Body,
    ) -> Result<E::Reply, CallError> {
        let options = CallOptions { deadline: Some(Duration::from_secs(20)), ..CallOptions::default() };
        self.client.call::<E>(&who.bearer, path, query, body, &options).await
    }

    /// What was told of one type, oldest first.
    pub(crate) async fn told<E: Event>(&self) -> Vec<E::Data> {
        let db = &self.running.runtime.db;
        let sql = "SELECT envelope FROM outbox ORDER BY id";
        let rows = db.read().query_all_raw(statement(db.read(), sql, vec![])).await.expect("the outbox");
        let envelopes = rows.iter().map(|row| {
            let text: String = row.try_get_by_index(0).expect("an envelope");
            serde_json::from_str::<Envelope>(&text).expect("an envelope")
        });
        envelopes
            .filter(|envelope| envelope.kind == E::DECLARATION.name)
            .map(|envelope| envelope.data::<E>().expect("its data"))
            .collect()
    }

    /// A calendar of Monday to Friday, 9 to 18 in Shanghai, by which `north` works with all below it.
    pub(crate) async fn office_hours(&self) -> Calendar {
        let admin = self.person("root", Role::Admin, "hq");
        let calendar = self.call::<CreateCalendar>(&admin, &NONE, &NONE, &office("office")).await;
        let calendar = calendar.expect("a calendar");
        self.assign(&admin, calendar.id, NORTH).await.expect("assigned");
        calendar
    }

    async fn assign(&self, who: &Person, calendar_id: CalendarId, unit: u128) -> Result<(), CallError> {
        let path = CalendarPath { calendar_id };
        let unit: OrgUnitId = id(unit);
        self.call::<AssignCalendar>(who, &path, &NONE, &CalendarUnit { org_unit_id: unit }).await.map(|_| ())
    }

    /// Sets a standard of so many minutes for high severity.
    pub(crate) async fn standard(&self, topic: Option<&str>, minutes: i32) -> ServiceStandard {
        let new = NewStandard {
            topic: topic.map(str::to_owned),
            severity: Severity::High,
            response_minutes: Some(60.min(minutes)),
            resolution_minutes: minutes,
            warning_percent: None,
        };
        // It holds for the whole company, so whoever leads an outlet does not set it.
        let by_outlet = self.call::<SetStandard>(&self.manager, &NONE, &NONE, &new).await;
        assert_eq!(problem(by_outlet).code, Code::Forbidden);
        let head = self.person("root", Role::Manager, "hq");
        self.call::<SetStandard>(&head, &NONE, &NONE, &new).await.expect("a standard")
    }

    pub(crate) async fn open(
        &self,
        who: &Person,
        customer_id: CustomerId,
        new: &NewCase,
    ) -> Result<Case, CallError> {
        self.call::<OpenCase>(who, &CustomerPath { customer_id }, &NONE, new).await
    }

    pub(crate) async fn case(&self, case: &Case) -> Case {
        self.call::<GetCase>(&self.manager, &path_of(case), &NONE, &Nothing).await.expect("a case")
    }

    pub(crate) async fn resolve(&self, who: &Person, case: &Case) -> Result<Case, CallError> {
        let resolution = CaseResolution { outcome: "replaced".into(), notes: None, occurred_at: None };
        self.call::<ResolveCase>(who, &path_of(case), &NONE, &resolution).await
    }
}

pub(crate) fn path_of(case: &Case) -> CasePath {
    CasePath { customer_id: case.customer_id, case_id: case.id }
}

/// Somebody whose token outlasts the weeks that a test's clock is moved by.
fn person(data: &std::path::Path, code: &str, role: Role, unit: &str) -> Person {
    let viewer = Viewer {
        subject: format!("staff:{code}"),
        staff: Some(code.to_owned()),
        org_unit: Some(unit.to_owned()),
        roles: vec![role],
    };
    let issuer = DevelopmentIssuer::load_or_create(data).expect("the development key");
    let token = issuer.mint(&viewer, "customer360", at("2026-01-01T00:00:00Z"), TimeDelta::days(900));
    Person { viewer, bearer: Bearer(token.expect("a token").into()) }
}

/// Monday to Friday, 9 to 18 in Shanghai.
pub(crate) fn office(code: &str) -> NewCalendar {
    let days = [Weekday::Monday, Weekday::Tuesday, Weekday::Wednesday, Weekday::Thursday, Weekday::Friday];
    let spans = || vec![Span { from_minute: 540, to_minute: 1_080 }];
    NewCalendar {
        code: code.to_owned(),
        time_zone: "Asia/Shanghai".to_owned(),
        week: days.map(|weekday| WeekdayHours { weekday, spans: spans() }).to_vec(),
        holidays: Vec::new(),
        special_days: Vec::new(),
    }
}

/// A case of the shop whose due time follows from a standard.
pub(crate) fn new_case(topic: &str) -> NewCase {
    NewCase { due_at: None, topic: topic.to_owned(), ..crate::cases::new_case(id(SHOP), None) }
}

/// Row 49: opened Friday 17:30, four working hours, 9 to 18: due Monday 12:30.
async fn row_49(place: Place) {
    let floor = Floor::start(&place, FRIDAY).await;
    let customer = floor.customer(SHOP).await;
    let anna = floor.join("anna", SHOP).await;
    let clerk = floor.person("anna", Role::Aftersales, "shop");

    // Neither a due time nor a standard: said so at its place.
    let refused = problem(floor.open(&clerk, customer, &new_case("spoiled-goods")).await);
    assert_eq!((refused.status, refused.errors[0].pointer.as_str()), (422, "/due_at"));
    assert!(refused.errors[0].detail.contains("service standard"), "{refused}");

    floor.standard(None, 240).await;
    // Without a calendar every minute counts.
    let always = floor.open(&clerk, customer, &new_case("delivery")).await.expect("a case");
    assert_eq!(always.due_at, at("2026-11-20T21:30:00+08:00"));
    let calendar = floor.office_hours().await;
    let case = floor.open(&clerk, customer, &new_case("spoiled-goods")).await.expect("a case");
    assert_eq!(case.due_at, at("2026-11-23T12:30:00+08:00"), "Monday 12:30");
    assert_eq!(case.warn_at, Some(at("2026-11-23T11:30:00+08:00")), "after 180 of 240 minutes");
    assert_eq!(case.respond_by, Some(at("2026-11-23T09:30:00+08:00")), "after 60 minutes");
    assert_eq!(case.accountable_id, anna);
    let standard = case.standard.as_ref().expect("a standard");
    assert_eq!((standard.topic.as_deref(), standard.resolution_minutes), (None, 240));
    assert_eq!(standard.calendar_id, Some(calendar.id));

    // A standard of the topic comes first; a due time given by hand before both.
    floor.standard(Some("delivery"), 30).await;
    let quick = floor.open(&clerk, customer, &new_case("delivery")).await.expect("a case");
    assert_eq!(quick.due_at, at("2026-11-20T18:00:00+08:00"));
    let by_hand = NewCase { due_at: Some(at("2026-11-21T17:30:00+08:00")), ..new_case("delivery") };
    let by_hand = floor.open(&clerk, customer, &by_hand).await.expect("a case");
    assert_eq!((by_hand.due_at, by_hand.standard.is_none()), (at("2026-11-21T17:30:00+08:00"), true));
    assert_eq!(by_hand.warn_at, Some(at("2026-11-21T11:30:00+08:00")), "after 18 of 24 hours");

    changes(&floor, &calendar).await;
    // Split shifts and a holiday: Monday is off, and Tuesday begins with 9-10 and 20-24.
    let again = floor.open(&clerk, customer, &new_case("spoiled-goods")).await.expect("a case");
    assert_eq!(again.due_at, at("2026-11-24T22:30:00+08:00"));
    assert_eq!(floor.case(&case).await.due_at, case.due_at, "what was promised stays");

    // Opened again, the standard applies anew.
    floor.until(at("2026-11-25T09:00:00+08:00"));
    floor.resolve(&clerk, &again).await.expect("resolved");
    let reason = CaseReason { reason: "It smells again.".into(), occurred_at: None };
    let reopened =
        floor.call::<ReopenCase>(&clerk, &path_of(&again), &NONE, &reason).await.expect("reopened");
    assert_eq!(reopened.due_at, at("2026-11-25T13:00:00+08:00"));
    floor.running.end().await;
}
on_both!(row_49_four_hours_from_friday_half_past_five_end_on_monday_half_past_twelve, super::row_49);

/// A calendar changes, and is refused what is wrong.
async fn changes(floor: &Floor, calendar: &Calendar) {
    let (path, who) = (CalendarPath { calendar_id: calendar.id }, &floor.manager);
    // All of `north` works by it, not only the outlet.
    let unchanged = CalendarChange::default();
    let refused = problem(floor.call::<ChangeCalendar>(who, &path, &NONE, &unchanged).await);
    assert_eq!(refused.code, Code::Forbidden);
    let who = &floor.person("nora", Role::Manager, "north");
    let wrong = CalendarChange { time_zone: Some("Shanghai".into()), ..CalendarChange::default() };
    let refused = problem(floor.call::<ChangeCalendar>(who, &path, &NONE, &wrong).await);
    assert_eq!(refused.errors[0].pointer, "/time_zone");
    let spans =
        vec![Span { from_minute: 540, to_minute: 600 }, Span { from_minute: 1_200, to_minute: 1_440 }];
    let change = CalendarChange {
        holidays: Some(vec!["2026-11-23".parse().expect("a date")]),
        special_days: Some(vec![SpecialDay { date: "2026-11-24".parse().expect("a date"), spans }]),
        ..CalendarChange::default()
    };
    let changed = floor.call::<ChangeCalendar>(who, &path, &NONE, &change).await.expect("changed");
    assert_eq!((changed.week.len(), changed.holidays.len(), changed.special_days.len()), (5, 1, 1));
    assert!(changed.revision > calendar.revision);
    let read = floor.call::<GetCalendar>(who, &path, &NONE, &Nothing).await.expect("read");
    assert_eq!(read, changed);
    let all = CalendarsQuery::default();
    let all = floor.call::<ListCalendars>(who, &NONE, &all, &Nothing).await.expect("a page").items;
    assert_eq!(all, [changed]);
    let twice = floor.call::<CreateCalendar>(who, &NONE, &NONE, &office("office")).await;
    assert_eq!(problem(twice).code, Code::AlreadyExists);
    // A manager says for their own part of the organisation, and a clerk not at all.
    let outside = problem(floor.assign(who, calendar.id, SOUTH).await);
    assert_eq!(outside.errors[0].pointer, "/org_unit_id");
    let clerk = floor.person("anna", Role::Aftersales, "shop");
    assert_eq!(problem(floor.assign(&clerk, calendar.id, SHOP).await).code, Code::Forbidden);
}
