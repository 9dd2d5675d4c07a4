//! The command line.

use std::{error::Error, future::Future, path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand, ValueEnum};
use kit::{Config, config::ConfigError};
use schema::{access::Role, topology::Service};

use crate::{contracts, demo, export, healthcheck, import, migrate, serve, token};

/// The exit status of an unusable configuration (`EX_USAGE` of sysexits).
const UNUSABLE_CONFIGURATION: u8 = 64;

/// What can go wrong in a command; printed with its causes.
pub(crate) type Outcome = Result<(), Box<dyn Error + Send + Sync>>;

/// Customer 360: who the customers are, what happens between us, what it is worth, what they think.
#[derive(Debug, Parser)]
#[command(version, about)]
pub(crate) struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serves one service, or all of them in this process.
    Serve {
        /// `all`, or one of customer, interaction, loyalty, survey, gateway.
        what: What,
        /// Directory of the embedded databases and of the development key.
        #[arg(long)]
        data: Option<PathBuf>,
        /// Fills an empty suite with a small demo, then prints how to ask it (only with `all`).
        #[arg(long)]
        demo: bool,
        /// How many customers the demo has.
        #[arg(long, default_value_t = 60, value_parser = clap::value_parser!(u32).range(1..=2_000))]
        customers: u32,
    },
    /// Brings the databases of these services up to date.
    Migrate {
        /// One or more of customer, interaction, loyalty, survey, gateway.
        #[arg(required = true)]
        services: Vec<Service>,
        /// Directory of the embedded databases.
        #[arg(long)]
        data: Option<PathBuf>,
    },
    /// Prints a bearer token of the development issuer.
    Token {
        /// Directory of the development key.
        #[arg(long)]
        data: Option<PathBuf>,
        /// The role; repeat it for several.
        #[arg(long, value_parser = role, required = true)]
        role: Vec<Role>,
        /// Code of the org unit; `hq` is the root.
        #[arg(long)]
        org: String,
        /// Staff code.
        #[arg(long)]
        staff: String,
        /// Life in hours, at most 24.
        #[arg(long, default_value_t = 12, value_parser = clap::value_parser!(u8).range(1..=24))]
        hours: u8,
    },
    /// Fills a running suite on this machine with a demo company.
    Demo {
        /// How many customers it has.
        #[arg(long, default_value_t = 2_000, value_parser = clap::value_parser!(u32).range(1..=2_000))]
        customers: u32,
        /// Directory of the development key.
        #[arg(long)]
        data: Option<PathBuf>,
    },
    /// Takes customers, relationships, contacts, purchases, cases, answers or points out of a file.
    ///
    /// Ends with 0 when every row is in, 3 when some were refused, 4 when it was stopped, 1 when it could not
    /// begin or go on. Run again, it enters nothing twice.
    Import(import::Options),
    /// Writes customers, the members of a segment, or everything about one person, into a file.
    ///
    /// Ends with 0 when the file is whole, 4 when it was stopped, 1 when it could not begin or go on.
    Export(export::Options),
    /// Prints the OpenAPI document of a service.
    Openapi {
        /// One of customer, interaction, loyalty, survey.
        service: Service,
    },
    /// Prints the GraphQL schema of the gateway.
    Sdl,
    /// Prints the AsyncAPI document of the events.
    Asyncapi,
    /// Asks whether services on this machine are ready; without a name, whichever answer.
    Healthcheck {
        /// The service.
        service: Option<Service>,
    },
}

/// What to serve.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum What {
    /// The whole suite.
    All,
    /// Who they are.
    Customer,
    /// What happens between us.
    Interaction,
    /// What the relationship is worth.
    Loyalty,
    /// What they think.
    Survey,
    /// The one view over all.
    Gateway,
}

fn role(name: &str) -> Result<Role, String> {
    let role = serde_json::from_value(serde_json::Value::from(name)).ok();
    role.filter(|role| *role != Role::Service).ok_or_else(|| {
        "a role is one of presales, sales, aftersales, marketing, manager, executive, partner, admin"
            .to_owned()
    })
}

/// Does what was asked.
pub(crate) fn run(cli: Cli) -> ExitCode {
    let data = match &cli.command {
        Command::Serve { data, .. }
        | Command::Migrate { data, .. }
        | Command::Token { data, .. }
        | Command::Demo { data, .. }
        | Command::Import(import::Options { data, .. }) => data.clone(),
        Command::Export(options) => options.data(),
        Command::Openapi { .. } | Command::Sdl | Command::Asyncapi | Command::Healthcheck { .. } => None,
    };
    let config = match Config::load(data.as_deref()) {
        Ok(config) => config,
        Err(error) => return failed(&error, UNUSABLE_CONFIGURATION),
    };
    let outcome = match cli.command {
        Command::Serve { what, demo, customers, .. } => {
            on_tokio(serve::serve(config, what, demo.then_some(customers)))
        }
        Command::Migrate { services, .. } => on_tokio(migrate::migrate(config, services)),
        Command::Token { role, org, staff, hours, .. } => token::print(&config, role, org, staff, hours),
        Command::Demo { customers, .. } => on_tokio(demo::fill_running(config, customers)),
        Command::Import(options) => match on_tokio(import::run(config, options)) {
            Ok(status) => return status,
            Err(failed) => Err(failed),
        },
        Command::Export(options) => match on_tokio(export::run(config, options)) {
            Ok(status) => return status,
            Err(failed) => Err(failed),
        },
        Command::Openapi { service } => contracts::openapi(&config, service),
        Command::Sdl => contracts::sdl(),
        Command::Asyncapi => contracts::asyncapi(),
        Command::Healthcheck { service } => on_tokio(healthcheck::check(config, service)),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => match error.downcast_ref::<ConfigError>() {
            Some(_) => failed(error.as_ref(), UNUSABLE_CONFIGURATION),
            None => failed(error.as_ref(), 1),
        },
    }
}

fn on_tokio<T>(
    work: impl Future<Output = Result<T, Box<dyn Error + Send + Sync>>>,
) -> Result<T, Box<dyn Error + Send + Sync>> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(work)
}

/// Says something on standard error, beside what a command prints.
#[expect(clippy::print_stderr, reason = "the command line's own voice")]
pub(crate) fn complain(text: &str) {
    eprintln!("customer360: {text}");
}

fn failed(error: &(dyn Error + 'static), status: u8) -> ExitCode {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    complain(&text);
    ExitCode::from(status)
}
