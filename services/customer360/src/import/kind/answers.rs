//! Rows that are answers to surveys.

use schema::{
    api::{
        batch::BatchItem,
        survey::{NewAnswer, RecordAnswers},
    },
    topology::Service,
};

use super::{CUSTOMER, Field, Kind, Mistake, REFERENCE, UNIT, Values, Whom, optional, required};

/// Answers.
pub(crate) struct Answers;

impl Kind for Answers {
    const FIELDS: &'static [Field] = &[
        REFERENCE,
        CUSTOMER,
        UNIT,
        required("instrument"),
        required("score"),
        optional("verbatim"),
        optional("phase"),
        required("channel"),
        required("occurred_at"),
    ];
    const SERVICE: Service = Service::Survey;
    type Batch = RecordAnswers;
    type Item = BatchItem<NewAnswer>;
    type Command = NewAnswer;

    fn read(values: &Values<'_>) -> Result<NewAnswer, Mistake> {
        Ok(NewAnswer {
            instrument: values.word("instrument")?,
            score: values.small("score")?,
            verbatim: values.text("verbatim").map(str::to_owned),
            org_unit_id: values.unit_if_any("unit")?,
            purchase_id: None,
            phase: values.word_if_any("phase")?,
            channel: values.word("channel")?,
            occurred_at: values.instant("occurred_at")?,
        })
    }

    fn item(reference: String, whom: Whom, command: NewAnswer) -> Option<Self::Item> {
        Some(BatchItem { reference, customer_id: whom.customer?, command })
    }
}
