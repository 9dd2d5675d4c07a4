//! Net Promoter Score: "How likely is it that you would recommend us to a friend or colleague?", 0 to 10
//! (F. F. Reichheld, "The One Number You Need to Grow", Harvard Business Review, December 2003).
//!
//! With shares P of promoters and D of detractors the score is P - D and the variance of one answer
//! P + D - (P - D)². The adjusted Wald interval adds 3/4, 3/2 and 3/4 answers (B. Rocks, "Interval
//! Estimation for the 'Net Promoter Score'", The American Statistician 70(4), 2016): it has a width when
//! all answers are alike, where the plain one has none.

use schema::api::survey::{Interval, NpsCategory, NpsDifference, NpsEstimate, ScoreCount};

use super::{
    millionths,
    normal::{Z95, two_sided},
};

/// What a score on the scale makes of the customer.
pub(crate) const fn category(score: i32) -> NpsCategory {
    match score {
        ..=6 => NpsCategory::Detractor,
        7 | 8 => NpsCategory::Passive,
        _ => NpsCategory::Promoter,
    }
}

/// How many answers of each category.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    promoters: i64,
    passives: i64,
    detractors: i64,
}

impl Tally {
    /// Counts them.
    pub(crate) fn of(scores: &[ScoreCount]) -> Self {
        scores.iter().fold(Self::default(), |mut tally, one| {
            match category(one.score) {
                NpsCategory::Promoter => tally.promoters += one.count,
                NpsCategory::Passive => tally.passives += one.count,
                NpsCategory::Detractor => tally.detractors += one.count,
            }
            tally
        })
    }

    /// How many answers.
    pub(crate) const fn n(self) -> i64 {
        self.promoters + self.passives + self.detractors
    }

    /// Score and standard error after adding so many promoters and detractors, and twice as many passives.
    fn moments(self, added: f64) -> (f64, f64) {
        let (promoters, detractors) = (self.promoters as f64 + added, self.detractors as f64 + added);
        let n = self.n() as f64 + 4.0 * added;
        let score = (promoters - detractors) / n;
        let variance = ((promoters + detractors) / n - score * score).max(0.0);
        (score, (variance / n).sqrt())
    }

    /// The score with its uncertainty; none without answers.
    pub(crate) fn estimate(self) -> Option<NpsEstimate> {
        let score = millionths::ratio(100, self.promoters - self.detractors, self.n())?;
        let (plain, error) = self.moments(0.0);
        let (centre, adjusted) = self.moments(0.75);
        Some(NpsEstimate {
            promoters: self.promoters,
            passives: self.passives,
            detractors: self.detractors,
            score,
            standard_error: points(error),
            margin: points(Z95 * error),
            wald: around(plain, error),
            adjusted_wald: around(centre, adjusted),
        })
    }

    /// This score less an earlier one of other answers; none unless both have answers.
    pub(crate) fn less(self, earlier: Self) -> Option<NpsDifference> {
        if self.n() == 0 || earlier.n() == 0 {
            return None;
        }
        let ((now, one), (then, other)) = (self.moments(0.0), earlier.moments(0.0));
        let error = one.hypot(other);
        let z = (error > 0.0).then(|| (now - then) / error);
        Some(NpsDifference {
            difference: points(now - then),
            standard_error: points(error),
            z: z.map(millionths::of),
            p: z.map(|z| millionths::of(two_sided(z))),
        })
    }
}

/// A share as points in millionths.
fn points(share: f64) -> i64 {
    millionths::of(100.0 * share)
}

/// The interval around a score, cut off where the scale ends.
fn around(score: f64, error: f64) -> Interval {
    let end = |share: f64| points(share.clamp(-1.0, 1.0));
    Interval { low: end(Z95.mul_add(-error, score)), high: end(Z95.mul_add(error, score)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally(promoters: i64, passives: i64, detractors: i64) -> Tally {
        Tally { promoters, passives, detractors }
    }

    /// Rounds millionths to so many of a step, as published numbers are.
    fn to(figure: i64, step: i64) -> i64 {
        (figure + step / 2).div_euclid(step)
    }

    #[test]
    fn categories_are_those_of_reichheld() {
        for score in 0..=10 {
            let expected = match score {
                0..=6 => NpsCategory::Detractor,
                7..=8 => NpsCategory::Passive,
                _ => NpsCategory::Promoter,
            };
            assert_eq!(category(score), expected, "{score}");
        }
    }

    #[test]
    fn fifty_thirty_twenty() {
        let nps = tally(50, 30, 20).estimate().expect("answers");
        assert_eq!(nps.score, 30_000_000);
        assert_eq!(to(nps.standard_error, 1_000), 7_810);
        assert_eq!(to(nps.margin, 1_000), 15_308);
        assert_eq!((to(nps.wald.low, 1_000), to(nps.wald.high, 1_000)), (14_692, 45_308));
        let adjusted = nps.adjusted_wald;
        assert_eq!((to(adjusted.low, 10_000), to(adjusted.high, 10_000)), (1_405, 4_420));
    }

    #[test]
    fn sixty_twenty_five_fifteen() {
        let nps = tally(60, 25, 15).estimate().expect("answers");
        assert_eq!((nps.score, to(nps.margin, 10_000)), (45_000_000, 1_450));
    }

    #[test]
    fn where_all_are_alike_only_the_adjusted_interval_has_a_width() {
        let nps = tally(10, 0, 0).estimate().expect("answers");
        assert_eq!((nps.score, nps.standard_error), (100_000_000, 0));
        assert_eq!(nps.wald, Interval { low: 100_000_000, high: 100_000_000 });
        assert_eq!((to(nps.adjusted_wald.low, 10_000), nps.adjusted_wald.high), (4_750, 100_000_000));
    }

    /// 9/0/1 has a Wald interval up to 117.2.
    #[test]
    fn intervals_end_where_the_scale_does() {
        let nps = tally(9, 0, 1).estimate().expect("answers");
        assert_eq!((to(nps.wald.low, 10_000), nps.wald.high), (4_281, 100_000_000));
        assert_eq!(tally(0, 0, 5).estimate().expect("answers").wald.low, -100_000_000);
    }

    #[test]
    fn the_published_difference() {
        let change = tally(450, 300, 250).less(tally(400, 320, 280)).expect("answers");
        assert_eq!(change.difference, 8_000_000);
        assert_eq!(to(change.standard_error, 1_000), 3_641);
        assert_eq!(to(change.z.expect("an error"), 100), 21_973);
        assert_eq!(to(change.p.expect("an error"), 100), 280);
    }

    #[test]
    fn nothing_is_said_without_answers_or_error() {
        assert_eq!(Tally::default().estimate(), None);
        assert_eq!(tally(1, 0, 0).less(Tally::default()), None);
        let alike = tally(5, 0, 0).less(tally(0, 0, 5)).expect("answers");
        assert_eq!((alike.difference, alike.z, alike.p), (200_000_000, None, None));
    }

    #[test]
    fn scores_are_tallied() {
        let scores = [(0, 1), (6, 2), (7, 4), (8, 8), (9, 16), (10, 32)];
        let scores: Vec<_> = scores.map(|(score, count)| ScoreCount { score, count }).into();
        assert_eq!(Tally::of(&scores), tally(48, 12, 3));
    }
}
