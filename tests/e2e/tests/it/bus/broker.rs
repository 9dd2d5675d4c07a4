//! The broker stops and starts again: commands go on meanwhile, and nothing is lost.

use std::{path::PathBuf, process::Command};

use testkit::{Place, backing, eventually};

use super::{
    cut::Line,
    facts,
    sight::{self, effects, once},
    stage::{LONG, Stage},
};

/// What a test can do to the broker.
enum Broker {
    /// Stop and start it.
    Ours,
    /// It is not ours: only the line to it can be cut.
    Foreign(Line),
}

impl Broker {
    /// The broker is ours when it listens on this machine and its own tool reaches it.
    async fn of(place: &mut Place) -> Self {
        let url = backing::amqp_url();
        let server = url.rsplit_once('@').map_or(url.as_str(), |(_, rest)| rest);
        let server = server.split('/').next().unwrap_or_default();
        let (host, port) = server.split_once(':').unwrap_or((server, "5672"));
        let listens = ["127.0.0.1", "localhost", "[::1]"].contains(&host)
            && control(&["-q", "listeners"]).is_some_and(|said| said.contains(&format!("port: {port},")));
        if listens {
            return Self::Ours;
        }
        eprintln!("{url} cannot be restarted from here: the line to it is cut instead");
        let line = Line::to(&url).await;
        place.config.bus.url = line.through(&url);
        Self::Foreign(line)
    }

    /// Stops it until the value is dropped, also when the test fails.
    fn stop(&self) -> Stopped<'_> {
        match self {
            Self::Ours => assert!(control(&["stop_app"]).is_some(), "the broker can be stopped"),
            Self::Foreign(line) => line.cut(),
        }
        Stopped(self)
    }
}

struct Stopped<'a>(&'a Broker);

impl Drop for Stopped<'_> {
    fn drop(&mut self) {
        match self.0 {
            Broker::Ours => {
                let started = control(&["start_app"]).and_then(|_| control(&["await_startup"]));
                if started.is_none() && !std::thread::panicking() {
                    panic!("the broker can be started again");
                }
            }
            Broker::Foreign(line) => line.mend(),
        }
    }
}

/// What the broker's own tool says; none when it fails.
fn control(arguments: &[&str]) -> Option<String> {
    let script = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../backing");
    let output = Command::new(script).arg("rabbitmqctl").args(arguments).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_broker_that_restarts_loses_nothing() {
    Place::alone_with_the_broker(|mut place| async move {
        let broker = Broker::of(&mut place).await;
        let stage = Stage::set(place).await;
        let id = facts::new_customer();
        facts::register(&stage.customer, id).await;
        stage.drain().await;
        let mut told = 0;
        for _ in 0..2 {
            // Some are on their way when it stops.
            for _ in 0..100 {
                told += 1;
                facts::sell(&stage.interaction, id, told).await;
            }
            let stopped = broker.stop();
            let applied = effects(&stage.loyalty.runtime.db).await.events;
            for _ in 0..50 {
                told += 1;
                facts::sell(&stage.interaction, id, told).await;
            }
            assert!(sight::unpublished(&stage.interaction.runtime.db).await >= 50, "the outbox holds them");
            assert!(applied < told, "what is told while it is away comes later");
            drop(stopped);
            eventually("everything told is applied", LONG, || async {
                (effects(&stage.loyalty.runtime.db).await.events >= told).then_some(())
            })
            .await;
        }
        stage.drain().await;
        assert_eq!(effects(&stage.loyalty.runtime.db).await, once(1..=told));
        assert_eq!(sight::failed(&stage.loyalty.runtime.db).await, 0);
        assert_eq!(sight::dead_on_broker(&stage.place, stage.loyalty.runtime.service).await, 0);
        stage.end().await;
    })
    .await;
}
