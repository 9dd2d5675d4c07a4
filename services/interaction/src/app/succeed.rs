//! Somebody left: what they answered for goes to whoever takes over.
//!
//! Open cases, those offered to them, open tasks, and open promises. A departure does not count as passing the customer
//! around. Whatever still comes up in their name later goes to the successor at once, so any order of arrival
//! ends alike; a successor who left in turn is followed to theirs.

use kit::{Error, Received, Result, Work};
use schema::{
    api::interaction::{Case, CasePath, CaseState, HandOver, HandOverState, TimelineKind},
    event::{CaseDeclined, CaseHandedOver, CaseOffered, customer::StaffLeft, interaction as told},
    ids::{CaseId, StaffId},
};
use uuid::Uuid;

use crate::{
    domain::{case::Stage, timeline::step_id},
    storage,
};

/// Why, as a code, wherever the reason is kept.
const LEFT: &str = "left";
/// Cases that are looked for at a time.
const BATCH: i64 = 100;

pub(crate) async fn succeed(work: &mut Work, event: &Received<StaffLeft>) -> Result<()> {
    let left = event.data.staff_id;
    storage::staff::keep_successor(work, left, event.data.successor_id, event.revision).await?;
    let to = storage::staff::stand_in(work, left).await?;
    if to == left {
        // Somebody who came back before we heard that they had left.
        return Ok(());
    }
    loop {
        let cases = storage::case::on_desk(work, left, BATCH).await?;
        if cases.is_empty() {
            break;
        }
        for path in cases {
            Departure { event, left, to, case: path.case_id }.take_over(work, path).await?;
        }
    }
    super::succeed_tasks::succeed_tasks(work, left, to, event.occurred_at).await?;
    super::succeed_promises::succeed_promises(work, left, to, event.occurred_at).await
}

/// One case of somebody who left.
struct Departure<'a> {
    event: &'a Received<StaffLeft>,
    left: StaffId,
    to: StaffId,
    case: CaseId,
}

impl Departure<'_> {
    async fn take_over(&self, work: &mut Work, path: CasePath) -> Result<()> {
        let revision = work.revise(path.customer_id, None).await?;
        let lost = || Error::Fault("a case vanished".into());
        let mut case = storage::case::find(work, path).await?.ok_or_else(lost)?;
        case.revision = revision;
        let (accountable, handling) = (case.accountable_id == self.left, case.handler_id == self.left);
        if accountable {
            case.accountable_id = self.to;
        }
        if handling {
            case.handler_id = self.to;
        }
        self.settle_offer(work, &mut case).await?;
        if handling && case.state == CaseState::Open {
            let over = self.hand_over(&case, "handed", HandOverState::Accepted);
            case.hand_overs.push(over);
        }
        storage::case::put(work, &case).await?;
        if accountable {
            self.tell(work, &case, told::HandedOver::Accountability).await?;
        }
        if handling {
            self.tell(work, &case, told::HandedOver::Handling).await?;
        }
        let detail = format!("{}: {} -> {}: {LEFT}", case.id, self.left, self.to);
        work.audit("case.succeed", case.customer_id, Some(&detail))
    }

    /// An offer to whoever left is one to the successor from now on; an offer to whoever handles the case now
    /// is none any more.
    async fn settle_offer(&self, work: &mut Work, case: &mut Case) -> Result<()> {
        let Some(offered) = case.offered_to_id else { return Ok(()) };
        if offered != self.left && offered != case.handler_id {
            return Ok(());
        }
        let (at, taken) = (self.at(case), offered == case.handler_id);
        if let Some(offer) = case.hand_overs.last_mut() {
            offer.state = if taken { HandOverState::Accepted } else { HandOverState::Declined };
            offer.answered_at = Some(at);
            offer.decline_reason = (!taken).then(|| LEFT.to_owned());
        }
        Stage::Open.put_into(case);
        // Only the last one is written, so the offer that ended goes before whatever begins.
        storage::case::put(work, case).await?;
        if !taken {
            self.put_on_timeline(work, case, "declined", TimelineKind::CaseDeclined).await?;
            work.tell::<CaseDeclined>(case.customer_id, case.revision, at, &super::moved(case, at))?;
        }
        if offered == self.left && self.to != case.handler_id {
            let offer = self.hand_over(case, "offered", HandOverState::Offered);
            case.hand_overs.push(HandOver { from_staff_id: case.handler_id, ..offer });
            Stage::Offered(self.to).put_into(case);
            self.put_on_timeline(work, case, "offered", TimelineKind::CaseOffered).await?;
            work.tell::<CaseOffered>(case.customer_id, case.revision, at, &super::moved(case, at))?;
        }
        Ok(())
    }

    fn hand_over(&self, case: &Case, what: &str, state: HandOverState) -> HandOver {
        let at = self.at(case);
        HandOver {
            id: self.derived(what),
            from_staff_id: self.left,
            to_staff_id: self.to,
            occurred_at: at,
            reason: Some(LEFT.to_owned()),
            state,
            answered_at: (state == HandOverState::Accepted).then_some(at),
            decline_reason: None,
        }
    }

    async fn put_on_timeline(&self, work: &Work, case: &Case, what: &str, kind: TimelineKind) -> Result<()> {
        let id = step_id(self.derived(what), kind);
        super::put_by_system(work, case, (id, kind), self.at(case)).await
    }

    async fn tell(&self, work: &mut Work, case: &Case, what: told::HandedOver) -> Result<()> {
        let at = self.at(case);
        self.put_on_timeline(work, case, &format!("{what:?}"), TimelineKind::CaseHandedOver).await?;
        let data = told::CaseHandedOver {
            case_id: case.id,
            customer_id: case.customer_id,
            org_unit_id: case.org_unit_id,
            what,
            from_staff_id: self.left,
            to_staff_id: self.to,
            transfers: case.transfers,
            ping_pong: case.ping_pong,
            occurred_at: at,
        };
        work.tell::<CaseHandedOver>(case.customer_id, case.revision, at, &data)?;
        Ok(())
    }

    /// When it went over: not before the case came up.
    fn at(&self, case: &Case) -> chrono::DateTime<chrono::Utc> {
        self.event.occurred_at.max(case.occurred_at)
    }

    fn derived<T: From<Uuid>>(&self, what: &str) -> T {
        super::derived(self.event.id, &format!("{what} {}", self.case))
    }
}
