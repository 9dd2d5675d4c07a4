//! A case was closed: the customer may be asked how it went. One that followed a low score up leads to the same
//! question again.

use kit::{Received, Result, Work};
use schema::{api::survey::InvitationTrigger, event::interaction::CaseMoved};

use crate::app::consider::{self, Happened};

pub(super) async fn react(work: &mut Work, event: Received<CaseMoved>) -> Result<()> {
    let case = &event.data;
    let what = Happened {
        event: event.id,
        customer: case.customer_id,
        case: Some(case.case_id),
        purchase: None,
        unit: case.org_unit_id,
        occurred_at: case.occurred_at,
    };
    match case.answer_id {
        Some(first) => consider::ask_again(work, first, what).await,
        None => {
            reference::customer::require(work, what.customer).await?;
            consider::consider(work, InvitationTrigger::CaseClosed, &[what]).await
        }
    }
}
