//! Batches: up to 500 commands in one call, with a result for each.
//!
//! An item is known by its reference. What it creates has an id that follows from the kind of batch, the
//! source, the customer and the reference, so that sending it again does nothing, however much later.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use utoipa::{
    __dev::ComposeSchema,
    PartialSchema as _, ToSchema,
    openapi::{
        Ref, RefOr,
        schema::{AdditionalProperties, ArrayBuilder, ObjectBuilder, Schema, Type},
    },
};
use uuid::Uuid;

use super::problem::{FieldError, Problem};
use crate::{classified, ids::CustomerId};

/// The most items of one batch.
pub const ITEMS_MAX: usize = 500;
/// The largest body of a batch, in bytes.
pub const BODY_MAX: usize = 2 * 1024 * 1024;
/// The longest source.
const SOURCE_MAX: usize = 64;
/// The longest reference.
const REFERENCE_MAX: usize = 200;

/// Commands of one kind from one source; `I` is an item.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Batch<I> {
    /// Where the items come from: 1 to 64 of a-z, 0-9, dot, hyphen and underscore, for example `till-north`.
    pub source: String,
    /// The commands, 1 to 500, carried out in this order.
    pub items: Vec<I>,
}

/// A command about a customer.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BatchItem<T> {
    /// What the source calls it: 1 to 200 characters. Used once within the kind of batch, the source and the
    /// customer; the same again is recognised as a repetition for ever, whatever its command says.
    pub reference: String,
    /// Whom it is about.
    pub customer_id: CustomerId,
    /// What to do, as the single command takes it.
    pub command: T,
}

/// What every item of a batch has.
pub trait Item {
    /// What to do.
    type Command;
    /// What the source calls it.
    fn reference(&self) -> &str;
    /// Whom it is about; nobody when it makes a customer.
    fn customer(&self) -> Option<CustomerId>;
    /// What to do.
    fn command(&self) -> &Self::Command;
}

impl<T> Item for BatchItem<T> {
    type Command = T;
    fn reference(&self) -> &str {
        &self.reference
    }
    fn customer(&self) -> Option<CustomerId> {
        Some(self.customer_id)
    }
    fn command(&self) -> &T {
        &self.command
    }
}

/// What became of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It was done, and is durable.
    Applied,
    /// It was done before, under the same reference; nothing was done now.
    Repeated,
    /// It was not done; `problem` says why. The other items are not concerned.
    Refused,
}

/// The results of a batch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BatchReply {
    /// One for each item, in the order of the items.
    pub items: Vec<BatchResult>,
}

/// The result of one item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BatchResult {
    /// What became of it.
    pub outcome: Outcome,
    /// The id of what it created, now or before; absent when it was refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<Uuid>,
    /// Why it was refused, as the single command would say; places are within the item, for example
    /// `/command/lines/0/sku`. With `customer-not-known-yet`, send the item again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<Problem>,
}

classified! { BatchReply { items: nested } }
classified! { BatchResult { outcome: plain, id: plain, problem: plain } }

impl BatchResult {
    /// It was done.
    pub const fn applied(id: Uuid) -> Self {
        Self { outcome: Outcome::Applied, id: Some(id), problem: None }
    }

    /// It was done before.
    pub const fn repeated(id: Uuid) -> Self {
        Self { outcome: Outcome::Repeated, id: Some(id), problem: None }
    }

    /// It was not done, for a reason about the item itself.
    pub const fn refused(problem: Problem) -> Self {
        Self { outcome: Outcome::Refused, id: None, problem: Some(problem) }
    }

    /// It was not done, for a reason that the single command gives: its places are within the command.
    pub fn refused_command(problem: Problem) -> Self {
        Self::refused(problem.within("/command"))
    }
}

impl<I: Item> Batch<I> {
    /// The items, when the batch as a whole is right.
    ///
    /// # Errors
    /// Names the source, or too few or too many items.
    pub fn checked(&self) -> Result<&[I], Problem> {
        let mut wrong = Vec::new();
        let mut mistake = |pointer: &str, detail: String| {
            wrong.push(FieldError { pointer: pointer.to_owned(), detail });
        };
        let allowed = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'.' | b'_' | b'-');
        if !(1..=SOURCE_MAX).contains(&self.source.len()) || !self.source.bytes().all(allowed) {
            mistake(
                "/source",
                format!("a source is 1 to {SOURCE_MAX} of a-z, 0-9, dot, hyphen and underscore"),
            );
        }
        if !(1..=ITEMS_MAX).contains(&self.items.len()) {
            let detail = format!(
                "a batch has 1 to {ITEMS_MAX} items, this one has {}; send the rest as further batches",
                self.items.len()
            );
            mistake("/items", detail);
        }
        if wrong.is_empty() { Ok(&self.items) } else { Err(Problem::fields(wrong)) }
    }

    /// The id of what an item of a kind of batch creates.
    ///
    /// # Errors
    /// When its reference is none.
    pub fn id_of(&self, kind: &str, item: &I) -> Result<Uuid, Problem> {
        let reference = item.reference();
        if !(1..=REFERENCE_MAX).contains(&reference.chars().count()) {
            let detail = format!("a reference is 1 to {REFERENCE_MAX} characters");
            return Err(Problem::field("/reference", detail));
        }
        let customer = item.customer().map_or_else(Uuid::nil, CustomerId::uuid);
        // Kind and source hold no line break, and the customer's id has a fixed length.
        let name = format!("{kind}\n{}\n{customer}\n{reference}", self.source);
        Ok(Uuid::new_v5(&Uuid::NAMESPACE_OID, name.as_bytes()))
    }
}

/// A text of so many characters.
pub(crate) fn text(about: &str, most: usize, pattern: Option<&str>) -> ObjectBuilder {
    let text = ObjectBuilder::new()
        .schema_type(Type::String)
        .description(Some(about))
        .min_length(Some(1))
        .max_length(Some(most));
    match pattern {
        Some(pattern) => text.pattern(Some(pattern)),
        None => text,
    }
}

/// The document's text on references. Their length is told and not demanded: an item is refused for it, the batch is
/// not.
pub(crate) fn reference() -> ObjectBuilder {
    let about = format!(
        "What the source calls it, 1 to {REFERENCE_MAX} characters. The same reference again is a repetition, for ever."
    );
    ObjectBuilder::new().schema_type(Type::String).description(Some(about))
}

/// Nothing beside what is declared.
pub(crate) fn closed(object: ObjectBuilder) -> RefOr<Schema> {
    object.additional_properties(Some(AdditionalProperties::<Schema>::FreeForm(false))).into()
}

// By hand, as for every generic type: the derive gives all of them one name.
impl<I: ToSchema> ComposeSchema for Batch<I> {
    fn compose(_: Vec<RefOr<Schema>>) -> RefOr<Schema> {
        let items = ArrayBuilder::new()
            .items(Ref::from_schema_name(I::name()))
            .min_items(Some(1))
            .max_items(Some(ITEMS_MAX))
            .description(Some("The commands, carried out in this order."));
        let source = text("Where the items come from.", SOURCE_MAX, Some("^[a-z0-9._-]+$"));
        closed(
            ObjectBuilder::new()
                .description(Some("Commands of one kind from one source."))
                .property("source", source)
                .required("source")
                .property("items", items)
                .required("items"),
        )
    }
}

impl<I: ToSchema> ToSchema for Batch<I> {
    fn name() -> Cow<'static, str> {
        format!("{}Batch", I::name().trim_end_matches("Item")).into()
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.push((I::name().into_owned(), I::schema()));
        I::schemas(schemas);
    }
}

impl<T: ToSchema> ComposeSchema for BatchItem<T> {
    fn compose(_: Vec<RefOr<Schema>>) -> RefOr<Schema> {
        closed(
            ObjectBuilder::new()
                .description(Some("A command about a customer."))
                .property("reference", reference())
                .required("reference")
                .property("customer_id", Ref::from_schema_name(CustomerId::name()))
                .required("customer_id")
                .property("command", Ref::from_schema_name(T::name()))
                .required("command"),
        )
    }
}

impl<T: ToSchema> ToSchema for BatchItem<T> {
    fn name() -> Cow<'static, str> {
        format!("{}Item", T::name()).into()
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.push((CustomerId::name().into_owned(), CustomerId::schema()));
        schemas.push((T::name().into_owned(), T::schema()));
        T::schemas(schemas);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn batch(source: &str, references: &[&str]) -> Batch<BatchItem<u8>> {
        let item = |reference: &&str| BatchItem {
            reference: (*reference).to_owned(),
            customer_id: CustomerId::from(Uuid::from_u128(7)),
            command: 1,
        };
        Batch { source: source.to_owned(), items: references.iter().map(item).collect() }
    }

    #[test]
    fn an_id_follows_from_kind_source_customer_and_reference() {
        let one = batch("till.north", &["a", "b"]);
        let id = |kind, at: usize| one.id_of(kind, &one.items[at]).expect("an id");
        assert_eq!(id("purchases", 0), id("purchases", 0));
        assert_ne!(id("purchases", 0), id("purchases", 1));
        assert_ne!(id("purchases", 0), id("contacts", 0));
        let other = batch("till.south", &["a"]);
        assert_ne!(id("purchases", 0), other.id_of("purchases", &other.items[0]).expect("an id"));
        let mut of_another = one.clone();
        of_another.items[0].customer_id = CustomerId::from(Uuid::from_u128(8));
        assert_ne!(id("purchases", 0), of_another.id_of("purchases", &of_another.items[0]).expect("an id"));
    }

    #[test]
    fn what_is_wrong_is_named() {
        let places = |batch: Batch<BatchItem<u8>>| match batch.checked() {
            Ok(_) => Vec::new(),
            Err(problem) => problem.errors.into_iter().map(|error| error.pointer).collect(),
        };
        assert!(places(batch("cdnow", &["1"])).is_empty());
        assert_eq!(places(batch("CDNOW", &[])), ["/source", "/items"]);
        assert_eq!(places(batch("", &["1"; ITEMS_MAX + 1])), ["/source", "/items"]);
        assert!(places(batch("c", &["1"; ITEMS_MAX])).is_empty());
        let long = "x".repeat(REFERENCE_MAX + 1);
        let bad = batch("c", &["", &long]);
        assert!(bad.items.iter().all(|item| bad.id_of("purchases", item).is_err()));
    }

    #[test]
    fn places_are_within_the_item() {
        let refused = BatchResult::refused_command(Problem::field("/lines/0/sku", "it is empty"));
        let problem = refused.problem.expect("a problem");
        assert_eq!(problem.errors[0].pointer, "/command/lines/0/sku");
        assert_eq!(problem.detail, "/command/lines/0/sku: it is empty");
    }
}
