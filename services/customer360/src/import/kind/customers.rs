//! Rows that are customers.

use schema::{
    api::customer::{
        AttributeType, AttributeValue, ContactKind, NewContactPoint, NewCustomer, NewCustomerItem,
        NewExternalId, NewObservation, RegisterCustomers,
    },
    topology::Service,
};

use super::{
    super::values::{flag, integer},
    Field, Kind, Mistake, REFERENCE, UNIT, Values, Whom, optional, required,
};

/// Customers to register, with what other systems call them and what is known of them.
pub(crate) struct Customers;

impl Kind for Customers {
    const FIELDS: &'static [Field] = &[
        REFERENCE,
        optional("customer"),
        optional("external_id."),
        required("kind"),
        required("name"),
        optional("birth_date"),
        optional("language"),
        optional("market_type"),
        UNIT,
        optional("phone"),
        optional("email"),
        optional("attribute."),
        optional("observed_at"),
    ];
    const SERVICE: Service = Service::Customer;
    type Batch = RegisterCustomers;
    type Item = NewCustomerItem;
    type Command = NewCustomer;

    fn read(values: &Values<'_>) -> Result<NewCustomer, Mistake> {
        let contact = |kind, value: &str| NewContactPoint { kind, value: value.to_owned() };
        let phones = values.texts("phone").map(|value| contact(ContactKind::Phone, value));
        let emails = values.texts("email").map(|value| contact(ContactKind::Email, value));
        Ok(NewCustomer {
            kind: values.word("kind")?,
            name: values.required("name")?.to_owned(),
            birth_date: values.day_if_any("birth_date")?,
            language: values.text("language").map(str::to_owned),
            market_type: values.word_if_any("market_type")?,
            home_unit_id: values.unit("unit")?,
            contact_points: phones.chain(emails).collect(),
            external_ids: external_ids(values),
            observations: observations(values)?,
        })
    }

    fn item(reference: String, _: Whom, command: NewCustomer) -> Option<Self::Item> {
        Some(NewCustomerItem { reference, command })
    }
}

fn external_ids(values: &Values<'_>) -> Vec<NewExternalId> {
    let own = values.mapping.system.as_deref().zip(values.text("customer"));
    let id =
        |(system, value): (&str, &str)| NewExternalId { system: system.to_owned(), value: value.to_owned() };
    own.into_iter().chain(values.family("external_id.")).map(id).collect()
}

fn observations(values: &Values<'_>) -> Result<Vec<NewObservation>, Mistake> {
    let mut observations = Vec::new();
    for (code, text) in values.family("attribute.") {
        let field = format!("attribute.{code}");
        let Some(value_type) = values.directory.attribute(code) else {
            return Err(Mistake::new(&field, "there is no such attribute"));
        };
        let value = value(values, value_type, text).map_err(|reason| Mistake::new(&field, reason))?;
        observations.push(NewObservation {
            attribute: code.to_owned(),
            value,
            source: "import".to_owned(),
            observed_at: values.instant("observed_at")?,
        });
    }
    Ok(observations)
}

fn value(values: &Values<'_>, value_type: AttributeType, text: &str) -> Result<AttributeValue, String> {
    let (marks, none) = (values.mapping.marks, AttributeValue::default());
    Ok(match value_type {
        AttributeType::Integer => AttributeValue { integer: Some(integer(marks, text)?), ..none },
        AttributeType::Decimal => {
            AttributeValue { decimal_milli: Some(schema::value::Milli::new(marks.scaled(text, 3)?)), ..none }
        }
        AttributeType::Boolean => AttributeValue { boolean: Some(flag(text)?), ..none },
        AttributeType::Date => AttributeValue { date: Some(values.mapping.dates.day(text)?), ..none },
        AttributeType::Code => AttributeValue { code: Some(text.to_owned()), ..none },
        AttributeType::Text => AttributeValue { text: Some(text.to_owned()), ..none },
    })
}
