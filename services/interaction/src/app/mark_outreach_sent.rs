//! Notes that an outreach is handed to the channel: what is noted is not listed any more. A connector notes first
//! and sends then, so that nothing is sent twice. Noted again, it stays as it is.

use kit::{Input, Result, Work};
use schema::api::{
    interaction::{MarkOutreachSent, OutreachToSend},
    problem::{Code, Problem},
};

use crate::storage::outreach_notice;

pub(crate) async fn mark_outreach_sent(
    work: &mut Work,
    input: Input<MarkOutreachSent>,
) -> Result<OutreachToSend> {
    let (path, now) = (*input.path, work.now());
    reference::customer::require(work, path.customer_id).await?;
    work.revise(path.customer_id, input.if_match).await?;
    let Some(waiting) = outreach_notice::find(work, &path).await? else {
        return Err(Problem::not_found("outreach").into());
    };
    if waiting.sent_at.is_some() {
        return Ok(waiting);
    }
    if now < waiting.not_before {
        let from = waiting.not_before.format("%Y-%m-%dT%H:%M:%SZ");
        return Err(
            Problem::new(Code::Conflict, format!("it may be sent from {from} on; wait until then")).into()
        );
    }
    if now >= waiting.expires_at {
        return Err(Problem::new(Code::Conflict, "it ran out; do not send it any more").into());
    }
    outreach_notice::sent(work, &path).await?;
    work.audit("outreach.sent", path.customer_id, Some(&path.outreach_id.to_string()))?;
    Ok(OutreachToSend { sent_at: Some(now), ..waiting })
}
