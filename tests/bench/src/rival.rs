//! Others that answer the same question over the plain database, each in processes of its own, killed when
//! the measurement ends.

use std::{net::SocketAddr, path::PathBuf, process::Stdio, time::Duration};

use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    process::{Child, Command},
};

use crate::Plan;

/// How long one may take to begin: installing what its lockfile names comes before.
const PATIENCE: Duration = Duration::from_secs(300);

/// One that runs.
pub(crate) struct Rival {
    pub(crate) name: String,
    pub(crate) address: SocketAddr,
    /// The question in its dialect; takes `id`.
    pub(crate) question: String,
    child: Child,
}

impl Rival {
    /// The ceilings.
    pub(crate) async fn ceiling(url: &str) -> Self {
        Self::start("ceiling", "ceiling", url).await
    }

    /// Every rival, if the plan wants them.
    pub(crate) async fn all(url: &str, plan: &Plan) -> Vec<Self> {
        let mut all = Vec::new();
        if plan.rivals {
            for (name, directory) in [("PostGraphile", "postgraphile"), ("Apollo gateway", "apollo")] {
                all.push(Self::start(name, directory, url).await);
            }
        }
        all
    }

    async fn start(name: &str, directory: &str, url: &str) -> Self {
        let (port, home) = (free_port(), judges().join(directory));
        let mut child = Command::new(home.join("run"))
            .env("DATABASE_URL", url)
            .env("PORT", port.to_string())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .process_group(0)
            .kill_on_drop(true)
            .spawn()
            .expect("a rival starts");
        let mut lines = BufReader::new(child.stdout.take().expect("its output")).lines();
        let ready = async {
            while let Some(line) = lines.next_line().await.expect("readable output") {
                if line.trim() == "ready" {
                    return;
                }
            }
            panic!("{name} ended before it was ready");
        };
        tokio::time::timeout(PATIENCE, ready).await.unwrap_or_else(|_| panic!("{name} does not get ready"));
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        let address = SocketAddr::from(([127, 0, 0, 1], port));
        // The ceilings take no GraphQL.
        let question = std::fs::read_to_string(home.join("question.graphql")).unwrap_or_default();
        Self { name: name.to_owned(), address, question, child }
    }
}

impl Drop for Rival {
    fn drop(&mut self) {
        // Its processes are a group of their own: those that it started end with it.
        if let Some(id) = self.child.id() {
            let _ = std::process::Command::new("kill").args(["-TERM", "--", &format!("-{id}")]).status();
        }
    }
}

/// Where the rivals live.
pub(crate) fn judges() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../judges/bench"))
}

fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
    listener.local_addr().expect("its address").port()
}
