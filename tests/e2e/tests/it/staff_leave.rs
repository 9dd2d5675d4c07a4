//! Somebody leaves: a successor is named, nothing more is changed, and nobody names them any more.

use std::time::Duration;

use kit::client::{CallError, CallOptions};
use schema::{
    access::Role,
    api::{
        NoParameters,
        customer::{
            ChangeStaff, CustomerPath, JoinStaff, LeaveStaff, NewStaff, Staff, StaffChange, StaffLeaving,
            StaffPath, StaffStatus,
        },
        interaction::{NewContact, RecordContact},
        problem::Code,
    },
    event::{Event as _, StaffLeft},
    ids::StaffId,
    topology::Service,
};
use serde_json::json;
use testkit::{Person, Place, Suite, eventually};
use uuid::Uuid;

use crate::{commands::problem, company::Company, household::told, on_both};

const NONE: NoParameters = NoParameters {};

async fn join(suite: &Suite, company: &Company, code: &str) -> Staff {
    let new = NewStaff { code: code.to_owned(), name: code.to_owned(), org_unit_id: company.north_1 };
    suite.call::<JoinStaff>(Service::Customer, &company.admin, &NONE, &NONE, &new).await.expect("joins")
}

async fn leave(suite: &Suite, who: &Person, staff_id: StaffId, to: StaffId) -> Result<Staff, CallError> {
    let (path, body) = (StaffPath { staff_id }, StaffLeaving { successor_id: to });
    suite.call::<LeaveStaff>(Service::Customer, who, &path, &NONE, &body).await
}

async fn leaving(place: Place) {
    let suite = Suite::start(&place).await;
    let company = Company::found(&suite).await;
    let admin = &company.admin;
    let (wang, chen) = (join(&suite, &company, "wang").await, join(&suite, &company, "chen").await);
    let customer = company.register(&suite, company.north_1, "Li Na", "+8613900008001").await;
    let path = CustomerPath { customer_id: customer.id };
    let had_by = async |staff: StaffId| {
        let contact: NewContact = serde_json::from_value(json!({
            "org_unit_id": company.north_1, "staff_id": staff, "channel": "counter", "direction": "inbound",
            "phase": "aftersales", "occurred_at": kit::clock::Clock::system().now(), "topic": "delivery",
        }))
        .expect("a contact");
        let who = &company.manager_north_1;
        suite.call::<RecordContact>(Service::Interaction, who, &path, &NONE, &contact).await
    };
    eventually("interaction knows her", Duration::from_secs(10), || async { had_by(wang.id).await.ok() })
        .await;

    // Nobody, somebody unknown, and oneself are no successors.
    for successor in [wang.id, Uuid::from_u128(7).into()] {
        let refused = problem(leave(&suite, admin, wang.id, successor).await);
        assert_eq!((refused.code, refused.errors[0].pointer.as_str()), (Code::Invalid, "/successor_id"));
    }
    let south = suite.person(Role::Admin, "south");
    assert_eq!(problem(leave(&suite, &south, wang.id, chen.id).await).code, Code::NotFound);
    let manager = &company.manager_hq;
    assert_eq!(problem(leave(&suite, manager, wang.id, chen.id).await).code, Code::Forbidden);
    let stale = CallOptions { if_match: Some(wang.revision + 1), ..CallOptions::default() };
    let (at, body) = (StaffPath { staff_id: wang.id }, StaffLeaving { successor_id: chen.id });
    let refused = suite.call_with::<LeaveStaff>(Service::Customer, admin, &at, &NONE, &body, &stale).await;
    assert_eq!(problem(refused).code, Code::StaleRevision);

    let left = leave(&suite, admin, wang.id, chen.id).await.expect("leaves");
    assert_eq!((left.status, left.successor_id), (StaffStatus::Left, Some(chen.id)));
    assert_eq!(left.revision, wang.revision + 1);
    assert!(left.left_at.is_some());
    let events = told::<StaffLeft>(&suite, wang.id.uuid()).await;
    assert_eq!(events.len(), 1);
    assert_eq!((events[0].1.successor_id, events[0].1.status), (chen.id, StaffStatus::Left));
    assert_eq!(events[0].0, left.revision, "{}", StaffLeft::DECLARATION.name);

    // Nothing more happens to her, and nobody can be handed to her.
    let change = StaffChange { name: Some("Wang".to_owned()), ..StaffChange::default() };
    let refused = suite.call::<ChangeStaff>(Service::Customer, admin, &at, &NONE, &change).await;
    let refused = problem(refused);
    assert_eq!(refused.code, Code::Conflict);
    assert!(refused.detail.contains("left"), "{}", refused.detail);
    assert_eq!(problem(leave(&suite, admin, wang.id, chen.id).await).code, Code::Conflict);
    let refused = problem(leave(&suite, admin, chen.id, wang.id).await);
    assert_eq!((refused.code, refused.errors[0].pointer.as_str()), (Code::Invalid, "/successor_id"));
    eventually("interaction names her no more", Duration::from_secs(10), || async {
        let refused = had_by(wang.id).await.err()?;
        let CallError::Problem(refused) = refused else { return None };
        (refused.errors.first()?.pointer == "/staff_id").then_some(())
    })
    .await;
    had_by(chen.id).await.expect("her successor can be named");

    // Two who leave at once in favour of each other: one stays.
    let zhou = join(&suite, &company, "zhou").await;
    let both = tokio::join!(leave(&suite, admin, chen.id, zhou.id), leave(&suite, admin, zhou.id, chen.id));
    assert!(both.0.is_ok() != both.1.is_ok(), "{both:?}");
    suite.end().await;
}
on_both!(who_leaves_has_a_successor_and_is_named_no_more, super::leaving);
