//! Rows that are balances of points.

use schema::{
    api::{
        batch::BatchItem,
        loyalty::{EnterOpeningBalances, NewOpeningBalance},
    },
    topology::Service,
    value,
};

use super::{CUSTOMER, Field, Kind, Mistake, REFERENCE, Values, Whom, required};

/// Balances that customers bring along from an account elsewhere.
pub(crate) struct Points;

impl Kind for Points {
    const FIELDS: &'static [Field] = &[REFERENCE, CUSTOMER, required("points"), required("occurred_at")];
    const SERVICE: Service = Service::Loyalty;
    type Batch = EnterOpeningBalances;
    type Item = BatchItem<NewOpeningBalance>;
    type Command = NewOpeningBalance;

    fn read(values: &Values<'_>) -> Result<NewOpeningBalance, Mistake> {
        Ok(NewOpeningBalance {
            points: value::Points::new(values.whole("points")?),
            occurred_at: values.instant("occurred_at")?,
        })
    }

    fn item(reference: String, whom: Whom, command: NewOpeningBalance) -> Option<Self::Item> {
        Some(BatchItem { reference, customer_id: whom.customer?, command })
    }
}
