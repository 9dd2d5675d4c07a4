//! What each process holds in memory, and what a customer takes on disk.

use schema::topology::Service;

use crate::{
    cpu,
    report::Report,
    stage::{Stage, number},
};

const MIB: u64 = 1024 * 1024;

/// Looks at everything once.
pub(crate) async fn measure(stage: &Stage, report: &mut Report) {
    for (service, process) in &stage.suite.processes {
        let held = process.id().map(cpu::resident).unwrap_or_default();
        report.figure(format!("memory of {service}"), format!("{} MiB", held / MIB));
    }
    let customers = number(&stage.database(Service::Customer).await, "SELECT count(*) FROM customer").await;
    let mut all = 0;
    for service in Service::ALL {
        let client = stage.database(service).await;
        let bytes = number(&client, "SELECT pg_database_size(current_database())").await;
        all += bytes;
        let each = bytes / customers.max(1);
        report.figure(
            format!("database of {service}"),
            format!("{} MB, {each} bytes a customer", bytes / 1_000_000),
        );
    }
    report.figure("all databases", format!("{} bytes a customer of {customers}", all / customers.max(1)));
}
