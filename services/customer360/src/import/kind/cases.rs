//! Rows that are cases, open ones and such as are long over.

use schema::{
    api::{
        batch::BatchItem,
        interaction::{CaseResolution, CaseStep, CaseToRecord, NewCase, OpenCases},
    },
    topology::Service,
};

use super::{CUSTOMER, Field, Kind, Mistake, REFERENCE, UNIT, Values, Whom, optional, required};

/// Cases, with what became of them.
pub(crate) struct Cases;

impl Kind for Cases {
    const FIELDS: &'static [Field] = &[
        REFERENCE,
        CUSTOMER,
        UNIT,
        optional("accountable"),
        required("topic"),
        optional("complaint"),
        required("severity"),
        optional("subject"),
        required("occurred_at"),
        optional("due_at"),
        optional("resolved_at"),
        optional("outcome"),
        optional("resolution"),
        optional("closed_at"),
    ];
    const SERVICE: Service = Service::Interaction;
    type Batch = OpenCases;
    type Item = BatchItem<CaseToRecord>;
    type Command = CaseToRecord;

    fn read(values: &Values<'_>) -> Result<CaseToRecord, Mistake> {
        let case = NewCase {
            org_unit_id: values.unit("unit")?,
            contact_id: None,
            accountable_id: values.staff_if_any("accountable")?,
            topic: values.required("topic")?.to_owned(),
            complaint: values.flag_if_any("complaint")?.unwrap_or(false),
            severity: values.word("severity")?,
            subject: values.text("subject").map(str::to_owned),
            occurred_at: Some(values.instant("occurred_at")?),
            due_at: values.instant_if_any("due_at")?,
        };
        let resolved_at = values.instant_if_any("resolved_at")?;
        let closed_at = values.instant_if_any("closed_at")?;
        if resolved_at.is_none() && closed_at.is_some() {
            return Err(Mistake::new("resolved_at", "it is empty, but the case was closed"));
        }
        let resolution = match resolved_at {
            None => None,
            Some(resolved_at) => Some(CaseResolution {
                outcome: values.required("outcome")?.to_owned(),
                notes: values.text("resolution").map(str::to_owned),
                occurred_at: Some(resolved_at),
            }),
        };
        let closing = closed_at.map(|closed_at| CaseStep { occurred_at: Some(closed_at) });
        Ok(CaseToRecord { case, resolution, closing })
    }

    fn item(reference: String, whom: Whom, command: CaseToRecord) -> Option<Self::Item> {
        Some(BatchItem { reference, customer_id: whom.customer?, command })
    }
}
