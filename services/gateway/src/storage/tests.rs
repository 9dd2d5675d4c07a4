//! The view's statements on SQLite; the tests across services run the same ones on PostgreSQL.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};
use futures::future::BoxFuture;
use kit::{Config, Reactions, Result, Routes, Running, Service, Work, command, service::Shared};
use schema::{
    access::Scope,
    api::{
        customer::{ContactKind, ContactPoint, CustomerKind, CustomerStatus, OrgUnitKind, OrgUnitStatus},
        section::Section,
    },
    event::customer::{CustomerState, OrgUnitState},
    ids::{CustomerId, OrgUnitId},
};
use tempfile::TempDir;
use uuid::Uuid;

use super::{contact, section, stale, view};

/// The gateway's database without its refreshers.
async fn database() -> (Running, TempDir) {
    let directory = TempDir::new().expect("a directory");
    let mut config = Config::defaults(directory.path()).expect("the defaults");
    config.http.port = Some(0);
    let service = Service {
        name: schema::topology::Service::Gateway,
        migrations: super::migrations,
        routes: Routes::new(),
        reactions: Reactions::new(),
        jobs: Vec::new(),
        has_left: None,
        extra: None,
    };
    let running = service.start(&config, &Shared::default(), true).await.expect("a service");
    (running, directory)
}

/// Does something in one transaction.
async fn work<T>(
    running: &Running,
    act: impl for<'a> Fn(&'a mut Work) -> BoxFuture<'a, Result<T>> + Send + Sync + 'static,
) -> T
where
    T: serde::Serialize + serde::de::DeserializeOwned + Send + Sync + 'static,
{
    command::run(&running.runtime, None, None, Arc::new(act)).await.expect("it is done").reply
}

fn customer(n: u128) -> CustomerId {
    Uuid::from_u128(n).into()
}

fn unit(n: u128) -> OrgUnitId {
    Uuid::from_u128(n).into()
}

fn state(id: CustomerId, home: OrgUnitId, serving: &[OrgUnitId]) -> CustomerState {
    CustomerState {
        customer_id: id,
        kind: CustomerKind::Consumer,
        status: CustomerStatus::Active,
        home_unit_id: home,
        serving_unit_ids: serving.to_vec(),
    }
}

async fn keep_unit(running: &Running, n: u128, code: &'static str, parent: Option<u128>) {
    let kept = work(running, move |work| {
        Box::pin(async move {
            let state = OrgUnitState {
                org_unit_id: unit(n),
                code: code.to_owned(),
                kind: OrgUnitKind::Outlet,
                parent_id: parent.map(unit),
                status: OrgUnitStatus::Open,
            };
            reference::org_unit::keep(work, &state, 1).await
        })
    });
    assert!(kept.await);
}

async fn mark(running: &Running, section: Section, id: CustomerId, wanted: i64) -> Vec<CustomerId> {
    let wanted = BTreeMap::from([(id, wanted)]);
    work(running, move |work| {
        let wanted = wanted.clone();
        Box::pin(async move { stale::mark(work, section, &wanted).await })
    })
    .await
}

#[tokio::test]
async fn a_stale_section_has_one_fetch_in_flight_and_goes_when_it_is_fresh() {
    let (running, _directory) = database().await;
    let db = &running.runtime.db;
    let (id, dealings) = (customer(1), Section::Dealings);
    for wanted in [3, 2] {
        assert_eq!(mark(&running, dealings, id, wanted).await, [id]);
    }
    assert!(stale::claim(db, Section::Voice, None, 10).await.expect("a claim").is_empty());
    assert_eq!(stale::claim(db, dealings, Some(&[customer(2)]), 10).await.expect("a claim"), []);
    let claimed = stale::claim(db, dealings, Some(&[id]), 10).await.expect("a claim");
    assert_eq!(claimed.len(), 1);
    assert!(stale::claim(db, dealings, None, 10).await.expect("a claim").is_empty(), "claimed twice");
    assert!(stale::claim_now(db, id, dealings).await.expect("a claim").is_none(), "claimed twice");

    // Fetched at revision 2, but 3 is wanted: due again at once, because the pause is none.
    let settle = |revision| {
        work(&running, move |work| {
            Box::pin(async move {
                let off = stale::settle(work, dealings, [(id, revision), (customer(2), 9)]).await?;
                Ok(off.into_iter().collect::<Vec<_>>())
            })
        })
    };
    assert_eq!(settle(2).await, []);
    work(&running, move |work| Box::pin(stale::put_off(work, dealings, [(id, Duration::ZERO)]))).await;
    let again = stale::claim(db, dealings, None, 10).await.expect("a claim");
    assert_eq!(again[0].attempts, 1);
    assert_eq!(settle(3).await, [id]);
    stale::release(db, dealings, &again).await.expect("released");
    assert!(stale::claim(db, dealings, None, 10).await.expect("a claim").is_empty());
    running.end().await;
}

#[tokio::test]
async fn what_is_put_off_is_not_due() {
    let (running, _directory) = database().await;
    let db = &running.runtime.db;
    let (id, voice) = (customer(1), Section::Voice);
    assert!(stale::claim_now(db, id, voice).await.expect("a claim").is_some());
    let minute = Duration::from_secs(60);
    work(&running, move |work| Box::pin(stale::put_off(work, voice, [(id, minute)]))).await;
    assert!(stale::claim(db, voice, None, 10).await.expect("a claim").is_empty());
    // News make it due, and forget the attempts in vain.
    mark(&running, voice, id, 1).await;
    assert_eq!(stale::claim(db, voice, None, 10).await.expect("a claim")[0].attempts, 0);
    running.end().await;
}

#[tokio::test]
async fn a_section_is_never_replaced_by_an_older_one() {
    let (running, _directory) = database().await;
    let id = customer(1);
    let keep = |revision: i64, as_of: DateTime<Utc>| {
        work(&running, move |work| {
            Box::pin(async move {
                let json = format!("{{\"revision\":{revision}}}");
                let fetched = section::Fetched { customer_id: id, revision, as_of, json };
                Ok(section::keep(work, Section::File, [&fetched]).await?.contains(&id))
            })
        })
    };
    let at: DateTime<Utc> = "2026-11-21T10:00:00Z".parse().expect("a time");
    assert!(keep(2, at).await);
    assert!(!keep(1, at + TimeDelta::seconds(9)).await, "an older revision");
    assert!(!keep(2, at).await, "the same once more");
    assert!(keep(2, at + TimeDelta::microseconds(1)).await, "read later");
    assert!(keep(3, at).await);
    // What is held satisfies the wish already.
    assert_eq!(mark(&running, Section::File, id, 3).await, []);
    // Only a section has arrived: nobody sees the customer yet.
    let db = &running.runtime.db;
    assert!(view::load(db, &[id], &Scope::Everything).await.expect("rows").is_empty());
    running.end().await;
}

#[tokio::test]
async fn the_statement_and_the_row_agree_on_scope() {
    let (running, _directory) = database().await;
    let db = &running.runtime.db;
    keep_unit(&running, 101, "hq", None).await;
    keep_unit(&running, 102, "north", Some(101)).await;
    keep_unit(&running, 103, "north-1", Some(102)).await;
    keep_unit(&running, 104, "south", Some(101)).await;
    keep_unit(&running, 105, "orphan", Some(999)).await;
    let all = [
        state(customer(1), unit(103), &[]),
        state(customer(2), unit(104), &[unit(102)]),
        state(customer(3), unit(105), &[]),
        state(customer(4), unit(998), &[]),
    ];
    let ids: Vec<CustomerId> = all.iter().map(|state| state.customer_id).collect();
    for one in all {
        work(&running, move |work| {
            let one = one.clone();
            Box::pin(async move { reference::customer::keep(work, view::REFERENCE, &[(&one, 1)]).await })
        })
        .await;
    }
    let everybody = view::load(db, &ids, &Scope::Everything).await.expect("rows");
    assert_eq!(everybody.len(), 4);
    let mut seen = Vec::new();
    for code in ["hq", "north", "north-1", "south", "orphan", "unknown"] {
        let scope = Scope::Subtree(code.to_owned());
        let top = reference::org_unit::path_of_code(db, code).await.expect("a path");
        let mut by_statement: Vec<CustomerId> =
            view::load(db, &ids, &scope).await.expect("rows").iter().map(|row| row.customer_id).collect();
        let mut by_row: Vec<CustomerId> = everybody
            .iter()
            .filter(|row| row.is_in(&scope, top.as_deref()))
            .map(|row| row.customer_id)
            .collect();
        by_statement.sort_unstable();
        by_row.sort_unstable();
        assert_eq!(by_statement, by_row, "{code}");
        seen.push((code, by_row.len()));
    }
    assert_eq!(seen, [("hq", 2), ("north", 2), ("north-1", 1), ("south", 1), ("orphan", 0), ("unknown", 0)]);
    assert!(view::load(db, &ids, &Scope::Nothing).await.expect("rows").is_empty());
    running.end().await;
}

#[tokio::test]
async fn an_older_reference_changes_nobodys_access() {
    let (running, _directory) = database().await;
    let db = &running.runtime.db;
    keep_unit(&running, 101, "hq", None).await;
    keep_unit(&running, 102, "north", Some(101)).await;
    keep_unit(&running, 104, "south", Some(101)).await;
    for (revision, home) in [(2, 104), (1, 102)] {
        work(&running, move |work| {
            Box::pin(async move {
                reference::customer::keep(
                    work,
                    view::REFERENCE,
                    &[(&state(customer(1), unit(home), &[]), revision)],
                )
                .await
            })
        })
        .await;
    }
    let sees = async |code: &str| {
        let rows = view::load(db, &[customer(1)], &Scope::Subtree(code.to_owned())).await;
        !rows.expect("rows").is_empty()
    };
    assert!(sees("south").await);
    assert!(!sees("north").await);
    running.end().await;
}

#[tokio::test]
async fn a_contact_finds_customers_in_scope_only() {
    let (running, _directory) = database().await;
    let db = &running.runtime.db;
    keep_unit(&running, 101, "hq", None).await;
    keep_unit(&running, 102, "north", Some(101)).await;
    work(&running, |work| {
        Box::pin(async move {
            reference::customer::keep(work, view::REFERENCE, &[(&state(customer(1), unit(102), &[]), 1)])
                .await?;
            let point = |value: &str| ContactPoint {
                id: Uuid::from_u128(7).into(),
                kind: ContactKind::Phone,
                value: Some(value.to_owned()),
            };
            contact::replace(work, [(customer(1), [point("+8613800000001")].as_slice())]).await?;
            contact::replace(work, [(customer(1), [point("+8613800000002")].as_slice())]).await
        })
    })
    .await;
    let find = async |value: &str, code: &str| {
        let scope = Scope::Subtree(code.to_owned());
        contact::find(db, ContactKind::Phone, value, &scope, 10).await.expect("customers").len()
    };
    assert_eq!(find("+8613800000001", "hq").await, 0, "it was replaced");
    assert_eq!(find("+8613800000002", "hq").await, 1);
    assert_eq!(find("+8613800000002", "south").await, 0);
    running.end().await;
}
