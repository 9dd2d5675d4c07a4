//! What this service keeps of one customer, table by table: for whoever answers a request for access. What a
//! column means stands in its migration, its class in `schema::api`.

mod profile;
mod supply;

use reference::person::{AUDIT, Held, REFERENCE, Table, UNITS, id, json, long, text, time};

const ACCOUNT: Table = Table::new(
    "points_account",
    &[],
    &[
        long("balance").standing(),
        long("qualifying").standing(),
        text("tier").standing(),
        long("next_threshold").standing(),
        time("opened_at"),
        time("tier_review_at"),
        time("next_expiry_at"),
        long("next_expiry_points").standing(),
        time("due_at"),
    ],
);

const ENTRY: Table = Table::new(
    "points_entry",
    &["id"],
    &[
        id("id"),
        text("kind"),
        id("purchase_id"),
        id("lot_id"),
        text("reason"),
        long("points").standing(),
        json("why").standing(),
        time("occurred_at"),
        time("recorded_at"),
    ],
);

const POSTING: Table = Table::new(
    "points_posting",
    &["entry_id", "account"],
    &[id("entry_id"), text("account"), long("points").standing()],
);

const FACT: Table = Table::new(
    "points_fact",
    &["id"],
    &[
        id("id"),
        id("purchase_id"),
        id("entry_id"),
        long("returned"),
        time("occurred_at"),
        long("version"),
        long("rate_millionths"),
        json("rules"),
        long("total_minor"),
        long("earns_millionths").standing(),
        long("before_minor"),
        long("amount_minor"),
    ],
);

const LOT: Table = Table::new(
    "points_lot",
    &["id"],
    &[
        id("id"),
        id("purchase_id"),
        time("opened_at"),
        time("expires_at"),
        time("notice_at"),
        long("noticed"),
        long("points").standing(),
        long("used").standing(),
        long("reversed").standing(),
        long("expired").standing(),
        long("held").standing(),
        long("remaining").standing(),
    ],
);

const HOLD: Table = Table::new(
    "points_hold",
    &["id"],
    &[
        id("id"),
        long("points").standing(),
        text("reason"),
        text("state"),
        time("placed_at"),
        time("expires_at"),
        time("settled_at"),
    ],
);

const TIER_STEP: Table = Table::new(
    "tier_step",
    &["number"],
    &[
        long("number"),
        text("from_tier").standing(),
        text("to_tier").standing(),
        time("changed_at"),
        text("cause"),
        long("qualifying").standing(),
        long("version"),
    ],
);

const PURCHASE: Table = Table::new(
    "purchase_ref",
    &["purchase_id"],
    &[id("purchase_id"), long("total_minor"), long("rate_millionths")],
);

const DEALING: Table = Table::new(
    "dealing",
    &["id"],
    &[id("id"), long("purchases"), long("day"), long("month"), text("currency"), long("amount_minor")],
);

/// Everything that this service keeps of one customer.
pub static PERSONAL_DATA: Held = Held {
    tables: &[
        REFERENCE,
        UNITS,
        ACCOUNT,
        ENTRY,
        POSTING,
        FACT,
        LOT,
        HOLD,
        TIER_STEP,
        PURCHASE,
        DEALING,
        supply::SUPPLY,
        supply::DELIVERY,
        supply::TOLD,
        profile::PROFILE,
        profile::TURNOVER,
        profile::CONTACT,
        profile::CASE,
        profile::ANSWER,
        profile::CONSENT,
        profile::ATTRIBUTE,
        profile::SEGMENT_MEMBER,
        profile::LIST_MEMBER,
        AUDIT,
    ],
    left_out: &[
        ("programme_version", "what anybody earns"),
        ("attribute_known", "which attributes there are"),
        ("rfm_scoring", "when all were scored; the scores are in here"),
        ("customer_list", "its code and name stand with its members"),
        ("segment", "its code and name stand with its members"),
        ("segment_version", "conditions, which name attributes and nobody"),
    ],
    also: None,
};
