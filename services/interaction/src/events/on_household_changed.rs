//! A customer joined a household or left it: the copy is kept.

use kit::{Received, Result, Work};
use schema::event::customer::HouseholdState;

use crate::app;

pub(super) async fn react(work: &mut Work, event: Received<HouseholdState>) -> Result<()> {
    app::keep_wishes::household(work, &event).await
}
