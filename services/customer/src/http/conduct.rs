//! How customers want to be dealt with: consents, contact preference, service brief.

use std::sync::Arc;

use kit::{Input, Result, Routes, Runtime};
use schema::{
    api::{
        customer::{
            ChangeContactPreference, ChangeServiceBrief, ConsentWord, Consents, GetConsents,
            GetContactPreference, GetServiceBrief, HeldConsent, ListConsentWords, RecordConsent,
        },
        page::Page,
        problem::Problem,
    },
    moment,
};

use super::profile::require;
use crate::{app, domain::consent, storage};

pub(super) fn mount(routes: Routes) -> Routes {
    routes
        .command::<RecordConsent>(|work, input| Box::pin(app::record_consent::record_consent(work, input)))
        .read::<GetConsents, _>(consents)
        .read::<ListConsentWords, _>(history)
        .command::<ChangeContactPreference>(|work, input| {
            Box::pin(app::change_contact_preference::change_contact_preference(work, input))
        })
        .read::<GetContactPreference, _>(|runtime, input| async move {
            require(&runtime, input.path.customer_id, &input.caller.viewer).await?;
            Ok(storage::conduct::of(runtime.db.read(), input.path.customer_id).await?.preference)
        })
        .command::<ChangeServiceBrief>(|work, input| {
            Box::pin(app::change_service_brief::change_service_brief(work, input))
        })
        .read::<GetServiceBrief, _>(|runtime, input| async move {
            require(&runtime, input.path.customer_id, &input.caller.viewer).await?;
            Ok(storage::conduct::of(runtime.db.read(), input.path.customer_id).await?.brief)
        })
}

async fn consents(runtime: Arc<Runtime>, input: Input<GetConsents>) -> Result<Consents> {
    let as_of = input.query.as_of;
    if as_of.is_some_and(|at| !moment::is_storable(at)) {
        return Err(Problem::field("/as_of", "a time is between the years 1900 and 9999").into());
    }
    let id = input.path.customer_id;
    require(&runtime, id, &input.caller.viewer).await?;
    let mut known = storage::consent::latest(runtime.db.read(), &[id.uuid()], as_of).await?;
    let words = known.remove(&id.uuid()).unwrap_or_default();
    let held: Vec<HeldConsent> = words.iter().map(storage::conduct::held).collect();
    let at = as_of.unwrap_or_else(|| runtime.clock.now());
    Ok(Consents { at, allowances: consent::allowances(&held, at), words })
}

async fn history(runtime: Arc<Runtime>, input: Input<ListConsentWords>) -> Result<Page<ConsentWord>> {
    require(&runtime, input.path.customer_id, &input.caller.viewer).await?;
    storage::consent::history(&runtime.db, input.path.customer_id, &input.query).await
}
