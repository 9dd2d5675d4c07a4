//! All customers in scope as a file.

use serde::{Deserialize, Serialize};
use utoipa::IntoParams;

use crate::{
    access::READERS,
    api::{Nothing, export::ExportFormat},
};

crate::api::endpoints! {
    /// All customers in scope as a file, CSV (RFC 4180) or a file of a customer a line as JSON; masked for whoever
    /// asks, and audited. In CSV, a text that a spreadsheet would take for a formula begins with an apostrophe.
    ExportCustomers = Read Get "/customers/export" 200 for READERS => {
        query: CustomersExportQuery, reply: Nothing,
    }
}

/// Which customers, and how they are written.
#[derive(Clone, Debug, Default, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct CustomersExportQuery {
    /// How the file is written; CSV when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[param(inline)]
    pub format: Option<ExportFormat>,
    /// Only customers whose home unit is the one with this code, or below it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub org_unit: Option<String>,
    /// Whether a last line says how many came before it, so that a file that was cut off is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end_line: Option<bool>,
}
