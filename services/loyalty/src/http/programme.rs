//! Versions of the programme.

use std::sync::Arc;

use kit::{Input, Result, Routes, Runtime};
use schema::api::{
    loyalty::{CreateProgrammeVersion, GetProgrammeVersion, ListProgrammeVersions, ProgrammeVersion},
    page::Page,
    problem::Problem,
};

use crate::{app, storage};

pub(super) fn mount(routes: Routes) -> Routes {
    routes
        .command::<CreateProgrammeVersion>(|work, input| {
            Box::pin(app::create_programme_version::create_programme_version(work, input))
        })
        .read::<ListProgrammeVersions, _>(list)
        .read::<GetProgrammeVersion, _>(get)
}

async fn list(runtime: Arc<Runtime>, input: Input<ListProgrammeVersions>) -> Result<Page<ProgrammeVersion>> {
    storage::programme::page(&runtime.db, &input.query).await
}

async fn get(runtime: Arc<Runtime>, input: Input<GetProgrammeVersion>) -> Result<ProgrammeVersion> {
    let found = storage::programme::find(&runtime.db, input.path.version).await?;
    found.ok_or_else(|| Problem::not_found("version of the programme").into())
}
