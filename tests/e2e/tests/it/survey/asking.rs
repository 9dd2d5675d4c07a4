//! The stage of invitations: the survey service as it is, and the services whose facts it learns, played by these
//! tests. So its half is tried whoever decides about outreach in the whole suite.

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};
use kit::{
    Reactions, Routes, Running,
    auth::DevelopmentIssuer,
    client::{CallError, CallOptions, Client},
    clock::{self, Clock},
    command::{self, Decision},
    db::statement,
    http::Bearer,
    service::Shared,
};
use schema::{
    access::{Role, Viewer},
    api::{
        Endpoint, NoParameters, Nothing,
        customer::{ConsentPurpose, CustomerKind, CustomerPath, CustomerStatus, OrgUnitKind, OrgUnitStatus},
        interaction::{CaseState, Channel, HeldBecause, Severity},
        survey::{
            CreateInvitationRule, Instrument, Invitation, InvitationLink, InvitationPath, InvitationRule,
            InvitationState, InvitationTerms, InvitationTrigger, InvitationsQuery, ListInvitations,
            NewInvitationRule, SendInvitation,
        },
    },
    event::{
        CaseClosed, CustomerRegistered, Envelope, Event, OrgUnitCreated, OutreachGranted, OutreachHeld,
        OutreachProposed, PurchaseRecorded,
        customer::{CustomerState, OrgUnitState},
        interaction::{self, CaseMoved},
        survey,
    },
    ids::{AnswerId, CaseId, CustomerId, InvitationId, OrgUnitId, PurchaseId},
    topology::Service,
    value::{Currency, Minor},
};
use sea_orm::{ConnectionTrait as _, Value};
use testkit::{Place, eventually, suite::start_service};
use uuid::Uuid;

/// How long anything may take. On a busy machine with few cores that is long.
pub(super) const LONG: Duration = Duration::from_secs(40);
pub(super) const NONE: NoParameters = NoParameters {};
pub(super) const HQ: u128 = 0x10;
pub(super) const NORTH: u128 = 0x11;
pub(super) const SOUTH: u128 = 0x12;

pub(super) fn id<T: From<Uuid>>(number: u128) -> T {
    Uuid::from_u128(number).into()
}

/// The survey service with a clock of its own, and who tells it what happened.
pub(super) struct Asking {
    pub(super) clock: Clock,
    pub(super) survey: Running,
    customer: Running,
    interaction: Running,
    data: std::path::PathBuf,
}

impl Asking {
    /// Starts it with the units `hq` › `north`, `south`.
    pub(super) async fn set(place: &Place) -> Self {
        let clock = Clock::standing(Clock::system().now());
        let shared = Shared { clock: clock.clone(), ..Shared::default() };
        let survey = start_service(Service::Survey, &place.config, &shared).await;
        let customer = played(place, &shared, Service::Customer).await;
        let interaction = played(place, &shared, Service::Interaction).await;
        let stage = Self { clock, survey, customer, interaction, data: place.config.data.clone() };
        for (unit, code, kind) in [
            (HQ, "hq", OrgUnitKind::Headquarters),
            (NORTH, "north", OrgUnitKind::Company),
            (SOUTH, "south", OrgUnitKind::Company),
        ] {
            let state = OrgUnitState {
                org_unit_id: id(unit),
                code: code.to_owned(),
                kind,
                parent_id: (unit != HQ).then(|| id(HQ)),
                status: OrgUnitStatus::Open,
            };
            stage.tell::<OrgUnitCreated>(&stage.customer, Uuid::from_u128(unit), state).await;
        }
        stage
    }

    /// Tells a fact through the bus, a second later, so that no two things happen at the same time.
    async fn tell<E: Event>(&self, who: &Running, subject: impl Into<Uuid>, data: E::Data) {
        self.clock.advance(Duration::from_secs(1));
        let subject = subject.into();
        let decision: Decision<i64> = Arc::new(move |work| {
            let data = data.clone();
            Box::pin(async move {
                let revision = work.revise(subject, None).await?;
                work.tell::<E>(subject, revision, work.now(), &data)?;
                Ok(revision)
            })
        });
        command::run(&who.runtime, None, None, decision).await.expect("told");
    }

    /// Calls an endpoint as somebody with this role in this unit, whose token is of the stage's time.
    pub(super) async fn call<E: Endpoint>(
        &self,
        role: Role,
        unit: &str,
        path: &E::Path,
        query: &E::Query,
        body: &E::Body,
    ) -> Result<E::Reply, CallError> {
        let name = format!("{role:?}-{unit}").to_lowercase();
        let viewer = Viewer {
            subject: format!("staff:{name}"),
            staff: Some(name),
            org_unit: Some(unit.to_owned()),
            roles: vec![role],
        };
        let issuer = DevelopmentIssuer::load_or_create(&self.data).expect("the development key");
        let token =
            issuer.mint(&viewer, "customer360", self.clock.now(), TimeDelta::hours(1)).expect("a token");
        let client = Client::new(Service::Survey, &self.survey.url(), Clock::system()).expect("a client");
        client.call::<E>(&Bearer(token.into()), path, query, body, &CallOptions::default()).await
    }

    pub(super) async fn rule(&self, code: &str, terms: &InvitationTerms) -> InvitationRule {
        let new = NewInvitationRule { code: code.to_owned(), terms: terms.clone() };
        self.call::<CreateInvitationRule>(Role::Admin, "hq", &NONE, &NONE, &new).await.expect("a rule")
    }

    /// Registers a customer of a unit.
    pub(super) async fn register(&self, unit: u128) -> CustomerId {
        let customer: CustomerId = clock::new_id(self.clock.now()).into();
        let state = CustomerState {
            customer_id: customer,
            kind: CustomerKind::Consumer,
            status: CustomerStatus::Active,
            home_unit_id: id(unit),
            serving_unit_ids: Vec::new(),
        };
        self.tell::<CustomerRegistered>(&self.customer, customer, state).await;
        eventually("the customer is known", LONG, || async { self.listed(customer).await.ok() }).await;
        customer
    }

    /// The customer bought something so long ago.
    pub(super) async fn buy(&self, customer: CustomerId, ago: TimeDelta) -> PurchaseId {
        let purchase: PurchaseId = clock::new_id(self.clock.now()).into();
        let data = interaction::PurchaseRecorded {
            purchase_id: purchase,
            customer_id: customer,
            org_unit_id: id(NORTH),
            staff_id: None,
            occurred_at: self.clock.now() - ago,
            currency: Currency::try_from("CNY".to_owned()).expect("a currency"),
            total_minor: Minor::new(12_000),
            lines: Vec::new(),
        };
        self.tell::<PurchaseRecorded>(&self.interaction, customer, data).await;
        purchase
    }

    /// A case of the customer's was closed; it may have followed up an answer.
    pub(super) async fn close_case(&self, customer: CustomerId, answer: Option<AnswerId>) -> CaseId {
        let (case, now) = (CaseId::from(clock::new_id(self.clock.now())), self.clock.now());
        let data = CaseMoved {
            case_id: case,
            customer_id: customer,
            org_unit_id: id(SOUTH),
            topic: "spoiled-goods".to_owned(),
            severity: Severity::High,
            state: CaseState::Closed,
            accountable_id: id(0x20),
            handler_id: id(0x20),
            opened_at: now - TimeDelta::days(2),
            due_at: now,
            occurred_at: now,
            outcome: None,
            transfers: 0,
            reopened: 0,
            complaint: Some(true),
            answer_id: answer,
        };
        self.tell::<CaseClosed>(&self.interaction, customer, data).await;
        case
    }

    /// The customer may be reached from this time on.
    pub(super) async fn grant(&self, one: &survey::OutreachProposed, not_before: DateTime<Utc>) {
        let data = interaction::OutreachGranted {
            outreach_id: one.outreach_id,
            customer_id: one.customer_id,
            purpose: one.purpose,
            channel: Channel::Sms,
            not_before,
            occurred_at: self.clock.now(),
        };
        self.tell::<OutreachGranted>(&self.interaction, one.customer_id, data).await;
    }

    /// The customer may not be reached.
    pub(super) async fn hold(&self, one: &survey::OutreachProposed, because: HeldBecause) {
        let data = interaction::OutreachHeld {
            outreach_id: one.outreach_id,
            customer_id: one.customer_id,
            purpose: one.purpose,
            because,
            occurred_at: self.clock.now(),
        };
        self.tell::<OutreachHeld>(&self.interaction, one.customer_id, data).await;
    }

    /// What the survey service told, of one type, about a customer; oldest first.
    pub(super) async fn told<E: Event>(&self, customer: CustomerId) -> Vec<E::Data> {
        let db = &self.survey.runtime.db;
        let rows =
            db.read().query_all_raw(statement(db.read(), "SELECT envelope FROM outbox ORDER BY id", vec![]));
        let rows = rows.await.expect("the outbox");
        let read = |row: &sea_orm::QueryResult| -> Envelope {
            let text: String = row.try_get_by_index(0).expect("an envelope");
            serde_json::from_str(&text).expect("an envelope")
        };
        let told = rows.iter().map(read);
        told.filter(|one| one.kind == E::DECLARATION.name && one.subject == customer.uuid())
            .map(|one| one.data::<E>().expect("its data"))
            .collect()
    }

    /// The proposal number `number` about a customer, when it is made.
    pub(super) async fn proposal(&self, customer: CustomerId, number: usize) -> survey::OutreachProposed {
        eventually("an outreach is proposed", LONG, || async {
            self.told::<OutreachProposed>(customer).await.into_iter().nth(number)
        })
        .await
    }

    async fn listed(&self, customer: CustomerId) -> Result<Vec<Invitation>, CallError> {
        let path = CustomerPath { customer_id: customer };
        let query = InvitationsQuery::default();
        let page = self.call::<ListInvitations>(Role::Manager, "hq", &path, &query, &Nothing).await?;
        Ok(page.items)
    }

    /// A customer's invitations, newest first.
    pub(super) async fn invitations(&self, customer: CustomerId) -> Vec<Invitation> {
        self.listed(customer).await.expect("the invitations")
    }

    /// The newest invitation of a customer, as soon as it stands there.
    pub(super) async fn newest(&self, customer: CustomerId, state: InvitationState) -> Invitation {
        eventually(&format!("the newest invitation is {state:?}"), LONG, || async {
            self.invitations(customer).await.into_iter().next().filter(|one| one.state == state)
        })
        .await
    }

    pub(super) async fn send(
        &self,
        customer_id: CustomerId,
        invitation_id: InvitationId,
    ) -> Result<InvitationLink, CallError> {
        let path = InvitationPath { customer_id, invitation_id };
        self.call::<SendInvitation>(Role::Marketing, "hq", &path, &NONE, &Nothing).await
    }

    /// The link of the newest invitation, which is granted and sent at once.
    pub(super) async fn link(&self, customer: CustomerId, proposal: usize) -> String {
        let proposed = self.proposal(customer, proposal).await;
        self.grant(&proposed, self.clock.now()).await;
        let granted = self.newest(customer, InvitationState::Granted).await;
        let link = self.send(customer, granted.id).await.expect("a link");
        format!("{}{}", self.survey.url(), link.path)
    }

    /// A number that a statement gives.
    pub(super) async fn count(&self, sql: &str, values: Vec<Value>) -> i64 {
        let db = &self.survey.runtime.db;
        let row =
            db.read().query_one_raw(statement(db.read(), sql, values)).await.expect("the database answers");
        row.expect("a row").try_get_by_index(0).expect("a number")
    }

    /// The id of the invitation that an occasion of a customer will lead to, while it waits.
    pub(super) async fn waiting(&self, customer: CustomerId) -> Option<InvitationId> {
        let db = &self.survey.runtime.db;
        let sql = "SELECT id FROM invitation_occasion WHERE customer_id = $1 AND outcome IS NULL";
        let row = db.read().query_one_raw(statement(db.read(), sql, vec![customer.uuid().into()])).await;
        let row = row.expect("the database answers")?;
        Some(row.try_get_by_index::<Uuid>(0).expect("an id").into())
    }

    /// Grants the first outreach of an invitation, whose id follows from the invitation's.
    pub(super) async fn grant_of(&self, customer: CustomerId, invitation: InvitationId) {
        let data = interaction::OutreachGranted {
            outreach_id: Uuid::new_v5(&invitation.uuid(), b"outreach#0").into(),
            customer_id: customer,
            purpose: ConsentPurpose::Survey,
            channel: Channel::Sms,
            not_before: self.clock.now(),
            occurred_at: self.clock.now(),
        };
        self.tell::<OutreachGranted>(&self.interaction, customer, data).await;
    }

    /// So many occasions of a customer have come to this.
    pub(super) async fn occasions(&self, customer: CustomerId, outcome: &str, count: i64) {
        eventually(&format!("{count} occasions came to {outcome}"), LONG, || async {
            let sql = "SELECT count(*) FROM invitation_occasion WHERE customer_id = $1 AND outcome = $2";
            let found = self.count(sql, vec![customer.uuid().into(), outcome.into()]).await;
            (found == count).then_some(())
        })
        .await;
    }

    pub(super) async fn end(self) {
        self.interaction.end().await;
        self.customer.end().await;
        self.survey.end().await;
    }
}

/// A service without reactions or routes, whose facts the tests tell.
async fn played(place: &Place, shared: &Shared, name: Service) -> Running {
    let service = kit::Service {
        name,
        migrations: Vec::new,
        routes: Routes::new(),
        reactions: Reactions::new(),
        jobs: Vec::new(),
        has_left: None,
        extra: None,
    };
    service.start(&place.config, shared, true).await.expect("the service starts")
}

/// Asks everybody this question after this, at once.
pub(super) fn terms(trigger: InvitationTrigger, instrument: Instrument) -> InvitationTerms {
    InvitationTerms {
        trigger,
        instrument: Some(instrument),
        questionnaire: None,
        active: true,
        cooling_off_days: 30,
        share: 1_000_000,
        delay_minutes: 0,
        expires_days: 14,
        reminder_after_days: None,
        reminders_most: 1,
        low_at_most: None,
        phase: None,
        language: None,
        channels: vec![Channel::Sms, Channel::Email],
    }
}

/// What a browser gets: status, headers and text.
pub(crate) struct Shown {
    pub(crate) status: u16,
    pub(super) headers: reqwest::header::HeaderMap,
    pub(crate) html: String,
}

pub(super) async fn shown(response: Result<reqwest::Response, reqwest::Error>) -> Shown {
    let response = response.expect("an answer");
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    Shown { status, headers, html: response.text().await.expect("text") }
}

/// Opens a link in this language.
pub(crate) async fn open(url: &str, language: &str) -> Shown {
    let client = reqwest::Client::new();
    shown(client.get(url).header("accept-language", language).send().await).await
}

/// Sends a form, in English.
pub(crate) async fn fill_in(url: &str, form: &str) -> Shown {
    let client = reqwest::Client::new();
    let request = client
        .post(url)
        .header("accept-language", "en")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(form.to_owned());
    shown(request.send().await).await
}

/// The unit's id.
pub(super) fn unit(number: u128) -> OrgUnitId {
    id(number)
}
