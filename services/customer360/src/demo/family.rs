//! Who lives together: in some homes two of a shop's customers share a household.

use rand::{SeedableRng as _, rngs::StdRng};
use schema::api::{
    NoParameters,
    customer::{CreateHousehold, NewHousehold},
};

use super::{
    Failed, Owner,
    company::Shop,
    person::{Habit, Person},
    tell::{Told, shop_of},
};

/// One in so many neighbours lives with the next one.
const ONE_IN: usize = 4;

/// Puts neighbours, who follow each other among a shop's customers, into households.
pub(super) async fn live_together(shops: &[Shop], told: &[Told]) -> Result<(), Failed> {
    let neighbours = shops.len();
    for pair in told.chunks_exact(2 * neighbours.max(1)) {
        for (one, other) in pair.iter().zip(pair.iter().skip(neighbours)).step_by(ONE_IN) {
            if [one, other].into_iter().any(|(number, _)| is_kitchen(*number)) {
                continue;
            }
            let new = NewHousehold { customer_ids: vec![one.1, other.1] };
            let (key, none) = (format!("demo-household-{}", one.0), NoParameters::default());
            let door = &shop_of(shops, one.0)?.seller.door;
            door.command::<CreateHousehold>(Owner::Customer, key, &none, &new).await?;
        }
    }
    Ok(())
}

fn is_kitchen(number: u32) -> bool {
    let mut chance = StdRng::seed_from_u64(u64::from(number));
    Person::of(number, &mut chance).habit == Habit::Wholesale
}
