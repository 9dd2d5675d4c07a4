//! Records a purchase.

use std::collections::{BTreeMap, BTreeSet};

use kit::{Input, Result, Work};
use schema::{
    api::{
        interaction::{
            NewPurchase, NewPurchaseLine, Purchase, PurchaseLine, RecordPurchase, TimelineEntry,
            TimelineKind, Turnover,
        },
        problem::Problem,
    },
    event::{PurchaseRecorded, interaction as told},
    ids::{CustomerId, OrgUnitId, PurchaseId, StaffId},
    value::{Milli, Minor},
};

use crate::{domain, domain::purchase::Bill, storage};

pub(crate) async fn record_purchase(work: &mut Work, input: Input<RecordPurchase>) -> Result<Purchase> {
    let (customer, new) = (input.path.customer_id, input.body.as_ref());
    reference::customer::require(work, customer).await?;
    let bill = domain::purchase::bill(new, work.now()).map_err(Problem::fields)?;
    Places::named_by(work, [new]).await?.check(new)?;

    let revision = work.revise(customer, input.if_match).await?;
    let turnovers = storage::turnover::of(work, customer).await?;
    let (purchase, turnover) = decide((customer, work.new_id(), revision), new, bill, turnovers)?;
    tell(work, &purchase)?;
    keep(work, std::slice::from_ref(&purchase), [(customer, &turnover)]).await?;
    Ok(purchase)
}

/// The units and people that purchases name, as far as whoever records them may name them.
pub(super) struct Places {
    units: BTreeSet<OrgUnitId>,
    staff: BTreeMap<StaffId, bool>,
}

impl Places {
    pub(super) async fn named_by<'n>(
        work: &Work,
        purchases: impl IntoIterator<Item = &'n NewPurchase>,
    ) -> Result<Self> {
        let (units, staff): (BTreeSet<_>, BTreeSet<_>) =
            purchases.into_iter().map(|new| (new.org_unit_id, new.staff_id)).unzip();
        let units = reference::org_unit::in_scope(work, units, &reference::org_unit::reach(work)).await?;
        Ok(Self { units, staff: storage::staff::known(work, staff.into_iter().flatten()).await? })
    }

    /// Refuses a unit that is unknown or out of scope (which of the two is not said), and a person unknown.
    pub(super) fn check(&self, new: &NewPurchase) -> Result<(), Problem> {
        if !self.units.contains(&new.org_unit_id) {
            return Err(reference::org_unit::out_of_reach("/org_unit_id"));
        }
        if new.staff_id.is_some_and(|staff| !self.staff.contains_key(&staff)) {
            return Err(Problem::field("/staff_id", "there is no member of staff with this id"));
        }
        Ok(())
    }
}

/// The purchase, and the customer's turnover in its currency with it.
pub(super) fn decide(
    (customer_id, id, revision): (CustomerId, PurchaseId, i64),
    new: &NewPurchase,
    bill: Bill,
    turnovers: Vec<Turnover>,
) -> Result<(Purchase, Turnover), Problem> {
    let turnover = domain::turnover::bought(turnovers, &new.currency, bill.total_minor)
        .map_err(|mistake| Problem::fields(vec![mistake]))?;
    let purchase = Purchase {
        id,
        customer_id,
        org_unit_id: new.org_unit_id,
        staff_id: new.staff_id,
        channel: new.channel,
        occurred_at: bill.occurred_at,
        currency: new.currency.clone(),
        total_minor: bill.total_minor,
        returned_minor: Minor::new(0),
        lines: (1..).zip(&new.lines).map(line).collect(),
        returns: Vec::new(),
        revision,
    };
    Ok((purchase, turnover))
}

/// Tells a purchase.
pub(super) fn tell(work: &mut Work, purchase: &Purchase) -> Result<()> {
    let (customer, occurred_at) = (purchase.customer_id, purchase.occurred_at);
    work.tell::<PurchaseRecorded>(customer, purchase.revision, occurred_at, &recorded(purchase))?;
    Ok(())
}

/// Writes purchases, what they make of turnovers, and the audit.
pub(super) async fn keep<'t>(
    work: &Work,
    purchases: &[Purchase],
    turnovers: impl IntoIterator<Item = (CustomerId, &'t Turnover)>,
) -> Result<()> {
    storage::purchase::add(work, purchases).await?;
    storage::turnover::put(work, turnovers).await?;
    let entries = purchases.iter().map(|purchase| (purchase.customer_id, entry(purchase)));
    storage::timeline::add_each(work, entries)?;
    let done = purchases.iter().map(|one| (one.customer_id.uuid(), Some(one.id.to_string())));
    work.audit_each("purchase.record", done)
}

fn line((line_no, new): (i32, &NewPurchaseLine)) -> PurchaseLine {
    PurchaseLine {
        line_no,
        sku: new.sku.clone(),
        quantity_milli: new.quantity_milli,
        amount_minor: new.amount_minor,
        returned_quantity_milli: Milli::new(0),
        returned_amount_minor: Minor::new(0),
    }
}

fn entry(purchase: &Purchase) -> TimelineEntry {
    let (id, at) = (purchase.id.into(), purchase.occurred_at);
    TimelineEntry {
        staff_id: purchase.staff_id,
        channel: Some(purchase.channel),
        purchase_id: Some(purchase.id),
        currency: Some(purchase.currency.clone()),
        amount_minor: Some(purchase.total_minor),
        ..TimelineEntry::new(id, TimelineKind::Purchase, at, purchase.org_unit_id)
    }
}

fn recorded(purchase: &Purchase) -> told::PurchaseRecorded {
    let line = |line: &PurchaseLine| told::Line {
        line_no: line.line_no,
        sku: line.sku.clone(),
        quantity_milli: line.quantity_milli,
        amount_minor: line.amount_minor,
    };
    told::PurchaseRecorded {
        purchase_id: purchase.id,
        customer_id: purchase.customer_id,
        org_unit_id: purchase.org_unit_id,
        staff_id: purchase.staff_id,
        occurred_at: purchase.occurred_at,
        currency: purchase.currency.clone(),
        total_minor: purchase.total_minor,
        lines: purchase.lines.iter().map(line).collect(),
    }
}
