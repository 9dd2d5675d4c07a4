//! Sends many items in as few calls as go. A call that is refused as a whole is split until the item that
//! spoils it is alone; while the owner is away nothing is held against anybody.

use std::sync::Arc;

use kit::{Error, Result, client::CallError};
use schema::api::{
    Endpoint, NoParameters,
    problem::{Code, Problem},
    section::Section,
};

use super::super::Gateway;

/// What is still to be sent; the last part is the next, so that items keep their order.
struct Parts<'a, I>(Vec<&'a [I]>);

impl<'a, I> Parts<'a, I> {
    fn of(items: &'a [I], most: usize) -> Self {
        Self(items.chunks(most).rev().collect())
    }

    fn next(&mut self) -> Option<&'a [I]> {
        self.0.pop()
    }

    /// Sends a part again in two; `false` when it is a single item.
    fn split(&mut self, part: &'a [I]) -> bool {
        let (first, second) = part.split_at(part.len() / 2);
        if first.is_empty() {
            return false;
        }
        self.0.extend([second, first]);
        true
    }
}

/// Sends items to the owner of a section, at most `most` a call; `settle` hears of each what came of it.
pub(super) async fn in_batches<E, I, R>(
    gateway: &Arc<Gateway>,
    section: Section,
    (items, most): (&[I], usize),
    body: impl Fn(&[I]) -> E::Body + Send,
    results: fn(E::Reply) -> Vec<R>,
    mut settle: impl FnMut(&I, Result<R, Problem>) + Send,
) -> Result<()>
where
    E: Endpoint<Path = NoParameters, Query = NoParameters>,
    I: Sync,
{
    let mut parts = Parts::of(items, most);
    while let Some(part) = parts.next() {
        let sent = body(part);
        match gateway.owners.internal::<E>(&gateway.runtime, section, &sent).await {
            Ok(reply) => part.iter().zip(results(reply)).for_each(|(item, result)| settle(item, Ok(result))),
            Err(error) if is_away(&error) => return Err(error),
            Err(error) => {
                if !parts.split(part) {
                    part.iter().for_each(|item| settle(item, Err(problem_of(&error))));
                }
            }
        }
    }
    Ok(())
}

/// Whether the owner, or we, cannot do better now: nothing is wrong with what was sent.
fn is_away(error: &Error) -> bool {
    match error {
        Error::Call(CallError::Unreachable { .. }) => true,
        Error::Call(CallError::Problem(problem)) | Error::Problem(problem) => {
            matches!(problem.status, 401 | 403..=405 | 408 | 429 | 502..=504)
        }
        Error::Call(CallError::Malformed { .. })
        | Error::NotKnownYet(_)
        | Error::Database(_)
        | Error::Malformed { .. }
        | Error::Fault(_) => false,
    }
}

fn problem_of(error: &Error) -> Problem {
    match error {
        Error::Call(CallError::Problem(problem)) | Error::Problem(problem) => Problem::clone(problem),
        other => {
            tracing::warn!(error = %kit::error::Chain(other), "a tracked message cannot be forwarded");
            Problem::new(Code::Internal, "it could not be forwarded")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_spoils_a_batch_ends_up_alone_and_the_others_keep_their_order() {
        let items = [1, 2, 0, 3, 4, 5];
        let (mut parts, mut sent, mut alone) = (Parts::of(&items, 4), Vec::new(), Vec::new());
        while let Some(part) = parts.next() {
            if !part.contains(&0) {
                sent.extend_from_slice(part);
            } else if !parts.split(part) {
                alone.extend_from_slice(part);
            }
        }
        assert_eq!((sent, alone), (vec![1, 2, 3, 4, 5], vec![0]));
    }

    #[test]
    fn an_owner_that_is_away_refuses_nothing() {
        let away = |code| is_away(&Problem::new(code, "").into());
        assert!(away(Code::Unavailable) && away(Code::NotFound) && away(Code::Unauthenticated));
        assert!(!away(Code::Invalid) && !away(Code::PayloadTooLarge) && !away(Code::Internal));
    }
}
