//! Makes somebody else accountable for a case. A manager's command; the audit keeps the reason. Who
//! handles the case stays.

use kit::{Input, Result, Work};
use schema::{
    api::{
        interaction::{Case, NameAccountable, TimelineKind},
        problem::Problem,
    },
    event::{CaseHandedOver, interaction as told},
};

use crate::{domain::words, storage};

pub(crate) async fn name_accountable(work: &mut Work, input: Input<NameAccountable>) -> Result<Case> {
    let (to, reason) = (input.body.staff_id, &input.body.reason);
    let mut mistakes = Vec::new();
    words::check_reason("/reason", reason, &mut mistakes);
    let at = words::check_time(input.body.occurred_at, work.now(), &mut mistakes);
    let (mut case, stage) = super::case_to_move(work, *input.path, input.if_match, mistakes, at).await?;
    stage.name_accountable().map_err(|refusal| super::not_allowed(&refusal))?.put_into(&mut case);
    if to == case.accountable_id {
        return Err(Problem::field("/staff_id", "they are accountable already").into());
    }
    super::require_colleague(work, "/staff_id", to).await?;
    let from_staff_id = std::mem::replace(&mut case.accountable_id, to);

    storage::case::put(work, &case).await?;
    super::put_on_timeline(work, &case, TimelineKind::CaseHandedOver, at).await?;
    let data = told::CaseHandedOver {
        case_id: case.id,
        customer_id: case.customer_id,
        org_unit_id: case.org_unit_id,
        what: told::HandedOver::Accountability,
        from_staff_id,
        to_staff_id: to,
        transfers: case.transfers,
        ping_pong: case.ping_pong,
        occurred_at: at,
    };
    work.tell::<CaseHandedOver>(case.customer_id, case.revision, at, &data)?;
    let detail = format!("{}: {from_staff_id} -> {to}: {reason}", case.id);
    work.audit("case.name_accountable", case.customer_id, Some(&detail))?;
    Ok(case)
}
