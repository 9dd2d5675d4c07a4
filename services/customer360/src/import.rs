//! `import`: takes customers, relationships, contacts, purchases, cases, answers and balances of points out of
//! a file, through the services' own API.
//!
//! A mapping says what the file holds. Every row has a name that follows from the file alone, so an import
//! that is begun again, after whatever ended it, enters nothing twice. One thread reads; lanes send batches,
//! each customer's rows in one lane. What is kept in memory does not grow with the file, but for some bytes a
//! row by which twins are counted.

mod customers;
mod dates;
mod decimal;
mod directory;
mod identity;
mod kind;
mod lane;
mod mapping;
mod reader;
mod record;
mod refused;
mod report;
mod row;
mod text;
mod values;

use std::{
    collections::HashSet,
    fs::File,
    path::{Path, PathBuf},
    process::ExitCode,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use clap::Args;
use kit::{Config, clock::Clock, lifecycle};
use schema::api::batch::Outcome;
use tokio::{sync::mpsc, task::JoinSet};

use self::{
    customers::Customers,
    directory::Directory,
    kind::Kind,
    mapping::{KindName, Mapping},
    refused::RefusedFile,
    report::Report,
    row::Rows,
    text::Lines,
};
use crate::{
    cli::complain,
    door::{Door, Failed},
    serve::say,
    token,
};

/// The status when rows were refused.
const SOME_REFUSED: u8 = 3;
/// The status when somebody stopped it.
const STOPPED: u8 = 4;
/// Rows that wait for a lane at the most.
const WAITING: usize = 1_000;

/// What to import, and how.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// The mapping: what the file holds and where it stands (docs/import.md).
    mapping: PathBuf,
    /// The file.
    file: PathBuf,
    /// Code of the unit of all rows that name none.
    #[arg(long)]
    unit: Option<String>,
    /// Registers customers whose ids are not known, in the unit of their row, with no more than that id.
    #[arg(long)]
    register_missing: bool,
    /// Reads, checks and finds everything, and enters nothing.
    #[arg(long)]
    dry_run: bool,
    /// Where refused rows go; beside the file, as FILE.refused.csv, when absent.
    #[arg(long)]
    refused: Option<PathBuf>,
    /// Bearer token of whoever imports; without one, and without an issuer, a development token is made.
    #[arg(long, env = "C360_TOKEN", hide_env_values = true)]
    token: Option<String>,
    /// Directory of the development key.
    #[arg(long)]
    pub(crate) data: Option<PathBuf>,
    /// Batches on their way at the same time.
    #[arg(long, default_value_t = 4, value_parser = clap::value_parser!(u8).range(1..=32))]
    at_once: u8,
}

/// What all parts of an import share.
pub(crate) struct Session {
    mapping: Mapping,
    directory: Directory,
    door: Door,
    /// Whoever the rows are about; none when the rows are customers themselves.
    customers: Option<Customers>,
    report: Report,
    register_missing: bool,
    dry_run: bool,
    stopped: AtomicBool,
    /// Customers whom a dry run would register.
    unknown: Mutex<HashSet<u64>>,
}

impl Session {
    fn count(&self, outcome: Outcome, rows: &[(u64, String)]) {
        let count = match outcome {
            Outcome::Repeated => &self.report.repeated,
            Outcome::Applied | Outcome::Refused => &self.report.applied,
        };
        count.fetch_add(rows.len() as u64, Ordering::Relaxed);
    }

    fn would_register<'a>(&self, values: impl Iterator<Item = &'a str>) {
        let mut unknown = self.unknown.lock().unwrap_or_else(PoisonError::into_inner);
        for value in values {
            if unknown.insert(identity::Content::of([value].into_iter()).short()) {
                self.report.registered.fetch_add(1, Ordering::Relaxed);
            }
        }
    }
}

/// Imports a file.
///
/// # Errors
/// Why it cannot begin, or could not go on.
pub(crate) async fn run(config: Config, options: Options) -> Result<ExitCode, Failed> {
    let mut mapping = Mapping::load(&options.mapping, kind::fields)?;
    if let Some(unit) = &options.unit {
        mapping.fall_back_on_unit(unit);
    }
    let named = |error| format!("{} cannot be read: {error}", options.file.display());
    let file = File::open(&options.file).map_err(named)?;
    let size = file.metadata().map_err(named)?.len();
    let token = token::given_or_minted(&config, options.token, "import")?;
    let door = Door::open(&config, &Clock::system(), token)?;
    let directory = Directory::read(&door, &mapping).await?;
    if let Some(unit) = options.unit.as_deref().filter(|unit| directory.unit(unit).is_none()) {
        return Err(
            format!("there is no unit with the code `{unit}` in your part of the organisation").into()
        );
    }
    let read = Arc::default();
    let mut rows = Rows::begin(Lines::new(file, mapping.encoding, Arc::clone(&read)), &mapping)?;
    mapping.cells = std::mem::take(&mut rows.cells);
    let refused = options.refused.unwrap_or_else(|| beside(&options.file));
    let report = Report::new(size, read, RefusedFile::begin(&refused)?);
    let kind = mapping.kind;
    let system = mapping.system.as_deref().filter(|_| kind != KindName::Customers);
    let customers = system.map(|system| Customers::of(system, &mapping.source));
    let session = Arc::new(Session {
        mapping,
        directory,
        door,
        customers,
        report,
        register_missing: options.register_missing,
        dry_run: options.dry_run,
        stopped: AtomicBool::new(false),
        unknown: Mutex::default(),
    });
    let work = match kind {
        KindName::Customers => work::<kind::Customers>(&session, rows, options.at_once).await,
        KindName::Relationships => work::<kind::Relationships>(&session, rows, options.at_once).await,
        KindName::Contacts => work::<kind::Contacts>(&session, rows, options.at_once).await,
        KindName::Purchases => work::<kind::Purchases>(&session, rows, options.at_once).await,
        KindName::Cases => work::<kind::Cases>(&session, rows, options.at_once).await,
        KindName::Answers => work::<kind::Answers>(&session, rows, options.at_once).await,
        KindName::Points => work::<kind::Points>(&session, rows, options.at_once).await,
    };
    let summary = session.report.end(options.dry_run)?;
    say(&summary.text);
    work?;
    if session.stopped.load(Ordering::Relaxed) {
        complain("stopped before the end; run the same command again: what is in already is recognised");
        return Ok(ExitCode::from(STOPPED));
    }
    Ok(if summary.refused > 0 { ExitCode::from(SOME_REFUSED) } else { ExitCode::SUCCESS })
}

/// Reads and sends until the end, a failure, or a signal.
async fn work<K: Kind>(session: &Arc<Session>, rows: Rows<File>, at_once: u8) -> Result<(), Failed> {
    let mut lanes = JoinSet::new();
    let mut doors = Vec::new();
    for _ in 0..at_once {
        let (door, drafts) = mpsc::channel(WAITING);
        doors.push(door);
        lanes.spawn(lane::run::<K>(session.clone(), drafts));
    }
    let reading = session.clone();
    let reader = tokio::task::spawn_blocking(move || reader::read::<K>(&reading, rows, &doors));
    let helpers = session.clone();
    let progress = tokio::spawn(async move { helpers.report.say_progress().await });
    let signals = tokio::spawn(stop_on_signal(session.clone()));
    let mut outcome = Ok(());
    while let Some(ended) = lanes.join_next().await {
        if let Err(failed) = ended?
            && outcome.is_ok()
        {
            // The others finish the batch that is on its way; nobody waits for a service any more.
            session.stopped.store(true, Ordering::Relaxed);
            session.door.give_up();
            outcome = Err(failed);
        }
    }
    progress.abort();
    signals.abort();
    let read = reader.await?;
    outcome.and(read)
}

/// On the first signal no more rows are read, and what was read is finished; the second one ends at once.
async fn stop_on_signal(session: Arc<Session>) {
    if lifecycle::asked_to_end().await.is_err() {
        return;
    }
    session.stopped.store(true, Ordering::Relaxed);
    complain("finishing the batches that are on their way; once more ends at once");
    if lifecycle::asked_to_end().await.is_ok() {
        std::process::exit(STOPPED.into());
    }
}

fn beside(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".refused.csv");
    name.into()
}
