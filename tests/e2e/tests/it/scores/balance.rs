//! The customer balance of a month with round numbers: 1,000 + 120 + 10 − 80 = 1,050.

use std::collections::BTreeMap;

use loyalty::rfm::Habit;
use schema::api::{
    Nothing,
    loyalty::{BalanceQuery, GetCustomerBalance, MonthOfBalance},
};
use testkit::Place;

use super::cdnow::{Purchase, fill};
use crate::{
    commands::problem,
    on_both,
    points::{NONE, Stage},
};

fn query(from: &str, to: &str, lapse: u32) -> BalanceQuery {
    BalanceQuery { from: from.to_owned(), to: to.to_owned(), lapse_months: Some(lapse) }
}

/// Opening, new, won back, lost and closing.
fn line(month: &MonthOfBalance) -> [i64; 5] {
    [month.opening, month.new, month.won_back, month.lost, month.closing].map(|count| count.expect("whole"))
}

async fn balance(place: Place) {
    let stage = Stage::start(&place).await;
    // The first 80 buy in January and never again, 920 buy again in March, 120 come in April, and 10 who were
    // lost last September come back in April.
    let mut purchases = Vec::new();
    let mut buy = |customers: std::ops::Range<u32>, day: &str| {
        let date = day.parse().expect("a day");
        purchases.extend(customers.map(|customer| Purchase { customer, date, amount: 100 }));
    };
    buy(0..1_000, "2026-01-15");
    buy(80..1_000, "2026-03-31");
    buy(1_000..1_120, "2026-04-01");
    buy(1_120..1_130, "2025-06-30");
    buy(1_120..1_130, "2026-04-30");
    let nobody = Habit { last_day: 0, purchases: 0, money_minor: 0 };
    let customers: BTreeMap<u32, Habit> = (0..1_130).map(|customer| (customer, nobody)).collect();
    fill(&stage, &purchases, &customers).await;

    let ask = async |query: BalanceQuery| {
        stage.call::<GetCustomerBalance>(&stage.manager, &NONE, &query, &Nothing).await
    };
    let april = ask(query("2026-04", "2026-04", 3)).await.expect("a balance");
    assert_eq!(line(&april.months[0]), [1_000, 120, 10, 80, 1_050]);
    assert_eq!(april.months[0].retention_millionths, Some(920_000));
    let all = ask(query("2025-06", "2026-07", 3)).await.expect("a balance");
    let lines: Vec<[i64; 5]> = all.months.iter().map(line).collect();
    assert_eq!(lines[0], [0, 10, 0, 0, 10]);
    assert_eq!(lines[3], [10, 0, 0, 10, 0], "lost three months after the last purchase");
    assert_eq!(lines[7], [0, 1_000, 0, 0, 1_000]);
    assert_eq!(lines[10], [1_000, 120, 10, 80, 1_050]);
    assert_eq!(lines[12], [1_050, 0, 0, 920, 130]);
    assert_eq!(lines[13], [130, 0, 0, 130, 0]);
    assert!(lines.windows(2).all(|two| two[0][4] == two[1][0]), "each opens with what the one before closed");
    // Whoever may stay away longer is not lost.
    let patient = ask(query("2026-04", "2026-04", 12)).await.expect("a balance");
    assert_eq!(line(&patient.months[0]), [1_010, 120, 0, 0, 1_130]);
    for lapse in [0, 61] {
        assert_eq!(problem(ask(query("2026-04", "2026-04", lapse)).await).errors[0].pointer, "/lapse_months");
    }
    stage.running.end().await;
}
on_both!(a_thousand_customers_become_a_thousand_and_fifty, super::balance);
