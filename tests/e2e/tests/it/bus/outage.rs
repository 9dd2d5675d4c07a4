//! The database or the line to the broker is away for a while: writes wait or go on, nothing is lost.

use std::time::Duration;

use kit::{Config, service::Shared};
use schema::topology::Service;
use testkit::{Mode, Place, eventually};

use super::{
    cut::Line,
    facts,
    sight::{self, effects, once},
    stage::{self, LONG, Stage},
};

/// How long the database is away: long enough for whoever asks without a pause to wear a message out.
const OUTAGE: Duration = Duration::from_secs(6);

/// The consumer's database is away while events arrive. What the broker has handed out must not be worn
/// out by attempts that cannot succeed: it would take good messages for bad ones.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_consumer_whose_database_is_away_misses_nothing() {
    Place::with(Mode::Brokered, |place| async move {
        let line = Line::to(&place.config.database.url).await;
        let shared = Shared::default();
        let through = Place { config: with_database(&place.config, &line), ..place.clone() };
        let loyalty = stage::consumer(&through, &shared).await;
        let customer = stage::publisher(&place, &shared, Service::Customer).await;
        let interaction = stage::publisher(&place, &shared, Service::Interaction).await;
        let id = facts::new_customer();
        facts::register(&customer, id).await;
        stage::drain(&customer, &interaction, &loyalty).await;

        line.cut();
        for amount in 1..=100 {
            facts::sell(&interaction, id, amount).await;
        }
        eventually("the broker has everything", LONG, || async {
            (sight::unpublished(&interaction.runtime.db).await == 0).then_some(())
        })
        .await;
        tokio::time::sleep(OUTAGE).await;
        assert!(line.refused() > 0, "it was needed");
        line.mend();
        stage::drain(&customer, &interaction, &loyalty).await;
        assert_eq!(effects(&loyalty.runtime.db).await, once(1..=100));
        assert_eq!(sight::failed(&loyalty.runtime.db).await, 0, "an outage is nobody's fault");
        assert_eq!(sight::dead_on_broker(&place, Service::Loyalty).await, 0);
        Stage { place, shared, customer, interaction, loyalty }.end().await;
    })
    .await;
}

fn with_database(config: &Config, line: &Line) -> Config {
    let mut config = config.clone();
    config.database.url = line.through(&config.database.url);
    config
}

/// The connections to the broker break again and again while events are told.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn broken_connections_to_the_broker_lose_nothing() {
    Place::with(Mode::Brokered, |mut place| async move {
        let line = Line::to(&place.config.bus.url).await;
        place.config.bus.url = line.through(&place.config.bus.url);
        let stage = Stage::set(place).await;
        let id = facts::new_customer();
        facts::register(&stage.customer, id).await;
        stage.drain().await;
        let mut told = 0;
        for _ in 0..4 {
            for _ in 0..60 {
                told += 1;
                facts::sell(&stage.interaction, id, told).await;
            }
            line.cut();
            for _ in 0..20 {
                told += 1;
                facts::sell(&stage.interaction, id, told).await;
            }
            line.mend();
            eventually("the broker is found again", LONG, || async {
                (effects(&stage.loyalty.runtime.db).await.events >= told).then_some(())
            })
            .await;
        }
        stage.drain().await;
        assert_eq!(effects(&stage.loyalty.runtime.db).await, once(1..=told));
        assert_eq!(sight::failed(&stage.loyalty.runtime.db).await, 0);
        stage.end().await;
    })
    .await;
}
