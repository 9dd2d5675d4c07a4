//! Many who spend the same points at once: as many succeed as there is for.

use chrono::TimeDelta;
use futures::future::join_all;
use schema::{
    api::{
        Nothing,
        customer::CustomerPath,
        loyalty::{ConfirmHold, HoldPath, HoldPoints, NewHold},
        problem::Code,
    },
    value::Points,
};
use testkit::Place;

use super::{NONE, NORTH, Stage, figures};
use crate::{commands::problem, on_both};

/// 64 ask for 30 each, which is 1,920; the account holds half of it and a bit, which is no 30.
async fn sixty_four(place: Place) {
    const AMOUNT: i64 = 30;
    const BALANCE: i64 = 32 * AMOUNT + 15;
    let stage = Stage::start(&place).await;
    let customer_id = stage.member(NORTH, BALANCE * 100).await;
    let burns = (0..64).map(|_| async {
        let new = NewHold {
            points: Points::new(AMOUNT),
            reason: "rice".to_owned(),
            expires_at: stage.clock.now() + TimeDelta::hours(1),
        };
        let held =
            stage.call::<HoldPoints>(&stage.manager, &CustomerPath { customer_id }, &NONE, &new).await?;
        let path = HoldPath { customer_id, hold_id: held.id };
        stage.call::<ConfirmHold>(&stage.manager, &path, &NONE, &Nothing).await
    });
    let (burned, refused): (Vec<_>, Vec<_>) = join_all(burns).await.into_iter().partition(Result::is_ok);
    assert_eq!(burned.len(), usize::try_from(BALANCE / AMOUNT).expect("a few"));
    for refusal in refused {
        assert_eq!(problem(refusal).code, Code::Conflict);
    }
    assert_eq!(figures(&stage.account(customer_id).await), [15, 15, 0, BALANCE]);
    stage.check_ledger().await;
    stage.running.end().await;
}
on_both!(of_many_burns_at_once_as_many_succeed_as_there_is_for, super::sixty_four);
