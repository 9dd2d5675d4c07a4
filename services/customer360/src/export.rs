//! `export`: all customers in scope, the members of a segment, or everything about one person, through the
//! services' own API, so that scope and masks are those of whoever asks.
//!
//! What comes is passed on as it comes, so memory does not grow with the file. Each file says at its end how many
//! rows came before; without that, or with another number, the export has failed and no file is left behind.

mod destination;
mod incoming;
mod person;
mod progress;
mod segment;

use std::{
    path::PathBuf,
    process::ExitCode,
    sync::{Arc, atomic::Ordering},
};

use chrono::{DateTime, Utc};
use clap::{Args, Subcommand, ValueEnum};
use kit::{Config, clock::Clock, lifecycle};
use schema::{
    api::{
        NoParameters,
        customer::{CustomersExportQuery, ExportCustomers},
        export::{EndLine, ExportFormat},
    },
    ids::CustomerId,
    topology::Service,
};

use self::{destination::Destination, progress::Progress};
use crate::{
    cli::complain,
    door::{Door, Failed},
    token,
};

/// The status when it was asked wrongly, as of the command line itself.
const ASKED_WRONGLY: u8 = 2;
/// The status when somebody stopped it.
const STOPPED: u8 = 4;

/// What to export.
#[derive(Debug, Args)]
pub(crate) struct Options {
    #[command(subcommand)]
    what: What,
}

#[derive(Clone, Debug, Subcommand)]
enum What {
    /// All customers in your scope.
    Customers {
        /// Only customers whose home unit is the one with this code, or below it.
        #[arg(long)]
        unit: Option<String>,
        #[command(flatten)]
        how: How,
    },
    /// The members of a segment who are in your scope.
    Segment {
        /// The segment's code or id.
        segment: String,
        /// The time at which recency, windows and consents are judged, as RFC 3339 writes it; now when absent.
        #[arg(long)]
        as_of: Option<DateTime<Utc>>,
        #[command(flatten)]
        how: How,
    },
    /// Everything that all services keep of one customer, a JSON object a line.
    Person {
        /// The customer's id.
        customer: CustomerId,
        #[command(flatten)]
        how: How,
    },
}

/// How it is written, and who asks.
#[derive(Clone, Debug, Args)]
struct How {
    /// How it is written; csv when absent, ndjson for a person.
    #[arg(long)]
    format: Option<Format>,
    /// The file; standard output when absent. It appears when it is whole.
    #[arg(long)]
    out: Option<PathBuf>,
    /// Bearer token of whoever exports; without one, and without an issuer, a development token is made.
    #[arg(long, env = "C360_TOKEN", hide_env_values = true)]
    token: Option<String>,
    /// Directory of the development key.
    #[arg(long)]
    data: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For a spreadsheet.
    Csv,
    /// A JSON object a line.
    Ndjson,
}

impl What {
    const fn how(&self) -> &How {
        match self {
            Self::Customers { how, .. } | Self::Segment { how, .. } | Self::Person { how, .. } => how,
        }
    }

    fn format(&self) -> ExportFormat {
        match (self, self.how().format) {
            (_, Some(Format::Ndjson)) | (Self::Person { .. }, None) => ExportFormat::Ndjson,
            (_, Some(Format::Csv) | None) => ExportFormat::Csv,
        }
    }
}

impl Options {
    /// Directory of the development key.
    pub(crate) fn data(&self) -> Option<PathBuf> {
        self.what.how().data.clone()
    }
}

/// Exports.
///
/// # Errors
/// Why it cannot begin, or could not go on.
pub(crate) async fn run(config: Config, options: Options) -> Result<ExitCode, Failed> {
    let what = options.what;
    if matches!(&what, What::Person { .. }) && what.format() == ExportFormat::Csv {
        complain(
            "what is kept of a person is of many kinds, each with columns of its own, so it is not written as \
             csv: use --format ndjson",
        );
        return Ok(ExitCode::from(ASKED_WRONGLY));
    }
    let token = token::given_or_minted(&config, what.how().token.clone(), "export")?;
    let door = Door::open(&config, &Clock::system(), token)?;
    let mut to = Destination::begin(what.how().out.as_deref())?;
    let progress = Arc::new(Progress::begin());
    let shown = tokio::spawn(Arc::clone(&progress).say());
    let ended = tokio::select! {
        written = write(&door, &what, &mut to, &progress) => Some(written),
        stopped = lifecycle::asked_to_end() => {
            stopped?;
            None
        }
    };
    shown.abort();
    let Some(written) = ended else {
        complain(&format!("stopped before the end: {}", to.give_up()));
        return Ok(ExitCode::from(STOPPED));
    };
    let unmasked = match written {
        Ok(unmasked) => unmasked,
        Err(failed) => {
            let left = to.give_up();
            if progress.rows.load(Ordering::Relaxed) > 0 {
                complain(&left);
            }
            return Err(failed);
        }
    };
    let kept = to.keep()?;
    complain(&progress.summary(&kept));
    if !unmasked {
        complain("your roles do not see everything: some of it is masked or left out");
    }
    Ok(ExitCode::SUCCESS)
}

/// Writes all of it; `true` when nothing was masked.
async fn write(door: &Door, what: &What, to: &mut Destination, progress: &Progress) -> Result<bool, Failed> {
    let format = what.format();
    let EndLine { unmasked, .. } = match what {
        What::Customers { unit, .. } => {
            let query =
                CustomersExportQuery { format: Some(format), org_unit: unit.clone(), end_line: Some(true) };
            let path = NoParameters::default();
            let coming = door.download::<ExportCustomers>(Service::Customer, &path, &query).await?;
            incoming::pass_on(coming, format, to, progress).await?
        }
        What::Segment { segment, as_of, .. } => {
            segment::write(door, segment, *as_of, format, to, progress).await?
        }
        What::Person { customer, .. } => person::write(door, *customer, to, progress).await?,
    };
    Ok(unmasked)
}
