//! Supplies: when a customer runs out, by what was said or learned, and that it is told once and in time.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use kit::clock;
use schema::{
    access::Role,
    api::{
        Nothing,
        customer::CustomerPath,
        loyalty::{
            Fill, ListSupplies, RateSource, SetSupply, SuppliesQuery, Supply, SupplyPath, SupplySetting,
        },
        problem::Code,
    },
    event::{ReplenishmentDue, loyalty::ReplenishmentDue as Due},
    ids::CustomerId,
    value::Milli,
};
use testkit::{Place, eventually};

use crate::{
    commands::problem,
    on_both,
    points::{NONE, NORTH, Stage},
    programme::{bought, known},
};

const SOON: Duration = Duration::from_secs(20);
const START: &str = "2025-03-01T08:00:00Z";

fn day(number: i64) -> DateTime<Utc> {
    START.parse::<DateTime<Utc>>().expect("a time") + TimeDelta::days(number)
}

fn family(persons: u32, filled: DateTime<Utc>) -> SupplySetting {
    SupplySetting {
        persons: Some(persons),
        milli_per_person_day: Some(Milli::new(400)),
        lead_days: 1,
        buffer_days: 2,
        last_fill: Some(Fill { at: filled, quantity_milli: Milli::new(20_000) }),
    }
}

async fn set(stage: &Stage, customer_id: CustomerId, sku: &str, setting: &SupplySetting) -> Supply {
    let path = SupplyPath { customer_id, sku: sku.to_owned() };
    stage.call::<SetSupply>(&stage.manager, &path, &NONE, setting).await.expect("set")
}

async fn supplies(stage: &Stage, customer_id: CustomerId) -> Vec<Supply> {
    let path = CustomerPath { customer_id };
    let page = stage.call::<ListSupplies>(&stage.manager, &path, &SuppliesQuery::default(), &Nothing).await;
    page.expect("supplies").items
}

async fn told(stage: &Stage, many: usize) -> Vec<Due> {
    eventually("it is told", SOON, async || {
        let told = stage.told::<ReplenishmentDue>().await;
        (told.len() >= many).then_some(told)
    })
    .await
}

async fn declared(place: Place) {
    let stage = Stage::start_at(&place, day(8)).await;
    let customer_id = known(&stage).await;
    let found = set(&stage, customer_id, "rice", &family(4, day(0))).await;
    assert_eq!((found.rate_source, found.daily_use_milli), (RateSource::Declared, Some(Milli::new(1_600))));
    assert_eq!((found.stock_now_milli, found.days_left_milli), (Some(Milli::new(7_200)), Some(4_500)));
    assert_eq!(found.runs_out_at, Some(day(12) + TimeDelta::hours(12)));
    assert_eq!((found.deliver_in_days, found.refill_milli), (Some(1), Some(Milli::new(15_200))));
    let due = told(&stage, 1).await;
    assert_eq!((due[0].sku.as_str(), due[0].deliver_by), ("rice", day(9) + TimeDelta::hours(12)));
    assert_eq!(due[0].quantity_milli, Some(Milli::new(15_200)));

    // Nobody uses it: no date. And of what ran out long ago nothing is told.
    let nobody = set(&stage, customer_id, "tea", &family(0, day(0))).await;
    assert_eq!(
        (nobody.daily_use_milli, nobody.stock_now_milli),
        (Some(Milli::new(0)), Some(Milli::new(20_000)))
    );
    assert_eq!((nobody.runs_out_at, nobody.deliver_by, nobody.deliver_in_days), (None, None, None));
    let past = set(&stage, customer_id, "oil", &family(4, day(-100))).await;
    assert_eq!((past.stock_now_milli, past.deliver_in_days), (Some(Milli::new(0)), Some(0)));
    // Said again it is the same day, which was told.
    set(&stage, customer_id, "rice", &family(4, day(0))).await;
    let later = set(&stage, customer_id, "salt", &family(4, day(0) + TimeDelta::hours(1))).await;
    assert_eq!(later.deliver_in_days, Some(1));
    let due = told(&stage, 2).await;
    assert_eq!(due.iter().map(|one| one.sku.as_str()).collect::<Vec<_>>(), ["rice", "salt"]);

    let skus: Vec<String> = supplies(&stage, customer_id).await.into_iter().map(|one| one.sku).collect();
    assert_eq!(skus, ["oil", "rice", "salt", "tea"]);
    let path = CustomerPath { customer_id };
    let query = SuppliesQuery { limit: Some(3), after: None };
    let first = stage.call::<ListSupplies>(&stage.manager, &path, &query, &Nothing).await.expect("a page");
    let query = SuppliesQuery { limit: Some(3), after: first.next };
    let rest = stage.call::<ListSupplies>(&stage.manager, &path, &query, &Nothing).await.expect("a page");
    assert_eq!((rest.items.len(), rest.items[0].sku.as_str()), (1, "tea"));

    let mut wrong = family(4, day(99));
    (wrong.persons, wrong.lead_days, wrong.buffer_days) = (None, 366, 366);
    wrong.milli_per_person_day = Some(Milli::new(-1));
    let of_rice = SupplyPath { customer_id, sku: "rice".to_owned() };
    let refused = problem(stage.call::<SetSupply>(&stage.manager, &of_rice, &NONE, &wrong).await);
    let places: Vec<&str> = refused.errors.iter().map(|error| error.pointer.as_str()).collect();
    let expected = ["/persons", "/milli_per_person_day", "/lead_days", "/buffer_days", "/last_fill/at"];
    assert_eq!((refused.status, places), (422, expected.to_vec()));
    let stranger = stage.person(Role::Manager, "south");
    let refused = stage.call::<SetSupply>(&stranger, &of_rice, &NONE, &family(4, day(0))).await;
    assert_eq!(problem(refused).code, Code::NotFound);
    let refused = stage.call::<ListSupplies>(&stranger, &path, &SuppliesQuery::default(), &Nothing).await;
    assert_eq!(problem(refused).code, Code::NotFound);
    let reader = stage.person(Role::Marketing, "north");
    let refused = stage.call::<SetSupply>(&reader, &of_rice, &NONE, &family(4, day(0))).await;
    assert_eq!(problem(refused).code, Code::Forbidden);
    stage.running.end().await;
}
on_both!(four_persons_run_out_when_they_do_and_nobody_never, super::declared);

async fn learned(place: Place) {
    let stage = Stage::start_at(&place, day(30)).await;
    let customer_id = known(&stage).await;
    let setting = SupplySetting {
        persons: None,
        milli_per_person_day: None,
        lead_days: 1,
        buffer_days: 2,
        last_fill: None,
    };
    let unknown = set(&stage, customer_id, "rice", &setting).await;
    assert_eq!((unknown.rate_source, unknown.runs_out_at), (RateSource::Unknown, None));
    // Known in another order than they came, and one of them after it was asked for.
    let deliveries = [(25, 18_000), (0, 20_000), (13, 20_000)].map(|(on, quantity)| {
        let id = clock::new_id(stage.clock.now()).into();
        let when = day(on).to_rfc3339();
        bought(&stage, customer_id, id, &when, NORTH, &[("rice", quantity, 5_000), ("oil", 1_000, 900)])
    });
    stage.deliver(&deliveries[..2]).await;
    stage.deliver(&deliveries[2..]).await;
    let found = supplies(&stage, customer_id).await.remove(0);
    assert_eq!((found.rate_source, found.daily_use_milli), (RateSource::Learned, Some(Milli::new(1_600))));
    assert_eq!(found.runs_out_at, Some(day(36) + TimeDelta::hours(6)), "18 kg last 11.25 days");
    assert_eq!((found.stock_now_milli, found.days_left_milli), (Some(Milli::new(10_000)), Some(6_250)));

    // Three days before the latest time of delivery it is told, once.
    let before = stage.told::<ReplenishmentDue>().await;
    assert!(before.iter().all(|one| one.runs_out_at != day(36) + TimeDelta::hours(6)), "{before:?}");
    stage.clock.advance(Duration::from_secs(6 * 3_600));
    let due = told(&stage, before.len() + 1).await;
    let last = due.last().expect("told");
    assert_eq!(
        (last.runs_out_at, last.deliver_by),
        (day(36) + TimeDelta::hours(6), day(33) + TimeDelta::hours(6))
    );
    // The next delivery makes another day of it.
    stage.clock.advance(Duration::from_secs(2 * 86_400));
    let id = clock::new_id(stage.clock.now()).into();
    let next = bought(&stage, customer_id, id, &day(32).to_rfc3339(), NORTH, &[("rice", 20_000, 5_000)]);
    stage.deliver(&[next]).await;
    let found = supplies(&stage, customer_id).await.remove(0);
    assert!(found.deliver_by > Some(day(35)), "{found:?}");
    assert_eq!(stage.told::<ReplenishmentDue>().await.len(), before.len() + 1);
    stage.running.end().await;
}
on_both!(the_daily_use_is_learned_from_deliveries, super::learned);
