//! The one binary of the suite: `serve`, `migrate`, `token`, `demo`, `import`, `export` and the contracts.
//!
//! It exits with 0 when it did what it was asked, 1 when it could not, 2 when it was asked wrongly, and
//! 64 when the configuration is not usable; `import` and `export` have further ones of
//! their own.

mod asyncapi;
mod cli;
mod contracts;
mod demo;
mod door;
mod export;
mod healthcheck;
mod import;
mod migrate;
mod serve;
mod services;
mod token;

use std::process::ExitCode;

use clap::Parser as _;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    kit::client::install_tls();
    cli::run(cli::Cli::parse())
}
