//! What was measured: medians of the rounds, and each against the yardstick of its case, as Markdown.

use std::{collections::BTreeMap, fmt::Write as _, path::Path, time::Duration};

use serde_json::{Value, json};

use crate::driver::Run;

/// Everything that was measured, in the order in which it was.
#[derive(Default)]
pub(crate) struct Report {
    cases: Vec<Case>,
    figures: Vec<(String, String)>,
}

/// Several that did the same in turns. The first is the yardstick.
struct Case {
    title: String,
    runs: Vec<(String, Vec<Run>)>,
}

impl Report {
    /// Takes a run of one in a case.
    pub(crate) fn run(&mut self, title: &str, who: &str, run: Run) {
        let at = self.cases.iter().position(|case| case.title == title).unwrap_or_else(|| {
            self.cases.push(Case { title: title.to_owned(), runs: Vec::new() });
            self.cases.len() - 1
        });
        let runs = &mut self.cases[at].runs;
        match runs.iter_mut().find(|(name, _)| name == who) {
            Some((_, all)) => all.push(run),
            None => runs.push((who.to_owned(), vec![run])),
        }
        eprintln!(
            "{title}: {who}: {:.0}/s, p50 {:?}, p99 {:?}, {:?} of CPU each",
            run.rate, run.p50, run.p99, run.cpu
        );
    }

    /// Takes a figure that stands alone.
    pub(crate) fn figure(&mut self, what: impl Into<String>, value: impl Into<String>) {
        let (what, value) = (what.into(), value.into());
        eprintln!("{what}: {value}");
        self.figures.push((what, value));
    }

    /// Takes how long a file took to be copied into a table, to be imported, and until everybody had heard of it.
    pub(crate) fn load(&mut self, kind: &str, rows: u64, taken: [Duration; 3]) {
        for (who, taken) in
            ["COPY into one table", "import", "import, until all have heard of it"].into_iter().zip(taken)
        {
            let run = Run { rate: rows as f64 / taken.as_secs_f64(), ..Run::default() };
            self.run(&format!("{rows} rows of {kind}"), who, run);
        }
    }

    /// The tables.
    pub(crate) fn markdown(&self) -> String {
        let mut text = String::new();
        for case in &self.cases {
            let _ = writeln!(text, "\n**{}**\n", case.title);
            let _ = writeln!(text, "| | per second | ratio | p50 ms | p99 ms | CPU each µs |");
            let _ = writeln!(text, "|---|---:|---:|---:|---:|---:|");
            let yardstick = case.runs.first().map_or(1.0, |(_, runs)| median(runs).rate);
            for (who, runs) in &case.runs {
                let Run { rate, p50, p99, cpu } = median(runs);
                let _ = writeln!(
                    text,
                    "| {who} | {rate:.0} | {:.2} | {:.2} | {:.2} | {} |",
                    rate / yardstick,
                    p50.as_secs_f64() * 1e3,
                    p99.as_secs_f64() * 1e3,
                    cpu.as_micros()
                );
            }
        }
        if !self.figures.is_empty() {
            text.push_str("\n| | |\n|---|---|\n");
        }
        for (what, value) in &self.figures {
            let _ = writeln!(text, "| {what} | {value} |");
        }
        text
    }

    /// Writes all of it, every round too, for whoever compares two runs.
    pub(crate) fn save(&self, file: &Path) {
        let run = |run: &Run| {
            json!({
                "rate": run.rate, "p50_us": micros(run.p50), "p99_us": micros(run.p99), "cpu_us": micros(run.cpu),
            })
        };
        let cases: Vec<Value> = self
            .cases
            .iter()
            .map(|case| {
                let runs: BTreeMap<&str, Vec<Value>> = case
                    .runs
                    .iter()
                    .map(|(who, runs)| (who.as_str(), runs.iter().map(run).collect()))
                    .collect();
                json!({ "case": case.title, "rounds": runs })
            })
            .collect();
        let all = json!({ "cases": cases, "figures": self.figures });
        std::fs::write(file, format!("{all:#}\n")).expect("the results are written");
    }
}

fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}

/// The median of each measure over the rounds.
fn median(runs: &[Run]) -> Run {
    fn middle<T: Copy>(
        runs: &[Run],
        of: impl Fn(&Run) -> T,
        less: impl Fn(&T, &T) -> std::cmp::Ordering,
    ) -> T {
        let mut all: Vec<T> = runs.iter().map(of).collect();
        all.sort_by(less);
        all[all.len() / 2]
    }
    Run {
        rate: middle(runs, |run| run.rate, f64::total_cmp),
        p50: middle(runs, |run| run.p50, Ord::cmp),
        p99: middle(runs, |run| run.p99, Ord::cmp),
        cpu: middle(runs, |run| run.cpu, Ord::cmp),
    }
}
