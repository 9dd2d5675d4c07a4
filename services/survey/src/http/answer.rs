//! Answers and what they say together.

use std::sync::Arc;

use kit::{Input, Result, Routes, Runtime};
use schema::api::{
    page::Page,
    problem::Problem,
    section::Sections,
    survey::{
        Answer, GetVoiceSections, ListAnswers, RecordAnswer, RecordAnswers, RecordAnswersInternally, Voice,
    },
};

use crate::{
    app::{self, record_answers::record_answers},
    storage,
};

pub(super) fn mount(routes: Routes) -> Routes {
    routes
        .command::<RecordAnswer>(|work, input| Box::pin(app::record_answer::record_answer(work, input)))
        .batch::<RecordAnswers>(|work, batch| Box::pin(async move { record_answers(work, &batch).await }))
        .batch::<RecordAnswersInternally>(|work, batch| {
            Box::pin(async move { record_answers(work, &batch).await })
        })
        .read::<ListAnswers, _>(list)
        .read::<GetVoiceSections, _>(sections)
}

async fn list(runtime: Arc<Runtime>, input: Input<ListAnswers>) -> Result<Page<Answer>> {
    let (customer, scope) = (input.path.customer_id, input.caller.viewer.scope());
    let page = storage::answer::page(&runtime.db, customer, &scope, &input.query).await?;
    // Of a customer in scope an empty page is the answer; of another it must look like no customer at all.
    if page.items.is_empty()
        && reference::customer::in_scope(&runtime.db, &[customer], &scope).await?.is_empty()
    {
        return Err(Problem::not_found("customer").into());
    }
    Ok(page)
}

async fn sections(runtime: Arc<Runtime>, input: Input<GetVoiceSections>) -> Result<Sections<Voice>> {
    let (ids, as_of) = (input.body.ids()?, runtime.clock.now());
    Ok(Sections { items: storage::voice::sections(&runtime.db, ids, as_of).await? })
}
