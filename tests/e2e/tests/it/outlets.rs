//! The outlet register: what it says of a unit, which outlets are nearest, and who sees which.

use std::{collections::BTreeSet, fmt::Write as _};

use futures::future::join_all;
use schema::{
    access::Role,
    api::{
        NoParameters, Nothing,
        customer::{
            ChangeOrgUnit, CloseOrgUnit, CreateOrgUnit, FindNearestOutlets, ListOrgUnits, MoveOrgUnit,
            NearestQuery, NewOrgUnit, OpeningSpan, OrgUnit, OrgUnitChange, OrgUnitFilter, OrgUnitKind,
            OrgUnitMove, OrgUnitPath, OrgUnitStatus, OutletNearby, ReopenOrgUnit, UnitAddress,
            UnitCoordinates, UnitDetails,
        },
        problem::Code,
    },
    ids::OrgUnitId,
    topology::Service,
};
use testkit::{Person, Place, Suite};
use uuid::Uuid;

use crate::{commands::problem, company::Company, on_both};

const NONE: NoParameters = NoParameters {};

fn outlet(code: &str, parent_id: OrgUnitId, details: Option<UnitDetails>) -> NewOrgUnit {
    let name = format!("Unit {code}");
    NewOrgUnit { code: code.to_owned(), name, kind: OrgUnitKind::Outlet, parent_id, details }
}

async fn create(suite: &Suite, admin: &Person, new: NewOrgUnit) -> OrgUnit {
    suite.call::<CreateOrgUnit>(Service::Customer, admin, &NONE, &NONE, &new).await.expect("a unit")
}

/// Every unit that somebody sees, by pages of 17.
async fn units(suite: &Suite, who: &Person) -> Vec<OrgUnit> {
    let mut all = Vec::new();
    let mut filter = OrgUnitFilter { limit: Some(17), ..OrgUnitFilter::default() };
    loop {
        let page = suite.call::<ListOrgUnits>(Service::Customer, who, &NONE, &filter, &Nothing).await;
        let page = page.expect("a page");
        all.extend(page.items);
        match page.next {
            Some(next) => filter.after = Some(next),
            None => return all,
        }
    }
}

/// Row 143 of the domain: region R sees only its 40 outlets; the sum of the regions is what the head office sees.
async fn regions(place: Place) {
    let suite = Suite::start(&place).await;
    let company = Company::found(&suite).await;
    let root = units(&suite, &company.admin).await.into_iter().find(|unit| unit.code == "hq").expect("hq");
    for region in ["r-1", "r-2", "r-10"] {
        let new = NewOrgUnit { kind: OrgUnitKind::Company, ..outlet(region, root.id, None) };
        let parent = create(&suite, &company.admin, new).await.id;
        let outlets = (0..40).map(|number| {
            create(&suite, &company.admin, outlet(&format!("{region}-shop-{number}"), parent, None))
        });
        join_all(outlets).await;
    }
    let only_outlets = |all: Vec<OrgUnit>| -> BTreeSet<OrgUnitId> {
        all.into_iter().filter(|unit| unit.kind == OrgUnitKind::Outlet).map(|unit| unit.id).collect()
    };
    let mut sum = BTreeSet::new();
    let mut count = 0;
    for (region, outlets) in [("r-1", 40), ("r-2", 40), ("r-10", 40), ("north", 1), ("south", 1)] {
        let seen = units(&suite, &suite.person(Role::Sales, region)).await;
        assert!(seen.iter().all(|unit| unit.code == region || unit.code.starts_with(&format!("{region}-"))));
        assert_eq!(seen.len(), outlets + 1, "{region} sees itself and its outlets");
        let seen = only_outlets(seen);
        assert_eq!(seen.len(), outlets, "{region}");
        count += seen.len();
        sum.extend(seen);
    }
    assert_eq!(sum.len(), count, "no outlet is in two regions");
    let whole = only_outlets(units(&suite, &suite.person(Role::Manager, "hq")).await);
    assert_eq!(whole.len(), 122);
    assert_eq!(whole, sum);
    suite.end().await;
}
on_both!(a_region_sees_its_own_outlets_and_together_they_are_all, super::regions);

/// Outlets of the test: (code, place, open, with repair).
type Outlet = (String, UnitCoordinates, bool, bool);

/// 1,200 outlets: most in a country, many around the date line and the poles, some in one place.
fn generated() -> Vec<Outlet> {
    let mut state = 20_261_122_u64;
    // Knuth's MMIX generator: the same outlets in every run.
    let mut random = |from: i64, to: i64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let share = i64::try_from(state >> 33).expect("31 bits");
        i32::try_from(from + share % (to - from + 1)).expect("a coordinate")
    };
    (0..1_200)
        .map(|number| {
            let (latitude_micro, longitude_micro) = match number % 10 {
                0 => (random(-20_000_000, 20_000_000), random(179_000_000, 180_000_000)),
                1 => (random(-20_000_000, 20_000_000), random(-180_000_000, -179_000_000)),
                2 => (random(88_000_000, 90_000_000), random(-180_000_000, 180_000_000)),
                3 => (random(-90_000_000, -88_000_000), random(-180_000_000, 180_000_000)),
                4 => (random(-90_000_000, 90_000_000), random(-180_000_000, 180_000_000)),
                5 => (31_230_400, 121_473_700),
                _ => (random(22_000_000, 40_000_000), random(100_000_000, 122_000_000)),
            };
            let at = UnitCoordinates { latitude_micro, longitude_micro };
            (format!("near-{number:04}"), at, number % 7 != 0, number % 3 == 0)
        })
        .collect()
}

/// The haversine formula, written a second time.
fn haversine(a: UnitCoordinates, b: UnitCoordinates) -> f64 {
    let rad = |micro: i32| f64::from(micro) * std::f64::consts::PI / 180e6;
    let (p, q) = (rad(a.latitude_micro), rad(b.latitude_micro));
    let (dp, dl) = (q - p, rad(b.longitude_micro) - rad(a.longitude_micro));
    let h = (dp / 2.0).sin().powi(2) + p.cos() * q.cos() * (dl / 2.0).sin().powi(2);
    2.0 * 6_371_008.8 * h.sqrt().min(1.0).asin()
}

/// The nearest by looking at every single one.
fn brute_force(all: &[Outlet], near: UnitCoordinates, repair: bool, limit: usize) -> Vec<(i64, String)> {
    let mut far: Vec<(i64, String)> = all
        .iter()
        .filter(|(_, _, open, with_repair)| *open && (*with_repair || !repair))
        .map(|(code, at, ..)| (haversine(near, *at).round() as i64, code.clone()))
        .collect();
    far.sort();
    far.truncate(limit);
    far
}

async fn put_in_bulk(suite: &Suite, parent: OrgUnitId, outlets: &[Outlet]) {
    let customer = suite.running.iter().find(|one| one.runtime.service == Service::Customer);
    let db = &customer.expect("customer").runtime.db;
    for (chunk, part) in outlets.chunks(100).enumerate() {
        let mut sql = "INSERT INTO org_unit (id, code, kind, parent_id, status, path, revision, name, \
                       latitude_micro, longitude_micro, services) VALUES "
            .to_owned();
        let mut values: Vec<sea_orm::Value> = vec![parent.uuid().into()];
        for (at, (code, place, open, repair)) in part.iter().enumerate() {
            values.push(Uuid::from_u128((0xbeef << 32) + (chunk * 100 + at) as u128).into());
            let status = if *open { "open" } else { "closed" };
            let services = if *repair { "/delivery/repair/" } else { "/delivery/repairs/" };
            let comma = if at == 0 { "" } else { ", " };
            write!(
                sql,
                "{comma}(${}, '{code}', 'outlet', $1, '{status}', '/hq/north/{code}/', 1, '{code}', {}, {}, '{services}')",
                values.len(),
                place.latitude_micro,
                place.longitude_micro
            )
            .expect("text");
        }
        db.execute(&sql, values).await.expect("outlets");
    }
}

async fn nearest(suite: &Suite, who: &Person, query: &NearestQuery) -> Vec<OutletNearby> {
    let found = suite.call::<FindNearestOutlets>(Service::Customer, who, &NONE, query, &Nothing).await;
    found.expect("outlets")
}

/// Row 142 of the domain: the nearest of 1,200 outlets are the same as by brute force.
async fn nearest_of_1200(place: Place) {
    let suite = Suite::start(&place).await;
    let company = Company::found(&suite).await;
    let all = generated();
    put_in_bulk(&suite, company.north, &all).await;
    let who = suite.person(Role::Presales, "hq");
    let mut places = vec![
        (0, 180_000_000),
        (0, -180_000_000),
        (5_000_000, 179_999_999),
        (90_000_000, 0),
        (-90_000_000, 45_000_000),
        (89_999_999, -179_999_999),
        (-41_000_000, 174_000_000),
        (31_230_400, 121_473_700),
        (31_230_401, 121_473_699),
        (0, 0),
        (-31_230_400, -58_526_300),
    ];
    places.extend(all.iter().step_by(60).map(|(_, at, ..)| (at.latitude_micro, at.longitude_micro)));
    assert_eq!(places.len(), 31);
    for (number, (latitude_micro, longitude_micro)) in places.into_iter().enumerate() {
        let near = UnitCoordinates { latitude_micro, longitude_micro };
        let repair = number % 2 == 1;
        let limit = [1, 10, 50][number % 3];
        let query = NearestQuery {
            latitude_micro,
            longitude_micro,
            service: repair.then(|| "repair".to_owned()),
            limit: Some(limit),
        };
        let found = nearest(&suite, &who, &query).await;
        let found: Vec<(i64, String)> =
            found.into_iter().map(|one| (one.distance_metres, one.outlet.code)).collect();
        assert_eq!(found, brute_force(&all, near, repair, limit as usize), "{near:?} {repair}");
    }
    // Only one's own: the south has none of them, and its outlet no place.
    let query = NearestQuery { latitude_micro: 0, longitude_micro: 0, service: None, limit: None };
    assert_eq!(nearest(&suite, &who, &query).await.len(), 10);
    assert!(nearest(&suite, &suite.person(Role::Sales, "south"), &query).await.is_empty());
    suite.end().await;
}
on_both!(the_nearest_of_1200_outlets_are_those_of_brute_force, super::nearest_of_1200);

fn details() -> UnitDetails {
    let span = |weekday, from_minute, until_minute| OpeningSpan { weekday, from_minute, until_minute };
    UnitDetails {
        address: Some(UnitAddress {
            line: "1 Nanjing Road".to_owned(),
            city: "上海".to_owned(),
            region: Some("Shanghai".to_owned()),
            postal_code: Some("200001".to_owned()),
            country: "CN".to_owned(),
        }),
        opening_spans: vec![span(1, 540, 720), span(1, 780, 1_080), span(6, 600, 1_440)],
        time_zone: Some("Asia/Shanghai".to_owned()),
        coordinates: Some(UnitCoordinates { latitude_micro: 31_230_400, longitude_micro: 121_473_700 }),
        services: vec!["delivery".to_owned(), "repair".to_owned()],
    }
}

async fn register(place: Place) {
    let suite = Suite::start(&place).await;
    let company = Company::found(&suite).await;
    let admin = &company.admin;
    let new = outlet("north-2", company.north, Some(details()));
    let shop = create(&suite, admin, new).await;
    assert_eq!(shop.details, details());
    let listed = units(&suite, admin).await;
    assert_eq!(listed.iter().find(|unit| unit.id == shop.id), Some(&shop));
    assert_eq!(
        listed.iter().find(|unit| unit.code == "north-1").expect("north-1").details,
        UnitDetails::default()
    );
    let path = OrgUnitPath { org_unit_id: shop.id };
    let renamed = OrgUnitChange { name: Some("By the river".to_owned()), ..OrgUnitChange::default() };
    let changed = suite.call::<ChangeOrgUnit>(Service::Customer, admin, &path, &NONE, &renamed).await;
    let changed = changed.expect("a unit");
    assert_eq!((changed.name.as_str(), &changed.details), ("By the river", &details()));
    assert_eq!(changed.revision, shop.revision + 1);

    let query = NearestQuery {
        latitude_micro: 31_230_400,
        longitude_micro: 121_474_700,
        service: Some("repair".to_owned()),
        limit: None,
    };
    let found = nearest(&suite, admin, &query).await;
    assert_eq!(found, [OutletNearby { outlet: changed.clone(), distance_metres: 95 }]);
    for bad in [
        NearestQuery { latitude_micro: 90_000_001, ..query.clone() },
        NearestQuery { longitude_micro: -180_000_001, ..query.clone() },
        NearestQuery { service: Some("%".to_owned()), ..query.clone() },
        NearestQuery { limit: Some(51), ..query.clone() },
    ] {
        let refused = suite.call::<FindNearestOutlets>(Service::Customer, admin, &NONE, &bad, &Nothing).await;
        assert_eq!(problem(refused).code, Code::Invalid, "{bad:?}");
    }
    let wrong = UnitDetails { time_zone: Some("Mars/Olympus".to_owned()), ..details() };
    let wrong = OrgUnitChange { details: Some(wrong), ..OrgUnitChange::default() };
    let refused = problem(suite.call::<ChangeOrgUnit>(Service::Customer, admin, &path, &NONE, &wrong).await);
    assert_eq!((refused.code, refused.errors[0].pointer.as_str()), (Code::Invalid, "/details/time_zone"));

    closing(&suite, &company, &shop).await;
    assert!(nearest(&suite, admin, &query).await.is_empty(), "a closed outlet is not offered");
    suite.end().await;
}
on_both!(the_register_keeps_what_a_unit_is, super::register);

/// A unit closes after what is below it, and opens after what is above it.
async fn closing(suite: &Suite, company: &Company, shop: &OrgUnit) {
    let admin = &company.admin;
    let path = |org_unit_id| OrgUnitPath { org_unit_id };
    let close =
        async |id| suite.call::<CloseOrgUnit>(Service::Customer, admin, &path(id), &NONE, &Nothing).await;
    let reopen =
        async |id| suite.call::<ReopenOrgUnit>(Service::Customer, admin, &path(id), &NONE, &Nothing).await;
    let root = units(suite, admin).await.into_iter().find(|unit| unit.code == "hq").expect("hq");
    assert_eq!(problem(close(company.north).await).code, Code::Conflict, "units below are open");
    assert_eq!(problem(close(root.id).await).code, Code::Conflict, "the root stays");
    assert_eq!(problem(reopen(company.north).await).code, Code::Conflict, "it is open");
    assert_eq!(close(shop.id).await.expect("closes").status, OrgUnitStatus::Closed);
    assert_eq!(problem(close(shop.id).await).code, Code::Conflict, "it is closed");
    close(company.north_1).await.expect("closes");
    close(company.north).await.expect("closes now");
    assert_eq!(problem(reopen(shop.id).await).code, Code::Conflict, "the one above is closed");
    let new = outlet("north-3", company.north, None);
    let refused = suite.call::<CreateOrgUnit>(Service::Customer, admin, &NONE, &NONE, &new).await;
    assert_eq!(problem(refused).errors[0].pointer, "/parent_id");
    let under = OrgUnitMove { parent_id: company.north };
    let refused =
        suite.call::<MoveOrgUnit>(Service::Customer, admin, &path(company.south_1), &NONE, &under).await;
    assert_eq!(problem(refused).errors[0].pointer, "/parent_id");
    reopen(company.north).await.expect("opens");
    let stranger = suite.person(Role::Admin, "south");
    let refused =
        suite.call::<ReopenOrgUnit>(Service::Customer, &stranger, &path(shop.id), &NONE, &Nothing).await;
    assert_eq!(problem(refused).code, Code::NotFound);
}
