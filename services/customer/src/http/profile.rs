//! What is known of a customer beyond the built-in fields: attributes, observations, weights,
//! containers.

use std::sync::Arc;

use kit::{Input, Result, Routes, Runtime};
use schema::{
    access::Viewer,
    api::{
        customer::{
            AddContainer, ChangeAttribute, DefineAttribute, DeliveryFit, FitDelivery, GetAttributes,
            GetProfileWeights, ListAttributes, ListObservations, Observation, ProfileWeights,
            RecordObservation, RemoveContainer, RetireAttribute, SetProfileWeights, TakeBackObservation,
        },
        page::Page,
        problem::Problem,
    },
    ids::CustomerId,
    moment,
    value::Milli,
};

use crate::{
    app,
    domain::{attribute, container},
    storage,
};

pub(super) fn mount(routes: Routes) -> Routes {
    routes
        .command::<DefineAttribute>(|work, input| {
            Box::pin(app::define_attribute::define_attribute(work, input))
        })
        .command::<ChangeAttribute>(|work, input| {
            Box::pin(app::change_attribute::change_attribute(work, input))
        })
        .command::<RetireAttribute>(|work, input| {
            Box::pin(app::retire_attribute::retire_attribute(work, input))
        })
        .read::<ListAttributes, _>(|runtime, input| async move {
            storage::attribute::list(&runtime.db, &input.query).await
        })
        .command::<SetProfileWeights>(|work, input| {
            Box::pin(app::set_profile_weights::set_profile_weights(work, input))
        })
        .read::<GetProfileWeights, _>(|runtime, _| async move {
            Ok(ProfileWeights { items: storage::profile_weight::all(runtime.db.read()).await? })
        })
        .command::<RecordObservation>(|work, input| {
            Box::pin(app::record_observation::record_observation(work, input))
        })
        .command::<TakeBackObservation>(|work, input| {
            Box::pin(app::take_back_observation::take_back_observation(work, input))
        })
        .command::<AddContainer>(|work, input| Box::pin(app::add_container::add_container(work, input)))
        .command::<RemoveContainer>(|work, input| {
            Box::pin(app::remove_container::remove_container(work, input))
        })
        .read::<FitDelivery, _>(fit)
        .read::<GetAttributes, _>(attributes)
        .read::<ListObservations, _>(history)
}

async fn fit(runtime: Arc<Runtime>, input: Input<FitDelivery>) -> Result<DeliveryFit> {
    require(&runtime, input.path.customer_id, &input.caller.viewer).await?;
    let found = storage::container::find(&runtime.db, *input.path).await?;
    let container = found.ok_or_else(|| Problem::not_found("container"))?;
    let stock = input.query.stock_kilograms_milli.unwrap_or(Milli::new(0));
    let fits =
        container::fit(container.capacity_kilograms_milli, input.query.offered_kilograms_milli, stock)?;
    Ok(fits)
}

async fn attributes(runtime: Arc<Runtime>, input: Input<GetAttributes>) -> Result<Vec<Observation>> {
    let as_of = input.query.as_of;
    if as_of.is_some_and(|at| !moment::is_storable(at)) {
        return Err(Problem::field("/as_of", "a time is between the years 1900 and 9999").into());
    }
    let id = input.path.customer_id;
    require(&runtime, id, &input.caller.viewer).await?;
    let mut known = storage::observation::latest(runtime.db.read(), &[id.uuid()], as_of).await?;
    Ok(known.remove(&id.uuid()).unwrap_or_default())
}

async fn history(runtime: Arc<Runtime>, input: Input<ListObservations>) -> Result<Page<Observation>> {
    if input.query.attribute.as_deref().is_some_and(|code| !attribute::is_code(code)) {
        return Err(Problem::field("/attribute", attribute::CODE_RULE).into());
    }
    require(&runtime, input.path.customer_id, &input.caller.viewer).await?;
    storage::observation::history(&runtime.db, input.path.customer_id, &input.query).await
}

/// Refuses a customer who is not in the viewer's scope.
pub(super) async fn require(runtime: &Runtime, id: CustomerId, viewer: &Viewer) -> Result<()> {
    if storage::customer::is_in_scope(&runtime.db, id, &viewer.scope()).await? {
        return Ok(());
    }
    Err(Problem::not_found("customer").into())
}
