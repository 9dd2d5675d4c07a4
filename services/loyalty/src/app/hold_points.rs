//! Holds points that are about to be spent. What is held cannot be held again, so that of many who ask at
//! once only as many get it as there is.

use kit::{Input, Result, Work};
use schema::{
    api::{
        loyalty::{HoldPoints, HoldState, PointsHold},
        problem::{Code, FieldError, Problem},
    },
    event::{self, loyalty::PointsHeld},
};

use super::settle::settle;
use crate::{
    domain::{
        hold::{self, MOST_OPEN},
        reason,
    },
    storage,
};

pub(crate) async fn hold_points(work: &mut Work, input: Input<HoldPoints>) -> Result<PointsHold> {
    let (customer, new, now) = (input.path.customer_id, &input.body, work.now());
    let mut wrong = Vec::new();
    let mut mistake = |pointer: &str, detail: &str| {
        wrong.push(FieldError { pointer: pointer.to_owned(), detail: detail.to_owned() });
    };
    if new.points.get() < 1 {
        mistake("/points", "at least one point is held");
    }
    if let Err(rule) = reason::check(&new.reason) {
        mistake("/reason", rule);
    }
    let until = hold::until(new.expires_at, now);
    if let Err(rule) = until {
        mistake("/expires_at", rule);
    }
    let (Ok(expires_at), true) = (until, wrong.is_empty()) else {
        return Err(Problem::fields(wrong).into());
    };

    reference::customer::require(work, customer).await?;
    let revision = work.revise(customer, input.if_match).await?;
    let (open, held) = storage::hold::open(work, customer).await?;
    let mut standing = storage::account::standing(work, customer).await?;
    if standing.due_at.is_some_and(|at| at <= now) {
        // What has expired by now cannot be held, whether or not the job has been there.
        let cause = work.new_id();
        standing = settle(work, customer, revision, cause).await?;
    }
    let available = standing.available(held);
    if open >= MOST_OPEN {
        let detail = format!("at most {MOST_OPEN} holds are open at once; confirm or cancel one");
        return Err(Problem::new(Code::Conflict, detail).into());
    }
    if !hold::fits(new.points, available) {
        let detail = format!("{} points are available; hold at most so many", available.get().max(0));
        return Err(Problem::new(Code::Conflict, detail).into());
    }

    let hold = PointsHold {
        id: work.new_id(),
        points: Some(new.points),
        reason: new.reason.clone(),
        state: HoldState::Open,
        placed_at: now,
        expires_at,
        settled_at: None,
    };
    storage::hold::add(work, customer, &hold).await?;
    let held = PointsHeld {
        hold_id: hold.id,
        customer_id: customer,
        points: new.points,
        reason: new.reason.clone(),
        expires_at,
    };
    work.tell::<event::PointsHeld>(customer, revision, now, &held)?;
    let cause = work.new_id();
    settle(work, customer, revision, cause).await?;
    work.audit("points.hold", customer, Some(&new.reason))?;
    Ok(hold)
}
