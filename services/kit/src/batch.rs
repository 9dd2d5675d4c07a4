//! A batch on its way from items to results. Everything happens in the transaction of one unit of work; an
//! item that is refused leaves nothing behind and does not concern the others.

use std::collections::{BTreeMap, BTreeSet};

use futures::future::BoxFuture;
use schema::api::{
    batch::{Batch, BatchReply, BatchResult, Item},
    problem::Problem,
};
use uuid::Uuid;

use crate::{
    error::{Error, Result},
    work::Work,
};

/// The items of a batch, each with the id that follows from its reference, and the results so far.
pub struct Items<'a, I> {
    items: &'a [I],
    ids: Vec<Uuid>,
    results: Vec<Option<BatchResult>>,
    applied: BTreeSet<Uuid>,
}

impl<'a, I: Item> Items<'a, I> {
    /// The items of a kind of batch. Those without a reference are refused.
    ///
    /// # Errors
    /// When the batch is wrong as a whole.
    pub fn of(batch: &'a Batch<I>, kind: &str) -> Result<Self> {
        let items = batch.checked()?;
        let (mut ids, mut results) = (Vec::with_capacity(items.len()), Vec::with_capacity(items.len()));
        for item in items {
            let id = batch.id_of(kind, item);
            ids.push(id.as_ref().copied().unwrap_or_default());
            results.push(id.err().map(BatchResult::refused));
        }
        Ok(Self { items, ids, results, applied: BTreeSet::new() })
    }

    /// The items without a result, each with its position and id.
    pub fn open(&self) -> impl Iterator<Item = (usize, &'a I, Uuid)> + '_ {
        let all = self.items.iter().zip(&self.ids).enumerate();
        all.filter(|(at, _)| self.results.get(*at).is_some_and(Option::is_none))
            .map(|(at, (item, id))| (at, item, *id))
    }

    /// Refuses the open items for which there is a reason that is not in their command.
    pub fn refuse(&mut self, reason: impl Fn(&I) -> Option<Problem>) {
        for (item, result) in self.items.iter().zip(&mut self.results) {
            if result.is_none() {
                *result = reason(item).map(BatchResult::refused);
            }
        }
    }

    /// Of the open items, those whose id is known were done before.
    pub fn repeat(&mut self, known: &BTreeSet<Uuid>) {
        for (id, result) in self.ids.iter().zip(&mut self.results) {
            if result.is_none() && known.contains(id) {
                *result = Some(BatchResult::repeated(*id));
            }
        }
    }

    /// Refuses the open items with these ids.
    pub fn refuse_ids(&mut self, ids: &BTreeSet<Uuid>, why: impl Fn() -> Problem) {
        for (id, result) in self.ids.iter().zip(&mut self.results) {
            if result.is_none() && ids.contains(id) {
                *result = Some(BatchResult::refused(why()));
            }
        }
    }

    /// Decides on the open items in their order. What a decision refuses is that item's result; a second
    /// item with the reference of one that was done is its repetition.
    ///
    /// # Errors
    /// Anything but a problem ends the batch: nothing of it is done.
    pub fn decide(&mut self, mut decide: impl FnMut(&'a I, Uuid) -> Result<()>) -> Result<()> {
        for at in 0..self.items.len() {
            let Some((item, id)) = self.next(at) else { continue };
            self.put(at, id, decide(item, id))?;
        }
        Ok(())
    }

    /// As [`Self::decide`], for decisions that read and write on their own, each behind a savepoint.
    ///
    /// # Errors
    /// Anything but a problem ends the batch: nothing of it is done.
    pub async fn decide_each(
        &mut self,
        work: &mut Work,
        decide: impl for<'w> Fn(&'w mut Work, &'w I, Uuid) -> BoxFuture<'w, Result<()>> + Send + Sync,
    ) -> Result<()> {
        for at in 0..self.items.len() {
            let Some((item, id)) = self.next(at) else { continue };
            work.begin_item(id);
            work.savepoint().await?;
            let decided = decide(work, item, id).await;
            match &decided {
                Ok(()) => work.release_savepoint().await?,
                Err(Error::Problem(_) | Error::NotKnownYet(_)) => work.roll_back_to_savepoint().await?,
                Err(_) => {}
            }
            self.put(at, id, decided)?;
        }
        Ok(())
    }

    /// The item at this place, when it is open and no repetition of one before it.
    fn next(&mut self, at: usize) -> Option<(&'a I, Uuid)> {
        let (item, id) = (self.items.get(at)?, *self.ids.get(at)?);
        let result = self.results.get_mut(at)?;
        if result.is_some() {
            return None;
        }
        if self.applied.contains(&id) {
            *result = Some(BatchResult::repeated(id));
            return None;
        }
        Some((item, id))
    }

    fn put(&mut self, at: usize, id: Uuid, decided: Result<()>) -> Result<()> {
        let result = match decided {
            Ok(()) => {
                self.applied.insert(id);
                BatchResult::applied(id)
            }
            Err(Error::Problem(problem)) => BatchResult::refused_command(*problem),
            Err(Error::NotKnownYet(_)) => BatchResult::refused(Problem::not_known_yet()),
            Err(error) => return Err(error),
        };
        if let Some(slot) = self.results.get_mut(at) {
            *slot = Some(result);
        }
        Ok(())
    }

    /// The results, in the order of the items.
    ///
    /// # Errors
    /// When an item has none, which is a bug.
    pub fn reply(self) -> Result<BatchReply> {
        let items: Option<Vec<BatchResult>> = self.results.into_iter().collect();
        Ok(BatchReply { items: items.ok_or_else(|| Error::Fault("an item has no result".into()))? })
    }
}

/// The revisions of subjects that are held, raised item by item.
#[derive(Debug, Default)]
pub struct Revisions {
    held: BTreeMap<Uuid, i64>,
    raised: BTreeMap<Uuid, i64>,
}

impl Revisions {
    /// Keeps other writers of these subjects away until the commit.
    ///
    /// # Errors
    /// When the database refuses it.
    pub async fn hold(work: &Work, subjects: impl IntoIterator<Item = Uuid>) -> Result<Self> {
        let held = work.hold(&subjects.into_iter().collect()).await?;
        Ok(Self { raised: held.clone(), held })
    }

    /// The next revision of a subject, not yet taken.
    pub fn next(&self, subject: Uuid) -> i64 {
        self.raised.get(&subject).copied().unwrap_or_default() + 1
    }

    /// Takes the next revision of a subject.
    pub fn take(&mut self, subject: Uuid) -> i64 {
        let revision = self.raised.entry(subject).or_default();
        *revision += 1;
        *revision
    }

    /// Writes what was taken.
    ///
    /// # Errors
    /// When the database refuses it.
    pub async fn keep(self, work: &Work) -> Result<()> {
        work.raise(&self.held, &self.raised).await
    }

    /// For decisions that raise revisions themselves: forgets the subjects of which none did.
    ///
    /// # Errors
    /// When the database refuses it.
    pub async fn release(self, work: &Work) -> Result<()> {
        let none = self.held.into_iter().filter(|(_, revision)| *revision == 0).map(|(subject, _)| subject);
        work.forget_unraised(none.collect()).await
    }
}

#[cfg(test)]
mod tests {
    use schema::api::batch::{BatchItem, Outcome};

    use super::*;

    #[test]
    fn a_reference_is_done_once_within_a_batch_and_again_after_a_refusal() {
        let item = |reference: &str, command: u8| BatchItem {
            reference: reference.to_owned(),
            customer_id: Uuid::from_u128(7).into(),
            command,
        };
        let batch = Batch {
            source: "till".to_owned(),
            items: vec![item("a", 0), item("a", 1), item("a", 1), item("", 1), item("b", 1)],
        };
        let mut items = Items::of(&batch, "things").expect("a batch");
        let known = items.open().filter(|(at, ..)| *at == 4).map(|(.., id)| id).collect();
        items.repeat(&known);
        let decided = items.decide(|item, _| match item.command {
            0 => Err(Problem::field("/x", "it is wrong").into()),
            _ => Ok(()),
        });
        decided.expect("decided");
        let reply = items.reply().expect("results");
        let outcomes: Vec<Outcome> = reply.items.iter().map(|result| result.outcome).collect();
        let expected =
            [Outcome::Refused, Outcome::Applied, Outcome::Repeated, Outcome::Refused, Outcome::Repeated];
        assert_eq!(outcomes, expected);
        assert_eq!(reply.items[1].id, reply.items[2].id);
    }
}
