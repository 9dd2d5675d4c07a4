//! Many at once: revisions without gap or repeat, stale readers refused, repeated commands run once.

use std::sync::Arc;

use futures::future::join_all;
use kit::{
    Error, Result,
    command::{self, Done, Repeatable},
    service::Shared,
};
use schema::{api::problem::Code, topology::Service};
use testkit::Place;

use super::{
    facts, sight,
    stage::{self, deciding},
};
use crate::on_both;

fn code<T>(outcome: Result<T>) -> Option<Code> {
    match outcome {
        Err(Error::Problem(problem)) => Some(problem.code),
        _ => None,
    }
}

async fn writers(place: Place) {
    let interaction = stage::publisher(&place, &Shared::default(), Service::Interaction).await;
    let customer = facts::new_customer();
    let outcomes =
        join_all(
            (0..64).map(|number| {
                let interaction = &interaction;
                async move {
                    facts::try_to_sell(interaction, customer, number + 1, &format!("writer-{number}")).await
                }
            }),
        )
        .await;
    let mut revisions: Vec<i64> = outcomes.into_iter().map(|done| done.expect("a revision")).collect();
    revisions.sort_unstable();
    assert_eq!(revisions, (1..=64).collect::<Vec<i64>>(), "no gap, no repeat");
    // The events carry the same revisions, in the order of the outbox.
    let told: Vec<i64> =
        sight::outbox(&interaction.runtime.db).await.into_iter().map(|envelope| envelope.revision).collect();
    assert_eq!(told, revisions);
    interaction.end().await;
}
on_both!(writers_of_one_customer_leave_no_gap, super::writers);

async fn stale(place: Place) {
    let interaction = stage::publisher(&place, &Shared::default(), Service::Interaction).await;
    let customer = facts::new_customer();
    let revise = |expected: Option<i64>| {
        let decision = deciding(move |work| Box::pin(work.revise(customer, expected)));
        command::run(&interaction.runtime, None, None, decision)
    };
    assert_eq!(revise(Some(0)).await.expect("nobody wrote yet").reply, 1);
    assert_eq!(code(revise(Some(0)).await), Some(Code::StaleRevision));
    assert_eq!(code(revise(Some(2)).await), Some(Code::StaleRevision));
    assert_eq!(revise(Some(1)).await.expect("read just now").reply, 2, "a refusal raises nothing");
    // Of those who all read the same revision, one writes.
    let outcomes = join_all((0..16).map(|_| revise(Some(2)))).await;
    let (done, refused): (Vec<_>, Vec<_>) = outcomes.into_iter().partition(|outcome| outcome.is_ok());
    assert_eq!(done.len(), 1);
    assert!(refused.into_iter().all(|outcome| code(outcome) == Some(Code::StaleRevision)));
    interaction.end().await;
}
on_both!(a_stale_writer_is_refused, super::stale);

async fn repeated(place: Place) {
    let interaction = Arc::new(stage::publisher(&place, &Shared::default(), Service::Interaction).await);
    let customer = facts::new_customer();
    // Each attempt would draw another id: the first one's is what all get.
    let attempt = |fingerprint: &str| {
        let repeatable =
            Repeatable { key: "key".to_owned(), route: "draw", fingerprint: fingerprint.to_owned() };
        let decision = deciding(move |work| {
            Box::pin(async move {
                let data = facts::purchase(customer, 5);
                let revision = work.revise(customer, None).await?;
                work.tell::<schema::event::PurchaseRecorded>(customer, revision, work.now(), &data)?;
                Ok(data.purchase_id.to_string())
            })
        });
        let interaction = Arc::clone(&interaction);
        async move { command::run(&interaction.runtime, None, Some(repeatable), decision).await }
    };
    let mut replies: Vec<(String, Option<i64>)> = join_all((0..24).map(|_| attempt("same")))
        .await
        .into_iter()
        .map(|outcome| outcome.expect("an answer"))
        .map(|Done { reply, revision }| (reply, revision))
        .collect();
    replies.dedup();
    assert_eq!(replies.len(), 1, "all got the same answer: {replies:?}");
    assert_eq!(replies[0].1, Some(1));
    assert_eq!(sight::outbox(&interaction.runtime.db).await.len(), 1, "one effect");
    assert_eq!(code(attempt("other").await), Some(Code::IdempotencyKeyReused));
    assert_eq!(sight::outbox(&interaction.runtime.db).await.len(), 1);

    // A command that fails leaves its key free for a better attempt.
    let failing = deciding(|_| Box::pin(async { Err::<i64, _>(Error::Fault("on purpose".to_owned())) }));
    let repeatable = Repeatable { key: "free".to_owned(), route: "draw", fingerprint: "f".to_owned() };
    assert!(command::run(&interaction.runtime, None, Some(repeatable.clone()), failing).await.is_err());
    let better = deciding(move |work| Box::pin(work.revise(customer, None)));
    let done = command::run(&interaction.runtime, None, Some(repeatable), better).await.expect("runs");
    assert_eq!(done.reply, 2);
    Arc::into_inner(interaction).expect("nobody else has it").end().await;
}
on_both!(a_repeated_command_has_one_effect, super::repeated);
