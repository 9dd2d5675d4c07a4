//! What a container holds, reckoned in integers.
//!
//! The exact volume is in cubic millimetres; π is taken to 18 decimal places, which is exact to the cubic
//! millimetre for everything up to the largest container. Litres and kilograms are both reckoned from it
//! and rounded down, so that neither rounding adds to the other and what is ordered goes in.

use schema::{
    api::{
        customer::{ContainerShape, DeliveryFit, NewContainer},
        problem::Problem,
    },
    value::Milli,
};

use super::{code, person::Mistakes};

/// The most containers of one customer.
pub(crate) const MOST: i64 = 10;
/// The longest side.
const LONGEST_MM: i32 = 10_000;
/// The heaviest filling, in thousandths of a kilogram to the litre.
const HEAVIEST: i32 = 30_000;
/// π in units of 10^-18.
const PI: i128 = 3_141_592_653_589_793_238;
/// The unit of `PI`.
const PI_ONE: i128 = 1_000_000_000_000_000_000;

/// Checks the measures.
pub(crate) fn check(new: &NewContainer, mistakes: &mut Mistakes) {
    if !code::is_code(&new.sku) {
        mistakes.add("/sku", code::RULE);
    }
    let mut side = |length: i32, pointer: &str| {
        if !(1..=LONGEST_MM).contains(&length) {
            mistakes.add(pointer, format!("a side is 1 to {LONGEST_MM} millimetres"));
        }
    };
    side(new.width_mm, "/width_mm");
    side(new.height_mm, "/height_mm");
    match (new.shape, new.depth_mm) {
        (ContainerShape::Box, Some(depth)) => side(depth, "/depth_mm"),
        (ContainerShape::Box, None) => mistakes.add("/depth_mm", "a box has a depth"),
        (ContainerShape::Cylinder, Some(_)) => {
            mistakes.add("/depth_mm", "a cylinder has no depth: its width is the diameter; leave it out");
        }
        (ContainerShape::Cylinder, None) => {}
    }
    if !(1..=HEAVIEST).contains(&new.density_milli) {
        mistakes.add("/density_milli", format!("a density is 1 to {HEAVIEST} thousandths"));
    }
}

/// What a container holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Capacity {
    pub(crate) litres: Milli,
    pub(crate) kilograms: Milli,
}

/// What checked measures hold.
pub(crate) fn capacity(
    shape: ContainerShape,
    width_mm: i32,
    depth_mm: Option<i32>,
    height_mm: i32,
    density_milli: i32,
) -> Capacity {
    let (width, height) = (i128::from(width_mm), i128::from(height_mm));
    // The volume in cubic millimetres is `over / under`.
    let (over, under) = match shape {
        ContainerShape::Cylinder => (PI * width * width * height, 4 * PI_ONE),
        ContainerShape::Box => (width * i128::from(depth_mm.unwrap_or_default()) * height, 1),
    };
    // A litre is a million cubic millimetres, so a thousandth of it is a thousand of them.
    let milli = |value: i128| Milli::new(i64::try_from(value).unwrap_or(i64::MAX));
    Capacity {
        litres: milli(over / (under * 1_000)),
        kilograms: milli(over * i128::from(density_milli) / (under * 1_000_000)),
    }
}

/// The heaviest delivery or stock that is reckoned with, in thousandths of a kilogram.
const HEAVIEST_LOAD: i64 = 1_000_000_000;

/// How much of what is offered goes in beside what is in it, and how much is left over.
///
/// # Errors
/// When a quantity is not one that is reckoned with.
pub(crate) fn fit(capacity: Milli, offered: Milli, stock: Milli) -> Result<DeliveryFit, Problem> {
    if !(1..=HEAVIEST_LOAD).contains(&offered.get()) {
        let detail = "a delivery is 1 to 1,000,000,000 thousandths of a kilogram";
        return Err(Problem::field("/offered_kilograms_milli", detail));
    }
    if !(0..=HEAVIEST_LOAD).contains(&stock.get()) {
        let detail = "a stock is 0 to 1,000,000,000 thousandths of a kilogram";
        return Err(Problem::field("/stock_kilograms_milli", detail));
    }
    let room = capacity.get().saturating_sub(stock.get()).max(0);
    let fits = offered.get().min(room);
    Ok(DeliveryFit {
        fits_kilograms_milli: Milli::new(fits),
        left_kilograms_milli: Milli::new(offered.get() - fits),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_delivery_is_cut_to_what_goes_in() {
        let fits = |offered, stock| {
            fit(Milli::new(23_750), Milli::new(offered), Milli::new(stock))
                .map(|fit| fit.fits_kilograms_milli.get())
        };
        assert_eq!(fits(25_000, 0).ok(), Some(23_750));
        assert_eq!(fits(20_000, 5_000).ok(), Some(18_750));
        assert_eq!(fits(10_000, 5_000).ok(), Some(10_000));
        assert_eq!(fits(10_000, 30_000).ok(), Some(0), "somebody else filled it up");
        assert!(fits(0, 0).is_err() && fits(1, -1).is_err());
    }

    #[test]
    fn the_jar_of_rice() {
        let jar = capacity(ContainerShape::Cylinder, 300, None, 420, 800);
        assert_eq!(jar, Capacity { litres: Milli::new(29_688), kilograms: Milli::new(23_750) });
    }

    #[test]
    fn a_box_and_the_largest() {
        let cube = capacity(ContainerShape::Box, 100, Some(100), 100, 1_000);
        assert_eq!(cube, Capacity { litres: Milli::new(1_000), kilograms: Milli::new(1_000) });
        let vat = capacity(ContainerShape::Cylinder, LONGEST_MM, None, LONGEST_MM, HEAVIEST);
        assert_eq!(vat.litres, Milli::new(785_398_163));
        assert_eq!(vat.kilograms, Milli::new(23_561_944_901));
    }
}
