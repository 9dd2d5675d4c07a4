//! People with a desk: staff who are known to the services, each with a token of their own.

use std::time::Duration;

use chrono::TimeDelta;
use kit::{auth::DevelopmentIssuer, clock::Clock, http::Bearer};
use schema::{
    access::{Role, Viewer},
    api::{
        NoParameters, Nothing,
        customer::{JoinStaff, NewStaff},
        interaction::{Desk, DeskQuery, DeskRole, GetDesk},
    },
    ids::{OrgUnitId, StaffId},
    topology::Service,
};
use testkit::{Person, Suite, eventually};

use crate::company::Company;

const NONE: NoParameters = NoParameters {};

/// A colleague: who they are, and their token.
pub(crate) struct Colleague {
    pub(crate) id: StaffId,
    pub(crate) person: Person,
}

impl Colleague {
    /// Joins the unit and waits until the interaction service knows them.
    pub(crate) async fn join(
        suite: &Suite,
        company: &Company,
        code: &str,
        role: Role,
        (unit, unit_code): (OrgUnitId, &str),
    ) -> Self {
        let new = NewStaff { code: code.to_owned(), name: code.to_uppercase(), org_unit_id: unit };
        let joined = suite.call::<JoinStaff>(Service::Customer, &company.admin, &NONE, &NONE, &new).await;
        let viewer = Viewer {
            subject: format!("staff:{code}"),
            staff: Some(code.to_owned()),
            org_unit: Some(unit_code.to_owned()),
            roles: vec![role],
        };
        let issuer = DevelopmentIssuer::load_or_create(&suite.data).expect("the development key");
        let now = Clock::system().now();
        let token = issuer.mint(&viewer, "customer360", now, TimeDelta::hours(1)).expect("a token");
        let one =
            Self { id: joined.expect("joins").id, person: Person { viewer, bearer: Bearer(token.into()) } };
        eventually("interaction knows the colleague", Duration::from_secs(10), || async {
            let query = DeskQuery { role: DeskRole::Handler, after: None, limit: None };
            suite.call::<GetDesk>(Service::Interaction, &one.person, &NONE, &query, &Nothing).await.ok()
        })
        .await;
        one
    }

    /// A page of what lies on their desk.
    pub(crate) async fn desk(&self, suite: &Suite, query: &DeskQuery) -> Desk {
        suite
            .call::<GetDesk>(Service::Interaction, &self.person, &NONE, query, &Nothing)
            .await
            .expect("a desk")
    }

    /// How many open cases they answer for, handle, and are offered.
    pub(crate) async fn load(&self, suite: &Suite) -> (i64, i64, i64) {
        let query = DeskQuery { role: DeskRole::Accountable, after: None, limit: None };
        let desk = self.desk(suite, &query).await;
        (desk.accountable, desk.handling, desk.offered)
    }
}
