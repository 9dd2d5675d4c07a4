//! Sections: what each service contributes to the customer-360 view, fetched in batches.

use std::borrow::Cow;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{
    __dev::ComposeSchema,
    PartialSchema as _, ToSchema,
    openapi::{
        Ref, RefOr,
        schema::{ArrayBuilder, KnownFormat, ObjectBuilder, Schema, SchemaFormat, Type},
    },
};

use crate::{
    access::{ClassifiedField, Mask, Viewer},
    api::problem::Problem,
    ids::CustomerId,
    topology::Service,
};

/// The most customers of one request for sections.
pub const BATCH_MAX: usize = 200;

/// The part of the view that one service owns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, async_graphql::Enum)]
#[serde(rename_all = "snake_case")]
pub enum Section {
    /// Who they are; from customer.
    File,
    /// What happens between us; from interaction.
    Dealings,
    /// What the relationship is worth; from loyalty.
    Loyalty,
    /// What they think; from survey.
    Voice,
}

impl Section {
    /// All, in the order of the view.
    pub const ALL: [Section; 4] = [Section::File, Section::Dealings, Section::Loyalty, Section::Voice];

    /// The name in columns, labels and messages.
    pub const fn name(self) -> &'static str {
        match self {
            Section::File => "file",
            Section::Dealings => "dealings",
            Section::Loyalty => "loyalty",
            Section::Voice => "voice",
        }
    }

    /// The service that serves it.
    pub const fn owner(self) -> Service {
        match self {
            Section::File => Service::Customer,
            Section::Dealings => Service::Interaction,
            Section::Loyalty => Service::Loyalty,
            Section::Voice => Service::Survey,
        }
    }

    /// The section that a service owns; the gateway owns none.
    pub const fn of(service: Service) -> Option<Section> {
        match service {
            Service::Customer => Some(Section::File),
            Service::Interaction => Some(Section::Dealings),
            Service::Loyalty => Some(Section::Loyalty),
            Service::Survey => Some(Section::Voice),
            Service::Gateway => None,
        }
    }
}

/// Which customers' sections are wanted.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SectionsWanted {
    /// At most 200.
    pub customer_ids: Vec<CustomerId>,
}

impl SectionsWanted {
    /// The customers.
    ///
    /// # Errors
    /// When they are too many for one request.
    pub fn ids(&self) -> Result<&[CustomerId], Problem> {
        check_batch(self.customer_ids.len(), "/customer_ids")?;
        Ok(&self.customer_ids)
    }
}

/// Refuses more customers than one request may name.
///
/// # Errors
/// Names the field that names them.
pub fn check_batch(customers: usize, pointer: &str) -> Result<(), Problem> {
    if customers <= BATCH_MAX {
        return Ok(());
    }
    Err(Problem::field(pointer, format!("at most {BATCH_MAX} customers at once")))
}

/// The sections of those that the service knows.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Sections<T> {
    /// In no particular order; a customer not known here is left out.
    pub items: Vec<SectionOf<T>>,
}

/// One customer's section.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SectionOf<T> {
    /// Whose.
    pub customer_id: CustomerId,
    /// The service's revision of the customer that this state has; 0 when nothing happened yet.
    pub revision: i64,
    /// When it was read.
    pub as_of: DateTime<Utc>,
    /// The section.
    pub section: T,
}

// What the derive would implement for a generic type; `PartialSchema` follows from it.
impl<T: ToSchema> ComposeSchema for Sections<T> {
    fn compose(_: Vec<RefOr<Schema>>) -> RefOr<Schema> {
        let section = ObjectBuilder::new()
            .description(Some("One customer's section."))
            .property("customer_id", Ref::from_schema_name(CustomerId::name()))
            .required("customer_id")
            .property("revision", i64::schema())
            .required("revision")
            .property(
                "as_of",
                ObjectBuilder::new()
                    .schema_type(Type::String)
                    .format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime))),
            )
            .required("as_of")
            .property("section", Ref::from_schema_name(T::name()))
            .required("section");
        ObjectBuilder::new()
            .description(Some("The sections of those that the service knows."))
            .property("items", ArrayBuilder::new().items(section))
            .required("items")
            .into()
    }
}

impl<T: ToSchema> ToSchema for Sections<T> {
    fn name() -> Cow<'static, str> {
        format!("{}Sections", T::name()).into()
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.push((CustomerId::name().into_owned(), CustomerId::schema()));
        schemas.push((T::name().into_owned(), T::schema()));
        T::schemas(schemas);
    }
}

impl<T> Mask for Sections<T> {
    const FIELDS: &'static [ClassifiedField] = &[];
    /// Nothing to do: only services may call for sections, and they see everything.
    fn mask(&mut self, _: &Viewer) {}
}
