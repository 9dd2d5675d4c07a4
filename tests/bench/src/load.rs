//! Loads the history by `customer360 import`, as an enterprise would, and waits until everybody has heard of
//! it: outboxes empty, queues empty, no section of the view stale.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use lapin::{options::QueueDeclareOptions, types::FieldTable};
use schema::topology::Service;
use testkit::{backing, process};

use crate::{
    history::{Counts, KINDS},
    plain,
    report::Report,
    stage::{Stage, execute, number},
};

/// Checks in a row that find nothing on its way before all is said to have arrived: a consumer may hold a
/// batch that no queue counts any more.
const QUIET: u32 = 4;
const BETWEEN: Duration = Duration::from_millis(500);

/// Imports every file and measures it.
pub(crate) async fn load(stage: &Stage, directory: &Path, counts: &Counts, report: &mut Report) {
    let plain = plain::empty().await;
    for (kind, count) in KINDS.into_iter().zip(counts) {
        let started = Instant::now();
        import(stage, directory, kind).await;
        let imported = started.elapsed();
        let drained = settle(stage).await;
        let copied = plain::copy(&plain, directory, kind).await;
        report.load(kind, *count, [copied, imported, imported + drained]);
    }
    let loyalty = stage.database(Service::Loyalty).await;
    let dealings = number(&loyalty, "SELECT count(*) FROM dealing").await;
    assert_eq!(dealings, i64::try_from(counts[2]).expect("a count"), "loyalty has every purchase");
    for service in Service::ALL {
        let client = stage.database(service).await;
        // What an autovacuum would have done by the next day.
        execute(&client, "VACUUM ANALYZE").await;
    }
}

async fn import(stage: &Stage, directory: &Path, kind: &str) {
    let (mapping, file) = (directory.join(format!("{kind}.toml")), directory.join(format!("{kind}.csv")));
    let paths = [mapping, file].map(|path| path.to_str().expect("a path").to_owned());
    let output = process::command(&stage.suite, &["import", &paths[0], &paths[1], "--at-once", "4"])
        .output()
        .await
        .expect("the import starts");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{kind}: {said}{}", String::from_utf8_lossy(&output.stdout));
}

/// Waits until nothing is on its way; gives how long that took.
pub(crate) async fn settle(stage: &Stage) -> Duration {
    let started = Instant::now();
    let mut clients = Vec::new();
    for service in Service::ALL {
        clients.push((service, stage.database(service).await));
    }
    let connection = backing::broker().await;
    let channel = connection.create_channel().await.expect("a channel");
    let (mut quiet, mut last) = (0, started.elapsed());
    while quiet < QUIET {
        tokio::time::sleep(BETWEEN).await;
        let mut waiting = 0;
        for (service, client) in &clients {
            // Counting would take as long as what is measured.
            let one = "SELECT CAST(EXISTS (SELECT 1 FROM outbox WHERE published_at IS NULL) AS int)::bigint";
            waiting += number(client, one).await;
            let name = format!("{}{}", stage.place.config.bus.namespace, service.queue());
            let options = QueueDeclareOptions { passive: true, ..QueueDeclareOptions::default() };
            let queue = channel.queue_declare(name.as_str().into(), options, FieldTable::default()).await;
            waiting += i64::from(queue.map_or(0, |queue| queue.message_count()));
            if *service == Service::Gateway {
                waiting +=
                    number(client, "SELECT count(*) FROM (SELECT 1 FROM view_stale LIMIT 1) one").await;
            }
        }
        if waiting > 0 {
            (quiet, last) = (0, started.elapsed());
        } else {
            quiet += 1;
        }
    }
    let _ = connection.close(200, "done".into()).await;
    last
}
