//! Rows that are purchases, or lines of purchases.

use schema::{
    api::{
        batch::BatchItem,
        interaction::{NewPurchase, NewPurchaseLine, RecordPurchases},
    },
    topology::Service,
    value::Milli,
};

use super::{CUSTOMER, Field, Kind, Mistake, REFERENCE, UNIT, Values, Whom, optional, required};

/// One thing, when the file does not say how many.
const ONE: Milli = Milli::new(1_000);

/// Purchases. Rows with the same reference that follow one another are the lines of one.
pub(crate) struct Purchases;

impl Kind for Purchases {
    const FIELDS: &'static [Field] = &[
        REFERENCE,
        CUSTOMER,
        UNIT,
        optional("staff"),
        required("channel"),
        required("occurred_at"),
        required("currency"),
        required("sku"),
        optional("quantity"),
        required("amount"),
    ];
    const SERVICE: Service = Service::Interaction;
    type Batch = RecordPurchases;
    type Item = BatchItem<NewPurchase>;
    type Command = NewPurchase;

    fn read(values: &Values<'_>) -> Result<NewPurchase, Mistake> {
        let currency = values.currency("currency")?;
        let quantity = values.text("quantity").map(|_| values.quantity("quantity")).transpose()?;
        let line = NewPurchaseLine {
            sku: values.required("sku")?.to_owned(),
            quantity_milli: quantity.unwrap_or(ONE),
            amount_minor: values.amount("amount", &currency)?,
        };
        if line.quantity_milli.get() <= 0 {
            return Err(Mistake::new(
                "quantity",
                "it is not positive; returns are recorded with their purchase",
            ));
        }
        if line.amount_minor.get() < 0 {
            return Err(Mistake::new("amount", "it is negative; returns are recorded with their purchase"));
        }
        Ok(NewPurchase {
            org_unit_id: values.unit("unit")?,
            staff_id: values.staff_if_any("staff")?,
            channel: values.word("channel")?,
            occurred_at: values.instant("occurred_at")?,
            currency,
            lines: vec![line],
        })
    }

    fn item(reference: String, whom: Whom, command: NewPurchase) -> Option<Self::Item> {
        Some(BatchItem { reference, customer_id: whom.customer?, command })
    }

    fn join(purchase: &mut NewPurchase, more: NewPurchase) -> Result<(), NewPurchase> {
        // Two hundred lines are the most of a purchase; what says other things is another one.
        let same = purchase.org_unit_id == more.org_unit_id
            && purchase.occurred_at == more.occurred_at
            && purchase.currency == more.currency
            && purchase.channel == more.channel
            && purchase.staff_id == more.staff_id;
        if !same || purchase.lines.len() >= 200 {
            return Err(more);
        }
        purchase.lines.extend(more.lines);
        Ok(())
    }
}
