//! Relationships between customers.

use std::sync::Arc;

use kit::{Input, Result, Routes, Runtime};
use schema::api::{
    customer::{AddRelationship, EndRelationship, ListRelationships, Relationship},
    page::Page,
    problem::Problem,
};

use crate::{
    app,
    domain::{self, person::Mistakes},
    storage,
};

pub(super) fn mount(routes: Routes) -> Routes {
    routes
        .command::<AddRelationship>(|work, input| {
            Box::pin(app::add_relationship::add_relationship(work, input))
        })
        .command::<EndRelationship>(|work, input| {
            Box::pin(app::end_relationship::end_relationship(work, input))
        })
        .read::<ListRelationships, _>(list)
}

async fn list(runtime: Arc<Runtime>, input: Input<ListRelationships>) -> Result<Page<Relationship>> {
    let as_of = input.query.as_of.unwrap_or_else(|| runtime.clock.now().date_naive());
    let mut mistakes = Mistakes::default();
    domain::relationship::check(as_of, "/as_of", &mut mistakes);
    mistakes.none_or_problem()?;
    let id = input.path.customer_id;
    if !storage::customer::is_in_scope(&runtime.db, id, &input.caller.viewer.scope()).await? {
        return Err(Problem::not_found("customer").into());
    }
    storage::relationship::list(&runtime.db, id, &input.query, as_of).await
}
