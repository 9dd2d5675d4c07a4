//! Rows that are contacts.

use schema::{
    api::{
        batch::BatchItem,
        interaction::{NewContact, RecordContacts},
    },
    topology::Service,
};

use super::{CUSTOMER, Field, Kind, Mistake, REFERENCE, UNIT, Values, Whom, optional, required};

/// Contacts on any channel. Promises that are long past are none any more, so rows have none.
pub(crate) struct Contacts;

impl Kind for Contacts {
    const FIELDS: &'static [Field] = &[
        REFERENCE,
        CUSTOMER,
        UNIT,
        optional("staff"),
        required("channel"),
        required("direction"),
        required("phase"),
        required("occurred_at"),
        required("topic"),
        optional("notes"),
        optional("outcome"),
        optional("answered"),
    ];
    const SERVICE: Service = Service::Interaction;
    type Batch = RecordContacts;
    type Item = BatchItem<NewContact>;
    type Command = NewContact;

    fn read(values: &Values<'_>) -> Result<NewContact, Mistake> {
        Ok(NewContact {
            org_unit_id: values.unit("unit")?,
            staff_id: values.staff_if_any("staff")?,
            channel: values.word("channel")?,
            direction: values.word("direction")?,
            phase: values.word("phase")?,
            occurred_at: values.instant("occurred_at")?,
            topic: values.required("topic")?.to_owned(),
            notes: values.text("notes").map(str::to_owned),
            outcome: values.text("outcome").map(str::to_owned),
            answered: values.flag_if_any("answered")?,
            promise: None,
        })
    }

    fn item(reference: String, whom: Whom, command: NewContact) -> Option<Self::Item> {
        Some(BatchItem { reference, customer_id: whom.customer?, command })
    }
}
