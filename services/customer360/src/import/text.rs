//! The lines of a file as text, whatever its encoding: one after the other, so that a file of any size
//! needs the same memory. What cannot be read as text is marked, never replaced in silence.

use std::{
    io::{self, Read},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use encoding_rs::{CoderResult, Decoder, Encoding};

/// The longest line in bytes of UTF-8. A longer one is no row of data, and is cut.
pub(crate) const LONGEST_LINE: usize = 64 * 1024;
/// How much of the file is read at once.
const CHUNK: usize = 64 * 1024;
/// What stands for bytes that are not text in the encoding of the file.
const REPLACEMENT: char = '\u{FFFD}';

/// A line without its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Line {
    /// Its number in the file, from 1.
    pub(crate) number: u64,
    /// What stands there.
    pub(crate) text: String,
    /// Why it is not to be read as data.
    pub(crate) flaw: Option<&'static str>,
}

/// Reads lines that end with LF or CRLF. A byte order mark decides the encoding, else the mapping does.
pub(crate) struct Lines<R> {
    from: R,
    decoder: Decoder,
    bytes: Vec<u8>,
    text: String,
    /// Where the part of `text` begins that was not given yet.
    at: usize,
    number: u64,
    ended: bool,
    read: Arc<AtomicU64>,
}

impl<R: Read> Lines<R> {
    /// Lines of what is read from `from`; `read` counts its bytes for the progress.
    pub(crate) fn new(from: R, encoding: &'static Encoding, read: Arc<AtomicU64>) -> Self {
        Self {
            from,
            decoder: encoding.new_decoder(),
            bytes: vec![0; CHUNK],
            text: String::new(),
            at: 0,
            number: 0,
            ended: false,
            read,
        }
    }

    /// The next line; none at the end.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(crate) fn next_line(&mut self) -> io::Result<Option<Line>> {
        let mut searched = self.at;
        let mut cut: Option<String> = None;
        loop {
            let found = self.text.get(searched..).and_then(|rest| rest.find('\n'));
            if let Some(found) = found {
                let end = searched + found;
                let text = self.text.get(self.at..end).unwrap_or_default();
                let line = line(self.number + 1, cut.as_deref().unwrap_or(text), cut.is_some());
                (self.at, self.number) = (end + 1, self.number + 1);
                return Ok(Some(line));
            }
            if self.ended {
                let text = self.text.get(self.at..).unwrap_or_default();
                if text.is_empty() && cut.is_none() {
                    return Ok(None);
                }
                let line = line(self.number + 1, cut.as_deref().unwrap_or(text), cut.is_some());
                (self.at, self.number) = (self.text.len(), self.number + 1);
                return Ok(Some(line));
            }
            // Without an end in sight: keep the beginning for the report, and let the rest go.
            if self.text.len() - self.at > LONGEST_LINE {
                let text = self.text.get(self.at..).unwrap_or_default();
                cut.get_or_insert_with(|| text.chars().take(200).collect());
                self.at = self.text.len();
            }
            self.text.drain(..self.at);
            self.at = 0;
            searched = self.text.len();
            self.fill()?;
        }
    }

    fn fill(&mut self) -> io::Result<()> {
        let count = loop {
            match self.from.read(&mut self.bytes) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                read => break read?,
            }
        };
        self.read.fetch_add(count as u64, Ordering::Relaxed);
        self.ended = count == 0;
        let mut rest = self.bytes.get(..count).unwrap_or_default();
        loop {
            self.text.reserve(self.decoder.max_utf8_buffer_length(rest.len()).unwrap_or(CHUNK));
            let (result, taken, _) = self.decoder.decode_to_string(rest, &mut self.text, self.ended);
            rest = rest.get(taken..).unwrap_or_default();
            if result == CoderResult::InputEmpty {
                return Ok(());
            }
        }
    }
}

fn line(number: u64, text: &str, cut: bool) -> Line {
    let text = text.strip_suffix('\r').unwrap_or(text);
    let flaw = if cut || text.len() > LONGEST_LINE {
        Some("the line is longer than 64 KiB")
    } else if text.contains(REPLACEMENT) {
        Some("bytes in it are no text in the encoding of the mapping")
    } else if text.contains('\0') {
        Some("it holds NUL characters; is the encoding of the mapping right?")
    } else {
        None
    };
    let text = if flaw.is_some() { text.chars().take(LONGEST_LINE / 4).collect() } else { text.to_owned() };
    Line { number, text, flaw }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Gives what it has in small pieces, so that characters and line ends are cut through.
    struct Pieces<'a>(&'a [u8], usize);

    impl Read for Pieces<'_> {
        fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
            let count = self.1.min(self.0.len()).min(into.len());
            into[..count].copy_from_slice(&self.0[..count]);
            self.0 = &self.0[count..];
            Ok(count)
        }
    }

    fn read(bytes: &[u8], encoding: &str, piece: usize) -> Vec<Line> {
        let encoding = Encoding::for_label(encoding.as_bytes()).expect("an encoding");
        let mut lines = Lines::new(Pieces(bytes, piece), encoding, Arc::default());
        let mut all = Vec::new();
        while let Some(line) = lines.next_line().expect("readable") {
            all.push(line);
        }
        all
    }

    fn texts(lines: &[Line]) -> Vec<&str> {
        assert!(lines.iter().all(|line| line.flaw.is_none()), "{lines:?}");
        lines.iter().map(|line| line.text.as_str()).collect()
    }

    #[test]
    fn every_encoding_gives_the_same_text() {
        let text = "é;1\r\nÜber;2\r\n";
        let utf16 = |bytes: fn(u16) -> [u8; 2], mark: u16| {
            std::iter::once(mark).chain(text.encode_utf16()).flat_map(bytes).collect::<Vec<u8>>()
        };
        let latin: Vec<u8> = text.chars().map(|c| u8::try_from(u32::from(c)).expect("Latin-1")).collect();
        let files: [(Vec<u8>, &str); 7] = [
            (text.into(), "utf-8"),
            ([b"\xEF\xBB\xBF", text.as_bytes()].concat(), "utf-8"),
            (latin.clone(), "latin1"),
            (latin, "windows-1252"),
            (utf16(u16::to_le_bytes, 0xFEFF), "utf-8"),
            (utf16(u16::to_be_bytes, 0xFEFF), "utf-16be"),
            (utf16(u16::to_le_bytes, 0xFEFF), "utf-16le"),
        ];
        for (bytes, encoding) in files {
            for piece in [1, 2, 3, 1000] {
                assert_eq!(texts(&read(&bytes, encoding, piece)), ["é;1", "Über;2"], "{encoding} {piece}");
            }
        }
        let chinese = b"\xc0\xcf\xc1\xba\xc3\xd7\n\x81\x30\x81\x30";
        assert_eq!(texts(&read(chinese, "gb18030", 1)), ["老梁米", "\u{80}"]);
        assert_eq!(texts(&read(b"\xcf\xf0\xe8\xe2\xe5\xf2", "windows-1251", 4)), ["Привет"]);
    }

    #[test]
    fn what_is_no_text_is_marked_and_the_next_line_is_not() {
        let lines = read(b"good\nb\xFFad\nnu\0l\ngood", "utf-8", 3);
        let flawed: Vec<(u64, bool)> = lines.iter().map(|line| (line.number, line.flaw.is_some())).collect();
        assert_eq!(flawed, [(1, false), (2, true), (3, true), (4, false)]);
    }

    #[test]
    fn a_line_without_end_is_cut_and_does_not_fill_the_memory() {
        let mut bytes = vec![b'x'; 3_000_000];
        bytes.extend_from_slice(b"\nshort");
        let lines = read(&bytes, "utf-8", 4096);
        assert_eq!(lines.len(), 2);
        assert!(lines[0].flaw.is_some() && lines[0].text.len() <= LONGEST_LINE);
        assert_eq!((lines[1].number, lines[1].text.as_str(), lines[1].flaw), (2, "short", None));
    }

    proptest! {
        #[test]
        fn lines_are_those_of_the_text(text in "[a-zé\u{4e00}-\u{4e20}\n\r,\"]{0,200}", piece in 1_usize..9) {
            let lines = read(text.as_bytes(), "utf-8", piece);
            let expected: Vec<&str> =
                text.split_terminator('\n').map(|line| line.strip_suffix('\r').unwrap_or(line)).collect();
            let found: Vec<&str> = lines.iter().map(|line| line.text.as_str()).collect();
            prop_assert_eq!(found, expected);
        }
    }
}
