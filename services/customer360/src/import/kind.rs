//! The kinds of rows: which fields each has, which command a row becomes, and which batch takes it.

mod answers;
mod cases;
mod contacts;
mod customers;
mod points;
mod purchases;
mod relationships;

use schema::{
    api::{
        Endpoint, NoParameters,
        batch::{Batch, BatchReply, Item},
    },
    ids::CustomerId,
    topology::Service,
};

pub(crate) use self::{
    answers::Answers, cases::Cases, contacts::Contacts, customers::Customers, points::Points,
    purchases::Purchases, relationships::Relationships,
};
use super::{
    mapping::{Field, KindName},
    values::{Mistake, Values},
};

/// A kind of rows.
pub(crate) trait Kind: Send + Sync + Sized + 'static {
    /// What its rows can say.
    const FIELDS: &'static [Field];
    /// Who takes them.
    const SERVICE: Service;
    /// The batch that takes them.
    type Batch: Endpoint<Path = NoParameters, Query = NoParameters, Body = Batch<Self::Item>, Reply = BatchReply>;
    /// An item of that batch.
    type Item: Item<Command = Self::Command> + Clone + Send + Sync;
    /// What a row becomes.
    type Command: Send + Sync + 'static;

    /// The command of a row. Other customers it is about are put in by [`Kind::item`].
    fn read(values: &Values<'_>) -> Result<Self::Command, Mistake>;

    /// The item of a command about these customers; none where no customer is needed.
    fn item(reference: String, whom: Whom, command: Self::Command) -> Option<Self::Item>;

    /// Whether rows with the same reference that follow one another are one command, and how.
    fn join(_: &mut Self::Command, more: Self::Command) -> Result<(), Self::Command> {
        Err(more)
    }
}

/// Whom a row is about, once the file's ids are known as ours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Whom {
    /// The customer.
    pub(crate) customer: Option<CustomerId>,
    /// The other end of a relationship.
    pub(crate) other: Option<CustomerId>,
}

/// What every row of a kind can say.
pub(crate) fn fields(kind: KindName) -> &'static [Field] {
    match kind {
        KindName::Customers => Customers::FIELDS,
        KindName::Relationships => Relationships::FIELDS,
        KindName::Contacts => Contacts::FIELDS,
        KindName::Purchases => Purchases::FIELDS,
        KindName::Cases => Cases::FIELDS,
        KindName::Answers => Answers::FIELDS,
        KindName::Points => Points::FIELDS,
    }
}

/// A field that every row must say.
const fn required(name: &'static str) -> Field {
    Field { name, required: true }
}

/// A field that may be left out.
const fn optional(name: &'static str) -> Field {
    Field { name, required: false }
}

/// What the file calls the row itself, for example the number of a receipt.
const REFERENCE: Field = optional("reference");
/// What the system of the mapping calls the customer.
const CUSTOMER: Field = required("customer");
/// Where it happened: the code of a unit; may come from the command line.
const UNIT: Field = optional("unit");

#[cfg(test)]
mod tests;
