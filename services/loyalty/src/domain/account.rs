//! A member's account: what can be spent, what qualifies, and the tier.

use chrono::{DateTime, Utc};
use schema::{api::loyalty::Tier, value::Points};

/// How an account stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Standing {
    /// Points on the account; negative when a return took back what was spent already.
    pub balance: Points,
    /// What decides the tier: points earned less reversed, of the tier period when there is one. What is
    /// spent or given as a gesture does not count.
    pub qualifying: Points,
    pub tier: Tier,
    /// From where the next tier holds; none above the highest.
    pub next_threshold: Option<Points>,
    /// The end of the tier period.
    pub tier_review_at: Option<DateTime<Utc>>,
    /// When points expire next, and how many.
    pub next_expiry: Option<(DateTime<Utc>, Points)>,
    /// When time alone changes something next.
    pub due_at: Option<DateTime<Utc>>,
}

impl Standing {
    /// The points that can be spent while so many are held.
    pub(crate) const fn available(&self, held: Points) -> Points {
        Points::new(self.balance.get().saturating_sub(held.get()))
    }
}
