//! What the machine and its processes have worked and hold, from `/proc`.

use std::{fs, time::Duration};

/// A tick of `/proc`'s clocks: a hundredth of a second on every Linux that we know.
const TICK: Duration = Duration::from_millis(10);

fn ticks(count: u64) -> Duration {
    TICK * u32::try_from(count).unwrap_or(u32::MAX)
}

/// What everything but this process has worked since the machine started.
pub(crate) fn others() -> Duration {
    machine().saturating_sub(of("self"))
}

fn machine() -> Duration {
    let stat = fs::read_to_string("/proc/stat").expect("/proc/stat");
    let fields: Vec<u64> = stat
        .lines()
        .next()
        .unwrap_or_default()
        .split_whitespace()
        .skip(1)
        .filter_map(|field| field.parse().ok())
        .collect();
    // user, nice, system, idle, iowait, irq, softirq: all but the two in which nothing was done.
    ticks(fields.iter().take(7).enumerate().filter(|(at, _)| *at != 3 && *at != 4).map(|(_, one)| one).sum())
}

fn of(process: &str) -> Duration {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    // The name stands in parentheses and may hold blanks; user and system time are the 12th and 13th after it.
    let after = stat.rsplit_once(')').map_or("", |(_, after)| after);
    ticks(after.split_whitespace().skip(11).take(2).filter_map(|field| field.parse::<u64>().ok()).sum())
}

/// The memory that a process holds, in bytes.
pub(crate) fn resident(process: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or_default();
    line.split_whitespace().next().and_then(|kib| kib.parse::<u64>().ok()).unwrap_or_default() * 1024
}
