//! Keyset pages: an opaque cursor that belongs to the query it came from.

use std::borrow::Cow;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use sha2::{Digest, Sha256};
use utoipa::{
    __dev::ComposeSchema,
    ToSchema,
    openapi::{
        Ref, RefOr,
        schema::{ArrayBuilder, ObjectBuilder, Schema, Type},
    },
};
use uuid::Uuid;

use crate::{
    access::{ClassifiedField, Mask, Viewer},
    api::problem::Problem,
    moment,
};

/// The most items of one page.
pub const LIMIT_MAX: u32 = 200;
/// The items of a page when the caller does not say.
pub const LIMIT_DEFAULT: u32 = 50;

/// Some items, and the cursor of those that follow.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page<T> {
    /// The items in the list's order.
    pub items: Vec<T>,
    /// Pass as `after` to get the next page; absent on the last one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

// What the derive would implement for a generic type; `PartialSchema` follows from it.
impl<T: ToSchema> ComposeSchema for Page<T> {
    fn compose(_: Vec<RefOr<Schema>>) -> RefOr<Schema> {
        let items = ArrayBuilder::new().items(Ref::from_schema_name(T::name()));
        let next = ObjectBuilder::new()
            .schema_type(Type::String)
            .description(Some("Pass as `after` to get the next page; absent on the last one."));
        ObjectBuilder::new()
            .description(Some("Some items, and the cursor of those that follow."))
            .property("items", items)
            .required("items")
            .property("next", next)
            .into()
    }
}

// By hand, here and for other generic types: the derive gives every `Page<T>` the same name, so that in a
// document one of them takes the place of all others.
impl<T: ToSchema> ToSchema for Page<T> {
    fn name() -> Cow<'static, str> {
        format!("{}Page", T::name()).into()
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.push((T::name().into_owned(), T::schema()));
        T::schemas(schemas);
    }
}

impl<T: Mask> Mask for Page<T> {
    const FIELDS: &'static [ClassifiedField] = T::FIELDS;
    fn mask(&mut self, viewer: &Viewer) {
        self.items.mask(viewer);
    }
}

impl<T> Page<T> {
    /// The page of `rows`, which were fetched with `limit + 1` so that the next page is known to exist.
    pub fn of<K: Serialize>(mut rows: Vec<T>, limit: u32, query: &str, key: impl Fn(&T) -> K) -> Self {
        let limit = limit as usize;
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = rows.last().filter(|_| more).map(|last| cursor(query, &key(last)));
        Self { items: rows, next }
    }
}

/// The wire form of a position: which query, and the key after which the page starts.
#[derive(Serialize, Deserialize)]
struct Position<K> {
    q: String,
    k: K,
}

/// A cursor of this query, after this key. `query` names the list and all its filters.
pub fn cursor<K: Serialize>(query: &str, key: &K) -> String {
    let position = Position { q: fingerprint(query), k: key };
    URL_SAFE_NO_PAD.encode(serde_json::to_vec(&position).unwrap_or_default())
}

/// The key that a cursor holds.
///
/// # Errors
/// When the text is no cursor, or one of another query.
pub fn key_of<K: DeserializeOwned>(query: &str, cursor: &str) -> Result<K, BadCursor> {
    let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| BadCursor)?;
    let position: Position<K> = serde_json::from_slice(&bytes).map_err(|_| BadCursor)?;
    if position.q == fingerprint(query) { Ok(position.k) } else { Err(BadCursor) }
}

/// The limit of a page, checked.
///
/// # Errors
/// When it is not between 1 and `most`.
pub fn limit(wanted: Option<u32>, most: u32) -> Result<u32, Problem> {
    match wanted.unwrap_or(LIMIT_DEFAULT.min(most)) {
        limit if (1..=most).contains(&limit) => Ok(limit),
        _ => Err(Problem::field("/limit", format!("a page has 1 to {most} items"))),
    }
}

/// The place that a cursor of a list in order of time holds. It can be forged; a time that a database
/// cannot take is no cursor of ours.
///
/// # Errors
/// When the text is no cursor, or one of another query.
pub fn place_of(query: &str, cursor: &str) -> Result<(DateTime<Utc>, Uuid), BadCursor> {
    let (at, id) = key_of(query, cursor)?;
    if moment::is_storable(at) { Ok((at, id)) } else { Err(BadCursor) }
}

fn fingerprint(query: &str) -> String {
    URL_SAFE_NO_PAD.encode(&Sha256::digest(query.as_bytes())[..6])
}

/// The cursor is not one of this query.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the cursor does not belong to this query; start again without one")]
pub struct BadCursor;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_belongs_to_its_query() {
        let text = cursor("customers?name=a", &("a".to_owned(), 7));
        assert_eq!(key_of::<(String, i32)>("customers?name=a", &text), Ok(("a".to_owned(), 7)));
        assert_eq!(key_of::<(String, i32)>("customers?name=b", &text), Err(BadCursor));
        assert_eq!(key_of::<(String, i32)>("customers?name=a", "%%"), Err(BadCursor));
    }

    #[test]
    fn the_last_page_has_no_cursor() {
        assert!(Page::of(vec![1, 2], 2, "q", |n| *n).next.is_none());
        let page = Page::of(vec![1, 2, 3], 2, "q", |n| *n);
        assert_eq!(page.items, [1, 2]);
        assert_eq!(key_of::<i32>("q", &page.next.unwrap_or_default()), Ok(2));
    }
}
