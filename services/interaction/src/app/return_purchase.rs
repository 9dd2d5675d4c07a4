//! Records the return of some or all of a purchase.

use kit::{Error, Input, Result, Work};
use schema::{
    api::{
        interaction::{NewReturnLine, Purchase, PurchaseReturn, ReturnPurchase, TimelineEntry, TimelineKind},
        problem::{Code, Problem},
    },
    event::{PurchaseReturned, interaction as told},
    ids::StaffId,
    value::Minor,
};

use crate::{
    domain::{self, purchase_return},
    storage,
};

pub(crate) async fn return_purchase(work: &mut Work, input: Input<ReturnPurchase>) -> Result<Purchase> {
    let (customer, new) = (input.path.customer_id, &input.body);
    reference::customer::require(work, customer).await?;

    let revision = work.revise(customer, input.if_match).await?;
    let found = storage::purchase::find(work, *input.path).await?;
    let mut purchase = found.ok_or_else(|| Problem::not_found("purchase"))?;
    if purchase.returns.len() >= purchase_return::MOST {
        let detail = format!("a purchase has at most {} returns", purchase_return::MOST);
        return Err(Problem::new(Code::Conflict, detail).into());
    }
    let returned_before = purchase.returned_minor;
    let returned =
        purchase_return::take_back(&mut purchase, new, work.new_id(), work.now()).map_err(Problem::fields)?;
    let turnovers = storage::turnover::of(work, customer).await?;
    let turnover = domain::turnover::gave_back(turnovers, &purchase.currency, returned.total_minor)
        .ok_or_else(|| Error::Fault("the turnover is less than the purchases that it sums up".into()))?;

    storage::purchase_return::add(work, &purchase, &returned, &new.lines).await?;
    storage::turnover::put(work, [(customer, &turnover)]).await?;
    let staff = super::actor(work).await?.staff;
    storage::timeline::add(work, customer, &entry(&purchase, &returned, staff))?;
    let data = told::PurchaseReturned {
        return_id: returned.id,
        purchase_id: purchase.id,
        customer_id: customer,
        occurred_at: returned.occurred_at,
        currency: purchase.currency.clone(),
        total_minor: returned.total_minor,
        returned_before_minor: returned_before,
        lines: lines(&purchase, &new.lines),
    };
    work.tell::<PurchaseReturned>(customer, revision, returned.occurred_at, &data)?;
    work.audit("purchase.return", customer, Some(&returned.id.to_string()))?;
    Ok(purchase)
}

/// What came back, with the articles' codes.
fn lines(purchase: &Purchase, back: &[NewReturnLine]) -> Vec<told::Line> {
    let line = |back: &NewReturnLine| {
        let bought = purchase.lines.iter().find(|bought| bought.line_no == back.line_no)?;
        Some(told::Line {
            line_no: back.line_no,
            sku: bought.sku.clone(),
            quantity_milli: back.quantity_milli,
            amount_minor: back.amount_minor,
        })
    };
    back.iter().filter_map(line).collect()
}

/// A return happens where and how the purchase did; whoever records it took it.
fn entry(purchase: &Purchase, returned: &PurchaseReturn, staff_id: Option<StaffId>) -> TimelineEntry {
    let (id, at) = (returned.id.into(), returned.occurred_at);
    TimelineEntry {
        staff_id,
        channel: Some(purchase.channel),
        purchase_id: Some(purchase.id),
        currency: Some(purchase.currency.clone()),
        amount_minor: Some(Minor::new(-returned.total_minor.get())),
        ..TimelineEntry::new(id, TimelineKind::Return, at, purchase.org_unit_id)
    }
}
