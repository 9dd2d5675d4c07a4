//! `make bench`: how fast the suite is, beside its ceilings and its alternatives, in one run on one machine.
//!
//! It loads its data by `customer360 import`, with authentication, masks and audit on, and then measures in
//! rounds: each of those compared in turn, so that what the machine does meanwhile falls on all alike. What
//! counts are ratios; the figures behind them belong to the machine.
//!
//! It uses databases and a namespace of its own (`c360_bench_…`) and takes them away, unless told to keep them.

#![expect(clippy::expect_used, reason = "a measurement that cannot go on ends by panicking")]
#![expect(clippy::print_stderr, reason = "it says how far it is")]

mod bus;
mod cpu;
mod driver;
mod history;
mod load;
mod memory;
mod plain;
mod reads;
mod report;
mod rival;
mod segments;
mod stage;
mod tracking;
mod writes;

use std::{path::PathBuf, time::Duration};

use clap::{Parser, ValueEnum};
use kit::clock::Clock;
use schema::topology::Service;

use self::{report::Report, stage::Stage};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Part {
    /// Reading one customer whole.
    Reads,
    /// Recording contacts, and seeing them in the view.
    Writes,
    /// Tracked messages at the gateway's door, and on their way from there.
    Tracking,
    /// Six segments: how many, the first hundred, all.
    Segments,
    /// The relay and a consumer beside the bare broker.
    Bus,
}

/// Measures the suite beside its ceilings and its alternatives.
#[derive(Debug, Parser)]
struct Options {
    /// How many customers there are; each has 20 contacts, 8 purchases and 2 answers on average.
    #[arg(long, default_value_t = 100_000)]
    customers: u32,
    /// Rounds; what is shown is their median.
    #[arg(long, default_value_t = 3)]
    rounds: usize,
    /// How long each is asked in a round, in seconds.
    #[arg(long, default_value_t = 3)]
    seconds: u64,
    /// Only these parts; all when absent.
    #[arg(long, value_enum)]
    only: Vec<Part>,
    /// Leaves out what npm and PyPI offer.
    #[arg(long)]
    without_rivals: bool,
    /// Keeps the databases, and uses those that an earlier run has kept.
    #[arg(long)]
    keep: bool,
    /// Where files and results go.
    #[arg(long, default_value = ".run/bench")]
    out: PathBuf,
}

/// How it is measured.
struct Plan {
    rounds: usize,
    lasting: Duration,
    rivals: bool,
}

fn main() -> std::io::Result<()> {
    let options = Options::parse();
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?
        .block_on(bench(options));
    Ok(())
}

#[expect(clippy::print_stdout, reason = "the table is for whoever runs it")]
async fn bench(options: Options) {
    let Options { customers, rounds, seconds, only, without_rivals, keep, out, .. } = options;
    std::fs::create_dir_all(&out).expect("a directory");
    let out = out.canonicalize().expect("a directory");
    let wanted = |part| only.is_empty() || only.contains(&part);
    let plan = Plan { rounds, lasting: Duration::from_secs(seconds), rivals: !without_rivals };
    let mut report = Report::default();
    let stage = Stage::open(out.clone(), keep).await;
    let customer = stage.database(Service::Customer).await;
    if stage::number(&customer, "SELECT count(*) FROM customer").await == 0 {
        let history = out.join("history");
        let counts = history::write(&history, customers, Clock::system().now().date_naive());
        load::load(&stage, &history, &counts, &mut report).await;
        segments::consent(&stage).await;
        segments::score(&stage).await;
    }
    load::settle(&stage).await;
    memory::measure(&stage, &mut report).await;
    let plain = plain::fill(&stage).await;
    if wanted(Part::Reads) {
        reads::measure(&stage, &plain, &plan, &mut report).await;
    }
    // Before anything is written: the others are asked about what was there when they were filled.
    if wanted(Part::Segments) && plan.rivals {
        segments::measure(&stage, &plain, &mut report).await;
    }
    if wanted(Part::Writes) {
        writes::measure(&stage, &plain, &plan, &mut report).await;
    }
    if wanted(Part::Tracking) {
        tracking::measure(&stage, customers, &plan, &mut report).await;
    }
    stage.close(keep).await;
    if wanted(Part::Bus) {
        bus::measure(&plan, &mut report).await;
    }
    report.save(&out.join("results.json"));
    println!("{}", report.markdown());
}
