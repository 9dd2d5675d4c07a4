//! How far it is over the earth, and which places are nearest.
//!
//! The great-circle distance by the haversine formula (R. W. Sinnott, "Virtues of the Haversine", Sky and
//! Telescope 68 (2), 1984, p. 159), which is well conditioned for small distances too, on a sphere of the
//! earth's mean radius (IUGG, GRS 80: R1 = 6,371,008.8 m). The earth is no sphere: the error is up to 0.5 %.

use schema::api::customer::UnitCoordinates;

/// The earth's mean radius in metres.
const RADIUS_METRES: f64 = 6_371_008.8;
/// A pole, in millionths of a degree.
pub(crate) const LATITUDE_MOST: i32 = 90_000_000;
/// The date line, in millionths of a degree.
pub(crate) const LONGITUDE_MOST: i32 = 180_000_000;

/// How far a search looks to the north and south before it looks further, in millionths of a degree: 111 km,
/// 890 km, the whole earth. A band of latitude has neither a date line nor a pole to take care of, and
/// whatever lies outside of it is at least as far away as it is wide.
pub(crate) const BANDS_MICRO: [i32; 3] = [1_000_000, 8_000_000, 180_000_000];

fn radians(micro: i32) -> f64 {
    (f64::from(micro) / 1_000_000.0).to_radians()
}

/// The great-circle distance in metres.
fn metres(one: UnitCoordinates, other: UnitCoordinates) -> f64 {
    let (north, south) = (radians(one.latitude_micro), radians(other.latitude_micro));
    let half = |from: f64, to: f64| ((to - from) / 2.0).sin().powi(2);
    let across = half(radians(one.longitude_micro), radians(other.longitude_micro));
    let haversine = half(north, south) + north.cos() * south.cos() * across;
    // Rounding can make it a little more than 1 on the far side of the earth.
    2.0 * RADIUS_METRES * haversine.clamp(0.0, 1.0).sqrt().asin()
}

/// A place that something stands at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Standing<T> {
    pub(crate) what: T,
    /// Decides among those that are equally far.
    pub(crate) code: String,
    pub(crate) at: UnitCoordinates,
}

/// The nearest of them with their distance in whole metres, nearest first and then by code; at most `limit`.
pub(crate) fn nearest<T>(near: UnitCoordinates, all: Vec<Standing<T>>, limit: usize) -> Vec<(i64, T)> {
    let mut far: Vec<(i64, String, T)> =
        all.into_iter().map(|one| (whole(metres(near, one.at)), one.code, one.what)).collect();
    far.sort_by(|a, b| (a.0, &a.1).cmp(&(b.0, &b.1)));
    far.truncate(limit);
    far.into_iter().map(|(metres, _, what)| (metres, what)).collect()
}

/// Whether nothing outside the band can be nearer than the last one found.
pub(crate) fn is_certain(found: usize, last_metres: Option<i64>, limit: usize, band_micro: i32) -> bool {
    let beyond = whole(RADIUS_METRES * radians(band_micro));
    // A metre of distance between them, so that rounding decides nothing.
    band_micro >= LONGITUDE_MOST || (found >= limit && last_metres.is_some_and(|last| last < beyond - 1))
}

#[expect(clippy::cast_possible_truncation, reason = "half around the earth is 20,015,114 m")]
fn whole(metres: f64) -> i64 {
    metres.round() as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(latitude_micro: i32, longitude_micro: i32) -> UnitCoordinates {
        UnitCoordinates { latitude_micro, longitude_micro }
    }

    #[test]
    fn known_distances() {
        // A degree along the equator and along a meridian; half around; over the date line; over the pole.
        for (one, other, wanted) in [
            (at(0, 0), at(0, 1_000_000), 111_195),
            (at(0, 0), at(1_000_000, 0), 111_195),
            (at(0, 0), at(0, 180_000_000), 20_015_114),
            (at(90_000_000, 5), at(-90_000_000, 77), 20_015_114),
            (at(0, 179_500_000), at(0, -179_500_000), 111_195),
            (at(89_500_000, 10_000_000), at(89_500_000, -170_000_000), 111_195),
            (at(90_000_000, 0), at(90_000_000, 120_000_000), 0),
            (at(31_230_400, 121_473_700), at(31_230_400, 121_473_700), 0),
        ] {
            assert_eq!(whole(metres(one, other)), wanted, "{one:?} {other:?}");
            assert_eq!(whole(metres(other, one)), wanted, "{one:?} {other:?}");
        }
    }

    #[test]
    fn the_nearest_first_and_the_code_decides() {
        let standing = |code: &str, at| Standing { what: code.to_owned(), code: code.to_owned(), at };
        let all = vec![
            standing("far", at(0, 9)),
            standing("b", at(0, 179_999_990)),
            standing("a", at(0, -179_999_990)),
        ];
        let found = nearest(at(0, 180_000_000), all, 2);
        assert_eq!(found, [(1, "a".to_owned()), (1, "b".to_owned())]);
    }

    #[test]
    fn a_band_is_certain_only_when_nothing_nearer_can_lie_outside() {
        let band = BANDS_MICRO[0];
        assert!(is_certain(2, Some(111_000), 2, band));
        assert!(!is_certain(2, Some(111_194), 2, band), "as far as the band is wide");
        assert!(!is_certain(1, Some(5), 2, band), "more are wanted");
        assert!(!is_certain(0, None, 1, band));
        assert!(is_certain(0, None, 1, BANDS_MICRO[2]), "there is nothing else");
    }
}
