//! A customer is invited to answer: the timeline has it.

use kit::{Received, Result, Work};
use schema::event::survey::InvitationMoved;

use crate::app;

pub(super) async fn react(work: &mut Work, event: Received<InvitationMoved>) -> Result<()> {
    app::note_invitation::note_invitation(work, &event).await
}
