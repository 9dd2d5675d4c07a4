//! Answers and opening balances in batches.

use chrono::TimeDelta;
use schema::{
    api::{
        Nothing,
        batch::{Batch, BatchItem, Outcome},
        customer::CustomerPath,
        interaction::Channel,
        loyalty::{EnterOpeningBalances, GetAccount, NewOpeningBalance, PointsEntryKind, Tier, WhyCode},
        survey::{AnswersQuery, Instrument, ListAnswers, NewAnswer, RecordAnswers},
    },
    ids::CustomerId,
    topology::Service,
    value::Points,
};
use testkit::Place;

use super::{NONE, Shop, now, outcomes, refusals};
use crate::on_both;

async fn answered(place: Place) {
    let shop = Shop::open(&place).await;
    let customer = shop.customers(shop.company.north_1, 1).await[0];
    let answer = |reference: &str, score: i32, days_ago: i64| BatchItem {
        reference: reference.to_owned(),
        customer_id: customer,
        command: NewAnswer {
            instrument: Instrument::Nps,
            score,
            verbatim: (score == 0).then(|| "Never again.".to_owned()),
            org_unit_id: None,
            purchase_id: None,
            phase: None,
            channel: Channel::Web,
            occurred_at: now() - TimeDelta::days(days_ago),
        },
    };
    let items = vec![answer("1", 9, 40), answer("2", 11, 30), answer("3", 0, 20), answer("1", 9, 40)];
    let batch = Batch { source: "old-survey".to_owned(), items };
    let send = async || shop.send::<RecordAnswers>(Service::Survey, &batch).await.expect("an answer");
    let reply = send().await;
    assert_eq!(refusals(&reply), [(1, "invalid", "/command/score".to_owned())]);
    assert_eq!(reply.items[3].outcome, Outcome::Repeated);
    assert_eq!(outcomes(&send().await)[2], Outcome::Repeated);
    let (path, query) = (CustomerPath { customer_id: customer }, AnswersQuery::default());
    let listed = shop.suite.call::<ListAnswers>(Service::Survey, shop.manager(), &path, &query, &Nothing);
    let scores: Vec<_> = listed.await.expect("answers").items.iter().map(|one| one.score).collect();
    assert_eq!(scores, [Some(0), Some(9)]);
    let told = shop.told(Service::Survey, customer).await;
    let told: Vec<(&str, i64)> = told.iter().map(|(kind, revision, _)| (kind.as_str(), *revision)).collect();
    assert_eq!(told, [("customer360.answer.received.v1", 1), ("customer360.answer.received.v1", 2)]);
    shop.suite.end().await;
}
on_both!(a_batch_records_answers, super::answered);

async fn brought(place: Place) {
    let shop = Shop::open(&place).await;
    let customers = shop.customers(shop.company.north_1, 2).await;
    let balance = |customer_id: CustomerId, reference: &str, points: i64| BatchItem {
        reference: reference.to_owned(),
        customer_id,
        command: NewOpeningBalance { points: Points::new(points), occurred_at: now() - TimeDelta::days(3) },
    };
    let items = vec![
        balance(customers[0], "1", 5_000),
        balance(customers[0], "2", 0),
        balance(customers[1], "1", 1_000_000_001),
        balance(customers[0], "3", 250),
    ];
    let batch = Batch { source: "old-club".to_owned(), items };
    let send = async || shop.send::<EnterOpeningBalances>(Service::Loyalty, &batch).await.expect("an answer");
    let reply = send().await;
    assert_eq!(
        refusals(&reply),
        [(1, "invalid", "/command/points".to_owned()), (2, "invalid", "/command/points".to_owned())]
    );
    assert_eq!(outcomes(&send().await)[3], Outcome::Repeated);
    let path = CustomerPath { customer_id: customers[0] };
    let account = shop.suite.call::<GetAccount>(Service::Loyalty, shop.manager(), &path, &NONE, &Nothing);
    let account = account.await.expect("an account");
    assert_eq!((account.balance, account.available), (Some(Points::new(5_250)), Some(Points::new(5_250))));
    assert_eq!((account.tier, account.qualifying), (Some(Tier::Basic), Some(Points::new(0))));
    let entry = account.entries.last().expect("an entry");
    assert_eq!((entry.kind, entry.reason.as_deref()), (PointsEntryKind::Opening, Some("opening-balance")));
    assert_eq!(entry.why.as_ref().map(|why| why.code), Some(WhyCode::OpeningBalance));
    let loyalty = shop.suite.running.iter().find(|one| one.runtime.service == Service::Loyalty);
    let total = loyalty::ledger_total(&loyalty.expect("it runs").runtime.db).await.expect("a sum");
    assert_eq!(total, 0, "the ledger balances");
    shop.suite.end().await;
}
on_both!(a_batch_brings_points_from_elsewhere, super::brought);
