//! What rows of each kind become.

use super::*;
use crate::import::row::Columns;
use crate::import::{directory::Directory, mapping::Mapping};

fn read<K: Kind>(mapping: &str, columns: &[&str]) -> Result<K::Command, Mistake> {
    let mapping = Mapping::parse(mapping, fields).expect("a mapping");
    let columns = Columns::Delimited(columns.iter().map(|column| (*column).to_owned()).collect());
    let directory = Directory::with_unit("north");
    K::read(&Values { columns: &columns, mapping: &mapping, directory: &directory })
}

const PURCHASES: &str = r#"
kind = "purchases"
source = "till"
system = "till"
[file]
header = false
[dates]
formats = ["%d.%m.%Y"]
[amounts]
decimal = ","
thousands = "."
[columns]
customer = 1
occurred_at = 2
currency = 3
amount = 4
channel = 5
quantity = 6
[constants]
sku = "rice"
unit = "north"
[defaults]
currency = "EUR"
[words.channel]
POS = "counter"
"#;

#[test]
fn amounts_follow_their_currency_and_words_are_translated() {
    for (currency, amount, minor) in
        [("", "1.234,50", 123_450), ("jpy", "1.234", 1_234), ("KWD", "1,234", 1_234), ("USD", "0", 0)]
    {
        let purchase = read::<Purchases>(PURCHASES, &["7", "1.7.1998", currency, amount, "POS", "2,5"]);
        let purchase = purchase.expect("a purchase");
        assert_eq!(purchase.lines[0].amount_minor.get(), minor);
        assert_eq!(purchase.lines[0].quantity_milli.get(), 2_500);
        assert_eq!(purchase.occurred_at.to_rfc3339(), "1998-07-01T00:00:00+00:00");
    }
}

#[test]
fn what_is_wrong_in_a_row_is_named() {
    let good = ["7", "1.7.1998", "EUR", "1,00", "POS", ""];
    assert!(read::<Purchases>(PURCHASES, &good).is_ok());
    for (position, value, field) in [
        (1, "1998-07-01", "occurred_at"),
        (2, "euro", "currency"),
        (3, "1.00", "amount"),
        (3, "1,005", "amount"),
        (3, "-1,00", "amount"),
        (3, "", "amount"),
        (4, "carrier pigeon", "channel"),
        (5, "-1", "quantity"),
    ] {
        let mut row = good;
        row[position] = value;
        assert_eq!(read::<Purchases>(PURCHASES, &row).expect_err(value).field, field);
    }
    let elsewhere = PURCHASES.replace("\"north\"", "\"atlantis\"");
    assert_eq!(read::<Purchases>(&elsewhere, &good).expect_err("no such unit").field, "unit");
}

#[test]
fn lines_of_one_purchase_are_joined() {
    let row =
        |amount, day| read::<Purchases>(PURCHASES, &["7", day, "EUR", amount, "POS", ""]).expect("a row");
    let mut purchase = row("1,00", "1.7.1998");
    assert!(Purchases::join(&mut purchase, row("2,00", "1.7.1998")).is_ok());
    assert_eq!(purchase.lines.len(), 2);
    assert!(Purchases::join(&mut purchase, row("3,00", "2.7.1998")).is_err(), "another day");
}

#[test]
fn a_closed_case_was_resolved() {
    let mapping = "kind = \"cases\"\nsource = \"s\"\nsystem = \"s\"\n[file]\nheader = false\n[columns]\ncustomer = 1\n\
                   resolved_at = 2\nclosed_at = 3\noutcome = 4\n[constants]\nunit = \"north\"\ntopic = \"late\"\n\
                   severity = \"high\"\noccurred_at = \"2020-01-01\"\n";
    let case = read::<Cases>(mapping, &["7", "2020-01-02", "2020-01-03", "replaced"]).expect("a case");
    assert!(case.resolution.is_some() && case.closing.is_some());
    let open = read::<Cases>(mapping, &["7", "", "", ""]).expect("an open case");
    assert!(open.resolution.is_none() && open.closing.is_none());
    assert_eq!(
        read::<Cases>(mapping, &["7", "", "2020-01-03", "x"]).err().map(|m| m.field),
        Some("resolved_at".into())
    );
    assert_eq!(
        read::<Cases>(mapping, &["7", "2020-01-02", "", ""]).err().map(|m| m.field),
        Some("outcome".into())
    );
}

#[test]
fn customers_have_several_phones_and_ids() {
    let mapping = "kind = \"customers\"\nsource = \"s\"\nsystem = \"crm\"\n[columns]\nname = \"Name\"\ncustomer = \"No\"\n\
                   phone = [\"Mobile\", \"Home\"]\n\"external_id.erp\" = \"ERP\"\n[constants]\nkind = \"consumer\"\n\
                   unit = \"north\"\n[file]\nformat = \"ndjson\"\n";
    let mapping = Mapping::parse(mapping, fields).expect("a mapping");
    let columns = [
        ("Name", "Ann"),
        ("No", "7"),
        ("Home", "+49 30 1234567"),
        ("Mobile", "+49 170 1234567"),
        ("ERP", "K7"),
    ];
    let columns = columns.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    let (columns, directory) = (Columns::Named(columns.collect()), Directory::with_unit("north"));
    let new = Customers::read(&Values { columns: &columns, mapping: &mapping, directory: &directory });
    let new = new.expect("a customer");
    let phones: Vec<&str> = new.contact_points.iter().map(|point| point.value.as_str()).collect();
    assert_eq!(phones, ["+49 170 1234567", "+49 30 1234567"]);
    let ids: Vec<(&str, &str)> =
        new.external_ids.iter().map(|id| (id.system.as_str(), id.value.as_str())).collect();
    assert_eq!(ids, [("crm", "7"), ("erp", "K7")]);
}
