//! Real purchases: CDNOW (Fader and Hardie, 2001), a tenth of it always, all of it by `C360_CDNOW`. The
//! numbers afterwards are those that were counted independently and published.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use kit::db::statement;
use schema::{
    api::{
        Nothing,
        customer::{CustomerPath, ExternalIdQuery, FindByExternalId},
        loyalty::{GetRfm, RfmQuery},
    },
    topology::Service,
};
use sea_orm::ConnectionTrait as _;
use testkit::{Place, Suite, eventually, process};

use super::{NONE, documented, import};
use crate::{
    company::Company,
    on_both,
    scores::cdnow::{Expected, MASTER, SAMPLE, sample_file},
};

/// One of the two files.
struct Base {
    mapping: PathBuf,
    file: PathBuf,
    rows: u64,
    /// The sum of all purchases.
    paid_minor: i64,
    expected: &'static Expected,
    within: Duration,
    /// How the file writes the customers' numbers.
    width: usize,
}

impl Base {
    fn sample() -> Self {
        Self {
            mapping: documented("cdnow-sample.toml"),
            file: sample_file(),
            rows: 6_919,
            paid_minor: 24_409_194,
            expected: &SAMPLE,
            within: Duration::from_secs(480),
            width: 4,
        }
    }

    fn master() -> Self {
        let file = std::env::var_os("C360_CDNOW").expect("C360_CDNOW says where the file lies");
        Self {
            mapping: documented("cdnow.toml"),
            file: file.into(),
            rows: 69_659,
            paid_minor: 250_031_563,
            expected: &MASTER,
            within: Duration::from_secs(3_600),
            width: 5,
        }
    }
}

const MISSING: [&str; 3] = ["--register-missing", "--unit", "north-1"];

fn text(path: &Path) -> &str {
    path.to_str().expect("a path")
}

/// Purchases, their sum in cents, and accounts, as the loyalty service has them.
async fn totals(suite: &Suite) -> [i64; 3] {
    let loyalty = suite.running.iter().find(|one| one.runtime.service == Service::Loyalty).expect("loyalty");
    let db = loyalty.runtime.db.read();
    let sql = "SELECT (SELECT count(*) FROM dealing) AS purchases, \
        (SELECT CAST(coalesce(sum(amount_minor), 0) AS bigint) FROM dealing) AS paid, \
        (SELECT count(*) FROM points_account) AS accounts";
    let row = db.query_one_raw(statement(db, sql, vec![])).await.expect("counts").expect("a row");
    ["purchases", "paid", "accounts"].map(|column| row.try_get("", column).expect("a count"))
}

/// Waits until the loyalty service has heard of everything, and compares all numbers.
async fn check(suite: &Suite, company: &Company, base: &Base) {
    let who = &company.manager_north_1;
    let rows = i64::try_from(base.rows).expect("rows");
    let expected = [rows, base.paid_minor, base.expected.population()];
    eventually("loyalty has heard of every purchase", base.within, || async {
        let found = totals(suite).await;
        assert!(found[0] <= rows, "{found:?}: something came in twice");
        (found == expected).then_some(())
    })
    .await;
    base.expected.check(suite.url(Service::Loyalty), who).await;
    for (customer, scores) in base.expected.customers {
        let value = format!("{customer:0width$}", width = base.width);
        let query = ExternalIdQuery { system: "cdnow".to_owned(), value };
        let found = suite.call::<FindByExternalId>(Service::Customer, who, &NONE, &query, &Nothing).await;
        let path = CustomerPath { customer_id: found.expect("a customer").id };
        let query = RfmQuery {
            currency: "USD".to_owned().try_into().expect("a currency"),
            as_of: "1998-07-01".parse().ok(),
        };
        let rfm = suite.call::<GetRfm>(Service::Loyalty, who, &path, &query, &Nothing).await.expect("scores");
        let found =
            [rfm.recency_score, rfm.frequency_score, rfm.money_score].map(|score| score.expect("a score"));
        assert_eq!(found, *scores, "customer {customer}");
    }
}

async fn twice(place: Place, base: Base) {
    let suite = Suite::start(&place).await;
    let company = Company::found(&suite).await;
    let ended = import(&suite, &base.mapping, &base.file, &MISSING).await;
    // A batch that was slow to answer is sent again, and is then in already: the sum is what matters.
    let counts: Vec<u64> = super::counts(&ended).split(' ').filter_map(|word| word.parse().ok()).collect();
    assert_eq!(counts[..2].iter().sum::<u64>(), base.rows, "{}", super::counts(&ended));
    assert_eq!(counts[2], 0, "{}", ended.complained);
    assert_eq!(ended.status, Some(0));
    check(&suite, &company, &base).await;
    let ended = import(&suite, &base.mapping, &base.file, &MISSING).await;
    assert_eq!(super::counts(&ended), format!("0 entered, {} were in already, 0 refused", base.rows));
    check(&suite, &company, &base).await;
    suite.end().await;
}

/// Ends an import in the middle, the hard or the gentle way, and begins it again.
async fn ended_midway(place: Place, base: Base, signal: &str) {
    let suite = Suite::start(&place).await;
    let company = Company::found(&suite).await;
    let mut arguments = vec!["import", text(&base.mapping), text(&base.file), "--at-once", "1"];
    arguments.extend(MISSING);
    let refused = suite.data.join("refused.csv");
    arguments.extend(["--refused", text(&refused)]);
    let child = process::command(&suite, &arguments).spawn().expect("the binary starts");
    let last =
        ExternalIdQuery { system: "cdnow".to_owned(), value: format!("{:0width$}", 400, width = base.width) };
    eventually("some customers are in", base.within, || async {
        let who = &company.manager_north_1;
        suite.call::<FindByExternalId>(Service::Customer, who, &NONE, &last, &Nothing).await.ok()
    })
    .await;
    let id = child.id().expect("it still runs").to_string();
    let killed = tokio::process::Command::new("kill").args([signal, &id]).status().await;
    assert!(killed.expect("kill").success());
    let ended = super::Ended::from(child.wait_with_output().await.expect("it ends"));
    if signal == "-INT" {
        assert_eq!(ended.status, Some(4), "{}", ended.complained);
        assert!(ended.complained.contains("run the same command again"), "{}", ended.complained);
    } else {
        assert_eq!(ended.status, None, "a signal ended it: {}", ended.said);
    }
    let ended = import(&suite, &base.mapping, &base.file, &MISSING).await;
    assert_eq!(ended.status, Some(0), "{}", ended.complained);
    let entered: u64 =
        super::counts(&ended).split(' ').next().and_then(|count| count.parse().ok()).expect("a count");
    assert!(entered < base.rows, "it was ended in the middle, not before anything was in: {}", ended.said);
    assert!(super::counts(&ended).contains(&format!("{} were in already, 0 refused", base.rows - entered)));
    check(&suite, &company, &base).await;
    suite.end().await;
}

async fn sample_twice(place: Place) {
    twice(place, Base::sample()).await;
}
on_both!(a_tenth_of_cdnow_comes_in_once, super::sample_twice);

async fn killed(place: Place) {
    ended_midway(place, Base::sample(), "-KILL").await;
}
on_both!(
    #[ignore = "takes minutes: make check-full"]
    what_a_killed_import_left_is_completed,
    super::killed
);

async fn interrupted(place: Place) {
    ended_midway(place, Base::sample(), "-INT").await;
}
on_both!(
    #[ignore = "takes minutes: make check-full"]
    an_interrupted_import_finishes_what_is_on_its_way,
    super::interrupted
);

async fn master_twice(place: Place) {
    twice(place, Base::master()).await;
}
on_both!(
    #[ignore = "needs CDNOW_master.txt by C360_CDNOW"]
    all_of_cdnow_comes_in_once,
    super::master_twice
);

async fn master_killed(place: Place) {
    ended_midway(place, Base::master(), "-KILL").await;
}
on_both!(
    #[ignore = "needs CDNOW_master.txt by C360_CDNOW"]
    all_of_cdnow_is_completed_after_a_kill,
    super::master_killed
);
