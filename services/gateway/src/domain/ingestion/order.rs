//! `Order Completed` of the Segment e-commerce specification as a purchase.
//!
//! A purchase's lines hold what was paid. When the order says its total, the lines are made to sum to it:
//! a discount is shared among them in proportion, and what comes on top (shipping, taxes) is a line of its
//! own. Without products there is one line for the whole order.

use schema::{
    api::interaction::{Channel, NewPurchase, NewPurchaseLine},
    ids::OrgUnitId,
    value::{Currency, Milli, Minor},
};
use serde_json::{Map, Value};

use super::{
    amount::{scaled, share, written},
    message::Message,
};

/// The article of a line for the whole of an order without products.
const WHOLE_ORDER: &str = "order";
/// The article of a line for what comes on top of the products.
const EXTRA_CHARGES: &str = "extra-charges";
/// The longest code of an article.
const LONGEST_SKU: usize = 64;
/// The most products, so that one line is left for what comes on top.
const PRODUCTS_MOST: usize = 199;

/// Where purchases of a source are made.
#[derive(Clone, Debug)]
pub(crate) struct Till<'a> {
    /// The unit.
    pub(crate) org_unit_id: OrgUnitId,
    /// The channel.
    pub(crate) channel: Channel,
    /// The currency of an order without one.
    pub(crate) currency: Option<&'a Currency>,
}

/// The purchase that an order is, and the shop's id of the order. `Err` says what would be right.
pub(crate) fn purchase(message: &Message, till: &Till<'_>) -> Result<(NewPurchase, Option<String>), String> {
    let fields = &message.fields;
    let currency = match fields.get("currency").and_then(Value::as_str) {
        Some(code) => {
            Currency::try_from(code.trim().to_ascii_uppercase()).map_err(|error| error.to_string())?
        }
        None => till
            .currency
            .cloned()
            .ok_or("the order has no currency: send `currency`, or set one for the source")?,
    };
    let digits = currency.decimals();
    let total = match fields.get("total").or_else(|| fields.get("revenue")).filter(|total| !total.is_null()) {
        Some(total) => {
            let total = scaled(total, digits).filter(|total| *total >= 0);
            Some(total.ok_or("the total of the order is no amount of at least 0")?)
        }
        None => None,
    };
    let mut lines = products(fields, digits)?;
    match total {
        None if lines.is_empty() => {
            return Err("the order has neither products nor a total; send one of them".to_owned());
        }
        None => {}
        Some(total) if lines.is_empty() => lines.push(line(WHOLE_ORDER, 1_000, total)),
        Some(total) => settle(&mut lines, total)?,
    }
    let purchase = NewPurchase {
        org_unit_id: till.org_unit_id,
        staff_id: None,
        channel: till.channel,
        occurred_at: message.occurred_at,
        currency,
        lines,
    };
    let order = ["order_id", "orderId"].into_iter().find_map(|name| text(fields, name));
    Ok((purchase, order))
}

fn products(fields: &Map<String, Value>, digits: u32) -> Result<Vec<NewPurchaseLine>, String> {
    let products = match fields.get("products") {
        None | Some(Value::Null) => return Ok(Vec::new()),
        Some(Value::Array(products)) => products,
        Some(_) => return Err("products are a list".to_owned()),
    };
    if products.len() > PRODUCTS_MOST {
        return Err(format!("an order has at most {PRODUCTS_MOST} products"));
    }
    products.iter().enumerate().map(|(at, one)| product(at, one, digits)).collect()
}

fn product(at: usize, product: &Value, digits: u32) -> Result<NewPurchaseLine, String> {
    let wrong = |what: &str| format!("product {}: {what}", at + 1);
    let Value::Object(fields) = product else { return Err(wrong("it is no object")) };
    let sku =
        ["sku", "product_id", "productId", "id", "name"].into_iter().find_map(|name| text(fields, name));
    let sku: String =
        sku.ok_or_else(|| wrong("send its sku or product_id"))?.chars().take(LONGEST_SKU).collect();
    if sku.chars().any(char::is_control) {
        return Err(wrong("its sku holds a control character"));
    }
    let given = |name: &str| fields.get(name).filter(|value| !value.is_null());
    let quantity = match given("quantity") {
        Some(quantity) => scaled(quantity, 3).filter(|quantity| *quantity > 0),
        None => Some(1_000),
    };
    let quantity = quantity.ok_or_else(|| wrong("its quantity is no number above 0"))?;
    let price = match given("price") {
        Some(price) => scaled(price, digits).filter(|price| *price >= 0),
        None => Some(0),
    };
    let price = price.ok_or_else(|| wrong("its price is no amount of at least 0"))?;
    // Half a minor unit is rounded up.
    let amount = (i128::from(price) * i128::from(quantity) + 500) / 1_000;
    let amount = i64::try_from(amount).map_err(|_| wrong("its amount is too large"))?;
    Ok(line(&sku, quantity, amount))
}

/// Makes the lines sum to what was paid.
fn settle(lines: &mut Vec<NewPurchaseLine>, total: i64) -> Result<(), String> {
    let amounts: Vec<i64> = lines.iter().map(|line| line.amount_minor.get()).collect();
    let sum = amounts.iter().try_fold(0_i64, |sum, amount| sum.checked_add(*amount));
    let sum = sum.ok_or("the amounts of the order are too large")?;
    if total > sum {
        lines.push(line(EXTRA_CHARGES, 1_000, total - sum));
    } else if total < sum {
        for (line, amount) in lines.iter_mut().zip(share(total, &amounts)) {
            line.amount_minor = Minor::new(amount);
        }
    }
    Ok(())
}

fn line(sku: &str, quantity_milli: i64, amount_minor: i64) -> NewPurchaseLine {
    NewPurchaseLine {
        sku: sku.to_owned(),
        quantity_milli: Milli::new(quantity_milli),
        amount_minor: Minor::new(amount_minor),
    }
}

/// A text or number under this name; an empty one is none.
fn text(fields: &Map<String, Value>, name: &str) -> Option<String> {
    fields.get(name).and_then(written)
}

#[cfg(test)]
mod tests {
    use schema::api::ingestion::TrackingCall;
    use serde_json::json;
    use uuid::Uuid;

    use super::*;

    fn order(fields: Value) -> Result<(NewPurchase, Option<String>), String> {
        let Value::Object(fields) = fields else { panic!("an object") };
        let message = Message {
            call: TrackingCall::Track,
            user_id: Some("u".to_owned()),
            anonymous_id: None,
            previous_id: None,
            event: Some("Order Completed".to_owned()),
            occurred_at: "2026-11-22T12:00:00Z".parse().expect("a time"),
            fields,
            locale: None,
        };
        let till = Till { org_unit_id: Uuid::from_u128(1).into(), channel: Channel::Web, currency: None };
        purchase(&message, &till)
    }

    fn lines(purchase: &NewPurchase) -> Vec<(&str, i64, i64)> {
        let line = |line: &NewPurchaseLine| (line.quantity_milli.get(), line.amount_minor.get());
        purchase.lines.iter().map(|one| (one.sku.as_str(), line(one).0, line(one).1)).collect()
    }

    #[test]
    fn the_example_of_the_specification() {
        let (purchase, id) = order(json!({
            "checkout_id": "fksdjfsdjfisjf9sdfjsd9f", "order_id": "50314b8e9bcf000000000000",
            "affiliation": "Google Store", "total": 27.5, "subtotal": 22.5, "revenue": 25, "shipping": 3, "tax": 2,
            "discount": 2.5, "coupon": "hasbros", "currency": "USD",
            "products": [
                { "product_id": "507f1f77bcf86cd799439011", "sku": "45790-32", "name": "Monopoly: 3rd Edition",
                  "price": 19, "quantity": 1, "category": "Games" },
                { "product_id": "505bd76785ebb509fc183733", "sku": "46493-32", "name": "Uno Card Game",
                  "price": 3, "quantity": 2, "category": "Games" },
            ]
        }))
        .expect("a purchase");
        assert_eq!(id.as_deref(), Some("50314b8e9bcf000000000000"));
        assert_eq!(purchase.currency.as_str(), "USD");
        assert_eq!(
            lines(&purchase),
            [("45790-32", 1_000, 1_900), ("46493-32", 2_000, 600), (EXTRA_CHARGES, 1_000, 250)]
        );
    }

    #[test]
    fn a_discount_is_shared_and_nothing_is_lost() {
        let products = json!([{ "sku": "a", "price": "10.00", "quantity": 1 }, { "sku": "b", "price": 10, "quantity": 2 }]);
        let (purchase, _) =
            order(json!({ "currency": "eur", "total": 20.01, "products": products })).expect("one");
        assert_eq!(lines(&purchase), [("a", 1_000, 667), ("b", 2_000, 1_334)]);
    }

    #[test]
    fn an_order_without_products_is_one_line() {
        let (purchase, id) =
            order(json!({ "currency": "JPY", "revenue": "1200", "order_id": 7 })).expect("one");
        assert_eq!((lines(&purchase), id.as_deref()), (vec![(WHOLE_ORDER, 1_000, 1_200)], Some("7")));
    }

    #[test]
    fn what_cannot_be_a_purchase_says_why() {
        for (fields, why) in [
            (json!({ "total": 1 }), "currency"),
            (json!({ "currency": "EUR" }), "neither"),
            (json!({ "currency": "EUR", "total": -1 }), "total"),
            (json!({ "currency": "EUR", "products": [{ "price": 1 }] }), "product 1"),
            (json!({ "currency": "EUR", "products": [{ "sku": "a", "quantity": 0 }] }), "quantity"),
            (json!({ "currency": "Euro", "total": 1 }), "three capital letters"),
        ] {
            let error = order(fields).expect_err("no purchase");
            assert!(error.contains(why), "{error}");
        }
    }
}
