//! Where an export goes: a file that appears when it is whole, or standard output.
//!
//! A file is written beside its place under a name of its own and takes that place at the end, so nobody reads
//! half of it, and one that was there stays until then. It holds personal data: only its owner may read it. What
//! is there and is no file, such as a pipe or a device, is written to as it is.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, BufWriter, Write},
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
};

use crate::door::Failed;

/// Where it goes.
pub(super) struct Destination {
    to: BufWriter<Box<dyn Write + Send>>,
    /// Of a file: itself, where it is written, and the place that it will take.
    file: Option<(File, PathBuf, PathBuf)>,
}

impl Destination {
    /// Opens it.
    ///
    /// # Errors
    /// When nothing can be written there.
    pub(super) fn begin(out: Option<&Path>) -> Result<Self, Failed> {
        let Some(place) = out else {
            return Ok(Self { to: BufWriter::new(Box::new(io::stdout())), file: None });
        };
        let named = |error: io::Error| format!("{} cannot be written: {error}", place.display());
        let found = fs::metadata(place).ok();
        if found.as_ref().is_some_and(fs::Metadata::is_dir) {
            return Err(format!("{} is a directory; name a file", place.display()).into());
        }
        if found.is_some_and(|found| !found.is_file()) {
            let to = OpenOptions::new().write(true).open(place).map_err(named)?;
            return Ok(Self { to: BufWriter::new(Box::new(to)), file: None });
        }
        let name = place.file_name().ok_or_else(|| format!("{} names no file", place.display()))?;
        let mut part = std::ffi::OsString::from(".");
        part.push(name);
        part.push(format!(".{}.part", std::process::id()));
        let part = place.with_file_name(part);
        let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&part).map_err(named)?;
        let to = BufWriter::new(Box::new(file.try_clone().map_err(named)?) as Box<dyn Write + Send>);
        Ok(Self { to, file: Some((file, part, place.to_owned())) })
    }

    /// Writes some of it.
    ///
    /// # Errors
    /// When the disk is full, or nobody reads any more.
    pub(super) fn write(&mut self, piece: &[u8]) -> io::Result<()> {
        self.to.write_all(piece)
    }

    /// It is whole: it takes its place. Says where that is.
    ///
    /// # Errors
    /// When it cannot be written to the disk.
    pub(super) fn keep(mut self) -> Result<String, Failed> {
        let flushed = self.to.flush();
        let Some((file, part, place)) = self.file.take() else { return Ok(flushed.map(|()| String::new())?) };
        let kept = flushed.and_then(|()| file.sync_all()).and_then(|()| fs::rename(&part, &place));
        if let Err(error) = kept {
            remove(&part);
            return Err(format!("{} cannot be written: {error}", place.display()).into());
        }
        Ok(format!(": {}", place.display()))
    }

    /// It is not whole, and no file is left behind. Says so.
    pub(super) fn give_up(self) -> String {
        match &self.file {
            Some((_, part, _)) => {
                remove(part);
                "no file was written".to_owned()
            }
            None => "what was written is not whole".to_owned(),
        }
    }
}

fn remove(part: &Path) {
    // Gone already is as good, and there is nothing better to do about anything else.
    let _ = fs::remove_file(part);
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn a_file_appears_when_it_is_whole() {
        let directory = tempfile::tempdir().expect("a directory");
        let place = directory.path().join("customers.csv");
        fs::write(&place, "yesterday's").expect("an older one");
        let mut to = Destination::begin(Some(&place)).expect("begun");
        to.write(b"today's").expect("written");
        assert_eq!(fs::read_to_string(&place).expect("a file"), "yesterday's");
        to.keep().expect("kept");
        assert_eq!(fs::read_to_string(&place).expect("a file"), "today's");
        assert_eq!(fs::metadata(&place).expect("a file").permissions().mode() & 0o777, 0o600);

        let mut to = Destination::begin(Some(&place)).expect("begun");
        to.write(b"half").expect("written");
        to.give_up();
        assert_eq!(fs::read_to_string(&place).expect("a file"), "today's");
        assert_eq!(fs::read_dir(directory.path()).expect("a directory").count(), 1, "nothing is left behind");
    }

    #[test]
    fn what_is_no_file_is_not_replaced() {
        let directory = tempfile::tempdir().expect("a directory");
        assert!(Destination::begin(Some(directory.path())).is_err());
        let to = Destination::begin(Some(Path::new("/dev/null"))).expect("begun");
        assert_eq!(to.keep().expect("kept"), "");
        assert!(!fs::metadata("/dev/null").expect("a device").is_file());
        assert!(Destination::begin(Some(&directory.path().join("nowhere/a.csv"))).is_err());
    }
}
