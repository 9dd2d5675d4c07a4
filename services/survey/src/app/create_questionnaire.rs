//! Creates the next version of a questionnaire. Its revision is its latest version.

use kit::{Input, Result, Work};
use schema::api::{
    problem::{Code, Problem},
    survey::{CreateQuestionnaire, Questionnaire},
};
use uuid::Uuid;

use crate::{domain::questionnaire, storage};

pub(crate) async fn create_questionnaire(
    work: &mut Work,
    input: Input<CreateQuestionnaire>,
) -> Result<Questionnaire> {
    let new = &input.body;
    let mistakes = questionnaire::mistakes(new);
    if !mistakes.is_empty() {
        return Err(Problem::fields(mistakes).into());
    }
    // A questionnaire is named by its code; revision and audit know it by an id that follows from it.
    let subject = Uuid::new_v5(&Uuid::NAMESPACE_OID, format!("questionnaire/{}", new.code).as_bytes());
    let next = work.revise(subject, input.if_match).await?;
    if i64::from(new.version) != next {
        let code = if i64::from(new.version) < next { Code::AlreadyExists } else { Code::Conflict };
        let detail = format!("the next version of {} is {next}; a version is never changed", new.code);
        return Err(Problem::new(code, detail).into());
    }
    let created = Questionnaire {
        code: new.code.clone(),
        version: new.version,
        titles: new.titles.clone(),
        items: new.items.clone(),
        created_at: work.now(),
    };
    storage::questionnaire::add(work, &created).await?;
    let detail = format!("{} version {}", created.code, created.version);
    work.audit("questionnaire.create", subject, Some(&detail))?;
    Ok(created)
}
