//! Results: the published numbers through the API, for units rolled up the tree, within scope.

use kit::client::CallError;
use schema::{
    access::{Level, Role, TABLE},
    api::{
        Nothing,
        interaction::Phase,
        problem::Code,
        survey::{
            CompareResults, Comparison, ComparisonQuery, Instrument, PlanSample, ResultQuery, SampleQuery,
        },
    },
    ids::PurchaseId,
    topology::Service,
};
use testkit::{Person, Place};
use uuid::Uuid;

use super::{NONE, Stage, about, asked, days_ago, new_answer, rounded};
use crate::{commands::problem, on_both};

/// Rows 18, 75 and 138 of the founding demands, and row 14 for the sample that is too small.
async fn published(place: Place) {
    let stage = Stage::set(&place).await;
    let manager = &stage.company.manager_hq;
    let nps = new_answer(Instrument::Nps, 0, days_ago(41));
    stage.answers(stage.northerner, &nps, &[(10, 30), (9, 20), (8, 20), (7, 10), (6, 15), (0, 5)]).await;
    let result = stage.result(manager, &asked(Instrument::Nps)).await.expect("a result");
    assert_eq!((result.n, result.minimum, result.insufficient_sample), (100, 30, false));
    assert_eq!(result.age_days, Some(41));
    assert!(result.definition.contains("Reichheld"));
    let score = result.nps.expect("an NPS");
    assert_eq!((score.promoters, score.passives, score.detractors), (50, 30, 20));
    assert_eq!((rounded(score.score, 1), rounded(score.standard_error, 3)), ("30.0".into(), "7.810".into()));
    assert_eq!(rounded(score.margin, 3), "15.308");
    let adjusted = score.adjusted_wald;
    assert_eq!((rounded(adjusted.low, 2), rounded(adjusted.high, 2)), ("14.05".into(), "44.20".into()));
    let counted: Vec<(i32, i64)> =
        result.distribution.iter().flatten().map(|one| (one.score, one.count)).collect();
    assert_eq!(counted, [(0, 5), (6, 15), (7, 10), (8, 20), (9, 20), (10, 30)]);

    let csat = new_answer(Instrument::Csat, 0, days_ago(40));
    stage.answers(stage.northerner, &csat, &[(5, 50), (4, 30), (2, 20)]).await;
    let result = stage.result(manager, &asked(Instrument::Csat)).await.expect("a result");
    let top = result.top_two_box.expect("a share");
    assert_eq!((top.count, top.share, result.mean), (80, 800_000, Some(4_100_000)));
    let interval = (rounded(top.interval.low, 5), rounded(top.interval.high, 5));
    assert_eq!(interval, ("0.71117".into(), "0.86663".into()));
    assert_eq!((result.nps, result.age_days), (None, Some(40)));

    // Nine answers long ago: shown with the flag; the latest value is another one.
    let old = new_answer(Instrument::Csat, 1, days_ago(400));
    stage.answers(stage.southerner, &old, &[(1, 9)]).await;
    let south = ResultQuery { org_unit_id: Some(stage.company.south), ..asked(Instrument::Csat) };
    let few = stage.result(manager, &south).await.expect("a result");
    assert_eq!((few.n, few.mean, few.insufficient_sample), (9, Some(1_000_000), true));
    let enough = stage.result(manager, &ResultQuery { minimum: Some(9), ..south.clone() }).await;
    assert!(!enough.expect("a result").insufficient_sample);
    let latest = ResultQuery { latest_days: Some(90), ..asked(Instrument::Csat) };
    let latest = stage.result(manager, &latest).await.expect("a result");
    assert_eq!((latest.n, latest.mean, latest.age_days), (100, Some(4_100_000), Some(40)));
    let all = stage.result(manager, &asked(Instrument::Csat)).await.expect("a result");
    assert_eq!(all.n, 109);
    let nothing = stage.result(manager, &asked(Instrument::Ces)).await.expect("a result");
    assert_eq!(
        (nothing.n, nothing.mean, nothing.age_days, nothing.insufficient_sample),
        (0, None, None, true)
    );
    stage.suite.end().await;
}
on_both!(results_are_the_published_ones, super::published);

async fn units(place: Place) {
    let stage = Stage::set(&place).await;
    let company = &stage.company;
    let ces = |score| new_answer(Instrument::Ces, score, days_ago(3));
    // One that names no unit counts for the home unit, one that names a unit for that one.
    stage.answers(stage.northerner, &ces(7), &[(7, 1)]).await;
    stage.answers(stage.northerner, &about(company.south_1, ces(2)), &[(2, 1)]).await;
    let bought = super::NewAnswer { purchase_id: Some(PurchaseId::from(Uuid::from_u128(7))), ..ces(4) };
    stage.answers(stage.southerner, &bought, &[(4, 2)]).await;
    let n = async |who: &Person, query: ResultQuery| {
        let result = stage.result(who, &query).await.expect("a result");
        (result.n, result.mean.unwrap_or_default())
    };
    let all = || asked(Instrument::Ces);
    let of = |unit| ResultQuery { org_unit_id: Some(unit), ..all() };
    let hq = &company.manager_hq;
    assert_eq!(n(hq, all()).await, (4, 4_250_000));
    assert_eq!(n(hq, of(company.north)).await, (1, 7_000_000));
    assert_eq!(n(hq, of(company.north_1)).await, (1, 7_000_000));
    assert_eq!(n(hq, of(company.south)).await, (3, 3_333_333));
    let sale = ResultQuery { phase: Some(Phase::Sales), ..all() };
    assert_eq!(n(hq, sale).await, (2, 4_000_000));
    let after = ResultQuery { phase: Some(Phase::Aftersales), ..all() };
    assert_eq!(n(hq, after).await.0, 0);
    assert_eq!(n(hq, ResultQuery { from: Some(days_ago(2)), ..all() }).await.0, 0);
    assert_eq!(n(hq, ResultQuery { from: Some(days_ago(4)), to: Some(days_ago(2)), ..all() }).await.0, 4);

    // The scope is that of the records: whose answers one may read are those that count.
    assert_eq!(n(&company.manager_north_1, all()).await, (2, 4_500_000));
    assert_eq!(n(&company.manager_south_1, all()).await, (2, 4_000_000));
    assert_eq!(
        n(&company.manager_south_1, of(company.south_1)).await,
        (2, 4_000_000),
        "not the northerner's"
    );
    for unit in [company.north, company.south, company.north_1] {
        let refused = stage.result(&company.manager_south_1, &of(unit)).await;
        assert_eq!(problem(refused).code, Code::NotFound, "naming the unit does not open it");
    }

    for rule in TABLE.iter().filter(|rule| rule.role != Role::Service) {
        let seen = stage.result(&stage.suite.person(rule.role, "hq"), &all()).await;
        match rule.value {
            Level::Whole => assert_eq!(seen.expect("a result").n, 4, "{:?}", rule.role),
            Level::Masked | Level::None => assert_eq!(problem(seen).code, Code::Forbidden, "{:?}", rule.role),
        }
    }
    for (wrong, pointer) in [
        (ResultQuery { minimum: Some(0), ..all() }, "/minimum"),
        (ResultQuery { latest_days: Some(0), ..all() }, "/latest_days"),
        (ResultQuery { from: Some(days_ago(1)), to: Some(days_ago(2)), ..all() }, "/to"),
    ] {
        assert_eq!(problem(stage.result(hq, &wrong).await).errors[0].pointer, pointer);
    }
    stage.suite.end().await;
}
on_both!(results_are_rolled_up_the_tree_within_scope, super::units);

async fn periods(place: Place) {
    let stage = Stage::set(&place).await;
    let manager = &stage.company.manager_hq;
    let nps = |days| new_answer(Instrument::Nps, 0, days_ago(days));
    stage.answers(stage.northerner, &nps(100), &[(10, 8), (8, 6), (3, 6)]).await;
    stage.answers(stage.northerner, &nps(50), &[(0, 1)]).await;
    stage.answers(stage.northerner, &nps(10), &[(9, 9), (7, 6), (6, 5)]).await;
    let compare = async |who: &Person, query: &ComparisonQuery| -> Result<Comparison, CallError> {
        stage.suite.call::<CompareResults>(Service::Survey, who, &NONE, query, &Nothing).await
    };
    let asked = ComparisonQuery {
        org_unit_id: Some(stage.company.north),
        phase: None,
        from: days_ago(30),
        to: days_ago(0),
        base_from: days_ago(120),
        base_to: days_ago(90),
        minimum: Some(20),
    };
    let seen = compare(manager, &asked).await.expect("a comparison");
    assert_eq!((seen.n, seen.base_n, seen.insufficient_sample), (20, 20, false));
    let scores = (seen.later.map(|one| one.score), seen.earlier.map(|one| one.score));
    assert_eq!(scores, (Some(20_000_000), Some(10_000_000)));
    // P .45 D .25 against P .40 D .30: variances .66 and .69, standard error √(1.35 / 20).
    let change = seen.change.expect("a difference");
    assert_eq!((change.difference, rounded(change.standard_error, 3)), (10_000_000, "25.981".into()));
    assert_eq!(change.z.map(|z| rounded(z, 4)), Some("0.3849".into()));
    assert_eq!(change.p.map(|p| rounded(p, 3)), Some("0.700".into()));

    let refused = compare(&stage.company.manager_south_1, &asked).await;
    assert_eq!(problem(refused).status, 404);
    let refused = compare(&stage.suite.person(Role::Sales, "hq"), &asked).await;
    assert_eq!(problem(refused).status, 403);
    let wrong = ComparisonQuery { base_to: days_ago(20), ..asked };
    assert_eq!(problem(compare(manager, &wrong).await).errors[0].pointer, "/base_to");

    let plan = async |query: SampleQuery| {
        let admin = &stage.company.admin;
        stage.suite.call::<PlanSample>(Service::Survey, admin, &NONE, &query, &Nothing).await
    };
    let share =
        SampleQuery { margin: 50_000, confidence: None, variance: None, population: None, nps: false };
    assert_eq!(plan(share.clone()).await.expect("a plan").answers, 385);
    assert_eq!(plan(SampleQuery { nps: true, ..share.clone() }).await.expect("a plan").answers, 1_537);
    assert_eq!(problem(plan(SampleQuery { margin: 0, ..share }).await).errors[0].pointer, "/margin");
    stage.suite.end().await;
}
on_both!(periods_are_set_against_each_other, super::periods);
