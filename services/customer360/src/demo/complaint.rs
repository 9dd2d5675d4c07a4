//! A complaint of the demo, from the case to the answer afterwards: who takes it, to whom it is handed, what
//! is delegated, and what is given to put it right.

use chrono::{DateTime, TimeDelta, Utc};
use rand::Rng as _;
use schema::{
    api::interaction::{
        AcceptCase, ApproveGesture, AskGesture, Case, CaseOffer, CasePath, CaseReason, CaseResolution,
        CaseStep, CloseCase, DeclineCase, FinishTask, GesturePath, GestureState, GestureStep, NewCase,
        NewGesture, NewTask, OfferCase, OpenCase, OpenTask, ResolveCase, RespondToCase, Severity, TaskDone,
        TaskKind, TaskPath,
    },
    ids::TaskId,
    value::Minor,
};

use super::{
    Failed, Owner,
    company::{Colleague, Shop},
    life::Complaint,
    tell::Teller,
};

const OWNER: Owner = Owner::Interaction;

impl<'a> Teller<'a> {
    /// Tells the complaint of the customer's dealing of this number.
    pub(super) async fn complain(
        &mut self,
        nth: usize,
        at: DateTime<Utc>,
        complaint: &Complaint,
    ) -> Result<(), Failed> {
        let shop = self.shop;
        let case = self.open(nth, at).await?;
        let path = CasePath { customer_id: self.customer, case_id: case.id };
        let heard = CaseStep { occurred_at: Some(at + TimeDelta::minutes(15)) };
        if at + TimeDelta::minutes(50) >= self.now {
            return Ok(());
        }
        shop.seller.door.command::<RespondToCase>(OWNER, self.key("heard", nth), &path, &heard).await?;
        let handler = if self.chance.random_bool(0.3) {
            self.hand_over(nth, &path, at + TimeDelta::minutes(25)).await?
        } else {
            &shop.seller
        };
        let task = match self.chance.random_bool(0.4) {
            true => Some(self.delegate(nth, handler, &case, at + TimeDelta::minutes(45)).await?),
            false => None,
        };
        if complaint.well && self.chance.random_bool(0.6) {
            self.make_up_for(nth, &case, at + TimeDelta::hours(2)).await?;
        }
        let Some(resolved_at) = complaint.resolved_at else { return Ok(()) };
        if let Some(task_id) = task {
            let path = TaskPath { customer_id: self.customer, task_id };
            let occurred_at = Some(resolved_at - TimeDelta::minutes(20));
            let done = TaskDone { outcome: Some("replaced".to_owned()), occurred_at };
            shop.driver.door.command::<FinishTask>(OWNER, self.key("done", nth), &path, &done).await?;
        }
        let resolution =
            CaseResolution { outcome: "replaced".to_owned(), notes: None, occurred_at: Some(resolved_at) };
        handler.door.command::<ResolveCase>(OWNER, self.key("resolved", nth), &path, &resolution).await?;
        let closed_at = resolved_at + TimeDelta::minutes(30);
        let step = CaseStep { occurred_at: Some(closed_at) };
        handler.door.command::<CloseCase>(OWNER, self.key("closed", nth), &path, &step).await?;
        match complaint.afterwards {
            Some(score) => self.answer(nth, closed_at + TimeDelta::minutes(10), score).await,
            None => Ok(()),
        }
    }

    async fn open(&mut self, nth: usize, at: DateTime<Utc>) -> Result<Case, Failed> {
        let late = self.chance.random_bool(0.5);
        let new = NewCase {
            org_unit_id: self.shop.unit,
            contact_id: None,
            accountable_id: None,
            topic: if late { "late-delivery" } else { "spoiled-goods" }.to_owned(),
            complaint: true,
            severity: if late { Severity::Normal } else { Severity::High },
            subject: None,
            occurred_at: Some(at),
            due_at: Some(at + TimeDelta::days(2)),
        };
        let door = &self.shop.seller.door;
        Ok(door.command::<OpenCase>(OWNER, self.key("case", nth), &self.path(), &new).await?)
    }

    /// Offers the case to whoever leads the shop, who mostly takes it; gives who handles it then.
    async fn hand_over(
        &mut self,
        nth: usize,
        path: &CasePath,
        at: DateTime<Utc>,
    ) -> Result<&'a Colleague, Failed> {
        let Shop { seller, lead, .. } = self.shop;
        let reason = "Needs a word from the lead.".to_owned();
        let offer = CaseOffer { to_staff_id: lead.id, reason, occurred_at: Some(at) };
        seller.door.command::<OfferCase>(OWNER, self.key("offer", nth), path, &offer).await?;
        let occurred_at = Some(at + TimeDelta::minutes(10));
        let key = self.key("offered", nth);
        if self.chance.random_bool(0.25) {
            let no = CaseReason { reason: "You know them better than I do.".to_owned(), occurred_at };
            lead.door.command::<DeclineCase>(OWNER, key, path, &no).await?;
            return Ok(seller);
        }
        lead.door.command::<AcceptCase>(OWNER, key, path, &CaseStep { occurred_at }).await?;
        Ok(lead)
    }

    /// Lets the driver fetch what is spoiled, or bring what is missing.
    async fn delegate(
        &mut self,
        nth: usize,
        handler: &Colleague,
        case: &Case,
        at: DateTime<Utc>,
    ) -> Result<TaskId, Failed> {
        let new = NewTask {
            org_unit_id: self.shop.unit,
            kind: TaskKind::Delegated,
            what: "bring-another".to_owned(),
            notes: None,
            owner_id: self.shop.driver.id,
            case_id: Some(case.id),
            planned_at: None,
            due_at: at + TimeDelta::days(2),
            occurred_at: Some(at),
        };
        let key = self.key("task", nth);
        Ok(handler.door.command::<OpenTask>(OWNER, key, &self.path(), &new).await?.id)
    }

    /// Gives something on top. What the lead may not give alone, the regional company decides.
    async fn make_up_for(&mut self, nth: usize, case: &Case, at: DateTime<Utc>) -> Result<(), Failed> {
        let lead = &self.shop.lead.door;
        let amount =
            if self.chance.random_bool(0.15) { 15_000 } else { self.chance.random_range(10..=60) * 100 };
        let new = NewGesture {
            org_unit_id: self.shop.unit,
            case_id: Some(case.id),
            amount_minor: Minor::new(amount),
            currency: lead.currency.clone(),
            reason: case.topic.clone(),
            notes: None,
            occurred_at: Some(at),
        };
        let key = self.key("gesture", nth);
        let gesture = lead.command::<AskGesture>(OWNER, key, &self.path(), &new).await?;
        if gesture.state == GestureState::Escalated {
            let path = GesturePath { customer_id: self.customer, gesture_id: gesture.id };
            let step = GestureStep { occurred_at: Some(at + TimeDelta::hours(1)) };
            let key = self.key("approved", nth);
            self.shop.company.command::<ApproveGesture>(OWNER, key, &path, &step).await?;
        }
        Ok(())
    }
}
