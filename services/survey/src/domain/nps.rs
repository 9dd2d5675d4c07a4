//! Net Promoter Score: "How likely is it that you would recommend us to a friend or colleague?", 0 to 10
//! (F. F. Reichheld, "The One Number You Need to Grow", Harvard Business Review, December 2003).

use schema::api::survey::NpsCategory;

/// What a score must be.
const RULE: &str = "an NPS score is a whole number from 0 to 10";

/// A score on the scale.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Score(u8);

impl Score {
    /// The score; `Err` says what would be right.
    pub(crate) fn of(value: i32) -> Result<Self, &'static str> {
        match u8::try_from(value) {
            Ok(score @ 0..=10) => Ok(Self(score)),
            Ok(_) | Err(_) => Err(RULE),
        }
    }

    /// What it makes of the customer.
    pub(crate) const fn category(self) -> NpsCategory {
        match self.0 {
            0..=6 => NpsCategory::Detractor,
            7 | 8 => NpsCategory::Passive,
            _ => NpsCategory::Promoter,
        }
    }
}

impl From<Score> for i32 {
    fn from(score: Score) -> Self {
        score.0.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scale_ends_at_0_and_10() {
        for score in 0..=10 {
            assert_eq!(Score::of(score).map(i32::from), Ok(score));
        }
        for score in [i32::MIN, -1, 11, 256, i32::MAX] {
            assert_eq!(Score::of(score), Err(RULE), "{score}");
        }
    }

    #[test]
    fn categories_are_those_of_reichheld() {
        let category = |score| Score::of(score).map(Score::category);
        for score in 0..=6 {
            assert_eq!(category(score), Ok(NpsCategory::Detractor), "{score}");
        }
        for score in 7..=8 {
            assert_eq!(category(score), Ok(NpsCategory::Passive), "{score}");
        }
        for score in 9..=10 {
            assert_eq!(category(score), Ok(NpsCategory::Promoter), "{score}");
        }
    }
}
