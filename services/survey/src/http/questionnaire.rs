//! Questionnaires and the answers to them.

use std::sync::Arc;

use kit::{Input, Result, Routes, Runtime};
use schema::api::{
    page::Page,
    problem::Problem,
    survey::{
        AnswerQuestionnaire, CreateQuestionnaire, ListQuestionnaireAnswers, ListQuestionnaires,
        QuestionnaireAnswer,
    },
};

use crate::{app, storage};

pub(super) fn mount(routes: Routes) -> Routes {
    routes
        .command::<CreateQuestionnaire>(|work, input| {
            Box::pin(app::create_questionnaire::create_questionnaire(work, input))
        })
        .read::<ListQuestionnaires, _>(|runtime, input| async move {
            storage::questionnaire::page(&runtime.db, &input.query).await
        })
        .command::<AnswerQuestionnaire>(|work, input| {
            Box::pin(app::answer_questionnaire::answer_questionnaire(work, input))
        })
        .read::<ListQuestionnaireAnswers, _>(answers)
}

async fn answers(
    runtime: Arc<Runtime>,
    input: Input<ListQuestionnaireAnswers>,
) -> Result<Page<QuestionnaireAnswer>> {
    let (customer, scope) = (input.path.customer_id, input.caller.viewer.scope());
    let page = storage::questionnaire_answer::page(&runtime.db, customer, &scope, &input.query).await?;
    // Of a customer in scope an empty page is the answer; of another it must look like no customer at all.
    if page.items.is_empty()
        && reference::customer::in_scope(&runtime.db, &[customer], &scope).await?.is_empty()
    {
        return Err(Problem::not_found("customer").into());
    }
    Ok(page)
}
