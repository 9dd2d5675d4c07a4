//! Says how a customer uses an article up.

use kit::{Input, Result, Work};
use schema::{
    api::{
        loyalty::{Fill, SetSupply, Supply, SupplySetting},
        problem::{FieldError, Problem},
    },
    moment,
};

use super::look_at_supplies::look_at_supply;
use crate::{
    domain::replenishment::{Filled, Setting},
    storage,
};

/// The longest code of an article.
const LONGEST_SKU: usize = 100;
const MOST_PERSONS: u32 = 10_000;
const MOST_DAILY: i64 = 1_000_000_000;
const MOST_DAYS: u32 = 365;
const MOST_FILL: i64 = 1_000_000_000_000;

pub(crate) async fn set_supply(work: &mut Work, input: Input<SetSupply>) -> Result<Supply> {
    let (customer, sku, now) = (input.path.customer_id, input.path.sku.as_str(), work.now());
    let SupplySetting { persons, milli_per_person_day, lead_days, buffer_days, last_fill } = &*input.body;
    let mut wrong = Vec::new();
    let mut say = |pointer: &str, good: bool, rule: &str| {
        if !good {
            wrong.push(FieldError { pointer: pointer.to_owned(), detail: rule.to_owned() });
        }
    };
    say("/sku", (1..=LONGEST_SKU).contains(&sku.chars().count()), "1 to 100 characters, in the path");
    say("/persons", persons.is_none_or(|many| many <= MOST_PERSONS), "0 to 10,000 persons");
    say(
        "/persons",
        persons.is_some() || milli_per_person_day.is_none(),
        "say how many use it; what one of them uses is not enough",
    );
    say(
        "/milli_per_person_day",
        milli_per_person_day.is_none_or(|milli| (0..=MOST_DAILY).contains(&milli.get())),
        "0 to 1,000,000,000 thousandths",
    );
    say("/lead_days", *lead_days <= MOST_DAYS, "0 to 365 days");
    say("/buffer_days", *buffer_days <= MOST_DAYS, "0 to 365 days");
    let fill = last_fill.map(|Fill { at, quantity_milli }| (moment::parse(at, now), quantity_milli.get()));
    if let Some((at, milli)) = &fill {
        if let Err(rule) = at {
            say("/last_fill/at", false, rule);
        }
        say(
            "/last_fill/quantity_milli",
            (0..=MOST_FILL).contains(milli),
            "0 to 1,000,000,000,000 thousandths",
        );
    }
    if !wrong.is_empty() {
        return Err(Problem::fields(wrong).into());
    }

    reference::customer::require(work, customer).await?;
    work.revise(customer, input.if_match).await?;
    let said = Setting {
        persons: *persons,
        person_day_milli: milli_per_person_day.map(|milli| milli.get()),
        lead_days: *lead_days,
        buffer_days: *buffer_days,
        fill: fill.and_then(|(at, milli)| Some(Filled { at: at.ok()?, milli })),
    };
    storage::supply::put(work, customer, sku, &said).await?;
    let found = look_at_supply(work, customer, sku, &said).await?;
    work.audit("supply.set", customer, Some(sku))?;
    Ok(storage::supply::shown(sku.to_owned(), &said, &found))
}
