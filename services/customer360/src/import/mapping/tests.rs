//! What a mapping may say, and what is said of one that is wrong.

use super::*;
use crate::import::kind::fields;

const PURCHASES: &str = r#"
kind = "purchases"
source = "cdnow"
system = "cdnow"
[file]
delimiter = "blanks"
[dates]
formats = ["%Y%m%d"]
[columns]
customer = "customer_id"
occurred_at = "date"
quantity = 3
amount = "dollar_value"
[constants]
currency = "USD"
sku = "cd"
channel = "web"
"#;

fn wrong(text: &str) -> String {
    Mapping::parse(text, fields).expect_err("a mistake")
}

#[test]
fn a_mapping_is_read() {
    let mapping = Mapping::parse(PURCHASES, fields).expect("a mapping");
    assert_eq!((mapping.kind, mapping.dialect.delimiter), (KindName::Purchases, Delimiter::Blanks));
    assert_eq!(mapping.cells["quantity"].columns, [Column::Position(3)]);
    assert_eq!(mapping.cells["currency"].fallback.as_deref(), Some("USD"));
}

#[test]
fn what_is_wrong_is_named() {
    for (from, to, says) in [
        ("kind = \"purchases\"", "kind = \"receipts\"", "receipts"),
        ("system = \"cdnow\"", "", "`system` is missing"),
        ("delimiter = \"blanks\"", "delimiter = \"::\"", "file.delimiter"),
        ("delimiter = \"blanks\"", "delimiter = \"\\\"\"", "file.quote"),
        ("delimiter = \"blanks\"", "encoding = \"klingon\"", "klingon"),
        ("delimiter = \"blanks\"", "header = false", "give its position"),
        ("delimiter = \"blanks\"", "separator = \",\"", "separator"),
        ("quantity = 3", "quantity = 0", "count from 1"),
        ("quantity = 3", "quantity = [3, 4]", "several columns"),
        ("quantity = 3", "colour = 3", "there is no field `colour`"),
        ("currency = \"USD\"", "", "currency"),
        ("currency = \"USD\"", "currency = \"USD\"\namount = 5", "a column and a constant"),
        ("[\"%Y%m%d\"]", "[\"%Q\"]", "%Q"),
        ("[constants]", "[words.staff]\na = \"b\"\n[constants]", "words.staff"),
        ("[constants]", "[amounts]\nthousands = \".\"\n[constants]", "amounts.thousands"),
    ] {
        let message = wrong(&PURCHASES.replace(from, to));
        assert!(message.contains(says), "{to}: {message}");
    }
}

#[test]
fn ndjson_has_no_positions() {
    let text = PURCHASES.replace("delimiter = \"blanks\"", "format = \"ndjson\"");
    assert!(wrong(&text).contains("no positions"));
    assert!(Mapping::parse(&text.replace("quantity = 3", "quantity = \"n.cds\""), fields).is_ok());
}

#[test]
fn the_documented_mappings_are_usable() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/import");
    let mut count = 0;
    for file in std::fs::read_dir(folder).expect("the examples").flatten() {
        if file.path().extension().is_some_and(|end| end == "toml") {
            Mapping::load(&file.path(), fields).expect("usable");
            count += 1;
        }
    }
    assert!(count >= 9, "{count} examples");
}
