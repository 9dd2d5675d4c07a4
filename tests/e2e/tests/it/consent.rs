//! What a customer allows us: words by purpose and channel, of which the latest by business time counts.

mod brief;
mod preference;

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use kit::{
    client::{CallError, CallOptions},
    clock::Clock,
    db::statement,
};
use schema::{
    access::Role,
    api::{
        NoParameters, Nothing,
        customer::{
            Allowance, ChangeContactPreference, ConsentFilter, ConsentPurpose, ConsentStatus, ConsentWord,
            Consents, ConsentsQuery, ContactPreferenceChange, CustomerFile, CustomerPath, GetConsents,
            GetCustomer, HeldConsent, ListConsentWords, NewConsent, RecordConsent,
        },
        interaction::Channel,
        problem::Code,
    },
    event::{ConsentChanged, Envelope, Event as _, customer::ConsentState},
    ids::CustomerId,
    topology::Service,
};
use sea_orm::ConnectionTrait as _;
use serde_json::json;
use testkit::{Person, Place, Suite, eventually};
use uuid::Uuid;

use crate::{commands::problem, company::Company, on_both};

const NONE: NoParameters = NoParameters {};
const SOON: Duration = Duration::from_secs(10);

/// A suite, a company, and a customer of `north-1`.
struct Stage {
    suite: Suite,
    company: Company,
    customer: CustomerId,
}

impl Stage {
    async fn set(place: &Place) -> Self {
        let suite = Suite::start(place).await;
        let company = Company::found(&suite).await;
        let file = company.register(&suite, company.north_1, "Wang Jia", "+8613900007001").await;
        Self { suite, company, customer: file.id }
    }

    fn path(&self) -> CustomerPath {
        CustomerPath { customer_id: self.customer }
    }

    async fn record(&self, who: &Person, new: NewConsent) -> Result<CustomerFile, CallError> {
        self.suite.call::<RecordConsent>(Service::Customer, who, &self.path(), &NONE, &new).await
    }

    /// Records a word of the manager's customer, and gives what counts on it afterwards.
    async fn say(&self, new: NewConsent) -> ConsentStatus {
        let (purpose, channel) = (new.purpose, new.channel);
        let file = self.record(&self.company.manager_north_1, new).await.expect("a word");
        let held = file.consents.iter().find(|held| held.purpose == purpose && held.channel == channel);
        held.expect("there is a word now").status
    }

    async fn consents(&self, who: &Person, as_of: Option<DateTime<Utc>>) -> Result<Consents, CallError> {
        let query = ConsentsQuery { as_of };
        self.suite.call::<GetConsents>(Service::Customer, who, &self.path(), &query, &Nothing).await
    }

    async fn may(&self, purpose: ConsentPurpose, channel: Channel, as_of: Option<DateTime<Utc>>) -> bool {
        let consents = self.consents(&self.company.manager_north_1, as_of).await.expect("consents");
        let is_it = |one: &&Allowance| one.purpose == purpose && one.channel == channel;
        consents.allowances.iter().find(is_it).expect("a line for each").is_allowed
    }

    /// What the others were told, oldest first.
    async fn told(&self) -> Vec<(i64, ConsentState)> {
        let service = self.suite.running.iter().find(|one| one.runtime.service == Service::Customer);
        let db = &service.expect("the customer service").runtime.db;
        let sql = "SELECT envelope FROM outbox ORDER BY id";
        let rows = db.read().query_all_raw(statement(db.read(), sql, vec![])).await.expect("an outbox");
        rows.iter()
            .map(|row| row.try_get_by_index::<String>(0).expect("an envelope"))
            .map(|text| serde_json::from_str::<Envelope>(&text).expect("an envelope"))
            .filter(|one| one.kind == ConsentChanged::DECLARATION.name && one.subject == self.customer.uuid())
            .map(|one| (one.revision, one.data::<ConsentChanged>().expect("a state")))
            .collect()
    }
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().expect("a time")
}

fn word(purpose: ConsentPurpose, channel: Channel, status: ConsentStatus, given_at: &str) -> NewConsent {
    NewConsent {
        purpose,
        channel,
        status,
        given_at: at(given_at),
        expires_at: None,
        source: "counter".to_owned(),
        said_by: None,
    }
}

/// Granted, withdrawn, denied; an older word that comes later; two words of one time; a grant with an end.
async fn words(place: Place) {
    use ConsentPurpose::{Marketing, Service as Serve, Survey};
    use ConsentStatus::{Denied, Granted, Withdrawn};
    let stage = Stage::set(&place).await;
    // Nothing was said: we may serve, and nothing else.
    assert!(stage.may(Serve, Channel::Phone, None).await);
    assert!(!stage.may(Survey, Channel::Sms, None).await);
    assert!(!stage.may(Marketing, Channel::Sms, None).await);

    assert_eq!(stage.say(word(Marketing, Channel::Sms, Granted, "2026-03-01T09:00:00Z")).await, Granted);
    assert!(stage.may(Marketing, Channel::Sms, None).await);
    assert!(!stage.may(Marketing, Channel::Email, None).await, "a grant is for its channel");
    assert!(!stage.may(Survey, Channel::Sms, None).await, "a grant is for its purpose");
    assert_eq!(stage.say(word(Marketing, Channel::Sms, Withdrawn, "2026-03-10T09:00:00Z")).await, Withdrawn);
    assert!(!stage.may(Marketing, Channel::Sms, None).await);
    // As it was on the 5th.
    assert!(stage.may(Marketing, Channel::Sms, Some(at("2026-03-05T00:00:00Z"))).await);
    assert!(!stage.may(Marketing, Channel::Sms, Some(at("2026-02-28T00:00:00Z"))).await);

    // An older word that is written down later does not count.
    assert_eq!(stage.say(word(Marketing, Channel::Sms, Granted, "2026-03-09T09:00:00Z")).await, Withdrawn);
    assert!(!stage.may(Marketing, Channel::Sms, None).await);
    // Of two of one time the one recorded later does.
    assert_eq!(stage.say(word(Marketing, Channel::Sms, Granted, "2026-03-10T09:00:00Z")).await, Granted);

    // To serve them we may, until they say no.
    assert_eq!(stage.say(word(Serve, Channel::Phone, Denied, "2026-03-01T09:00:00Z")).await, Denied);
    assert!(!stage.may(Serve, Channel::Phone, None).await);
    assert!(stage.may(Serve, Channel::Sms, None).await);

    // A grant that is over is none any more, without anybody doing anything.
    let now = Clock::system().now();
    let grant = |until: TimeDelta| NewConsent {
        given_at: now - TimeDelta::days(30),
        expires_at: Some(now + until),
        ..word(Survey, Channel::Email, Granted, "2026-03-01T09:00:00Z")
    };
    assert_eq!(stage.say(grant(TimeDelta::hours(-1))).await, Granted);
    assert!(!stage.may(Survey, Channel::Email, None).await);
    assert!(stage.may(Survey, Channel::Email, Some(now - TimeDelta::hours(2))).await);
    assert_eq!(stage.say(grant(TimeDelta::hours(1))).await, Granted);
    assert!(stage.may(Survey, Channel::Email, None).await);
    assert!(!stage.may(Survey, Channel::Email, Some(now + TimeDelta::hours(1))).await);

    history(&stage).await;
    stage.suite.end().await;
}
on_both!(the_latest_word_counts_until_it_expires, super::words);

/// Every word is kept, given last first, a page at a time, and of one channel alone.
async fn history(stage: &Stage) {
    let (who, path) = (&stage.company.manager_north_1, stage.path());
    let mut filter =
        ConsentFilter { channel: Some(Channel::Sms), limit: Some(3), ..ConsentFilter::default() };
    let mut seen: Vec<ConsentWord> = Vec::new();
    loop {
        let page = stage.suite.call::<ListConsentWords>(Service::Customer, who, &path, &filter, &Nothing);
        let page = page.await.expect("a page");
        seen.extend(page.items);
        match page.next {
            Some(next) => filter.after = Some(next),
            None => break,
        }
    }
    use ConsentStatus::{Granted, Withdrawn};
    let said: Vec<ConsentStatus> = seen.iter().map(|word| word.status).collect();
    assert_eq!(said, [Granted, Withdrawn, Granted, Granted]);
    assert_eq!(seen[0].given_at, seen[1].given_at);
    assert!(seen[0].id > seen[1].id && seen[0].recorded_at >= seen[1].recorded_at);
    assert!(seen.iter().all(|word| word.source == "counter" && word.recorded_by.is_some()));
}

/// Whoever keeps a copy is told everything whenever anything of it changes, and the view shows it.
async fn told(place: Place) {
    use ConsentPurpose::{Marketing, Service as Serve};
    use ConsentStatus::{Denied, Granted};
    let stage = Stage::set(&place).await;
    let who = &stage.company.manager_north_1;
    let end = at("2030-01-01T00:00:00Z");
    let grant = word(Marketing, Channel::Sms, Granted, "2026-03-01T09:00:00Z");
    let file = stage.record(who, NewConsent { expires_at: Some(end), ..grant }).await.expect("a word");
    assert_eq!(file.revision, 2);
    stage.say(word(Serve, Channel::Visit, Denied, "2026-03-02T09:00:00Z")).await;
    let change = ContactPreferenceChange {
        stated_channels: Some(vec![Channel::Sms, Channel::Phone]),
        time_zone: Some("Asia/Shanghai".to_owned()),
        ..ContactPreferenceChange::default()
    };
    let changed = stage
        .suite
        .call::<ChangeContactPreference>(Service::Customer, who, &stage.path(), &NONE, &change)
        .await
        .expect("a change");
    assert_eq!(changed.revision, 4);

    let told = stage.told().await;
    let revisions: Vec<i64> = told.iter().map(|(revision, _)| *revision).collect();
    assert_eq!(revisions, [2, 3, 4]);
    let state = told.into_iter().last().expect("three").1;
    let held = |purpose, channel, status, expires_at| HeldConsent { purpose, channel, status, expires_at };
    let wanted = ConsentState {
        customer_id: stage.customer,
        consents: vec![
            held(Marketing, Channel::Sms, Granted, Some(end)),
            held(Serve, Channel::Visit, Denied, None),
        ],
        quiet_spans: Vec::new(),
        time_zone: Some("Asia/Shanghai".to_owned()),
        stated_channels: vec![Channel::Sms, Channel::Phone],
    };
    assert_eq!(state, wanted);

    let view = "query ($id: UUID!) { customer(id: $id) { file { \
        consents { purpose channel status } contactPreference { statedChannels timeZone } } } }";
    eventually("the view shows it", SOON, || async {
        let seen = stage.suite.graphql(who, view, json!({ "id": stage.customer })).await;
        let wanted = json!({
            "consents": [{ "purpose": "MARKETING", "channel": "SMS", "status": "GRANTED" },
                { "purpose": "SERVICE", "channel": "VISIT", "status": "DENIED" }],
            "contactPreference": { "statedChannels": ["SMS", "PHONE"], "timeZone": "Asia/Shanghai" },
        });
        (seen["data"]["customer"]["file"] == wanted).then_some(())
    })
    .await;
    stage.suite.end().await;
}
on_both!(what_a_customer_allows_is_told_whole, super::told);

/// Out of scope there is nothing; what does not fit is named; a stale revision changes nothing.
async fn refused(place: Place) {
    use ConsentPurpose::Survey;
    use ConsentStatus::{Denied, Granted};
    let stage = Stage::set(&place).await;
    let (manager, stranger) = (&stage.company.manager_north_1, &stage.company.manager_south_1);
    let right = word(Survey, Channel::Sms, Granted, "2026-03-01T09:00:00Z");

    assert_eq!(problem(stage.record(stranger, right.clone()).await).code, Code::NotFound);
    assert_eq!(problem(stage.consents(stranger, None).await).code, Code::NotFound);
    let (all, path) = (ConsentFilter::default(), stage.path());
    let words = stage.suite.call::<ListConsentWords>(Service::Customer, stranger, &path, &all, &Nothing);
    assert_eq!(problem(words.await).code, Code::NotFound);
    let nobody = CustomerPath { customer_id: Uuid::from_u128(7).into() };
    let of_nobody = stage.suite.call::<RecordConsent>(Service::Customer, manager, &nobody, &NONE, &right);
    assert_eq!(problem(of_nobody.await).code, Code::NotFound);
    let marketing = stage.suite.person(Role::Marketing, "north-1");
    assert_eq!(problem(stage.record(&marketing, right.clone()).await).code, Code::Forbidden);
    assert!(stage.consents(&marketing, None).await.expect("it may read").words.is_empty());

    let wrong = NewConsent {
        status: Denied,
        given_at: Clock::system().now() + TimeDelta::days(2),
        expires_at: Some(at("2030-01-01T00:00:00Z")),
        source: "The counter".to_owned(),
        said_by: Some(String::new()),
        ..right.clone()
    };
    let refusal = problem(stage.record(manager, wrong).await);
    let places: Vec<&str> = refusal.errors.iter().map(|error| error.pointer.as_str()).collect();
    assert_eq!(places, ["/source", "/said_by", "/expires_at", "/given_at"]);
    let too_early = Some("0999-01-01T00:00:00Z".parse().expect("a time"));
    assert_eq!(problem(stage.consents(manager, too_early).await).errors[0].pointer, "/as_of");

    let stale = CallOptions { if_match: Some(7), ..CallOptions::default() };
    let late =
        stage.suite.call_with::<RecordConsent>(Service::Customer, manager, &path, &NONE, &right, &stale);
    let late = problem(late.await);
    assert_eq!((late.code, late.status), (Code::StaleRevision, 412));
    let file =
        stage.suite.call::<GetCustomer>(Service::Customer, manager, &stage.path(), &NONE, &Nothing).await;
    let file = file.expect("a file");
    assert_eq!((file.revision, file.consents), (1, Vec::new()), "nothing was changed");
    assert!(stage.told().await.is_empty());

    // Who spoke for the customer is a name: masked for whoever sees names masked.
    let spoken = NewConsent { said_by: Some("Li Mei, his daughter".to_owned()), ..right };
    stage.record(manager, spoken).await.expect("a word");
    for (role, wanted) in [
        (Role::Presales, "Li Mei, his daughter"),
        (Role::Marketing, "L****"),
        (Role::Manager, "Li Mei, his daughter"),
    ] {
        let seen = stage.consents(&stage.suite.person(role, "north-1"), None).await.expect("consents");
        assert_eq!(seen.words[0].said_by.as_deref(), Some(wanted), "{role:?}");
    }
    stage.suite.end().await;
}
on_both!(consents_refuse_what_does_not_fit_and_whoever_is_out_of_scope, super::refused);
