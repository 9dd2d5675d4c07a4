//! How much of a customer's dealings the view holds: a section is read as a whole, so it is bounded.

use schema::api::interaction::Dealings;

/// The most bytes of a section, as JSON.
const MOST: usize = 16 * 1024;
/// What stays of what is owed and of open cases, however large the section is.
const LEAST: usize = 3;

/// The section within its bound: of what is owed the last due are left out first, then the oldest open cases.
/// How many there are is counted, so nobody takes the rest for all.
pub(crate) fn fit(mut section: Dealings) -> Dealings {
    let mut over = size(&section).saturating_sub(MOST);
    over = leave_out(&mut section.owed, over);
    leave_out(&mut section.open_cases, over);
    section
}

/// Leaves the last ones out until so many bytes are saved; gives how many still are too many.
fn leave_out<T: serde::Serialize>(list: &mut Vec<T>, mut over: usize) -> usize {
    while over > 0 && list.len() > LEAST {
        let Some(last) = list.pop() else { break };
        // With the comma before it.
        over = over.saturating_sub(size(&last) + 1);
    }
    over
}

/// As JSON; what cannot be written is refused when it is sent, and counts for nothing here.
fn size<T: serde::Serialize>(value: &T) -> usize {
    let mut counted = Counted(0);
    match serde_json::to_writer(&mut counted, value) {
        Ok(()) => counted.0,
        Err(_) => 0,
    }
}

/// Counts bytes and keeps none.
struct Counted(usize);

impl std::io::Write for Counted {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests;
