//! The organisation as the customer service lists it, and whoever asks.

use std::sync::Arc;

use async_graphql::{Context, Result, SimpleObject};
use kit::{client::CallOptions, http::Caller};
use schema::{
    access::Viewer,
    api::{Endpoint, NoParameters, Nothing, page::Page},
};

use super::failure::failure;
use crate::app::Gateway;

/// What a token says of its bearer.
#[derive(SimpleObject)]
#[graphql(name = "Viewer")]
pub(crate) struct ViewerInfo {
    /// The token's subject.
    subject: String,
    /// The staff code.
    staff: Option<String>,
    /// The code of the org unit that they belong to.
    org_unit: Option<String>,
    /// The roles.
    roles: Vec<String>,
}

impl ViewerInfo {
    pub(super) fn of(viewer: &Viewer) -> Self {
        Self {
            subject: viewer.subject.clone(),
            staff: viewer.staff.clone(),
            org_unit: viewer.org_unit.clone(),
            roles: viewer.roles.iter().map(|role| format!("{role:?}").to_lowercase()).collect(),
        }
    }
}

/// A page of a list of the customer service, for the person who asks.
pub(super) async fn list<E, T>(ctx: &Context<'_>, caller: &Caller, filter: &E::Query) -> Result<Page<T>>
where
    E: Endpoint<Path = NoParameters, Body = Nothing, Reply = Page<T>>,
{
    let client = ctx.data::<Arc<Gateway>>()?.owners.customer();
    let options = CallOptions::default();
    client.call::<E>(&caller.bearer, &NoParameters {}, filter, &Nothing, &options).await.map_err(failure)
}
