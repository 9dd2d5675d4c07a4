//! Each item has its own result: good and bad ones side by side, customers not known yet, other people's shops.

use std::time::Instant;

use schema::{
    access::Role,
    api::{
        batch::{Batch, Outcome},
        interaction::{NewPurchaseLine, RecordPurchases, RecordPurchasesInternally},
        problem::Code,
    },
    ids::CustomerId,
    topology::Service,
    value::{Milli, Minor},
};
use testkit::Place;
use uuid::Uuid;

use super::{NONE, Shop, outcomes, purchase, refusals};
use crate::{commands::problem, on_both};

async fn mixed(place: Place) {
    let shop = Shop::open(&place).await;
    let unit = shop.company.north_1;
    let ours = shop.customers(unit, 2).await;
    let theirs = shop.company.register(&shop.suite, shop.company.south_1, "South", "+8613900000077").await.id;
    let nobody = CustomerId::from(Uuid::from_u128(7));

    let mut no_lines = purchase(ours[0], "no-lines", unit, 1, 3);
    no_lines.command.lines.clear();
    let mut no_staff = purchase(ours[0], "no-staff", unit, 1, 3);
    no_staff.command.staff_id = Some(Uuid::from_u128(9).into());
    let items = vec![
        purchase(ours[0], "1", unit, 1_000, 3),
        no_lines,
        purchase(nobody, "2", unit, 1, 3),
        purchase(ours[1], "1", unit, 50, 2),
        purchase(theirs, "1", unit, 1, 3),
        purchase(ours[0], "unit", shop.company.south_1, 1, 3),
        no_staff,
        purchase(ours[0], "", unit, 1, 3),
        purchase(ours[0], "1", unit, 1_000, 3),
        purchase(ours[0], "2", unit, 200, 1),
    ];
    let batch = Batch { source: "till-north".to_owned(), items };
    let north = &shop.company.manager_north_1;
    let started = Instant::now();
    let send =
        async || shop.suite.call::<RecordPurchases>(Service::Interaction, north, &NONE, &NONE, &batch).await;
    let reply = send().await.expect("an answer");
    assert!(started.elapsed().as_secs() >= 2, "nobody is waited for, once");
    assert_eq!(
        refusals(&reply),
        [
            (1, "invalid", "/command/lines".to_owned()),
            (2, "customer-not-known-yet", String::new()),
            (4, "not-found", String::new()),
            (5, "invalid", "/command/org_unit_id".to_owned()),
            (6, "invalid", "/command/staff_id".to_owned()),
            (7, "invalid", "/reference".to_owned()),
        ]
    );
    let done = |at: usize| reply.items[at].id.expect("an id");
    assert_eq!([0, 3, 9].map(|at| reply.items[at].outcome), [Outcome::Applied; 3]);
    assert_eq!((reply.items[8].outcome, done(8)), (Outcome::Repeated, done(0)));
    assert_eq!(reply.items[2].problem.as_ref().and_then(|problem| problem.retry_after), Some(1));

    // Sent again, what was done is not done again, and what was refused is refused again.
    let again = send().await.expect("an answer");
    for (at, (first, second)) in reply.items.iter().zip(&again.items).enumerate() {
        match first.outcome {
            Outcome::Refused => assert_eq!(first, second, "item {at}"),
            _ => assert_eq!((second.outcome, second.id), (Outcome::Repeated, first.id), "item {at}"),
        }
    }
    let told = shop.told(Service::Interaction, ours[0]).await;
    let revisions: Vec<i64> = told.iter().map(|(_, revision, _)| *revision).collect();
    assert_eq!(revisions, [1, 2], "one event and one revision for each that was done");
    assert!(shop.told(Service::Interaction, theirs).await.is_empty());
    shop.suite.end().await;
}
on_both!(each_item_of_a_batch_has_its_own_result, super::mixed);

async fn whole(place: Place) {
    let shop = Shop::open(&place).await;
    let unit = shop.company.north_1;
    let customer = shop.customers(unit, 1).await[0];
    let many =
        |count: usize| (0..count).map(|n| purchase(customer, &n.to_string(), unit, 1, 3)).collect::<Vec<_>>();
    let refused = problem(shop.purchases("till", many(501)).await);
    assert_eq!((refused.code, refused.errors[0].pointer.as_str()), (Code::Invalid, "/items"));
    assert!(refused.detail.contains("501"), "{refused}");
    let refused = problem(shop.purchases("Till North", vec![]).await);
    let places: Vec<&str> = refused.errors.iter().map(|error| error.pointer.as_str()).collect();
    assert_eq!(places, ["/source", "/items"]);

    // Larger than a single command may be, and within what a batch may be.
    let line = NewPurchaseLine {
        sku: "rice-jasmine".to_owned(),
        quantity_milli: Milli::new(1_000),
        amount_minor: Minor::new(1),
    };
    let mut large = many(500);
    for item in &mut large {
        item.command.lines = vec![line.clone(); 6];
    }
    let size = serde_json::to_vec(&large).expect("JSON").len();
    assert!((300_000..2_000_000).contains(&size), "{size}");
    let reply = shop.purchases("till", large.clone()).await.expect("taken");
    assert!(outcomes(&reply).iter().all(|outcome| *outcome == Outcome::Applied));
    for item in &mut large {
        item.command.lines = vec![line.clone(); 100];
    }
    assert_eq!(problem(shop.purchases("till", large).await).code, Code::PayloadTooLarge);
    let told = shop.told(Service::Interaction, customer).await;
    let revisions: Vec<i64> = told.iter().map(|(_, revision, _)| *revision).collect();
    assert_eq!(revisions, (1..=500).collect::<Vec<i64>>(), "items keep their order, without a gap");

    // A service has an address of its own; each knows what the other did.
    let batch = Batch { source: "till".to_owned(), items: many(2) };
    let service = shop.service();
    let suite = &shop.suite;
    let inside =
        suite.call::<RecordPurchasesInternally>(Service::Interaction, &service, &NONE, &NONE, &batch);
    assert_eq!(outcomes(&inside.await.expect("a service")), [Outcome::Repeated; 2]);
    let refused =
        suite.call::<RecordPurchasesInternally>(Service::Interaction, shop.manager(), &NONE, &NONE, &batch);
    assert_eq!(problem(refused.await).code, Code::Forbidden);
    for role in [Role::Marketing, Role::Presales, Role::Admin, Role::Executive] {
        let who = suite.person(role, "hq");
        let call = suite.call::<RecordPurchases>(Service::Interaction, &who, &NONE, &NONE, &batch);
        assert_eq!(problem(call.await).code, Code::Forbidden, "{role:?}");
    }
    shop.suite.end().await;
}
on_both!(a_batch_is_refused_as_a_whole_only_when_it_is_wrong_as_a_whole, super::whole);
