//! Which scores are so low that somebody must follow them up.

use schema::api::survey::Instrument;

use super::instrument::{Score, scale};

/// The threshold of an instrument: NPS detractors (Reichheld, 2003), and the two or three lowest steps of the
/// other scales.
pub(crate) const fn threshold(instrument: Instrument) -> i32 {
    match instrument {
        Instrument::Nps => 6,
        Instrument::Csat => 2,
        Instrument::Ces => 3,
    }
}

/// Whether the score is low, by this threshold or by that of its instrument.
pub(crate) fn is_low(instrument: Instrument, score: Score, at_most: Option<i32>) -> bool {
    score.value() <= at_most.unwrap_or(threshold(instrument))
}

/// Whether a threshold leaves scores on both sides.
pub(crate) const fn is_threshold(instrument: Instrument, at_most: i32) -> bool {
    let (lo, hi) = scale(instrument);
    lo <= at_most && at_most < hi
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thresholds_are_on_the_scale_and_count_themselves() {
        for (instrument, at_most) in [(Instrument::Nps, 6), (Instrument::Csat, 2), (Instrument::Ces, 3)] {
            assert!(is_threshold(instrument, at_most));
            for (score, low) in [(at_most, true), (at_most + 1, false)] {
                let score = Score::of(instrument, score).expect("on the scale");
                assert_eq!(is_low(instrument, score, None), low);
            }
        }
    }

    #[test]
    fn a_rule_may_say_otherwise() {
        let score = |value| Score::of(Instrument::Nps, value).expect("on the scale");
        assert!(is_low(Instrument::Nps, score(7), Some(7)) && !is_low(Instrument::Nps, score(6), Some(5)));
        assert!(!is_threshold(Instrument::Nps, 10) && !is_threshold(Instrument::Csat, 0));
    }
}
