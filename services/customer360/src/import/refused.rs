//! The file of refused rows: line, field, reason and content of each, for whoever mends them.
//!
//! It holds personal data, so only its owner may read it. A run without refusals leaves none behind.

use std::{
    fs::{File, OpenOptions, Permissions},
    io::{self, BufWriter, Read as _, Write as _},
    os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _},
    path::{Path, PathBuf},
};

use super::{Failed, values::Mistake};

const HEADER: &str = "line,field,reason,content\n";

/// Writes refused rows as CSV (RFC 4180) in UTF-8.
pub(crate) struct RefusedFile {
    path: PathBuf,
    to: BufWriter<File>,
    rows: u64,
}

impl RefusedFile {
    /// Begins the file anew.
    ///
    /// # Errors
    /// When it cannot be written, or when what stands there is no file of refused rows.
    pub(crate) fn begin(path: &Path) -> Result<Self, Failed> {
        let named = |error: io::Error| format!("{} cannot be written: {error}", path.display());
        if let Ok(found) = File::open(path) {
            let mut beginning = String::new();
            let read = found.take(HEADER.len() as u64).read_to_string(&mut beginning);
            if read.is_err() || !(beginning.is_empty() || beginning == HEADER) {
                let why = "it is there already and holds no refused rows; name another one with --refused";
                return Err(format!("{}: {why}", path.display()).into());
            }
        }
        let file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path);
        let file = file.map_err(named)?;
        file.set_permissions(Permissions::from_mode(0o600)).map_err(named)?;
        let mut to = BufWriter::new(file);
        to.write_all(HEADER.as_bytes()).map_err(named)?;
        Ok(Self { path: path.to_owned(), to, rows: 0 })
    }

    /// Adds a row.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(crate) fn add(&mut self, line: u64, mistake: &Mistake, content: &str) -> io::Result<()> {
        self.rows += 1;
        let (field, reason, content) = (quoted(&mistake.field), quoted(&mistake.reason), quoted(content));
        writeln!(self.to, "{line},{field},{reason},{content}")
    }

    /// Ends the file; gives its path when it holds rows, and removes it when not.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(crate) fn end(mut self) -> io::Result<Option<PathBuf>> {
        self.to.flush()?;
        if self.rows > 0 {
            return Ok(Some(self.path));
        }
        std::fs::remove_file(&self.path)?;
        Ok(None)
    }
}

fn quoted(text: &str) -> String {
    if text.contains(['"', ',', '\n', '\r']) || text.starts_with([' ', '\t']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_owner_may_read_it_and_nothing_else_is_overwritten() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("refused.csv");
        std::fs::write(&path, format!("{HEADER}1,,old,row\n")).expect("an older one");
        std::fs::set_permissions(&path, Permissions::from_mode(0o644)).expect("readable by all");
        let mut file = RefusedFile::begin(&path).expect("begun");
        file.add(7, &Mistake::new("amount", "it is \"no\" number"), "7,\"a\"").expect("written");
        assert_eq!(file.end().expect("ended"), Some(path.clone()));
        let text = std::fs::read_to_string(&path).expect("a file");
        assert_eq!(text, format!("{HEADER}7,amount,\"it is \"\"no\"\" number\",\"7,\"\"a\"\"\"\n"));
        assert_eq!(std::fs::metadata(&path).expect("a file").permissions().mode() & 0o777, 0o600);

        assert_eq!(RefusedFile::begin(&path).expect("begun").end().expect("ended"), None);
        assert!(!path.exists(), "nothing was refused");
        std::fs::write(&path, "precious").expect("another file");
        assert!(RefusedFile::begin(&path).is_err());
        assert_eq!(std::fs::read_to_string(&path).expect("a file"), "precious");
    }
}
