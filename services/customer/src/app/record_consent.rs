//! Records one word of a customer on what we may reach them for; earlier words stay, and the latest counts.

use kit::{Error, Input, Result, Work, db::word};
use schema::api::customer::{CustomerFile, RecordConsent};

use crate::{
    domain::{consent, person::Mistakes},
    storage,
};

pub(crate) async fn record_consent(work: &mut Work, input: Input<RecordConsent>) -> Result<CustomerFile> {
    let new = &input.body;
    let mut mistakes = Mistakes::default();
    let kept = consent::keep(new, work.now(), &mut mistakes);
    mistakes.none_or_problem()?;
    let Some(kept) = kept else {
        return Err(Error::Fault("a mistake was not told".into()));
    };

    let file = super::file_to_change(work, input.path.customer_id, input.if_match).await?;
    storage::consent::add(work, file.id, new, kept).await?;
    let said = format!("{}/{}/{}", word(&new.purpose)?, word(&new.channel)?, word(&new.status)?);
    super::allowed(work, "customer.consent.record", Some(&said), &file).await
}
