//! What this service keeps of one customer, table by table: for whoever answers a request for access. What a
//! column means stands in its migration, its class in `schema::api`.

use reference::person::{AUDIT, Held, Table, UNITS, day, id, integer, json, long, text, time};

/// Everything that this service keeps of one customer.
pub static PERSONAL_DATA: Held = Held {
    tables: &[
        Table::new(
            "customer",
            &[],
            &[
                id("id"),
                text("kind"),
                text("status"),
                text("name").identity(),
                day("birth_date").identity(),
                text("language"),
                text("market_type"),
                id("home_unit_id"),
                text("stage"),
                long("purchases"),
                long("presales_contacts"),
                time("last_purchase_at"),
                time("registered_at"),
                time("changed_at"),
            ],
        )
        .owned_by("id")
        .without(&[
            ("name_key", "the name again, as it is searched"),
            ("lapse_told", "whether something was told that follows from the last purchase"),
        ]),
        UNITS,
        Table::new("contact_point", &["id"], &[id("id"), text("kind"), text("value").contact()]),
        Table::new("external_id", &["id"], &[id("id"), text("system"), text("value").identity()]),
        Table::new(
            "relationship",
            &["id"],
            &[
                id("id"),
                id("other_customer_id"),
                text("direction"),
                text("kind"),
                day("valid_from"),
                day("valid_until"),
            ],
        )
        .without(&[("next_turn", "follows from the days between which it is valid")]),
        Table::new(
            "household_member",
            &[],
            &[id("household_id"), time("household_created_at").from("h.created_at")],
        )
        .joined("LEFT JOIN household h ON h.id = t.household_id"),
        Table::new(
            "observation",
            &["id"],
            &[
                id("id"),
                id("attribute_id"),
                text("attribute").from("a.code"),
                text("type").from("a.value_type"),
                text("class").from("a.class"),
                long("value_number").as_attribute("class"),
                text("value_text").as_attribute("class"),
                text("source"),
                time("observed_at"),
                time("recorded_at"),
                time("taken_back_at"),
                text("taken_back_by"),
                text("taken_back_reason").sensitive(),
            ],
        )
        .joined("LEFT JOIN attribute a ON a.id = t.attribute_id"),
        Table::new(
            "container",
            &["id"],
            &[
                id("id"),
                text("sku"),
                text("shape"),
                integer("width_mm"),
                integer("depth_mm"),
                integer("height_mm"),
                integer("density_milli"),
            ],
        ),
        Table::new(
            "consent",
            &["id"],
            &[
                id("id"),
                text("purpose"),
                text("channel"),
                text("status"),
                time("given_at"),
                time("expires_at"),
                text("source"),
                text("said_by").identity(),
                text("recorded_by"),
                time("recorded_at"),
            ],
        ),
        Table::new(
            "contact_preference",
            &[],
            &[json("stated_channels"), json("quiet_spans"), text("time_zone")],
        ),
        Table::new(
            "channel_usage",
            &["channel"],
            &[text("channel"), integer("attempts"), integer("answers")],
        ),
        Table::new(
            "service_brief",
            &[],
            &[
                text("form_of_address").identity(),
                json("habits").sensitive(),
                json("dos").sensitive(),
                json("donts").sensitive(),
            ],
        ),
        AUDIT,
    ],
    left_out: &[
        ("attribute", "what can be known of customers; an observation says of which one it is"),
        ("profile_weight", "how much it matters to know something of anybody"),
        ("household", "when it was made stands with its members"),
    ],
    also: None,
};
