//! `serve`: starts what was asked for, says where it listens, and ends in order when asked to.

use kit::{
    Config, Running,
    lifecycle::{self, GRACE},
    service::Shared,
    telemetry,
};
use schema::topology::Service;

use crate::{
    cli::{Outcome, What},
    demo,
    services::declare,
};

/// Serves until a signal asks this process to end.
pub(crate) async fn serve(mut config: Config, what: What, demo_customers: Option<u32>) -> Outcome {
    telemetry::install(&config.telemetry);
    let shared = Shared::default();
    let wanted: &[Service] = match what {
        What::All => &Service::ALL,
        What::Customer => &[Service::Customer],
        What::Interaction => &[Service::Interaction],
        What::Loyalty => &[Service::Loyalty],
        What::Survey => &[Service::Survey],
        What::Gateway => &[Service::Gateway],
    };
    let all = wanted.len() > 1;
    if config.bus.url == "local" && !all {
        return Err("bus.url = `local` works within one process: use `serve all`, or set bus.url".into());
    }
    let mut running: Vec<Running> = Vec::new();
    for service in wanted {
        // `serve all` migrates itself; a single service leaves that to the job before a rollout.
        let started = declare(*service, &config)?.start(&config, &shared, all).await?;
        say(&format!("{service} listens on {}", started.url()));
        if all {
            config.services.set(*service, started.url());
        }
        running.push(started);
    }
    if let Some(customers) = demo_customers.filter(|_| all) {
        let gateway = running.last().map(Running::url).unwrap_or_default();
        demo::fill_new(&config, &gateway, &shared.clock, customers).await?;
    }
    lifecycle::asked_to_end().await?;
    tracing::info!("ending");
    let end = async {
        // The gateway first: nobody new comes in while the services still answer.
        while let Some(one) = running.pop() {
            one.end().await;
        }
    };
    if tokio::time::timeout(GRACE, end).await.is_err() {
        tracing::warn!("not everything ended in time");
    }
    tokio::task::spawn_blocking(telemetry::flush).await?;
    Ok(())
}

/// Speaks on standard output; logs go to standard error.
#[expect(clippy::print_stdout, reason = "the command line's own voice")]
pub(crate) fn say(line: &str) {
    println!("{line}");
}
