//! Facts to tell: what they carry, and how they are told, by a command or by hand.

use kit::{
    Error, Running,
    clock::{self, Clock},
    command::{self, Decision, Repeatable},
};
use schema::{
    api::customer::{CustomerKind, CustomerStatus},
    event::{
        CustomerRegistered, Envelope, Event, PurchaseRecorded,
        customer::CustomerState,
        interaction::{PurchaseRecorded as Purchase, PurchaseReturned as Return},
    },
    ids::{CustomerId, PurchaseId, PurchaseReturnId},
    value::{Currency, Minor},
};
use serde_json::value::to_raw_value;
use uuid::Uuid;

use super::stage::deciding;

pub(super) fn new_customer() -> CustomerId {
    clock::new_id(Clock::system().now()).into()
}

pub(super) fn state(customer: CustomerId) -> CustomerState {
    CustomerState {
        customer_id: customer,
        kind: CustomerKind::Consumer,
        status: CustomerStatus::Active,
        home_unit_id: Uuid::from_u128(1).into(),
        serving_unit_ids: Vec::new(),
    }
}

pub(super) fn purchase(customer: CustomerId, amount: i64) -> Purchase {
    let now = Clock::system().now();
    Purchase {
        purchase_id: clock::new_id(now).into(),
        customer_id: customer,
        org_unit_id: Uuid::from_u128(1).into(),
        staff_id: None,
        occurred_at: now,
        currency: yuan(),
        total_minor: Minor::new(amount),
        lines: Vec::new(),
    }
}

pub(super) fn given_back(customer: CustomerId, purchase: PurchaseId, before: i64, amount: i64) -> Return {
    let now = Clock::system().now();
    Return {
        return_id: PurchaseReturnId::from(clock::new_id(now)),
        purchase_id: purchase,
        customer_id: customer,
        occurred_at: now,
        currency: yuan(),
        total_minor: Minor::new(amount),
        returned_before_minor: Minor::new(before),
        lines: Vec::new(),
    }
}

pub(super) fn yuan() -> Currency {
    Currency::try_from("CNY".to_owned()).expect("a currency")
}

/// The command that tells one event about a customer.
pub(super) fn telling<E: Event>(customer: CustomerId, data: E::Data) -> Decision<i64> {
    deciding(move |work| {
        let data = data.clone();
        Box::pin(async move {
            let revision = work.revise(customer, None).await?;
            work.tell::<E>(customer, revision, work.now(), &data)?;
            Ok(revision)
        })
    })
}

pub(super) async fn register(customer: &Running, id: CustomerId) {
    let decision = telling::<CustomerRegistered>(id, state(id));
    command::run(&customer.runtime, None, None, decision).await.expect("registers");
}

pub(super) async fn sell(interaction: &Running, customer: CustomerId, amount: i64) -> PurchaseId {
    let data = purchase(customer, amount);
    let id = data.purchase_id;
    command::run(&interaction.runtime, None, None, telling::<PurchaseRecorded>(customer, data))
        .await
        .expect("records");
    id
}

/// Sells under an idempotency key; the service may be ending.
pub(super) async fn try_to_sell(
    interaction: &Running,
    customer: CustomerId,
    amount: i64,
    key: &str,
) -> Result<i64, Error> {
    let repeatable =
        Repeatable { key: key.to_owned(), route: "sell", fingerprint: format!("{customer}-{amount}") };
    let decision = telling::<PurchaseRecorded>(customer, purchase(customer, amount));
    command::run(&interaction.runtime, None, Some(repeatable), decision).await.map(|done| done.reply)
}

/// An envelope made by hand, as it would come off the wire.
pub(super) fn envelope<E: Event>(subject: Uuid, revision: i64, data: &E::Data) -> Envelope {
    let now = Clock::system().now();
    Envelope {
        specversion: "1.0".to_owned(),
        id: clock::new_id(now).into(),
        source: format!("/{}", E::DECLARATION.publisher),
        kind: E::DECLARATION.name.to_owned(),
        subject,
        time: now,
        recordedat: now,
        revision,
        traceparent: None,
        datacontenttype: "application/json".to_owned(),
        data: to_raw_value(data).expect("JSON"),
    }
}
