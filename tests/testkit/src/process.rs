//! Processes of the real binary, to be killed, restarted and ended.

use std::{
    path::PathBuf,
    process::{Output, Stdio},
    time::Duration,
};

use schema::topology::Service;
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    process::{Child, Command},
};

use crate::{Mode, Place, Suite};

/// One process that this test started.
pub struct Process {
    child: Child,
}

impl Process {
    /// Its id, while it runs.
    pub fn id(&self) -> Option<u32> {
        self.child.id()
    }

    /// Kills it the hard way: nothing in it can react.
    pub async fn kill(mut self) {
        self.child.kill().await.expect("the process can be killed");
    }

    /// Asks it to end and waits for that.
    pub async fn end(mut self) {
        if let Some(id) = self.child.id() {
            // By id, and only what this test started.
            let _ = Command::new("kill").args(["-TERM", &id.to_string()]).status().await;
        }
        if tokio::time::timeout(Duration::from_secs(30), self.child.wait()).await.is_err() {
            self.child.kill().await.expect("the process can be killed");
        }
    }
}

/// The binary, built before: beside whoever runs, or above a test (`target/<profile>/deps/<test>`).
fn binary() -> PathBuf {
    let own = std::env::current_exe().expect("this program's own path");
    let mut near = own.ancestors().skip(1).take(2).map(|directory| directory.join("customer360"));
    near.find(|binary| binary.exists()).expect("customer360 is built: cargo build --workspace")
}

/// Starts `serve what` and gives the addresses that it says it listens on.
pub async fn spawn(
    place: &Place,
    what: &str,
    environment: &[(String, String)],
) -> (Process, Vec<(Service, String)>) {
    let config = &place.config;
    let mut command = Command::new(binary());
    command
        .args(["serve", what, "--data"])
        .arg(&config.data)
        .current_dir(&config.data)
        .env_remove("C360_TEST_POSTGRES_URL")
        .env_remove("C360_TEST_AMQP_URL")
        .env_remove("C360_CDNOW")
        .env("C360_LOG", std::env::var("C360_LOG").unwrap_or_else(|_| "warn".to_owned()))
        .env("C360_ALLOW_WEAK_DURABILITY", "true")
        .env("C360_HTTP__PORT", "0")
        .env("C360_DATABASE__URL", &config.database.url)
        .env("C360_DATABASE__MAX_CONNECTIONS", config.database.max_connections.to_string())
        .env("C360_BUS__URL", &config.bus.url)
        .env("C360_BUS__NAMESPACE", &config.bus.namespace)
        .env("C360_BUS__RETRY_BASE_MS", config.bus.retry_base_ms.to_string())
        .env("C360_BUS__MAX_ATTEMPTS", config.bus.max_attempts.to_string())
        .envs(environment.iter().map(|(name, value)| (name, value)))
        .stdout(Stdio::piped())
        .kill_on_drop(true);
    std::fs::create_dir_all(&config.data).expect("a data directory");
    let mut child = command.spawn().expect("the binary starts");
    let mut lines = BufReader::new(child.stdout.take().expect("its output")).lines();
    let wanted = if what == "all" { Service::ALL.len() } else { 1 };
    let mut addresses = Vec::new();
    let listening = async {
        while addresses.len() < wanted {
            let line = lines.next_line().await.expect("readable output").expect("it says where it listens");
            if let Some((name, url)) = line.split_once(" listens on ") {
                addresses.push((name.parse::<Service>().expect("a service"), url.to_owned()));
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(60), listening).await.expect("it listens within a minute");
    // Keep reading, or the process would block on a full pipe.
    tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
    (Process { child }, addresses)
}

/// A command of the real binary against the services of a suite, to be run.
pub fn command(suite: &Suite, arguments: &[&str]) -> Command {
    let mut command = Command::new(binary());
    command
        .args(arguments)
        .arg("--data")
        .arg(&suite.data)
        .env_remove("C360_TEST_POSTGRES_URL")
        .env_remove("C360_TEST_AMQP_URL")
        // What tests are told by the environment is no setting of the binary.
        .env_remove("C360_CDNOW")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    for service in Service::ALL {
        command.env(format!("C360_SERVICES__{}", service.name().to_uppercase()), suite.url(service));
    }
    command
}

/// What became of a command that was run to its end.
pub struct Ended {
    /// How it ended; none when a signal ended it.
    pub status: Option<i32>,
    /// What it printed.
    pub said: String,
    /// What it printed on standard error.
    pub complained: String,
}

impl From<Output> for Ended {
    fn from(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).expect("text");
        Self { status: output.status.code(), said: text(output.stdout), complained: text(output.stderr) }
    }
}

impl Ended {
    /// All that was printed by a command that must have gone well.
    pub fn whole(self) -> String {
        assert_eq!(self.status, Some(0), "{}", self.complained);
        self.said
    }

    /// Why a command failed that had to.
    pub fn failed(&self) -> &str {
        assert_eq!(self.status, Some(1), "{}", self.complained);
        &self.complained
    }
}

/// Brings the databases of all services up to date with the real command.
pub async fn migrate(place: &Place) {
    let mut command = Command::new(binary());
    command
        .arg("migrate")
        .args(Service::ALL.map(|service| service.name()))
        .arg("--data")
        .arg(&place.config.data);
    command
        .env("C360_DATABASE__URL", &place.config.database.url)
        .env("C360_BUS__URL", &place.config.bus.url)
        .env("C360_ALLOW_WEAK_DURABILITY", "true")
        .env_remove("C360_TEST_POSTGRES_URL")
        .env_remove("C360_TEST_AMQP_URL")
        .stdout(Stdio::null());
    assert!(command.status().await.expect("the binary starts").success(), "migrating failed");
}

pub(crate) async fn spawn_suite(place: &Place, extra: &[(&str, &str)]) -> Suite {
    let mut environment: Vec<(String, String)> =
        extra.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let mut config = place.config.clone();
    let mut gateway = String::new();
    let mut processes = Vec::new();
    if place.mode == Mode::Embedded {
        let (process, addresses) = spawn(place, "all", &environment).await;
        for (service, url) in addresses {
            if service == Service::Gateway {
                gateway.clone_from(&url);
            }
            config.services.set(service, url);
        }
        processes.push((Service::Gateway, process));
    } else {
        migrate(place).await;
        for service in Service::ALL {
            let (process, addresses) = spawn(place, service.name(), &environment).await;
            let url = addresses.into_iter().next().expect("an address").1;
            if service == Service::Gateway {
                gateway.clone_from(&url);
            }
            environment.push((format!("C360_SERVICES__{}", service.name().to_uppercase()), url.clone()));
            environment.retain(|(name, _)| name != "C360_SERVICES__GATEWAY");
            config.services.set(service, url);
            processes.push((service, process));
        }
    }
    Suite { gateway, data: config.data.clone(), config, running: Vec::new(), processes }
}
