//! Notes that an invitation, or its reminder, is handed to the channel, and makes the link to send. Sending again
//! within a day makes a new link by the same grant; after that it takes the grant of a reminder.

use chrono::TimeDelta;
use kit::{Input, Result, Work, config::PublicPages};
use schema::api::{
    problem::{Code, Problem},
    survey::{InvitationLink, SendInvitation},
};

use crate::{
    domain::{
        invitation::{self, Step},
        token::{Secret, Token},
    },
    storage::{self, outreach},
};

pub(crate) async fn send_invitation(
    work: &mut Work,
    input: &Input<SendInvitation>,
    secret: Secret,
    pages: &PublicPages,
) -> Result<InvitationLink> {
    let (customer, id, now) = (input.path.customer_id, input.path.invitation_id, work.now());
    reference::customer::require(work, customer).await?;
    work.revise(customer, input.if_match).await?;
    let Some(mut kept) = storage::invitation::find(work, customer, id).await? else {
        return Err(Problem::not_found("invitation").into());
    };
    let state = invitation::after(kept.shown.state, Step::Send).map_err(super::refused)?;
    if kept.shown.expires_at <= now {
        return Err(
            Problem::new(Code::Conflict, "the invitation ran out; nothing more can be done with it").into()
        );
    }
    let granted = outreach::granted(work, customer, id).await?;
    let granted = granted.ok_or_else(|| Problem::new(Code::Conflict, "nothing is granted yet"))?;
    invitation::may_send(granted.not_before, granted.sent_at, now)
        .map_err(|rule| Problem::new(Code::Conflict, rule))?;

    if granted.sent_at.is_none() {
        outreach::sent(work, customer, granted.id).await?;
        kept.remind_at = kept
            .reminder_after_days
            .filter(|_| kept.shown.reminders < kept.reminders_most)
            .map(|days| now + TimeDelta::days(days.into()));
    }
    kept.shown.state = state;
    kept.shown.sent_at = kept.shown.sent_at.or(Some(now));
    storage::invitation::keep(work, &kept).await?;
    let token = Token::new(customer, secret);
    storage::invitation::keep_token(work, id, token).await?;
    work.audit("invitation.send", customer, None)?;
    let path = format!("/answer/{}", token.text());
    Ok(InvitationLink {
        invitation_id: id,
        channel: granted.channel,
        url: pages.link(&path),
        path,
        expires_at: kept.shown.expires_at,
    })
}
