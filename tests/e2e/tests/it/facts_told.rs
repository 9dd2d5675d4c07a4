//! Facts that a service tells of its own accord, for tests of those that react; and what was told.

use std::sync::Arc;

use kit::{
    Db, Running,
    command::{self, Decision},
    db::statement,
};
use schema::{
    event::{Envelope, Event},
    topology::Service,
};
use sea_orm::ConnectionTrait as _;
use testkit::Suite;
use uuid::Uuid;

/// A service of the suite.
pub(crate) fn running(suite: &Suite, service: Service) -> &Running {
    suite.running.iter().find(|one| one.runtime.service == service).expect("the service runs here")
}

/// Lets the publisher of an event tell it about this subject.
pub(crate) async fn tell<E: Event>(suite: &Suite, subject: impl Into<Uuid>, data: E::Data) {
    let subject = subject.into();
    let decision: Decision<i64> = Arc::new(move |work| {
        let data = data.clone();
        Box::pin(async move {
            let revision = work.revise(subject, None).await?;
            work.tell::<E>(subject, revision, work.now(), &data)?;
            Ok(revision)
        })
    });
    let publisher = running(suite, E::DECLARATION.publisher);
    command::run(&publisher.runtime, None, None, decision).await.expect("told");
}

/// Everything of this type that its publisher told, the first one first.
pub(crate) async fn told<E: Event>(suite: &Suite) -> Vec<E::Data> {
    let all = outbox(&running(suite, E::DECLARATION.publisher).runtime.db).await;
    let of_type = all.into_iter().filter(|one| one.kind == E::DECLARATION.name);
    of_type.map(|one| one.data::<E>().expect("its data")).collect()
}

async fn outbox(db: &Db) -> Vec<Envelope> {
    let asked = statement(db.read(), "SELECT envelope FROM outbox ORDER BY id", vec![]);
    let rows = db.read().query_all_raw(asked).await.expect("the outbox");
    let read = |text: String| serde_json::from_str(&text).expect("an envelope");
    rows.iter().map(|row| read(row.try_get_by_index(0).expect("text"))).collect()
}
