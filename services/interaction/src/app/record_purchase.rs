//! Records a purchase.

use kit::{Input, Result, Work};
use schema::{
    access::{Scope, Viewer},
    api::{
        interaction::{
            NewPurchase, NewPurchaseLine, Purchase, PurchaseLine, RecordPurchase, TimelineEntry, TimelineKind,
        },
        problem::Problem,
    },
    event::{PurchaseRecorded, interaction as told},
    value::{Milli, Minor},
};

use crate::{domain, storage};

pub(crate) async fn record_purchase(work: &mut Work, input: Input<RecordPurchase>) -> Result<Purchase> {
    let (customer, new) = (input.path.customer_id, &input.body);
    reference::customer::require(work, customer).await?;
    let bill = domain::purchase::bill(new, work.now()).map_err(Problem::fields)?;
    require_place(work, new).await?;

    let revision = work.revise(customer, input.if_match).await?;
    let turnovers = storage::turnover::of(work, customer).await?;
    let turnover = domain::turnover::bought(turnovers, &new.currency, bill.total_minor)
        .map_err(|mistake| Problem::fields(vec![mistake]))?;
    let purchase = Purchase {
        id: work.new_id(),
        customer_id: customer,
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
    storage::purchase::add(work, &purchase).await?;
    storage::turnover::put(work, customer, &turnover).await?;
    storage::timeline::add(work, customer, &entry(&purchase)).await?;
    work.tell::<PurchaseRecorded>(customer, revision, purchase.occurred_at, &recorded(&purchase))?;
    work.audit("purchase.record", customer, Some(&purchase.id.to_string())).await?;
    Ok(purchase)
}

/// Refuses a unit that is unknown or out of scope (which of the two is not said), and a person unknown.
async fn require_place(work: &Work, new: &NewPurchase) -> Result<()> {
    let organisation = work.viewer().map_or(Scope::Everything, Viewer::organisation);
    if !reference::org_unit::is_in_scope(work, new.org_unit_id, &organisation).await? {
        return Err(Problem::field("/org_unit_id", "no unit with this id is within your scope").into());
    }
    if let Some(staff) = new.staff_id
        && !storage::staff::is_known(work, staff).await?
    {
        return Err(Problem::field("/staff_id", "there is no member of staff with this id").into());
    }
    Ok(())
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
