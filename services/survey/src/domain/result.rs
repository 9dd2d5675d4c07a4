//! What the answers to an instrument say together.

use chrono::{DateTime, Utc};
use schema::api::survey::{
    Comparison, Instrument, Interval, MINIMUM_SAMPLE, NpsEstimate, ResultSummary, ScoreCount,
};

use super::{instrument, millionths, nps, wilson};

/// The largest minimum.
const MINIMUM_MOST: u32 = 1_000_000;

/// The minimum sample that was asked for; `Err` says what would be right.
pub(crate) fn minimum(asked: Option<u32>) -> Result<u32, &'static str> {
    match asked.unwrap_or(MINIMUM_SAMPLE) {
        minimum @ 1..=MINIMUM_MOST => Ok(minimum),
        _ => Err("a minimum is 1 to 1,000,000 answers"),
    }
}

/// Whether a sample is too small to rank by.
pub(crate) fn insufficient(n: i64, minimum: u32) -> bool {
    n < i64::from(minimum)
}

/// Sums up how often each score was given.
pub(crate) fn summary(
    asked: Instrument,
    scores: Vec<ScoreCount>,
    latest: Option<DateTime<Utc>>,
    minimum: u32,
    as_of: DateTime<Utc>,
) -> ResultSummary {
    let n: i64 = scores.iter().map(|one| one.count).sum();
    let total: i64 = scores.iter().map(|one| i64::from(one.score) * one.count).sum();
    let (_, highest) = instrument::scale(asked);
    let top: i64 = scores.iter().filter(|one| one.score >= highest - 1).map(|one| one.count).sum();
    ResultSummary {
        instrument: asked,
        definition: instrument::definition(asked).to_owned(),
        n,
        minimum,
        insufficient_sample: insufficient(n, minimum),
        as_of,
        latest_answer_at: latest,
        age_days: latest.map(|at| (as_of - at).num_days().max(0)),
        mean: millionths::ratio(1, total, n),
        top_two_box: wilson::share(top, n),
        nps: estimate(asked, &scores),
        distribution: Some(scores),
    }
}

fn estimate(asked: Instrument, scores: &[ScoreCount]) -> Option<NpsEstimate> {
    match asked {
        Instrument::Nps => nps::Tally::of(scores).estimate(),
        Instrument::Csat | Instrument::Ces => None,
    }
}

/// The one figure by which an instrument is known, and its interval: the NPS with the adjusted Wald interval, which
/// has a width also when all are alike, or the share of the two highest scores.
pub(crate) fn headline(summary: &ResultSummary) -> (Option<i64>, Option<Interval>) {
    match summary.instrument {
        Instrument::Nps => summary.nps.as_ref().map(|nps| (nps.score, nps.adjusted_wald)).unzip(),
        Instrument::Csat | Instrument::Ces => {
            summary.top_two_box.as_ref().map(|share| (share.share, share.interval)).unzip()
        }
    }
}

/// Sets two periods' NPS scores against each other.
pub(crate) fn comparison(
    later: &[ScoreCount],
    earlier: &[ScoreCount],
    minimum: u32,
    as_of: DateTime<Utc>,
) -> Comparison {
    let (later, earlier) = (nps::Tally::of(later), nps::Tally::of(earlier));
    Comparison {
        n: later.n(),
        base_n: earlier.n(),
        minimum,
        insufficient_sample: insufficient(later.n().min(earlier.n()), minimum),
        as_of,
        later: later.estimate(),
        earlier: earlier.estimate(),
        change: later.less(earlier),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().expect("a time")
    }

    #[test]
    fn a_small_sample_is_shown_with_its_flag() {
        let (latest, now) = (at("2026-10-12T12:00:00Z"), at("2026-11-21T12:00:00Z"));
        let scores = vec![ScoreCount { score: 5, count: 9 }];
        let result = summary(Instrument::Csat, scores, Some(latest), 30, now);
        assert_eq!((result.n, result.insufficient_sample, result.mean), (9, true, Some(5_000_000)));
        assert_eq!((result.age_days, result.nps), (Some(40), None));
    }

    #[test]
    fn the_two_highest_scores_are_the_top_box() {
        let scores: Vec<_> = (1..=7).map(|score| ScoreCount { score, count: 1 }).collect();
        let result = summary(Instrument::Ces, scores, None, 7, at("2026-11-21T12:00:00Z"));
        assert_eq!(result.top_two_box.map(|top| top.count), Some(2));
        assert_eq!((result.mean, result.insufficient_sample), (Some(4_000_000), false));
    }

    #[test]
    fn without_answers_there_is_no_figure() {
        let result = summary(Instrument::Nps, Vec::new(), None, 1, at("2026-11-21T12:00:00Z"));
        assert_eq!((result.n, result.mean, result.nps, result.top_two_box), (0, None, None, None));
        assert!(result.insufficient_sample);
    }

    #[test]
    fn a_minimum_has_bounds() {
        assert_eq!(minimum(None), Ok(30));
        assert!(minimum(Some(0)).is_err() && minimum(Some(1_000_001)).is_err());
    }
}
