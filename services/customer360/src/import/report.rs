//! What an import came to, and how far it is.

use std::{
    collections::BTreeMap,
    io::{self, IsTerminal as _, Write as _},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use super::{refused::RefusedFile, values::Mistake};

/// How often the progress is said on a terminal, and elsewhere.
const EVERY: [Duration; 2] = [Duration::from_secs(1), Duration::from_secs(15)];

/// Counts, in rows of the file.
pub(crate) struct Report {
    /// Bytes of the file that were read.
    bytes: Arc<AtomicU64>,
    /// Rows that were read.
    pub(crate) rows: AtomicU64,
    /// Rows that were entered now.
    pub(crate) applied: AtomicU64,
    /// Rows that were in already.
    pub(crate) repeated: AtomicU64,
    /// Rows that were refused.
    pub(crate) refused: AtomicU64,
    /// Customers who were registered because they were not known.
    pub(crate) registered: AtomicU64,
    size: u64,
    began: Instant,
    file: Mutex<Option<RefusedFile>>,
    by_field: Mutex<BTreeMap<String, u64>>,
}

impl Report {
    /// A report on a file of this size, of which `bytes` were read; refused rows go into `file`.
    pub(crate) fn new(size: u64, bytes: Arc<AtomicU64>, file: RefusedFile) -> Self {
        Self {
            bytes,
            rows: AtomicU64::new(0),
            applied: AtomicU64::new(0),
            repeated: AtomicU64::new(0),
            refused: AtomicU64::new(0),
            registered: AtomicU64::new(0),
            size,
            began: Instant::now(),
            file: Mutex::new(Some(file)),
            by_field: Mutex::default(),
        }
    }

    /// Refuses rows.
    ///
    /// # Errors
    /// When the file of refused rows cannot be written.
    pub(crate) fn refuse(&self, rows: &[(u64, String)], mistake: &Mistake) -> io::Result<()> {
        self.refused.fetch_add(rows.len() as u64, Ordering::Relaxed);
        let mut by_field = self.by_field.lock().unwrap_or_else(PoisonError::into_inner);
        *by_field.entry(mistake.field.clone()).or_default() += rows.len() as u64;
        drop(by_field);
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        match file.as_mut() {
            Some(file) => rows.iter().try_for_each(|(line, content)| file.add(*line, mistake, content)),
            None => Ok(()),
        }
    }

    /// Says how far it is, over and over.
    pub(crate) async fn say_progress(&self) {
        let terminal = io::stderr().is_terminal();
        let every = if terminal { EVERY[0] } else { EVERY[1] };
        let mut before = 0;
        loop {
            tokio::time::sleep(every).await;
            let done = self.done();
            let rate = (done - before) / every.as_secs();
            before = done;
            let line = self.progress(rate);
            // On a terminal the line is written over.
            let line = if terminal { format!("\r\x1b[K{line}") } else { format!("{line}\n") };
            let mut to = io::stderr();
            // Nobody looks: that is no reason to stop.
            let _ = to.write_all(line.as_bytes()).and_then(|()| to.flush());
        }
    }

    fn done(&self) -> u64 {
        [&self.applied, &self.repeated, &self.refused].iter().map(|count| count.load(Ordering::Relaxed)).sum()
    }

    fn progress(&self, rate: u64) -> String {
        let bytes = self.bytes.load(Ordering::Relaxed).min(self.size);
        let (refused, seconds) = (self.refused.load(Ordering::Relaxed), self.began.elapsed().as_secs());
        let left = match bytes {
            0 => "?".to_owned(),
            bytes => time(seconds.saturating_mul(self.size - bytes) / bytes),
        };
        let percent = bytes.saturating_mul(100).checked_div(self.size).unwrap_or(100);
        format!("{percent} %, {} rows, {rate} rows/s, {refused} refused, {left} left", self.done())
    }

    /// What it came to, and where the refused rows are.
    ///
    /// # Errors
    /// When the file of refused rows cannot be written.
    pub(crate) fn end(&self, dry_run: bool) -> io::Result<Summary> {
        let file = self.file.lock().unwrap_or_else(PoisonError::into_inner).take();
        let refused_to = file.map(RefusedFile::end).transpose()?.flatten();
        let count = |count: &AtomicU64| count.load(Ordering::Relaxed);
        let milliseconds = self.began.elapsed().as_millis().max(1);
        let rows = count(&self.rows);
        let rate = u128::from(rows) * 1000 / milliseconds;
        let mut text = format!(
            "{rows} rows in {}.{} s ({rate} rows/s): ",
            milliseconds / 1000,
            milliseconds % 1000 / 100
        );
        let (applied, repeated) = (count(&self.applied), count(&self.repeated));
        text += &match dry_run {
            true => format!("{applied} are good (nothing was entered)"),
            false => format!("{applied} entered, {repeated} were in already"),
        };
        text += &format!(", {} refused", count(&self.refused));
        if count(&self.registered) > 0 {
            let how = if dry_run { "would be registered" } else { "were registered" };
            text += &format!("; {} customers {how} who were not known", count(&self.registered));
        }
        let by_field = self.by_field.lock().unwrap_or_else(PoisonError::into_inner);
        for (field, rows) in by_field.iter() {
            let field = if field.is_empty() { "the row as a whole" } else { field };
            text += &format!("\n  refused for {field}: {rows}");
        }
        if let Some(path) = refused_to {
            text += &format!("\n  the refused rows are in {}", path.display());
        }
        Ok(Summary { text, refused: count(&self.refused) })
    }
}

/// What an import came to.
pub(crate) struct Summary {
    /// In words.
    pub(crate) text: String,
    /// Rows that were refused.
    pub(crate) refused: u64,
}

fn time(seconds: u64) -> String {
    match seconds {
        0..=119 => format!("{seconds} s"),
        120..=7199 => format!("{} min", seconds / 60),
        _ => format!("{} h {} min", seconds / 3600, seconds / 60 % 60),
    }
}
