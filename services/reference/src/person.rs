//! Everything that a service keeps of one customer, for whoever answers a request for access.
//!
//! A service declares it as data: which tables hold rows of a customer and what their columns are, with the
//! class of each, and which tables and columns are left out, and why. A test compares that with the service's
//! database: a table or column that is in neither list fails it, so a new one cannot be forgotten.
//!
//! Rows are read in pages of their keys. Each is masked by the same table as everything else. A customer out
//! of scope is not found; one that this service has not heard of yet is not known yet, which is not the same
//! as having nothing.

mod column;
mod read;
mod table;

use std::sync::Arc;

use futures::{StreamExt as _, stream::BoxStream};
use kit::{Download, Error, Input, Result, Routes, Runtime, db::statement, export::Export};
use schema::{
    access::{Scope, Viewer},
    api::{
        export::{ExportCustomer, ExportFormat},
        problem::Problem,
    },
    ids::CustomerId,
    topology::Service,
};
use sea_orm::{ConnectionTrait as _, Value};

pub use self::{
    column::{Column, Holds, Shown, day, flag, id, integer, json, long, text, time},
    read::Record,
    table::{AUDIT, BACKBONE_LEFT_OUT, ORGANISATION_LEFT_OUT, REFERENCE, Table, UNITS},
};

/// What a service keeps of a customer.
#[derive(Clone, Copy, Debug)]
pub struct Held {
    /// The tables, in the order of the file.
    pub tables: &'static [Table],
    /// The tables of the service's database that are left out, with the reason of each; those of the kit and of
    /// the organisation have their own lists.
    pub left_out: &'static [(&'static str, &'static str)],
    /// What is no row of a table with the customer's id.
    pub also: Option<Also>,
}

/// Reads further records of a customer: a stream of pages, not masked yet.
pub type Also = fn(Arc<Runtime>, CustomerId) -> BoxStream<'static, Result<Vec<Record>>>;

/// Mounts the endpoint that exports everything of one customer.
#[must_use]
pub fn mount(routes: Routes, held: &'static Held) -> Routes {
    routes.download::<ExportCustomer, _>(move |runtime, input| export(runtime, input, held))
}

async fn export(
    runtime: Arc<Runtime>,
    input: Input<ExportCustomer>,
    held: &'static Held,
) -> Result<Download> {
    let (customer, viewer) = (input.path.customer_id, input.caller.viewer.clone());
    require(&runtime, customer, &viewer).await?;
    let export = Export {
        action: "customer.export",
        subject: customer.into(),
        detail: "everything".to_owned(),
        format: ExportFormat::Ndjson,
        end_line: input.query.end_line.unwrap_or(false),
        name: format!("{}-{customer}", runtime.service),
        head: None,
    };
    let pages = read::pages(Arc::clone(&runtime), held, customer, viewer.clone());
    export.send(runtime, viewer, pages.boxed()).await
}

/// Asserts that the customer is known here and within the viewer's scope.
async fn require(runtime: &Runtime, customer: CustomerId, viewer: &Viewer) -> Result<()> {
    let scope = viewer.scope();
    if is_seen(runtime, customer, &scope).await? {
        return Ok(());
    }
    // Whoever owns the customers knows who does not exist; everybody else may not have heard of them yet.
    if runtime.service == Service::Customer || is_seen(runtime, customer, &Scope::Everything).await? {
        return Err(Problem::not_found("customer").into());
    }
    Err(Error::NotKnownYet(customer.into()))
}

/// Whether the customer has a unit, as everyone does who is known, that lies within the scope.
async fn is_seen(runtime: &Runtime, customer: CustomerId, scope: &Scope) -> Result<bool> {
    let mut values: Vec<Value> = vec![customer.uuid().into()];
    let condition = crate::scope::of_customer(scope, "c.customer_id", &mut values);
    let sql = format!("SELECT 1 FROM customer_unit c WHERE c.customer_id = $1 AND {condition} LIMIT 1");
    let read = runtime.db.read();
    Ok(read.query_one_raw(statement(read, &sql, values)).await?.is_some())
}
