//! The profile: one row of a customer, fed by the events of all services, the same whatever order they come
//! in.

use chrono::{DateTime, Days, TimeDelta, Utc};
use kit::{clock, db::statement, inbox::Delivery};
use schema::{
    access::Role,
    api::{
        Nothing,
        customer::{ConsentPurpose, ConsentStatus, CustomerPath, HeldConsent},
        interaction::{CaseState, Channel, ContactDirection, Phase, Severity},
        loyalty::{
            CreateSegment, CustomerProfile, GetProfile, GetProfiles, LastScore, NewSegment, ProfileFigures,
            ProfilesWanted, ScoreBase, StoredRfm, Tier, Turnover,
        },
        problem::Code,
        survey::Instrument,
    },
    event::{
        AnswerReceived, AttributeChanged, CaseClosed, CaseOpened, CaseReopened, CaseResolved, ConsentChanged,
        ContactRecorded, Event, PurchaseRecorded, RecoveryMeasured,
        customer::{AttributeState, ConsentState},
        interaction::{CaseMoved, CaseOpened as Opened, ContactRecorded as Contact},
        survey::{AnswerReceived as Answer, RecoveryMeasured as Recovery},
    },
    ids::{CaseId, CustomerId},
    value::{Currency, Minor},
};
use sea_orm::ConnectionTrait as _;
use testkit::Place;
use uuid::Uuid;

use crate::{
    commands::problem,
    on_both,
    points::{NONE, NORTH, SOUTH, Stage, purchase},
    segments::at_revision,
};

fn id<T: From<Uuid>>(number: u128) -> T {
    Uuid::from_u128(number).into()
}

fn currency(code: &str) -> Currency {
    Currency::try_from(code.to_owned()).expect("a currency")
}

struct Teller<'a> {
    stage: &'a Stage,
    who: CustomerId,
    told: Vec<Delivery>,
}

impl Teller<'_> {
    fn tell<E: Event>(&mut self, revision: i64, data: &E::Data) {
        let event = self.stage.event::<E>(self.who.uuid(), data);
        self.told.push(at_revision(event, revision));
    }

    fn bought(&mut self, at: DateTime<Utc>, code: &str, amount: i64) {
        let id = clock::new_id(self.stage.clock.now());
        let made = schema::event::interaction::PurchaseRecorded {
            currency: currency(code),
            ..purchase(self.who, id, at, amount)
        };
        self.tell::<PurchaseRecorded>(1, &made);
    }

    fn contact(&mut self, number: u128, at: DateTime<Utc>) {
        let contact = Contact {
            contact_id: id(number),
            customer_id: self.who,
            org_unit_id: id(NORTH),
            staff_id: None,
            channel: Channel::Phone,
            direction: ContactDirection::Inbound,
            phase: Phase::Aftersales,
            occurred_at: at,
            topic: "rice".into(),
            outcome: None,
            promise_due_at: None,
            answered: None,
        };
        self.tell::<ContactRecorded>(1, &contact);
    }

    fn opened(&mut self, case: u128, revision: i64, complaint: Option<bool>) {
        let opened = Opened {
            case_id: id(case),
            customer_id: self.who,
            org_unit_id: id(NORTH),
            contact_id: None,
            topic: "spoiled-goods".into(),
            severity: Severity::High,
            accountable_id: id(0x20),
            occurred_at: self.stage.clock.now(),
            due_at: self.stage.clock.now(),
            complaint,
            answer_id: None,
        };
        self.tell::<CaseOpened>(revision, &opened);
    }

    fn moved<E: Event<Data = CaseMoved>>(&mut self, case: u128, revision: i64, state: CaseState) {
        let moved = CaseMoved {
            case_id: CaseId::from(Uuid::from_u128(case)),
            customer_id: self.who,
            org_unit_id: id(NORTH),
            topic: "spoiled-goods".into(),
            severity: Severity::High,
            state,
            accountable_id: id(0x20),
            handler_id: id(0x20),
            opened_at: self.stage.clock.now(),
            due_at: self.stage.clock.now(),
            occurred_at: self.stage.clock.now(),
            outcome: None,
            transfers: 0,
            reopened: 0,
            complaint: None,
            answer_id: None,
        };
        self.tell::<E>(revision, &moved);
    }

    fn answered(&mut self, number: u128, instrument: Instrument, score: i32, at: DateTime<Utc>) {
        let answer = Answer {
            answer_id: id(number),
            customer_id: self.who,
            instrument,
            score,
            org_unit_id: None,
            purchase_id: None,
            occurred_at: at,
            case_id: None,
            invitation_id: None,
            phase: None,
            low: None,
        };
        self.tell::<AnswerReceived>(1, &answer);
    }

    fn recovered(&mut self, second: u128, recovered: bool, at: DateTime<Utc>) {
        let measured = Recovery {
            customer_id: self.who,
            case_id: id(1),
            first_answer_id: id(1),
            second_answer_id: id(second),
            score_before: 2,
            score_after: 9,
            recovered,
            occurred_at: at,
        };
        self.tell::<RecoveryMeasured>(1, &measured);
    }

    fn allows(&mut self, revision: i64, status: ConsentStatus, expires_at: Option<DateTime<Utc>>) {
        let held =
            HeldConsent { purpose: ConsentPurpose::Marketing, channel: Channel::Sms, status, expires_at };
        let state = ConsentState {
            customer_id: self.who,
            consents: vec![held],
            quiet_spans: Vec::new(),
            time_zone: None,
            stated_channels: Vec::new(),
        };
        self.tell::<ConsentChanged>(revision, &state);
    }

    fn attribute(&mut self, revision: i64, value: serde_json::Value) {
        let state = AttributeState {
            customer_id: self.who,
            attribute: "household_size".into(),
            value: serde_json::from_value(value).expect("a value or none"),
            observed_at: self.stage.clock.now(),
        };
        self.tell::<AttributeChanged>(revision, &state);
    }
}

/// What all services tell of a customer.
fn story(stage: &Stage, who: CustomerId) -> Vec<Delivery> {
    let now = stage.clock.now();
    let ago = |days: i64| now - TimeDelta::days(days);
    let mut teller = Teller { stage, who, told: vec![stage.registered(who, NORTH)] };
    teller.bought(ago(300), "EUR", 5_000);
    teller.bought(ago(200), "CNY", 300_000);
    teller.bought(ago(20), "CNY", 250_000);
    teller.contact(0x91, ago(12));
    teller.contact(0x92, ago(3));
    teller.contact(0x93, ago(40));
    // One complaint, resolved, closed and open again; one case that is resolved.
    teller.opened(0xA1, 3, Some(true));
    teller.moved::<CaseResolved>(0xA1, 4, CaseState::Resolved);
    teller.moved::<CaseClosed>(0xA1, 5, CaseState::Closed);
    teller.moved::<CaseReopened>(0xA1, 8, CaseState::Open);
    teller.opened(0xA2, 6, None);
    teller.moved::<CaseResolved>(0xA2, 7, CaseState::Resolved);
    teller.answered(0xB1, Instrument::Nps, 2, ago(30));
    teller.answered(0xB2, Instrument::Nps, 9, ago(5));
    teller.answered(0xB3, Instrument::Ces, 6, ago(5));
    teller.recovered(0xB0, false, ago(9));
    teller.recovered(0xB2, true, ago(5));
    teller.allows(2, ConsentStatus::Denied, None);
    teller.allows(9, ConsentStatus::Granted, Some(now + TimeDelta::days(90)));
    teller.attribute(3, serde_json::json!({ "integer": 4 }));
    teller.attribute(10, serde_json::json!({ "integer": 5 }));
    teller.told
}

async fn row(place: Place) {
    let stage = Stage::start(&place).await;
    let now = stage.clock.now();
    let ago = |days: i64| now - TimeDelta::days(days);
    let anna: CustomerId = clock::new_id(now).into();
    // Backwards: everything before its cause, the registration last.
    let mut told = story(&stage, anna);
    told.reverse();
    for batch in told.chunks(4) {
        stage.deliver(batch).await;
    }

    let path = CustomerPath { customer_id: anna };
    let seen = stage.call::<GetProfile>(&stage.manager, &path, &NONE, &Nothing).await.expect("a profile");
    let CustomerProfile { tier, points, figures, attributes, .. } = seen;
    assert_eq!((tier, points.map(|points| points.get())), (Some(Tier::Gold), Some(5_550)));
    let day = |at: DateTime<Utc>| Some(at.date_naive());
    let line = |code: &str, purchases, amount| Turnover {
        currency: currency(code),
        purchases,
        amount_minor: Minor::new(amount),
    };
    let score = |instrument, score| LastScore { instrument, score, answered_at: ago(5) };
    let ProfileFigures { rfm, consents, .. } = figures.clone().expect("a manager sees figures");
    assert!(consents.len() == 1 && consents[0].status == ConsentStatus::Granted, "{consents:?}");
    let expected = ProfileFigures {
        first_purchase: day(ago(300)),
        last_purchase: day(ago(20)),
        purchases: 3,
        main_currency: Some(currency("CNY")),
        turnover: vec![line("CNY", 2, 550_000), line("EUR", 1, 5_000)],
        contacts: 3,
        first_contact_at: Some(ago(40)),
        last_contact_at: Some(ago(3)),
        open_cases: 1,
        complaints: 1,
        cases_resolved: 1,
        scores: vec![score(Instrument::Nps, 9), score(Instrument::Ces, 6)],
        recovered: Some(true),
        rfm,
        consents,
    };
    assert_eq!(figures, Some(expected));
    assert_eq!(attributes[0].value.as_ref().and_then(|value| value.integer), Some(5));

    // Scores by the definition that the service has, kept until they are made again.
    let ben = stage.member(NORTH, 10_000).await;
    let cleo = stage.member(SOUTH, 2_000_000).await;
    let scoring = stage.call::<ScoreBase>(&stage.manager, &NONE, &NONE, &Nothing).await.expect("scores");
    let tomorrow = now.date_naive() + Days::new(1);
    assert_eq!((scoring.as_of, scoring.customers), (tomorrow, Some(3)));
    let wanted = ProfilesWanted { customer_ids: vec![ben, cleo, anna] };
    let marketing = stage.person(Role::Marketing, "north");
    let seen = stage.call::<GetProfiles>(&marketing, &NONE, &NONE, &wanted).await.expect("profiles");
    assert_eq!(seen.len(), 2, "Cleo is out of scope");
    let of = |who: CustomerId| {
        let found = seen.iter().find(|one| one.customer_id == who).expect("a profile");
        found.figures.clone().expect("marketing sees value").rfm
    };
    let kept = |recency, frequency, money| {
        Some(StoredRfm { as_of: tomorrow, currency: currency("CNY"), recency, frequency, money })
    };
    // Last bought: Anna before the two others. Twice: Anna. Paid: Ben less than Anna less than Cleo.
    assert_eq!((of(anna), of(ben)), (kept(2, 5, 4), kept(5, 4, 2)));
    let hidden = seen.iter().find(|one| one.customer_id == anna).expect("Anna");
    assert_eq!((hidden.attributes.len(), &hidden.attributes[0].value), (1, &None));

    for (role, standing, figures) in
        [(Role::Sales, true, false), (Role::Presales, false, false), (Role::Executive, true, true)]
    {
        let who = stage.person(role, "hq");
        let seen = stage.call::<GetProfile>(&who, &path, &NONE, &Nothing).await.expect("a profile");
        assert_eq!((seen.tier.is_some(), seen.figures.is_some()), (standing, figures), "{role:?}");
        assert!(seen.attributes.iter().all(|one| one.value.is_none()), "{role:?}");
    }
    let south = stage.person(Role::Manager, "south");
    assert_eq!(problem(stage.call::<GetProfile>(&south, &path, &NONE, &Nothing).await).code, Code::NotFound);
    let nobody = ProfilesWanted { customer_ids: Vec::new() };
    let refused = problem(stage.call::<GetProfiles>(&south, &NONE, &NONE, &nobody).await);
    assert_eq!(refused.errors[0].pointer, "/customer_ids");
    stage.running.end().await;
}
on_both!(a_profile_is_one_row_of_all_events, super::row);

/// Customers of whom the same is told, each in an order of their own, in batches that mix them: their rows
/// and memberships are the same.
async fn orders(place: Place) {
    let stage = Stage::start(&place).await;
    // Told of somebody first, so that a condition can ask for it.
    let somebody: CustomerId = clock::new_id(stage.clock.now()).into();
    stage.deliver(&story(&stage, somebody)).await;
    let marketing = stage.person(Role::Marketing, "hq");
    let conditions = [
        r#"{"all":[{"tier":{"at_least":"gold"}},{"count":{"of":"complaints","days":9,"at_least":1}}]}"#,
        r#"{"none":[{"last_score":{"instrument":"nps","at_most":6}},{"frequency":{"at_most":2}}]}"#,
        r#"{"attribute":{"attribute":"household_size","op":"at_most","value":{"integer":4}}}"#,
        r#"{"consent":{"purpose":"marketing","channel":"sms"}}"#,
    ];
    for (number, condition) in conditions.into_iter().enumerate() {
        let condition = serde_json::from_str(condition).expect("a condition");
        let new = NewSegment { code: format!("s{number}"), name: "S".into(), condition };
        stage.call::<CreateSegment>(&marketing, &NONE, &NONE, &new).await.expect("a segment");
    }

    let everyone: Vec<CustomerId> = (0..15).map(|_| clock::new_id(stage.clock.now()).into()).collect();
    let mut told = Vec::new();
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let mut below = |sides: usize| {
        // Marsaglia's xorshift (2003): the same orders in every run.
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % sides as u64).expect("small")
    };
    for who in &everyone {
        told.extend(story(&stage, *who));
    }
    for at in (1..told.len()).rev() {
        told.swap(at, below(at + 1));
    }
    let mut left = told.as_slice();
    while !left.is_empty() {
        let (batch, rest) = left.split_at((1 + below(9)).min(left.len()));
        stage.deliver(batch).await;
        left = rest;
    }

    let wanted = ProfilesWanted { customer_ids: [vec![somebody], everyone.clone()].concat() };
    let seen = stage.call::<GetProfiles>(&stage.manager, &NONE, &NONE, &wanted).await.expect("profiles");
    assert_eq!(seen.len(), 16);
    let same = |one: &CustomerProfile| {
        let figures = one.figures.clone().map(|figures| ProfileFigures { rfm: None, ..figures });
        (one.tier, one.points, figures, one.attributes.clone())
    };
    for one in &seen[1..] {
        assert_eq!(same(one), same(&seen[0]), "{}", one.customer_id);
    }
    let db = &stage.running.runtime.db;
    let sql = "SELECT s.code, count(*) AS members FROM segment_member m JOIN segment s ON s.id = m.segment_id \
               GROUP BY s.code ORDER BY s.code";
    let rows = db.read().query_all_raw(statement(db.read(), sql, vec![])).await.expect("members");
    let members: Vec<(String, i64)> = rows
        .iter()
        .map(|row| (row.try_get("", "code").expect("a code"), row.try_get("", "members").expect("a count")))
        .collect();
    assert_eq!(members, [("s0".to_owned(), 16), ("s1".to_owned(), 16), ("s3".to_owned(), 16)]);
    stage.running.end().await;
}
on_both!(every_order_gives_the_same_row_and_membership, super::orders);
