//! Everything about one person: all services are asked, one after the other, and each says its count.
//!
//! The customer service is asked first: it knows whether there is such a customer. Another one that has not heard
//! of them yet says so, and is asked again; having nothing and not knowing are not the same.

use schema::{
    api::{
        customer::CustomerPath,
        export::{EndLine, ExportCustomer, ExportFormat, RecordsQuery},
    },
    ids::CustomerId,
    topology::Service,
};

use super::{destination::Destination, incoming::pass_on, progress::Progress};
use crate::door::{Door, Failed};

/// Who keeps something of customers; the owner of the file first.
const ASKED: [Service; 5] =
    [Service::Customer, Service::Interaction, Service::Loyalty, Service::Survey, Service::Gateway];

/// Writes it all.
///
/// # Errors
/// When one of the services does not know the customer, or what it has does not come to its end.
pub(super) async fn write(
    door: &Door,
    customer_id: CustomerId,
    to: &mut Destination,
    progress: &Progress,
) -> Result<EndLine, Failed> {
    let mut all = EndLine { rows: 0, unmasked: true };
    for service in ASKED {
        let (path, query) = (CustomerPath { customer_id }, RecordsQuery { end_line: Some(true) });
        let coming = door.download::<ExportCustomer>(service, &path, &query).await?;
        let end = pass_on(coming, ExportFormat::Ndjson, to, progress).await?;
        all = EndLine { rows: all.rows + end.rows, unmasked: all.unmasked && end.unmasked };
    }
    Ok(all)
}
