//! Sets how much it matters to know items of a profile.

use std::collections::BTreeSet;

use kit::{Input, Result, Work};
use schema::api::{
    customer::{ProfileWeights, SetProfileWeights},
    problem::Problem,
};
use uuid::Uuid;

use crate::{
    domain::{
        completeness::{BUILT_IN, HEAVIEST, MOST},
        person::Mistakes,
    },
    storage,
};

pub(crate) async fn set_profile_weights(
    work: &mut Work,
    input: Input<SetProfileWeights>,
) -> Result<ProfileWeights> {
    let items = &input.body.items;
    if items.is_empty() || items.len() > MOST {
        return Err(Problem::field("/items", format!("name 1 to {MOST} items")).into());
    }
    let mut mistakes = Mistakes::default();
    let mut named = BTreeSet::new();
    for (at, one) in items.iter().enumerate() {
        if !(0..=HEAVIEST).contains(&one.weight) {
            mistakes.add(format!("/items/{at}/weight"), format!("a weight is 0 to {HEAVIEST}"));
        }
        let item = one.item.as_str();
        if !BUILT_IN.contains(&item) && storage::attribute::by_code(work, item).await?.is_none() {
            let rule = format!("neither an attribute's code nor one of {}", BUILT_IN.join(", "));
            mistakes.add(format!("/items/{at}/item"), rule);
        } else if !named.insert(item) {
            mistakes.add(format!("/items/{at}/item"), "name each item once");
        }
    }
    mistakes.none_or_problem()?;

    let subject = Uuid::new_v5(&Uuid::NAMESPACE_OID, b"customer360/profile_weight");
    work.revise(subject, input.if_match).await?;
    for one in items {
        storage::profile_weight::put(work, one).await?;
    }
    work.audit("profile_weight.set", subject, None)?;
    Ok(ProfileWeights { items: storage::profile_weight::all(work.tx()).await? })
}
