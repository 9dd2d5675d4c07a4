//! The instruments of one question, their scales and what their figures mean.

use schema::api::survey::{Instrument, NpsCategory};

use super::nps;

/// The lowest and the highest score.
pub(crate) const fn scale(instrument: Instrument) -> (i32, i32) {
    match instrument {
        Instrument::Nps => (0, 10),
        Instrument::Csat => (1, 5),
        Instrument::Ces => (1, 7),
    }
}

/// What a score must be.
const fn rule(instrument: Instrument) -> &'static str {
    match instrument {
        Instrument::Nps => "an NPS score is a whole number from 0 to 10",
        Instrument::Csat => "a CSAT score is a whole number from 1 to 5",
        Instrument::Ces => "a CES score is a whole number from 1 to 7",
    }
}

/// How a result is defined, with its source.
pub(crate) const fn definition(instrument: Instrument) -> &'static str {
    match instrument {
        Instrument::Nps => {
            "share of scores 9 and 10 less share of scores 0 to 6, times 100 (Reichheld, 2003); \
             intervals: Wald, and adjusted Wald (Rocks, 2016)"
        }
        Instrument::Csat => {
            "mean of scores 1 to 5 (Likert, 1932), and share of scores 4 and 5 with its interval (Wilson, 1927)"
        }
        Instrument::Ces => {
            "mean of scores 1 to 7 (Dixon, Freeman & Toman, 2010), and share of scores 6 and 7 with its \
             interval (Wilson, 1927)"
        }
    }
}

/// A score on the scale of its instrument.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Score {
    instrument: Instrument,
    value: i32,
}

impl Score {
    /// The score; `Err` says what would be right.
    pub(crate) const fn of(instrument: Instrument, value: i32) -> Result<Self, &'static str> {
        let (lo, hi) = scale(instrument);
        if lo <= value && value <= hi { Ok(Self { instrument, value }) } else { Err(rule(instrument)) }
    }

    /// The number.
    pub(crate) const fn value(self) -> i32 {
        self.value
    }

    /// What it makes of the customer: only an NPS score does.
    pub(crate) const fn category(self) -> Option<NpsCategory> {
        match self.instrument {
            Instrument::Nps => Some(nps::category(self.value)),
            Instrument::Csat | Instrument::Ces => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Instrument; 3] = [Instrument::Nps, Instrument::Csat, Instrument::Ces];

    #[test]
    fn a_score_lies_on_its_scale() {
        for instrument in ALL {
            let (lo, hi) = scale(instrument);
            for score in lo..=hi {
                assert_eq!(Score::of(instrument, score).map(Score::value), Ok(score));
            }
            for score in [i32::MIN, lo - 1, hi + 1, i32::MAX] {
                assert_eq!(Score::of(instrument, score), Err(rule(instrument)), "{score}");
            }
        }
    }

    #[test]
    fn only_nps_has_categories() {
        for instrument in ALL {
            let category = Score::of(instrument, 5).map(Score::category);
            assert_eq!(category, Ok((instrument == Instrument::Nps).then_some(NpsCategory::Detractor)));
        }
    }
}
