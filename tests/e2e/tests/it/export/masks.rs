//! Each role gets its own file: what it would be shown of each customer, and nothing else; roles that reach nobody
//! get none.

use schema::{
    access::{Level, Reach, Role, TABLE},
    api::{
        Nothing,
        customer::{ContactPoint, CustomerFile, CustomerPath, ExternalId, GetCustomer},
    },
    topology::Service,
};
use serde_json::json;
use testkit::Place;

use super::{NONE, export_as, rows};
use crate::{
    bad_week::Week,
    masks::{compare, compare_all, everything},
    on_both,
};

async fn by_role(place: Place) {
    let week = Week::begin(&place).await;
    everything::happen(&week).await;
    let (suite, ndjson) = (&week.suite, ["customers", "--format", "ndjson"]);
    let find = |text: &str| {
        let id = json!(week.customer);
        rows(text).into_iter().find(|row| row["id"] == id).expect("the customer")
    };
    let whole = find(&export_as(suite, &week.company.manager_hq, &ndjson).await.whole());
    for rule in &TABLE {
        let who = suite.person(rule.role, "hq");
        let ended = export_as(suite, &who, &ndjson).await;
        if matches!(rule.reach, Reach::Nothing | Reach::Assigned) || rule.role == Role::Service {
            assert!(ended.failed().contains("forbidden"), "{:?}: {}", rule.role, ended.complained);
            assert_eq!(ended.said, "");
            continue;
        }
        let warned = ended.complained.contains("your roles do not see everything");
        assert_eq!(warned, rule.role != Role::Manager, "{:?}", rule.role);
        let seen = find(&ended.whole());
        compare::<CustomerFile>(&seen, &whole, &who.viewer, false);
        compare_all::<ContactPoint>(&seen["contact_points"], &whole["contact_points"], &who.viewer, false);
        compare_all::<ExternalId>(&seen["external_ids"], &whole["external_ids"], &who.viewer, false);
        let path = CustomerPath { customer_id: week.customer };
        let file = week.call::<GetCustomer>(Service::Customer, &who, &path, &NONE, &Nothing).await;
        assert_eq!(seen, json!(file.expect("a file")), "{:?}: the file says what the record says", rule.role);

        // The same for a spreadsheet: no cell holds what the role does not see.
        let csv = export_as(suite, &who, &["customers"]).await.whole();
        for (text, level) in [
            ("Angry Ann", rule.identity),
            ("A-17-4711", rule.identity),
            ("Auntie Ann", rule.identity),
            ("1970-05-01", rule.identity),
            ("+8613812340090", rule.contact),
            ("ann@example.com", rule.contact),
            ("debt=2", rule.value),
        ] {
            assert_eq!(csv.contains(text), level == Level::Whole, "{:?}: {text}\n{csv}", rule.role);
        }
        assert!(csv.contains("dogs=2"), "{csv}");
        assert!(!csv.contains("fears"), "what was taken back is in nobody's: {csv}");
    }
    week.suite.end().await;
}
on_both!(each_role_gets_its_own_file, super::by_role);
