//! Many batches over the same customers at once, the same batch at once, and a client that goes away.

use std::{collections::BTreeMap, time::Duration};

use futures::future::join_all;
use schema::{
    api::{
        batch::{BatchItem, Outcome},
        customer::{CustomerPath, RegisterCustomers},
        interaction::{GetTimeline, NewPurchase, RecordPurchase, TimelineQuery},
    },
    ids::CustomerId,
    topology::Service,
};
use testkit::{Place, eventually};

use super::{LONG, NONE, Shop, customers::registration, outcomes, purchase, refusals};
use crate::{company::new_purchase, on_both};

async fn at_once(place: Place) {
    let shop = Shop::open(&place).await;
    let unit = shop.company.north_1;
    let customers = shop.customers(unit, 10).await;
    let batch = |source: &str, turned: bool| {
        let mut items: Vec<_> = (0..60)
            .flat_map(|n| customers.iter().map(move |customer| (*customer, n)))
            .take(300)
            .map(|(customer, n)| purchase(customer, &n.to_string(), unit, 100, 3))
            .collect();
        if turned {
            items.reverse();
        }
        (source.to_owned(), items)
    };
    // Two sources over the same customers in opposite order, each of them twice, and single commands.
    let batches = [batch("one", false), batch("two", true), batch("one", true), batch("two", false)];
    let singles = async {
        for customer in &customers {
            let path = CustomerPath { customer_id: *customer };
            let new = new_purchase(unit, None, &[100]);
            let call =
                shop.suite.call::<RecordPurchase>(Service::Interaction, shop.manager(), &path, &NONE, &new);
            call.await.expect("a single purchase");
        }
    };
    let sent = join_all(batches.into_iter().map(|(source, items)| {
        let shop = &shop;
        async move { shop.purchases(&source, items).await.expect("an answer") }
    }));
    let (replies, ()) = futures::join!(sent, singles);
    let mut by_outcome: BTreeMap<&str, usize> = BTreeMap::new();
    for outcome in replies.iter().flat_map(outcomes) {
        let name = match outcome {
            Outcome::Applied => "applied",
            Outcome::Repeated => "repeated",
            Outcome::Refused => "refused",
        };
        *by_outcome.entry(name).or_default() += 1;
    }
    assert_eq!(by_outcome, BTreeMap::from([("applied", 600), ("repeated", 600)]));
    for customer in &customers {
        without_gap(&shop, *customer, 61).await;
    }
    shop.suite.end().await;
}
on_both!(batches_over_the_same_customers_at_once_do_everything_once, super::at_once);

/// Every revision has its event, in order, and the timeline has every purchase.
async fn without_gap(shop: &Shop, customer: CustomerId, count: i64) {
    let told = shop.told(Service::Interaction, customer).await;
    let mut revisions: Vec<i64> = told.iter().map(|(_, revision, _)| *revision).collect();
    revisions.sort_unstable();
    assert_eq!(revisions, (1..=count).collect::<Vec<i64>>());
    let path = CustomerPath { customer_id: customer };
    let query = TimelineQuery { limit: Some(200), ..TimelineQuery::default() };
    let page = shop.suite.call::<GetTimeline>(
        Service::Interaction,
        shop.manager(),
        &path,
        &query,
        &schema::api::Nothing,
    );
    assert_eq!(page.await.expect("a page").items.len(), usize::try_from(count).expect("a count"));
}

async fn gone(place: Place) {
    let shop = Shop::open(&place).await;
    let unit = shop.company.north_1;
    let customer = shop.customers(unit, 1).await[0];
    let items: Vec<_> = (0..200).map(|n| purchase(customer, &n.to_string(), unit, 7, 9)).collect();
    // The client breaks off after more and more time, and sends it all again.
    for patience in [1, 3, 9, 27, 81] {
        let call = shop.purchases("cut", items.clone());
        drop(tokio::time::timeout(Duration::from_millis(patience), call).await);
    }
    let reply = shop.purchases("cut", items.clone()).await.expect("an answer");
    assert!(!outcomes(&reply).contains(&Outcome::Refused));
    without_gap(&shop, customer, 200).await;
    shop.suite.end().await;
}
on_both!(a_batch_that_was_cut_off_is_completed_by_sending_it_again, super::gone);

async fn straight(place: Place) {
    let shop = Shop::open(&place).await;
    let unit = shop.company.north_1;
    for round in 0..3 {
        let news = (0..200).map(|n| registration(&format!("{round}-{n}"), unit, &[])).collect();
        let batch = schema::api::batch::Batch { source: "erp".to_owned(), items: news };
        let same = [&batch, &batch].map(|batch| shop.send::<RegisterCustomers>(Service::Customer, batch));
        let replies: Vec<_> =
            join_all(same).await.into_iter().map(|reply| reply.expect("an answer")).collect();
        let done: Vec<Outcome> = replies.iter().flat_map(outcomes).collect();
        assert_eq!(done.iter().filter(|outcome| **outcome == Outcome::Applied).count(), 200);
        assert_eq!(done.iter().filter(|outcome| **outcome == Outcome::Repeated).count(), 200);
        let ids = replies[0].items.iter().map(|result| CustomerId::from(result.id.expect("an id")));
        let bought: Vec<_> = ids.map(|customer| purchase(customer, "1", unit, 500, 2)).collect();
        // On a busy machine the news may take longer than a batch waits: what is not known yet is sent again.
        eventually("all of them are known", LONG, || async {
            let reply = shop.purchases("erp", bought.clone()).await.expect("an answer");
            let codes = refusals(&reply).into_iter().map(|(_, code, _)| code);
            assert!(codes.into_iter().all(|code| code == "customer-not-known-yet"), "{reply:?}");
            (!outcomes(&reply).contains(&Outcome::Refused)).then_some(())
        })
        .await;
        let count = async |item: &BatchItem<NewPurchase>| {
            shop.told(Service::Interaction, item.customer_id).await.len()
        };
        assert_eq!((count(&bought[0]).await, count(&bought[199]).await), (1, 1));
    }
    shop.suite.end().await;
}
on_both!(a_batch_straight_after_the_registration_waits, super::straight);
