//! What a row is called, so that whoever imports it again changes nothing.
//!
//! A row with a reference of its own is called that. Any other is called by what stands in it and by which
//! occurrence of that it is: of two rows that are alike, both are true and both count.

use std::collections::{HashMap, HashSet};

use sha2::{Digest as _, Sha256};

/// Separates columns in what is hashed; it cannot stand in a line of text that is worth reading.
const BETWEEN: [u8; 1] = [0x1F];

/// What stands in a row, in 128 bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Content([u8; 16]);

impl Content {
    /// The content of these columns. Blanks around a column and the way in which it is quoted do not count.
    pub(crate) fn of<'a>(columns: impl Iterator<Item = &'a str>) -> Self {
        let mut hash = Sha256::new();
        for column in columns {
            hash.update(column.trim());
            hash.update(BETWEEN);
        }
        Self::from(hash)
    }

    /// The content of several rows that are one thing.
    pub(crate) fn and(self, other: Self) -> Self {
        Self::from(Sha256::new().chain_update(self.0).chain_update(other.0))
    }

    fn from(hash: Sha256) -> Self {
        let mut content = [0; 16];
        content.iter_mut().zip(hash.finalize()).for_each(|(to, from)| *to = from);
        Self(content)
    }

    /// The first half: enough to tell rows of one file apart, see [`Identities`].
    pub(crate) fn short(self) -> u64 {
        self.0.iter().take(8).fold(0, |sum, byte| (sum << 8) | u64::from(*byte))
    }
}

/// Names the rows of one file.
///
/// It keeps 8 bytes for each row without a reference of its own and 16 for each with one; with the tables' free
/// places, 10 to 21 and 19 to 39. Two different rows of ten million that agree in those
/// 64 bits (a chance of 1 in 370,000) still have different names, because the name has all 128.
#[derive(Default)]
pub(crate) struct Identities {
    once: HashSet<u64>,
    /// Rows that were met again: how often so far.
    more: HashMap<u64, u32>,
    /// References that were met, with the content of their rows.
    references: HashMap<u64, u64>,
}

impl Identities {
    /// The name of a row without a reference of its own.
    pub(crate) fn of_content(&mut self, content: Content) -> String {
        let short = content.short();
        let occurrence = if self.once.insert(short) {
            1
        } else {
            let met = self.more.entry(short).or_insert(1);
            *met += 1;
            *met
        };
        let hex: String = content.0.iter().map(|byte| format!("{byte:02x}")).collect();
        format!("{hex}-{occurrence}")
    }

    /// Whether a reference stands for this content only, as far as was read.
    pub(crate) fn is_only(&mut self, reference: &str, customer: &str, content: Content) -> bool {
        let key = Content::of([customer, reference].into_iter()).short();
        *self.references.entry(key).or_insert_with(|| content.short()) == content.short()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn content(columns: &[&str]) -> Content {
        Content::of(columns.iter().copied())
    }

    #[test]
    fn twins_have_names_of_their_own() {
        let mut identities = Identities::default();
        let (one, other) = (content(&["1", "11.77"]), content(&["11", ".77"]));
        let names: Vec<String> =
            [one, other, one, one].into_iter().map(|content| identities.of_content(content)).collect();
        assert!(names[0].ends_with("-1") && names[2].ends_with("-2") && names[3].ends_with("-3"));
        assert!(names[1].ends_with("-1") && names[1][..32] != names[0][..32]);
    }

    #[test]
    fn blanks_around_a_column_do_not_count() {
        assert_eq!(content(&[" 1", "a b "]), content(&["1", "a b"]));
        assert_ne!(content(&["1", "a  b"]), content(&["1", "a b"]));
    }

    #[test]
    fn a_reference_stands_for_one_content() {
        let mut identities = Identities::default();
        assert!(identities.is_only("7", "ann", content(&["7", "1.00"])));
        assert!(identities.is_only("7", "ann", content(&["7", "1.00"])), "the same row again");
        assert!(!identities.is_only("7", "ann", content(&["7", "2.00"])));
        assert!(identities.is_only("7", "bob", content(&["7", "2.00"])), "another customer's");
    }

    proptest! {
        #[test]
        fn names_are_unique_and_the_same_every_time(rows in proptest::collection::vec("[ab]{0,2}", 0..40)) {
            let name = |rows: &[String]| {
                let mut identities = Identities::default();
                rows.iter().map(|row| identities.of_content(content(&[row]))).collect::<Vec<String>>()
            };
            let names = name(&rows);
            prop_assert_eq!(names.iter().collect::<HashSet<_>>().len(), rows.len());
            // In another order the names are the same set: the file may be sorted anew.
            let mut sorted = rows.clone();
            sorted.sort();
            let again: HashSet<String> = name(&sorted).into_iter().collect();
            prop_assert_eq!(names.into_iter().collect::<HashSet<_>>(), again);
        }
    }
}
