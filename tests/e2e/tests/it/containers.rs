//! What stands at a customer's: the jar of rice, how much it holds, and what is no container.

use std::time::Duration;

use schema::{
    api::{
        NoParameters, Nothing,
        customer::{
            AddContainer, ContainerPath, ContainerShape, CustomerPath, DeliveryQuery, FitDelivery,
            NewContainer, RemoveContainer,
        },
        problem::Code,
    },
    topology::Service,
    value::Milli,
};
use serde_json::json;
use testkit::{Place, Suite, eventually};

use crate::{commands::problem, company::Company, on_both};

const NONE: NoParameters = NoParameters {};

/// Row 2 of the domain: a cylinder of 30 by 42 cm holds 29.69 l, of rice at 0.80 kg/l 23.75 kg.
async fn jar(place: Place) {
    let suite = Suite::start(&place).await;
    let company = Company::found(&suite).await;
    let who = &company.manager_north_1;
    let file = company.register(&suite, company.north_1, "Wang Jia", "+8613900006001").await;
    let path = CustomerPath { customer_id: file.id };
    let jar = NewContainer {
        sku: "rice-jasmine".to_owned(),
        shape: ContainerShape::Cylinder,
        width_mm: 300,
        depth_mm: None,
        height_mm: 420,
        density_milli: 800,
    };
    let changed =
        suite.call::<AddContainer>(Service::Customer, who, &path, &NONE, &jar).await.expect("a jar");
    assert_eq!(changed.revision, file.revision + 1);
    // To the thousandth, rounded down: 29.688 l is 29.69 l, 23.750 kg.
    assert_eq!(changed.containers[0].capacity_litres_milli, Milli::new(29_688));
    assert_eq!(changed.containers[0].capacity_kilograms_milli, Milli::new(23_750));
    let view = "query ($id: UUID!) { customer(id: $id) { file { containers { \
        sku capacityLitresMilli capacityKilogramsMilli } } } }";
    eventually("the view shows it", Duration::from_secs(10), || async {
        let seen = suite.graphql(who, view, json!({ "id": file.id })).await;
        let wanted = json!([{ "sku": "rice-jasmine", "capacityLitresMilli": 29_688,
            "capacityKilogramsMilli": 23_750 }]);
        (seen["data"]["customer"]["file"]["containers"] == wanted).then_some(())
    })
    .await;

    let container = ContainerPath { customer_id: file.id, container_id: changed.containers[0].id };
    let fit = async |offered, stock: Option<i64>| {
        let query = DeliveryQuery {
            offered_kilograms_milli: Milli::new(offered),
            stock_kilograms_milli: stock.map(Milli::new),
        };
        suite.call::<FitDelivery>(Service::Customer, who, &container, &query, &Nothing).await
    };
    // 25 kg into the empty jar are cut to 23.75; what is in it takes its room.
    let cut = fit(25_000, None).await.expect("in scope");
    assert_eq!((cut.fits_kilograms_milli, cut.left_kilograms_milli), (Milli::new(23_750), Milli::new(1_250)));
    let cut = fit(25_000, Some(7_200)).await.expect("in scope");
    assert_eq!(cut.fits_kilograms_milli, Milli::new(16_550));
    assert_eq!(problem(fit(0, None).await).errors[0].pointer, "/offered_kilograms_milli");

    let deep = NewContainer { depth_mm: Some(1), width_mm: 0, ..jar.clone() };
    let refused = problem(suite.call::<AddContainer>(Service::Customer, who, &path, &NONE, &deep).await);
    let places: Vec<&str> = refused.errors.iter().map(|error| error.pointer.as_str()).collect();
    assert_eq!(places, ["/width_mm", "/depth_mm"]);
    let stranger = &company.manager_south_1;
    let refused = suite.call::<AddContainer>(Service::Customer, stranger, &path, &NONE, &jar).await;
    assert_eq!(problem(refused).code, Code::NotFound);
    for _ in 2..=10 {
        suite.call::<AddContainer>(Service::Customer, who, &path, &NONE, &jar).await.expect("one of ten");
    }
    let refused = suite.call::<AddContainer>(Service::Customer, who, &path, &NONE, &jar).await;
    assert_eq!(problem(refused).code, Code::Conflict);

    let path = ContainerPath { customer_id: file.id, container_id: changed.containers[0].id };
    let removed = suite.call::<RemoveContainer>(Service::Customer, who, &path, &NONE, &Nothing).await;
    assert_eq!(removed.expect("a file").containers.len(), 9);
    let again = suite.call::<RemoveContainer>(Service::Customer, who, &path, &NONE, &Nothing).await;
    assert_eq!(problem(again).code, Code::NotFound);
    suite.end().await;
}
on_both!(a_jar_says_what_it_holds, super::jar);
