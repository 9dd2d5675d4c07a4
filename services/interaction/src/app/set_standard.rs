//! Sets the service standard of a topic, or of any topic, and a severity. Open cases keep the due times that
//! they have: those were promised.

use kit::{Input, Result, Work, db::word};
use schema::api::{
    interaction::{ServiceStandard, SetStandard},
    problem::{Code, Problem},
};
use uuid::Uuid;

use crate::{domain::standard, storage};

pub(crate) async fn set_standard(work: &mut Work, input: Input<SetStandard>) -> Result<ServiceStandard> {
    let new = input.body.as_ref();
    let mistakes = standard::mistakes(new);
    if !mistakes.is_empty() {
        return Err(Problem::fields(mistakes).into());
    }
    // A standard holds for the whole company.
    if !storage::standard::is_whole(work, &reference::org_unit::reach(work)).await? {
        let detail = "a standard holds for the whole company; only its head office sets one";
        return Err(Problem::new(Code::Forbidden, detail).into());
    }
    // A standard is named by what it is for; revision and audit know it by an id that follows from that.
    let name = format!("{}/{}", new.topic.as_deref().unwrap_or_default(), word(&new.severity)?);
    let subject = Uuid::new_v5(&Uuid::NAMESPACE_OID, format!("service_standard/{name}").as_bytes());
    let set = ServiceStandard {
        topic: new.topic.clone(),
        severity: new.severity,
        response_minutes: new.response_minutes,
        resolution_minutes: new.resolution_minutes,
        warning_percent: new.warning_percent.unwrap_or(standard::WARNING_PERCENT),
        revision: work.revise(subject, input.if_match).await?,
    };
    storage::standard::put(work, &set).await?;
    let detail = format!("{name}: {} minutes", set.resolution_minutes);
    work.audit("service_standard.set", subject, Some(&detail))?;
    Ok(set)
}
