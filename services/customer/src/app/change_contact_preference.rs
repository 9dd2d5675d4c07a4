//! Changes what a customer asked for: channels, quiet hours, time zone.

use kit::{Input, Result, Work};
use schema::api::customer::{ChangeContactPreference, CustomerFile};

use crate::{
    domain::{channel, person::Mistakes, quiet},
    storage::{self, contact_preference::Asked},
};

pub(crate) async fn change_contact_preference(
    work: &mut Work,
    input: Input<ChangeContactPreference>,
) -> Result<CustomerFile> {
    let change = &input.body;
    let mut mistakes = Mistakes::default();
    if let Some(stated) = &change.stated_channels {
        channel::check_stated(stated, &mut mistakes);
    }
    let spans = change.quiet_spans.as_ref().map(|spans| quiet::keep(spans, &mut mistakes));
    let zone = change.time_zone.as_deref().map(quiet::zone);
    if let Some(Err(rule)) = zone {
        mistakes.add("/time_zone", rule);
    }
    mistakes.none_or_problem()?;

    let file = super::file_to_change(work, input.path.customer_id, input.if_match).await?;
    let held = storage::conduct::of(work.tx(), file.id).await?.preference;
    let asked = Asked {
        stated_channels: change.stated_channels.clone().unwrap_or(held.stated_channels),
        quiet_spans: spans.unwrap_or(held.quiet_spans),
        time_zone: match zone {
            Some(Ok(zone)) => zone,
            Some(Err(_)) | None => held.time_zone,
        },
    };
    storage::contact_preference::put(work, file.id, &asked).await?;
    super::allowed(work, "customer.contact_preference.change", None, &file).await
}
