//! Cursors of connections. An owner gives one cursor per page; a connection needs one per edge. So an
//! edge's cursor says behind which page it lies, and how many of that page come before it.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use schema::api::page::{BadCursor, Page};
use serde::{Deserialize, Serialize};

/// The longest cursor: it holds one of an owner's, which holds at most a name and an id.
const LONGEST: usize = 4096;

/// Where a page of a connection starts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Cursor {
    /// The owner's cursor; none on its first page.
    #[serde(rename = "a", default, skip_serializing_if = "Option::is_none")]
    pub(crate) after: Option<String>,
    /// How many items behind it are passed over.
    #[serde(rename = "n")]
    pub(crate) skip: u32,
}

/// The items of a connection's page, each with its cursor.
#[derive(Debug)]
pub(crate) struct Slice<T> {
    /// The items.
    pub(crate) items: Vec<(String, T)>,
    /// Whether there are more.
    pub(crate) has_next: bool,
}

impl Cursor {
    /// The start that a client asks for.
    pub(crate) fn parse(text: Option<&str>) -> Result<Self, BadCursor> {
        let Some(text) = text else { return Ok(Self::default()) };
        if text.len() > LONGEST {
            return Err(BadCursor);
        }
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| BadCursor)?;
        serde_json::from_slice(&bytes).map_err(|_| BadCursor)
    }

    fn text(&self) -> String {
        URL_SAFE_NO_PAD.encode(serde_json::to_vec(self).unwrap_or_default())
    }

    /// How many items to ask the owner for, of which it gives at most `most`.
    pub(crate) fn limit(&self, first: u32, most: u32) -> u32 {
        self.skip.saturating_add(first).clamp(1, most)
    }

    /// The items of the owner's page from here on, at most `first`.
    pub(crate) fn slice<T>(&self, page: Page<T>, first: u32) -> Slice<T> {
        let (skip, first) = (self.skip as usize, first as usize);
        let count = page.items.len();
        let items: Vec<(String, T)> = page
            .items
            .into_iter()
            .zip(1_u32..)
            .skip(skip)
            .take(first)
            .map(|(item, passed)| {
                // The last of the owner's page goes on with the owner's own cursor.
                let at = match &page.next {
                    Some(next) if passed as usize == count => Self { after: Some(next.clone()), skip: 0 },
                    _ => Self { after: self.after.clone(), skip: passed },
                };
                (at.text(), item)
            })
            .collect();
        let has_next = page.next.is_some() || skip + items.len() < count;
        Slice { items, has_next }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(items: &[i32], next: Option<&str>) -> Page<i32> {
        Page { items: items.to_vec(), next: next.map(str::to_owned) }
    }

    #[test]
    fn every_edge_is_a_place_to_go_on_from() {
        let start = Cursor::parse(None).expect("the start");
        let slice = start.slice(page(&[1, 2, 3], Some("x")), 3);
        assert!(slice.has_next);
        let second = Cursor::parse(Some(&slice.items[1].0)).expect("a cursor");
        assert_eq!(second, Cursor { after: None, skip: 2 });
        assert_eq!(second.slice(page(&[1, 2, 3], Some("x")), 5).items[0].1, 3);
        let last = Cursor::parse(Some(&slice.items[2].0)).expect("a cursor");
        assert_eq!(last, Cursor { after: Some("x".to_owned()), skip: 0 });
    }

    #[test]
    fn the_last_page_says_so() {
        let slice = Cursor::default().slice(page(&[1, 2], None), 2);
        assert!(!slice.has_next);
        let cut = Cursor::default().slice(page(&[1, 2], None), 1);
        assert!(cut.has_next);
    }

    #[test]
    fn another_text_is_no_cursor() {
        assert!(Cursor::parse(Some("%%")).is_err());
        assert!(Cursor::parse(Some("e30")).is_err());
        assert!(Cursor::parse(Some(&"A".repeat(LONGEST + 1))).is_err());
    }
}
