//! Row 38: how often customers are passed around. The row's 1,000 cases with 50 are tried as 100 with 5:
//! 5.0 %.

use chrono::TimeDelta;
use futures::{StreamExt as _, stream};
use schema::{
    access::Role,
    api::{
        NoParameters, Nothing,
        interaction::{
            AcceptCase, Case, CaseReport, CaseReportQuery, CaseStep, DeskQuery, DeskRole, OfferCase,
            ReportCases,
        },
        problem::Code,
    },
    ids::{CustomerId, OrgUnitId},
    topology::Service,
};
use testkit::{Person, Place, Suite};

use crate::{
    cases::{new_case, offer_to, open, step},
    commands::problem,
    company::Company,
    desk::Colleague,
    on_both,
};

const NONE: NoParameters = NoParameters {};
const NOW: CaseStep = CaseStep { occurred_at: None };

async fn pass(suite: &Suite, case: &Case, from: &Colleague, to: &Colleague) -> Case {
    step::<OfferCase>(suite, &from.person, case, &offer_to(to.id)).await.expect("offered");
    step::<AcceptCase>(suite, &to.person, case, &NOW).await.expect("accepted")
}

async fn report(
    suite: &Suite,
    who: &Person,
    unit: OrgUnitId,
    days: (i64, i64),
) -> Result<CaseReport, kit::client::CallError> {
    let now = kit::clock::Clock::system().now();
    let (from, to) = (now + TimeDelta::days(days.0), now + TimeDelta::days(days.1));
    let query = CaseReportQuery { org_unit_id: unit, from, to };
    suite.call::<ReportCases>(Service::Interaction, who, &NONE, &query, &Nothing).await
}

async fn passed_around(place: Place) {
    let suite = Suite::start(&place).await;
    let company = Company::found(&suite).await;
    let here = (company.north_1, "north-1");
    let anna = Colleague::join(&suite, &company, "anna", Role::Aftersales, here).await;
    let bert = Colleague::join(&suite, &company, "bert", Role::Aftersales, here).await;
    let cora = Colleague::join(&suite, &company, "cora", Role::Aftersales, here).await;
    let mut customers: Vec<CustomerId> = Vec::new();
    for number in 0..4 {
        let phone = format!("+861381235{number:04}");
        customers.push(company.register(&suite, company.north_1, "Shunted", &phone).await.id);
    }
    let new = new_case(company.north_1, None);
    let cases: Vec<Case> = stream::iter(0..100)
        .map(|number| open(&suite, &anna.person, customers[number % 4], &new))
        .buffer_unordered(4)
        .map(|opened| opened.expect("a case"))
        .collect()
        .await;
    // A→B→C four times, A→B→A once, and A→B of another five, which is no bounce.
    for case in &cases[..4] {
        pass(&suite, case, &anna, &bert).await;
        let twice = pass(&suite, case, &bert, &cora).await;
        assert_eq!((twice.transfers, twice.bounced, twice.ping_pong), (2, true, false));
    }
    pass(&suite, &cases[4], &anna, &bert).await;
    let back = pass(&suite, &cases[4], &bert, &anna).await;
    assert_eq!((back.transfers, back.bounced, back.ping_pong), (2, true, true), "A→B→A");
    for case in &cases[5..10] {
        let once = pass(&suite, case, &anna, &bert).await;
        assert_eq!((once.transfers, once.bounced, once.ping_pong), (1, false, false));
    }

    for (who, unit) in [
        (&company.manager_north_1, company.north_1),
        (&company.manager_hq, company.north),
        (&suite.person(Role::Executive, "hq"), company.north),
    ] {
        let seen = report(&suite, who, unit, (-1, 1)).await.expect("a report");
        assert_eq!((seen.cases, seen.open, seen.transfers), (100, 100, 15));
        assert_eq!((seen.bounced, seen.ping_pong), (5, 1));
        assert_eq!(seen.bounce_rate_millionths, Some(50_000), "5.0 %");
    }
    let before = report(&suite, &company.manager_hq, company.north, (-3, -1)).await.expect("a report");
    assert_eq!((before.cases, before.bounce_rate_millionths), (0, None), "no rate without cases");
    let elsewhere = report(&suite, &company.manager_hq, company.south, (-1, 1)).await.expect("a report");
    assert_eq!(elsewhere.cases, 0);
    let outside = report(&suite, &company.manager_south_1, company.north_1, (-1, 1)).await;
    assert_eq!(problem(outside).code, Code::NotFound);
    let clerk = report(&suite, &anna.person, company.north_1, (-1, 1)).await;
    assert_eq!(problem(clerk).code, Code::Forbidden);
    let backwards = report(&suite, &company.manager_hq, company.north, (1, -1)).await;
    assert_eq!(problem(backwards).errors[0].pointer, "/to");

    // Anna answers for all of them and handles what she did not give away; the desk pages through.
    assert_eq!(anna.load(&suite).await, (100, 91, 0));
    let (mut seen, mut after) = (Vec::new(), None);
    loop {
        let query = DeskQuery { role: DeskRole::Accountable, after, limit: Some(30) };
        let desk = anna.desk(&suite, &query).await;
        seen.extend(desk.cases.items.into_iter().map(|case| (case.due_at, case.id)));
        after = desk.cases.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(seen.len(), 100);
    assert!(seen.windows(2).all(|two| two[0] < two[1]), "the one due first comes first, each once");
    suite.end().await;
}
on_both!(row_38_passing_customers_around_is_counted, super::passed_around);
