//! The roots of queries.

mod configured;
mod desk;
mod figures;
mod ingestion;
mod segments;
mod waves;
mod working;

use std::sync::Arc;

use async_graphql::{Context, ID, MergedObject, Object, Result, connection::Connection};
use schema::{
    api::{
        customer::{
            ContactKind, CustomerFilter, FindByContact, GetCustomer, ListOrgUnits, ListStaff, OrgUnit,
            OrgUnitFilter, SearchCustomers, Staff, StaffFilter,
        },
        page::LIMIT_MAX,
        problem::{Code, Problem},
    },
    ids::{CustomerId, OrgUnitId},
};

use super::{
    connection::{connection, cost, window},
    customer::{Customer, Node},
    failure::{allowed, failure, from_problem, not_longer},
    organisation::{self, ViewerInfo},
};
use crate::{
    app::{Gateway, answers::Shown, find_by_contact, read, search},
    domain::{consistency::Consistency, global_id::GlobalId},
};

/// The longest contact; an e-mail address has at most 254 characters.
const CONTACT_LONGEST: usize = 300;
/// The longest name.
const NAME_LONGEST: usize = 200;
/// The longest code.
const CODE_LONGEST: usize = 40;

/// Everything that can be asked.
#[derive(Default, MergedObject)]
pub(crate) struct Query(
    Roots,
    configured::Configured,
    desk::DeskRoots,
    figures::Figures,
    segments::Segments,
    waves::Waves,
    working::Working,
    ingestion::Ingestion,
);

/// The roots of customers and of the organisation.
#[derive(Default)]
struct Roots;

#[Object]
impl Roots {
    /// One customer; null when there is none with this id in your scope.
    async fn customer(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The customer's id.")] id: CustomerId,
        #[graphql(
            desc = "The token that a command gave: what it wrote is shown, if that takes at most 50 ms."
        )]
        consistency: Option<String>,
    ) -> Option<Result<Customer>> {
        let found = async {
            let caller = allowed::<GetCustomer>(ctx).map_err(|problem| from_problem(&problem))?;
            let gateway = ctx.data::<Arc<Gateway>>()?;
            let consistency = consistency.as_deref().map(wanted).transpose()?;
            let row = read::customer(gateway, caller, id, consistency).await.map_err(failure)?;
            if let Some(row) = &row {
                ctx.data::<Arc<Shown>>()?.note(row);
            }
            Ok(row.map(Customer))
        };
        found.await.transpose()
    }

    /// Every customer in your scope with this phone number or e-mail address, the one contacted last first.
    #[graphql(complexity = "cost(Some(5), child_complexity)")]
    async fn customers_by_contact(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Phone or e-mail.")] kind: ContactKind,
        #[graphql(desc = "As people write it.")] value: String,
    ) -> Result<Vec<Customer>> {
        let caller = allowed::<FindByContact>(ctx).map_err(|problem| from_problem(&problem))?;
        not_longer(Some(&value), CONTACT_LONGEST, "value")?;
        let gateway = ctx.data::<Arc<Gateway>>()?;
        let rows = find_by_contact::find_by_contact(gateway, caller, kind, value).await.map_err(failure)?;
        Ok(rows.into_iter().map(Customer).collect())
    }

    /// Customers in your scope, in name order.
    #[graphql(complexity = "cost(first, child_complexity)")]
    async fn customers(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The beginning of the name, any case; needs a role that sees names whole.")]
        name: Option<String>,
        #[graphql(desc = "Only customers whose home unit lies in the subtree of this unit.")]
        org_unit_id: Option<OrgUnitId>,
        #[graphql(desc = "1 to 100; 20 when absent.")] first: Option<i32>,
        #[graphql(desc = "The cursor to go on after.")] after: Option<String>,
    ) -> Option<Result<Connection<String, Customer>>> {
        let found = async {
            let caller = allowed::<SearchCustomers>(ctx).map_err(|problem| from_problem(&problem))?;
            not_longer(name.as_deref(), NAME_LONGEST, "name")?;
            let (first, cursor) = window(first, after.as_deref())?;
            let limit = Some(cursor.limit(first, LIMIT_MAX));
            let after = cursor.after.clone();
            let filter = CustomerFilter { name, org_unit_id, after, limit, ..CustomerFilter::default() };
            let gateway = ctx.data::<Arc<Gateway>>()?;
            let page = search::search(gateway, caller, &filter).await.map_err(failure)?;
            Ok(Some(connection(&cursor, page, first, |row| row.map(Customer))))
        };
        found.await.transpose()
    }

    /// Anything by its global id; null when there is none in your scope.
    async fn node(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The `id` of anything.")] id: ID,
    ) -> Option<Result<Node>> {
        let found = async {
            let caller = allowed::<GetCustomer>(ctx).map_err(|problem| from_problem(&problem))?;
            let Some(GlobalId::Customer(id)) = GlobalId::parse(&id) else { return Ok(None) };
            let gateway = ctx.data::<Arc<Gateway>>()?;
            let row = read::customer(gateway, caller, id, None).await.map_err(failure)?;
            Ok(row.map(|row| Node::Customer(Customer(row))))
        };
        found.await.transpose()
    }

    /// The organisation units of your subtree, by path from the root.
    #[graphql(complexity = "cost(first, child_complexity)")]
    async fn org_units(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only the unit with this code.")] code: Option<String>,
        #[graphql(desc = "1 to 100; 20 when absent.")] first: Option<i32>,
        #[graphql(desc = "The cursor to go on after.")] after: Option<String>,
    ) -> Option<Result<Connection<String, OrgUnit>>> {
        let found = async {
            let caller = allowed::<ListOrgUnits>(ctx).map_err(|problem| from_problem(&problem))?;
            not_longer(code.as_deref(), CODE_LONGEST, "code")?;
            let (first, cursor) = window(first, after.as_deref())?;
            let limit = Some(cursor.limit(first, LIMIT_MAX));
            let filter = OrgUnitFilter { code, after: cursor.after.clone(), limit };
            let page = organisation::list::<ListOrgUnits, OrgUnit>(ctx, caller, &filter).await?;
            Ok(Some(connection(&cursor, page, first, Some)))
        };
        found.await.transpose()
    }

    /// The staff of your subtree, by code.
    #[graphql(complexity = "cost(first, child_complexity)")]
    async fn staff(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only the person with this code.")] code: Option<String>,
        #[graphql(desc = "1 to 100; 20 when absent.")] first: Option<i32>,
        #[graphql(desc = "The cursor to go on after.")] after: Option<String>,
    ) -> Option<Result<Connection<String, Staff>>> {
        let found = async {
            let caller = allowed::<ListStaff>(ctx).map_err(|problem| from_problem(&problem))?;
            not_longer(code.as_deref(), CODE_LONGEST, "code")?;
            let (first, cursor) = window(first, after.as_deref())?;
            let limit = Some(cursor.limit(first, LIMIT_MAX));
            let filter = StaffFilter { code, after: cursor.after.clone(), limit };
            let page = organisation::list::<ListStaff, Staff>(ctx, caller, &filter).await?;
            Ok(Some(connection(&cursor, page, first, Some)))
        };
        found.await.transpose()
    }

    /// What your token says of you.
    async fn viewer(&self, ctx: &Context<'_>) -> Result<ViewerInfo> {
        Ok(ViewerInfo::of(&ctx.data::<kit::http::Caller>()?.viewer))
    }
}

fn wanted(token: &str) -> Result<Consistency> {
    let detail = "the consistency token is none of ours; leave it out, or pass what a command gave";
    Consistency::parse(token).ok_or_else(|| from_problem(&Problem::new(Code::MalformedRequest, detail)))
}
