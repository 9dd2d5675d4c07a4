//! How many answers a margin of error takes: W. G. Cochran, "Sampling Techniques", 3rd ed., 1977, with the
//! correction for a finite population.

use schema::api::{problem::FieldError, survey::SampleQuery};

use super::normal::{Z90, Z95, Z99};

/// The most that a variance, a share or an NPS between -1 and 1 can have.
const WORST_NPS: i64 = 1_000_000;
/// The variance of a share of one half.
const WORST_SHARE: i64 = 250_000;

/// The number of answers; `Err` names what is wrong with the question.
pub(crate) fn size(asked: &SampleQuery) -> Result<i64, Vec<FieldError>> {
    let mut mistakes = Vec::new();
    let mut check = |right: bool, pointer: &str, rule: &str| {
        if !right {
            mistakes.push(FieldError { pointer: pointer.to_owned(), detail: rule.to_owned() });
        }
    };
    let z = match asked.confidence.unwrap_or(95) {
        90 => Some(Z90),
        95 => Some(Z95),
        99 => Some(Z99),
        _ => None,
    };
    let worst = if asked.nps { WORST_NPS } else { WORST_SHARE };
    let variance = asked.variance.unwrap_or(worst);
    check((1..=1_000_000).contains(&asked.margin), "/margin", "a margin is 1 to 1,000,000 millionths");
    check(z.is_some(), "/confidence", "a confidence is 90, 95 or 99");
    check((1..=worst).contains(&variance), "/variance", "a variance is 1 to the worst case, in millionths");
    check(asked.population.is_none_or(|all| all > 0), "/population", "a population is at least 1");
    match z {
        Some(z) if mistakes.is_empty() => Ok(answers(z, variance, asked.margin, asked.population)),
        _ => Err(mistakes),
    }
}

fn answers(z: f64, variance: i64, margin: i64, population: Option<i64>) -> i64 {
    let (variance, margin) = (variance as f64 / 1e6, margin as f64 / 1e6);
    let unlimited = z * z * variance / (margin * margin);
    let needed = population.map_or(unlimited, |all| unlimited / (1.0 + (unlimited - 1.0) / all as f64));
    let whole = (needed.ceil() as i64).max(1);
    population.map_or(whole, |all| whole.min(all))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(margin: i64) -> SampleQuery {
        SampleQuery { margin, confidence: None, variance: None, population: None, nps: false }
    }

    #[test]
    fn sizes_are_the_published_ones() {
        assert_eq!(size(&asked(50_000)), Ok(385));
        assert_eq!(size(&SampleQuery { population: Some(1_000), ..asked(50_000) }), Ok(278));
        assert_eq!(size(&SampleQuery { population: Some(200), ..asked(50_000) }), Ok(132));
        assert_eq!(size(&SampleQuery { confidence: Some(99), ..asked(50_000) }), Ok(664));
        assert_eq!(size(&asked(30_000)), Ok(1_068));
        assert_eq!(size(&SampleQuery { nps: true, ..asked(50_000) }), Ok(1_537));
        assert_eq!(size(&SampleQuery { nps: true, variance: Some(610_000), ..asked(50_000) }), Ok(938));
    }

    #[test]
    fn it_is_never_more_than_there_are_nor_less_than_one() {
        assert_eq!(size(&SampleQuery { population: Some(3), ..asked(1) }), Ok(3));
        assert_eq!(size(&SampleQuery { variance: Some(1), ..asked(1_000_000) }), Ok(1));
    }

    #[test]
    fn every_mistake_is_named() {
        let wrong =
            SampleQuery { confidence: Some(94), variance: Some(250_001), population: Some(0), ..asked(0) };
        assert_eq!(size(&wrong).map_err(|mistakes| mistakes.len()), Err(4));
    }
}
