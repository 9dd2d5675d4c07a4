//! Batches of customers and relationships, and which customers other systems mean.

use serde::{Deserialize, Serialize};
use utoipa::{
    __dev::ComposeSchema,
    PartialSchema as _, ToSchema,
    openapi::{
        Ref, RefOr,
        schema::{ObjectBuilder, Schema},
    },
};

use super::{NewCustomer, NewRelationship};
use crate::{
    access::{FRONT_OFFICE, SERVICES},
    api::{
        batch::{self, Batch, BatchItem, BatchReply, Item},
        problem::Problem,
    },
    classified,
    ids::CustomerId,
};

crate::api::endpoints! {
    /// Registers several customers; a customer's id follows from source and reference.
    RegisterCustomers = Batch Post "/batches/customers" 200 for FRONT_OFFICE => {
        body: Batch<NewCustomerItem>, reply: BatchReply,
    }
    /// Registers several customers, for a service that has no person.
    RegisterCustomersInternally = Batch Post "/internal/batches/customers" 200 for SERVICES => {
        body: Batch<NewCustomerItem>, reply: BatchReply,
    }
    /// Relates several customers to others.
    AddRelationships = Batch Post "/batches/relationships" 200 for FRONT_OFFICE => {
        body: Batch<BatchItem<NewRelationship>>, reply: BatchReply,
    }
    /// Relates several customers to others, for a service that has no person.
    AddRelationshipsInternally = Batch Post "/internal/batches/relationships" 200 for SERVICES => {
        body: Batch<BatchItem<NewRelationship>>, reply: BatchReply,
    }
    /// The customers in scope whom other systems know by these ids; the rest is left out.
    ResolveCustomers = Read Post "/customers/resolve" 200 for FRONT_OFFICE => {
        body: ExternalKeys, reply: Vec<ResolvedCustomer>,
    }
    /// The customers whom other systems know by these ids; those unknown are left out.
    ResolveCustomersInternally = Read Post "/internal/customers/resolve" 200 for SERVICES => {
        body: ExternalKeys, reply: Vec<ResolvedCustomer>,
    }
}

/// The most external ids of one request.
pub const KEYS_MAX: usize = 500;

/// A customer to register, as an item of a batch.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewCustomerItem {
    /// What the source calls it: 1 to 200 characters. Used once within the source; the same again is
    /// recognised as a repetition for ever.
    pub reference: String,
    /// The customer.
    pub command: NewCustomer,
}

impl Item for NewCustomerItem {
    type Command = NewCustomer;
    fn reference(&self) -> &str {
        &self.reference
    }
    fn customer(&self) -> Option<CustomerId> {
        None
    }
    fn command(&self) -> &NewCustomer {
        &self.command
    }
}

// By hand, to share the words on references with the items of other batches.
impl ComposeSchema for NewCustomerItem {
    fn compose(_: Vec<RefOr<Schema>>) -> RefOr<Schema> {
        batch::closed(
            ObjectBuilder::new()
                .description(Some("A customer to register."))
                .property("reference", batch::reference())
                .required("reference")
                .property("command", Ref::from_schema_name(NewCustomer::name()))
                .required("command"),
        )
    }
}

impl ToSchema for NewCustomerItem {
    fn name() -> std::borrow::Cow<'static, str> {
        "NewCustomerItem".into()
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.push((NewCustomer::name().into_owned(), NewCustomer::schema()));
        NewCustomer::schemas(schemas);
    }
}

/// What other systems call customers.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ExternalKeys {
    /// At most 500.
    #[schema(max_items = 500)]
    pub keys: Vec<ExternalKey>,
}

impl ExternalKeys {
    /// The keys.
    ///
    /// # Errors
    /// When they are too many for one request.
    pub fn checked(&self) -> Result<&[ExternalKey], Problem> {
        if self.keys.len() <= KEYS_MAX {
            return Ok(&self.keys);
        }
        Err(Problem::field(
            "/keys",
            format!("at most {KEYS_MAX} keys at once; ask for the rest in further calls"),
        ))
    }
}

/// What another system calls a customer.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ExternalKey {
    /// The system's code.
    pub system: String,
    /// The customer's id there, as it is written there.
    pub value: String,
}

/// A customer whom another system knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ResolvedCustomer {
    /// The place of the key in the request, from 0.
    pub position: u32,
    /// Whom it means.
    pub customer_id: CustomerId,
}

classified! { ResolvedCustomer { position: plain, customer_id: plain } }
