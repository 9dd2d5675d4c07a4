//! People with tokens of the development issuer.

use std::path::Path;

use chrono::TimeDelta;
use kit::{auth::DevelopmentIssuer, clock::Clock, http::Bearer};
use schema::access::{Role, Viewer};

/// Somebody who asks.
#[derive(Clone, Debug)]
pub struct Person {
    /// What the token says.
    pub viewer: Viewer,
    /// The token.
    pub bearer: Bearer,
}

impl Person {
    /// A person with one role in a unit; the key lies in `data`.
    pub fn new(data: &Path, role: Role, unit: &str) -> Self {
        Self::with_roles(data, &[role], unit)
    }

    /// A person with several roles in a unit.
    pub fn with_roles(data: &Path, roles: &[Role], unit: &str) -> Self {
        let name = format!("{:?}-{unit}", roles.first()).to_lowercase();
        let viewer = Viewer {
            subject: format!("staff:{name}"),
            staff: Some(name),
            org_unit: Some(unit.to_owned()),
            roles: roles.to_vec(),
        };
        let issuer = DevelopmentIssuer::load_or_create(data).expect("the development key");
        let now = Clock::system().now();
        let token = issuer.mint(&viewer, "customer360", now, TimeDelta::hours(1)).expect("a token");
        Self { viewer, bearer: Bearer(token.into()) }
    }
}
