//! A questionnaire was answered: the timeline has it.

use kit::{Received, Result, Work};
use schema::event::survey::QuestionnaireAnswered;

use crate::app;

pub(super) async fn react(work: &mut Work, event: Received<QuestionnaireAnswered>) -> Result<()> {
    app::note_questionnaire::note_questionnaire(work, &event).await
}
