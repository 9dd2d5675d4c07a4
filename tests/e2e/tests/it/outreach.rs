//! The outreach gate: consent, quiet hours (row 51), contact pressure on a person and on a household, and that
//! every proposal is decided once.

use std::time::Duration;

use chrono::{DateTime, FixedOffset, TimeDelta, Timelike as _, Utc};
use schema::{
    access::Role,
    api::{
        NoParameters, Nothing,
        customer::{ConsentPurpose, ConsentStatus, CustomerPath, HeldConsent, QuietSpan},
        interaction::{
            ChangeOutreachPolicy, Channel, CheckReach, GetOutreachPolicy, HeldBecause, ListOutreaches,
            Outreach, OutreachPolicyChange, OutreachesQuery, Reach, ReachQuery,
        },
        problem::Code,
    },
    event::{
        ConsentChanged, HouseholdChanged, OutreachGranted, OutreachHeld, OutreachProposed, PointsExpiring,
        customer::{ConsentState, HouseholdState},
        loyalty::PointsExpiring as Expiring,
        survey::OutreachProposed as Proposed,
    },
    ids::{CustomerId, HouseholdId, OutreachId},
    topology::Service,
    value::Points,
};
use testkit::{Person, Place, Suite, eventually};

use crate::{
    commands::problem,
    company::Company,
    facts_told::{tell, told},
    on_both,
};

const NONE: NoParameters = NoParameters {};
const SOON: Duration = Duration::from_secs(20);

fn now() -> DateTime<Utc> {
    kit::clock::Clock::system().now()
}

fn new_id<T: From<uuid::Uuid>>() -> T {
    kit::clock::new_id(now()).into()
}

fn consent(purpose: ConsentPurpose, channel: Channel) -> HeldConsent {
    HeldConsent { purpose, channel, status: ConsentStatus::Granted, expires_at: None }
}

/// The customer agrees to surveys by SMS; the phone they like better, but not before 10 in Shanghai.
fn wishes(customer_id: CustomerId) -> ConsentState {
    ConsentState {
        customer_id,
        consents: vec![consent(ConsentPurpose::Survey, Channel::Sms)],
        quiet_spans: vec![QuietSpan { channel: Some(Channel::Phone), from_minute: 0, until_minute: 600 }],
        time_zone: Some("Asia/Shanghai".to_owned()),
        stated_channels: vec![Channel::Phone, Channel::Sms],
    }
}

async fn wish(suite: &Suite, who: &Person, customer: CustomerId, wishes: ConsentState) {
    tell::<ConsentChanged>(suite, customer, wishes).await;
    eventually("interaction knows what the customer wishes", SOON, || async {
        let reach = reach(suite, who, customer, ConsentPurpose::Survey, Channel::Sms, None).await;
        reach.allowed.then_some(())
    })
    .await;
}

async fn reach(
    suite: &Suite,
    who: &Person,
    customer: CustomerId,
    purpose: ConsentPurpose,
    channel: Channel,
    at: Option<DateTime<Utc>>,
) -> Reach {
    let (path, query) = (CustomerPath { customer_id: customer }, ReachQuery { purpose, channel, at });
    eventually("the customer is known", SOON, || async {
        suite.call::<CheckReach>(Service::Interaction, who, &path, &query, &Nothing).await.ok()
    })
    .await
}

fn proposal(customer_id: CustomerId, purpose: ConsentPurpose) -> Proposed {
    Proposed {
        outreach_id: new_id(),
        customer_id,
        purpose,
        channels: vec![Channel::Email, Channel::Sms, Channel::Phone],
        reason: "case-closed".to_owned(),
        caused_at: now() - TimeDelta::hours(1),
        expires_at: now() + TimeDelta::days(5),
        owed: false,
    }
}

async fn all(suite: &Suite, who: &Person, customer: CustomerId) -> Vec<Outreach> {
    let (mut found, mut after) = (Vec::new(), None);
    let path = CustomerPath { customer_id: customer };
    loop {
        let query = OutreachesQuery { after, limit: Some(2) };
        let page = suite.call::<ListOutreaches>(Service::Interaction, who, &path, &query, &Nothing).await;
        let page = page.expect("a page");
        found.extend(page.items);
        after = page.next;
        if after.is_none() {
            return found;
        }
    }
}

/// Proposes and waits for what is decided.
async fn decided(suite: &Suite, who: &Person, proposed: Proposed) -> Outreach {
    let (customer, id) = (proposed.customer_id, proposed.outreach_id);
    tell::<OutreachProposed>(suite, customer, proposed).await;
    eventually("the proposal is decided", SOON, || async {
        all(suite, who, customer).await.into_iter().find(|one| one.id == id)
    })
    .await
}

fn outcome(outreach: &Outreach) -> (Option<Channel>, Option<HeldBecause>) {
    (outreach.channel, outreach.held_because)
}

async fn consent_and_pressure(place: Place) {
    let suite = Suite::start(&place).await;
    let company = Company::found(&suite).await;
    let who = &company.manager_north_1;
    let customer = company.register(&suite, company.north_1, "Quiet Quinn", "+8613812340020").await.id;
    wish(&suite, who, customer, wishes(customer)).await;
    use ConsentPurpose::{Marketing, Survey};

    // The phone goes first, but only SMS is agreed to.
    let first = decided(&suite, who, proposal(customer, Survey)).await;
    assert_eq!(outcome(&first), (Some(Channel::Sms), None));
    assert_eq!(first.not_before, Some(first.decided_at), "no quiet hours on SMS");
    let second = decided(&suite, who, proposal(customer, Survey)).await;
    assert_eq!(outcome(&second), (None, Some(HeldBecause::PersonPressure)));
    let owed = decided(&suite, who, Proposed { owed: true, ..proposal(customer, Survey) }).await;
    assert_eq!(outcome(&owed), (Some(Channel::Sms), None), "what is owed is not held by pressure");
    let owed = decided(&suite, who, Proposed { owed: true, ..proposal(customer, Marketing) }).await;
    assert_eq!(outcome(&owed), (None, Some(HeldBecause::NoConsent)), "by consent it is");
    let late = Proposed { caused_at: now() - TimeDelta::days(8), ..proposal(customer, Survey) };
    assert_eq!(decided(&suite, who, late).await.held_because, Some(HeldBecause::OutOfDate));
    let past = Proposed { expires_at: now() - TimeDelta::seconds(1), ..proposal(customer, Survey) };
    assert_eq!(decided(&suite, who, past).await.held_because, Some(HeldBecause::OutOfDate));

    // The same proposal again is decided once; a further one tells that it was dealt with.
    let again = proposal(customer, Survey);
    decided(&suite, who, again.clone()).await;
    tell::<OutreachProposed>(&suite, customer, again).await;
    decided(&suite, who, proposal(customer, Survey)).await;
    let mut ids: Vec<OutreachId> =
        told::<OutreachGranted>(&suite).await.iter().map(|one| one.outreach_id).collect();
    assert_eq!(ids.len(), 2);
    ids.extend(told::<OutreachHeld>(&suite).await.iter().map(|one| one.outreach_id));
    ids.sort_unstable();
    let mut listed: Vec<OutreachId> = all(&suite, who, customer).await.iter().map(|one| one.id).collect();
    assert_eq!(listed.len(), 8);
    listed.sort_unstable();
    assert_eq!(ids, listed, "each is told once");

    policy(&suite, &company, customer).await;
    let path = CustomerPath { customer_id: customer };
    let (stranger, query) = (&company.manager_south_1, OutreachesQuery::default());
    let seen = suite.call::<ListOutreaches>(Service::Interaction, stranger, &path, &query, &Nothing).await;
    assert_eq!(problem(seen).code, Code::NotFound, "out of scope");
    suite.end().await;
}
on_both!(the_gate_asks_for_consent_and_counts, super::consent_and_pressure);

/// An administrator allows more; wrong values name their places, and nobody else may.
async fn policy(suite: &Suite, company: &Company, customer: CustomerId) {
    let change = async |who: &Person, change: OutreachPolicyChange| {
        suite.call::<ChangeOutreachPolicy>(Service::Interaction, who, &NONE, &NONE, &change).await
    };
    let wrong = OutreachPolicyChange {
        person_most: Some(-1),
        person_days: Some(0),
        time_zone: Some("Mars/Olympus".to_owned()),
        ..OutreachPolicyChange::default()
    };
    let refused = problem(change(&company.admin, wrong).await);
    let places: Vec<&str> = refused.errors.iter().map(|one| one.pointer.as_str()).collect();
    assert_eq!(places, ["/person_most", "/person_days", "/time_zone"]);
    let more = OutreachPolicyChange { person_most: Some(9), ..OutreachPolicyChange::default() };
    assert_eq!(problem(change(&company.manager_hq, more.clone()).await).code, Code::Forbidden);
    let policy = change(&company.admin, more).await.expect("changed");
    assert_eq!((policy.person_most, policy.person_days, policy.household_most), (9, 7, 2));
    let who = &company.manager_north_1;
    let read = suite.call::<GetOutreachPolicy>(Service::Interaction, who, &NONE, &NONE, &Nothing).await;
    assert_eq!(read.expect("the policy"), policy);
    let next = decided(suite, who, proposal(customer, ConsentPurpose::Survey)).await;
    assert_eq!(outcome(&next), (Some(Channel::Sms), None));
}

/// Three of one household: two are reached, the third is not; somebody else is.
async fn households(place: Place) {
    let suite = Suite::start(&place).await;
    let company = Company::found(&suite).await;
    let who = &company.manager_north_1;
    let household: HouseholdId = new_id();
    let mut outcomes = Vec::new();
    for number in 0..4 {
        let phone = format!("+861381234003{number}");
        let customer = company.register(&suite, company.north_1, "Member", &phone).await.id;
        let member = number < 3;
        let state =
            HouseholdState { customer_id: customer, household_id: member.then_some(household), members: 3 };
        tell::<HouseholdChanged>(&suite, customer, state).await;
        // Told after it by the same publisher, so the household is known when this is.
        wish(&suite, who, customer, wishes(customer)).await;
        outcomes.push(outcome(&decided(&suite, who, proposal(customer, ConsentPurpose::Survey)).await));
    }
    let sms = (Some(Channel::Sms), None);
    assert_eq!(outcomes, [sms, sms, (None, Some(HeldBecause::HouseholdPressure)), sms]);
    suite.end().await;
}
on_both!(a_household_is_not_reached_more_often_than_its_share, super::households);

/// Row 51: no calls before 10. A plan for 9:00 is refused and told when it may be; points that expire are told
/// by phone only after it.
async fn quiet_hours(place: Place) {
    let suite = Suite::start(&place).await;
    let company = Company::found(&suite).await;
    let who = &company.manager_north_1;
    let customer = company.register(&suite, company.north_1, "Late Lee", "+8613812340021").await.id;
    let mut says = wishes(customer);
    let quiet = |channel| QuietSpan { channel: Some(channel), from_minute: 0, until_minute: 600 };
    says.quiet_spans = vec![quiet(Channel::Phone)];
    wish(&suite, who, customer, says).await;

    let shanghai = FixedOffset::east_opt(8 * 3_600).expect("an offset");
    let day = (now() + TimeDelta::days(1)).with_timezone(&shanghai).date_naive();
    let at = |hour: u32| {
        let local = day.and_hms_opt(hour, 0, 0).expect("a time");
        local.and_local_timezone(shanghai).single().expect("one time").with_timezone(&Utc)
    };
    let asked = async |hour| {
        reach(&suite, who, customer, ConsentPurpose::Service, Channel::Phone, Some(at(hour))).await
    };
    let nine = asked(9).await;
    assert_eq!((nine.allowed, nine.because), (false, Some(HeldBecause::QuietHours)));
    assert_eq!(nine.not_before, Some(at(10)));
    assert!(asked(10).await.allowed);

    // The customer likes the phone best, so it is taken, whenever the gate is asked.
    let expiring = Expiring {
        lot_id: new_id(),
        customer_id: customer,
        points: Points::new(900),
        expires_at: now() + TimeDelta::days(5),
    };
    tell::<PointsExpiring>(&suite, customer, expiring).await;
    let told_of = eventually("points that expire are decided", SOON, || async {
        all(&suite, who, customer).await.into_iter().next()
    })
    .await;
    assert_eq!((told_of.reason.as_str(), told_of.purpose), ("points-expiring", ConsentPurpose::Service));
    assert_eq!(outcome(&told_of), (Some(Channel::Phone), None));
    let not_before = told_of.not_before.expect("a time");
    assert!(not_before.with_timezone(&shanghai).hour() >= 10, "{not_before}");
    assert!(not_before >= told_of.decided_at && not_before < told_of.decided_at + TimeDelta::hours(10));
    let agent = suite.person(Role::Marketing, "north-1");
    let path = CustomerPath { customer_id: customer };
    let query = ReachQuery { purpose: ConsentPurpose::Service, channel: Channel::Phone, at: None };
    let refused = suite.call::<CheckReach>(Service::Interaction, &agent, &path, &query, &Nothing).await;
    assert_eq!(problem(refused).code, Code::Forbidden);
    suite.end().await;
}
on_both!(row_51_no_calls_before_ten, super::quiet_hours);
