//! Rows that are relationships.

use schema::{
    api::{
        batch::BatchItem,
        customer::{AddRelationships, NewRelationship},
    },
    ids::CustomerId,
    topology::Service,
};
use uuid::Uuid;

use super::{CUSTOMER, Field, Kind, Mistake, REFERENCE, Values, Whom, optional, required};

/// What customers are to each other, read from `customer` to `other`.
pub(crate) struct Relationships;

impl Kind for Relationships {
    const FIELDS: &'static [Field] = &[
        REFERENCE,
        CUSTOMER,
        required("other"),
        required("relationship"),
        required("valid_from"),
        optional("valid_until"),
    ];
    const SERVICE: Service = Service::Customer;
    type Batch = AddRelationships;
    type Item = BatchItem<NewRelationship>;
    type Command = NewRelationship;

    fn read(values: &Values<'_>) -> Result<NewRelationship, Mistake> {
        values.required("other")?;
        Ok(NewRelationship {
            kind: values.word("relationship")?,
            // Put in when the file's ids are known as ours.
            to_customer_id: CustomerId::from(Uuid::nil()),
            valid_from: values.day("valid_from")?,
            valid_until: values.day_if_any("valid_until")?,
        })
    }

    fn item(reference: String, whom: Whom, command: NewRelationship) -> Option<Self::Item> {
        let command = NewRelationship { to_customer_id: whom.other?, ..command };
        Some(BatchItem { reference, customer_id: whom.customer?, command })
    }
}
