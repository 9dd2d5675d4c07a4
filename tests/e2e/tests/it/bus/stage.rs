//! The stage: two services that publish and one that consumes, declared for these tests alone.

use std::{sync::Arc, time::Duration};

use futures::future::BoxFuture;
use kit::{Reactions, Result, Routes, Running, Work, command::Decision, service::Shared};
use schema::topology::Service;
use sea_orm_migration::MigrationTrait;
use testkit::Place;

use super::{facts, reactions, sight};

/// How long anything on the stage may take. On a busy machine with few cores that is long.
pub(super) const LONG: Duration = Duration::from_secs(40);

/// `customer` and `interaction` publish, `loyalty` consumes.
pub(super) struct Stage {
    pub(super) place: Place,
    pub(super) shared: Shared,
    pub(super) customer: Running,
    pub(super) interaction: Running,
    pub(super) loyalty: Running,
}

impl Stage {
    pub(super) async fn set(place: Place) -> Self {
        let shared = Shared::default();
        let loyalty = consumer(&place, &shared).await;
        let customer = publisher(&place, &shared, Service::Customer).await;
        let interaction = publisher(&place, &shared, Service::Interaction).await;
        Self { place, shared, customer, interaction, loyalty }
    }

    /// Waits until everything told before has been dealt with: a purchase of nothing, told last through
    /// the same outboxes, has had its effect.
    pub(super) async fn drain(&self) {
        drain(&self.customer, &self.interaction, &self.loyalty).await;
    }

    pub(super) async fn end(self) {
        self.interaction.end().await;
        self.customer.end().await;
        self.loyalty.end().await;
    }
}

/// See [`Stage::drain`].
pub(super) async fn drain(customer: &Running, interaction: &Running, loyalty: &Running) {
    let last = facts::new_customer();
    facts::register(customer, last).await;
    facts::sell(interaction, last, 0).await;
    testkit::eventually("what was told last has its effect", LONG, || async {
        (sight::effects_of(&loyalty.runtime.db, last).await == 2).then_some(())
    })
    .await;
}

/// A service without reactions or routes: its commands are run by the tests.
pub(super) async fn publisher(place: &Place, shared: &Shared, name: Service) -> Running {
    start(place, shared, name, Vec::new, Reactions::new()).await
}

/// The service with the reactions of [`reactions`].
pub(super) async fn consumer(place: &Place, shared: &Shared) -> Running {
    start(place, shared, Service::Loyalty, reactions::migrations, reactions::reactions()).await
}

pub(super) async fn start(
    place: &Place,
    shared: &Shared,
    name: Service,
    migrations: fn() -> Vec<Box<dyn MigrationTrait>>,
    reactions: Reactions,
) -> Running {
    let jobs = Vec::new();
    let service = kit::Service {
        name,
        migrations,
        routes: Routes::new(),
        reactions,
        jobs,
        has_left: None,
        extra: None,
    };
    service.start(&place.config, shared, true).await.expect("the service starts")
}

/// A decision for [`kit::command::run`].
pub(super) fn deciding<T>(
    decide: impl for<'a> Fn(&'a mut Work) -> BoxFuture<'a, Result<T>> + Send + Sync + 'static,
) -> Decision<T> {
    Arc::new(decide)
}
