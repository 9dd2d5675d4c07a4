//! Scores and counts of customers by what they bought: from events, within scope, and against published
//! numbers.

mod balance;
pub(crate) mod cdnow;

use chrono::{DateTime, Days, Utc};
use kit::{clock, inbox::Delivery};
use schema::{
    access::Role,
    api::{
        Nothing,
        customer::CustomerPath,
        loyalty::{
            CohortMonth, GetCohorts, GetCustomerBase, GetRfm, GetRfmDistribution, MonthOfBase, MonthsQuery,
            Rfm, RfmDistribution, RfmQuery, RfmScoreCount,
        },
        problem::Code,
    },
    event::{PurchaseRecorded, PurchaseReturned, interaction::PurchaseReturned as Return},
    ids::CustomerId,
    value::{Currency, Minor},
};
use testkit::{Person, Place};
use uuid::Uuid;

use crate::{
    commands::problem,
    on_both,
    points::{NONE, NORTH, SOUTH, Stage, purchase},
};

fn currency(code: &str) -> Currency {
    Currency::try_from(code.to_owned()).expect("a currency")
}

fn query(code: &str, as_of: &str) -> RfmQuery {
    RfmQuery { currency: currency(code), as_of: Some(as_of.parse().expect("a day")) }
}

/// Values and scores, without the frame.
fn scored(rfm: &Rfm) -> Option<([i64; 3], [i32; 3], i64)> {
    let values = [rfm.recency_days?, rfm.frequency?, rfm.money_minor?.get()];
    Some((values, [rfm.recency_score?, rfm.frequency_score?, rfm.money_score?], rfm.population?))
}

fn counted(counts: &[RfmScoreCount]) -> Vec<i64> {
    assert_eq!(counts.iter().map(|one| one.score).collect::<Vec<_>>(), [1, 2, 3, 4, 5]);
    counts.iter().map(|one| one.customers.expect("whole")).collect()
}

fn months(from: &str, to: &str) -> MonthsQuery {
    MonthsQuery { from: from.to_owned(), to: to.to_owned() }
}

fn base(month: &MonthOfBase) -> [i64; 3] {
    [month.new, month.active, month.cumulative].map(|count| count.expect("whole"))
}

/// What one customer bought: when, for how much, and how much of it came back when.
type Bought = (&'static str, i64, Option<(&'static str, i64)>);

fn history(stage: &Stage, customer: CustomerId, unit: u128, bought: &[Bought]) -> Vec<Delivery> {
    let at = |text: &str| -> DateTime<Utc> { text.parse().expect("a time") };
    let mut events = vec![stage.registered(customer, unit)];
    for (day, amount, back) in bought {
        let id = clock::new_id(stage.clock.now());
        let made = purchase(customer, id, at(day), *amount);
        events.push(stage.event::<PurchaseRecorded>(customer.uuid(), &made));
        let Some((day, amount)) = back else { continue };
        let returned = Return {
            return_id: clock::new_id(stage.clock.now()).into(),
            purchase_id: id.into(),
            customer_id: customer,
            occurred_at: at(day),
            currency: made.currency,
            total_minor: Minor::new(*amount),
            returned_before_minor: Minor::new(0),
            lines: Vec::new(),
        };
        events.push(stage.event::<PurchaseReturned>(customer.uuid(), &returned));
    }
    events
}

async fn from_events(place: Place) {
    let stage = Stage::start(&place).await;
    let [anna, ben, cleo, dan] = [1, 2, 3, 4].map(|n| CustomerId::from(Uuid::from_u128(n)));
    let mut events = history(
        &stage,
        anna,
        NORTH,
        &[
            ("2026-01-10T23:59:59Z", 10_000, Some(("2026-03-02T00:00:00Z", 4_000))),
            ("2026-03-01T10:00:00Z", 5_000, None),
        ],
    );
    events.extend(history(&stage, ben, NORTH, &[("2026-02-01T00:00:00Z", 9_000, None)]));
    events.extend(history(&stage, cleo, SOUTH, &[("2026-03-01T00:00:00Z", 50_000, None)]));
    events.extend(history(&stage, dan, NORTH, &[]));
    // In whatever order they come: returns before purchases, purchases before registrations.
    events.reverse();
    stage.deliver(&events).await;

    let rfm = async |who: &Person, customer_id, query: RfmQuery| {
        stage.call::<GetRfm>(who, &CustomerPath { customer_id }, &query, &Nothing).await
    };
    let north = &stage.manager;
    let seen = rfm(north, anna, query("CNY", "2026-03-02")).await.expect("scores");
    assert_eq!(scored(&seen), Some(([1, 2, 15_000], [5, 5, 5], 2)), "the day itself does not count");
    let seen = rfm(north, anna, query("CNY", "2026-03-03")).await.expect("scores");
    assert_eq!(scored(&seen), Some(([2, 2, 11_000], [5, 5, 5], 2)), "the return counts on its day");
    let seen = rfm(north, anna, query("CNY", "2026-03-01")).await.expect("scores");
    assert_eq!(scored(&seen), Some(([50, 1, 10_000], [3, 5, 5], 2)));
    let seen = rfm(north, ben, query("CNY", "2026-03-03")).await.expect("scores");
    assert_eq!(scored(&seen), Some(([30, 1, 9_000], [3, 3, 3], 2)));
    let hq = stage.person(Role::Executive, "hq");
    let seen = rfm(&hq, ben, query("CNY", "2026-03-03")).await.expect("scores");
    assert_eq!(scored(&seen), Some(([30, 1, 9_000], [2, 4, 2], 3)), "who sees more compares with more");

    for (customer, query) in [
        (dan, query("CNY", "2026-03-03")),
        (anna, query("CNY", "2026-01-10")),
        (anna, query("EUR", "2026-03-03")),
    ] {
        let unscored = rfm(north, customer, query).await.expect("an answer without scores");
        assert_eq!((scored(&unscored), unscored.population), (None, None));
    }
    assert_eq!(problem(rfm(north, cleo, query("CNY", "2026-03-03")).await).code, Code::NotFound);
    let sales = stage.person(Role::Sales, "north");
    let masked = rfm(&sales, anna, query("CNY", "2026-03-03")).await.expect("a masked answer");
    assert_eq!((scored(&masked), masked.frequency, masked.population), (None, None, None));
    let tomorrow = stage.clock.now().date_naive() + Days::new(1);
    for (as_of, good) in [(None, true), (Some(tomorrow), true), (Some(tomorrow + Days::new(1)), false)] {
        let outcome = rfm(north, anna, RfmQuery { currency: currency("CNY"), as_of }).await;
        if good {
            assert_eq!(scored(&outcome.expect("scores")).map(|all| all.2), Some(2));
        } else {
            assert_eq!(problem(outcome).errors[0].pointer, "/as_of");
        }
    }

    let all = stage.call::<GetRfmDistribution>(&hq, &NONE, &query("CNY", "2026-03-03"), &Nothing).await;
    let RfmDistribution { population, recency, frequency, money, best, .. } = all.expect("a distribution");
    assert_eq!((population, best), (Some(3), Some(0)));
    assert_eq!(
        [counted(&recency), counted(&frequency), counted(&money)],
        [[0, 1, 0, 0, 2], [0, 0, 0, 2, 1], [0, 1, 0, 1, 1]]
    );
    let refused =
        stage.call::<GetRfmDistribution>(&sales, &NONE, &query("CNY", "2026-03-03"), &Nothing).await;
    assert_eq!(problem(refused).code, Code::Forbidden);

    let wanted = months("2026-01", "2026-03");
    let seen = stage.call::<GetCustomerBase>(north, &NONE, &wanted, &Nothing).await.expect("months");
    assert_eq!(seen.months.iter().map(base).collect::<Vec<_>>(), [[1, 1, 1], [1, 1, 2], [0, 1, 2]]);
    let late = stage.call::<GetCustomerBase>(&hq, &NONE, &months("2026-03", "2026-04"), &Nothing).await;
    assert_eq!(late.expect("months").months.iter().map(base).collect::<Vec<_>>(), [[1, 2, 3], [0, 0, 3]]);
    let seen = stage.call::<GetCohorts>(north, &NONE, &wanted, &Nothing).await.expect("cohorts");
    let active = |at: usize| seen.cohorts[at].active.iter().map(|one| one.customers).collect::<Vec<_>>();
    assert_eq!(
        [active(0), active(1), active(2)],
        [vec![Some(1), Some(0), Some(1)], vec![Some(1), Some(0)], vec![Some(0)]]
    );
    assert_eq!(seen.cohorts[0].active[2], CohortMonth { since: 2, customers: Some(1) });
    for (from, to, place) in
        [("2026-1", "2026-02", "/from"), ("2026-02", "2026-01", "/to"), ("2020-01", "2025-01", "/to")]
    {
        let refused = problem(stage.call::<GetCohorts>(north, &NONE, &months(from, to), &Nothing).await);
        assert_eq!((refused.status, refused.errors[0].pointer.as_str()), (422, place));
    }
    assert_eq!(
        problem(stage.call::<GetCustomerBase>(&sales, &NONE, &wanted, &Nothing).await).code,
        Code::Forbidden
    );
    stage.check_ledger().await;
    stage.running.end().await;
}
on_both!(scores_and_counts_follow_from_events_within_scope, super::from_events);
