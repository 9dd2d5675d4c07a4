//! Files that are wrong in every way: row by row, with reasons, and nothing good is lost.

use std::os::unix::fs::PermissionsExt as _;

use testkit::Place;

use super::{import, stage, written};
use crate::on_both;

const MAPPING: &str = r#"
kind = "purchases"
source = "hostile"
system = "till"
[columns]
reference = "no"
customer = "who"
occurred_at = "when"
amount = "sum"
[constants]
currency = "EUR"
sku = "x"
channel = "web"
"#;

/// Rows with the field that they are refused for; none when they are good.
const ROWS: [(&[u8], Option<&str>); 20] = [
    (b"1,ann,2020-01-01,1.00", None),
    (b"2,b\xFFb,2020-01-01,1.00", Some("")),
    (b"3,ann,2020-02-30,1.00", Some("occurred_at")),
    (b"4,ann,01/02/2020,1.00", Some("occurred_at")),
    (b"5,ann,2020-01-01,1.005", Some("amount")),
    (b"6,ann,2020-01-01,one", Some("amount")),
    (b"7,ann,2020-01-01,-1.00", Some("amount")),
    (b"8,ann,2020-01-01,99999999999999999999", Some("amount")),
    (b"9,,2020-01-01,1.00", Some("customer")),
    (b"10,ann,2020-01-01", Some("")),
    (b"11,ann,2020-01-01,1.00,more", Some("")),
    (b"12,\"ann,2020-01-01,1.00", Some("")),
    (b"13,\"an\"n,2020-01-01,1.00", Some("")),
    (b"14,\"ann\",2020-01-01,\"1.00\"", None),
    (b"1,ann,2020-01-01,2.00", Some("reference")),
    (b"16,a\0n,2020-01-01,1.00", Some("")),
    (b"17,ann,1066-10-14,1.00", Some("occurred_at")),
    (b"18,ann,2999-01-01,1.00", Some("occurred_at")),
    (b"19,ann,2020-01-01,0.00", None),
    (b"1,ann,2020-01-01,1.00", None),
];

async fn hostile(place: Place) {
    let (suite, _) = stage(&place).await;
    let mapping = written(&suite, "hostile.toml", MAPPING);
    let mut text = b"no,who,when,sum\r\n".to_vec();
    for (row, _) in ROWS {
        text.extend_from_slice(row);
        text.extend_from_slice(b"\r\n");
    }
    // A line that never seems to end, and a good one after it.
    text.extend(std::iter::repeat_n(b'x', 300_000));
    text.extend_from_slice(b"\n20,\xC3\xA4nne,2020-01-01,1.00");
    let file = written(&suite, "hostile.csv", text);

    let registering = ["--register-missing", "--unit", "north-1"];
    let ended = import(&suite, &mapping, &file, &registering).await;
    assert_eq!(ended.status, Some(3), "{}", ended.complained);
    let counts = "4 entered, 1 were in already, 17 refused; 2 customers were registered who were not known";
    assert_eq!(super::counts(&ended), counts, "{}", ended.said);
    let all = [ended.said, ended.complained].concat();
    assert!(!all.contains("2020-01-01"), "no content but in the file of refused rows: {all}");

    let path = suite.data.join("refused.csv");
    assert_eq!(std::fs::metadata(&path).expect("a file").permissions().mode() & 0o777, 0o600);
    let refused = std::fs::read_to_string(&path).expect("refused rows");
    let mut found: Vec<(u64, &str)> = refused
        .lines()
        .skip(1)
        .map(|line| {
            let mut columns = line.splitn(3, ',');
            let number = columns.next().and_then(|number| number.parse().ok()).expect("a line number");
            (number, columns.next().expect("a field"))
        })
        .collect();
    found.sort_unstable();
    let expected = (2..).zip(ROWS).filter_map(|(line, (_, field))| Some((line, field?)));
    let expected: Vec<(u64, &str)> = expected.chain([(22, "")]).collect();
    assert_eq!(found, expected, "{refused}");

    let ended = import(&suite, &mapping, &file, &registering).await;
    assert_eq!(super::counts(&ended), "0 entered, 5 were in already, 17 refused");
    suite.end().await;
}
on_both!(a_hostile_file_is_refused_row_by_row, super::hostile);
