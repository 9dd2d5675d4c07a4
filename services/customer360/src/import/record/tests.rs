//! What records are read, and what a broken one costs.

use std::sync::Arc;

use proptest::prelude::*;

use super::*;

const COMMA: Dialect = Dialect { delimiter: Delimiter::Character(','), quote: Some('"') };
const BLANKS: Dialect = Dialect { delimiter: Delimiter::Blanks, quote: None };

fn read(text: &str, dialect: Dialect) -> Vec<Record> {
    let lines = Lines::new(text.as_bytes(), encoding_rs::UTF_8, Arc::default());
    let mut records = Records::new(lines, dialect);
    let mut all = Vec::new();
    while let Some(record) = records.next_record().expect("readable") {
        all.push(record);
    }
    all
}

fn columns(text: &str, dialect: Dialect) -> Vec<Vec<String>> {
    read(text, dialect).into_iter().map(|record| record.columns.expect("a good record")).collect()
}

#[test]
fn runs_of_blanks_are_one_delimiter() {
    let text = " 00001 19970101  1   11.77\r\n\r\n 00002 19970112\t 5   77.00 \r\n";
    let expected = [["00001", "19970101", "1", "11.77"], ["00002", "19970112", "5", "77.00"]];
    assert_eq!(columns(text, BLANKS), expected);
}

#[test]
fn quotes_hold_delimiters_quotes_and_line_ends() {
    let text = "1,\"a, \"\"b\"\"\",c\r\n2, \"first\r\nsecond\" ,\n3,mid\"dle,\"\"\n";
    let expected = [["1", "a, \"b\"", "c"], ["2", "first\nsecond", ""], ["3", "mid\"dle", ""]];
    assert_eq!(columns(text, COMMA), expected);
    let numbers: Vec<u64> = read(text, COMMA).iter().map(|record| record.line).collect();
    assert_eq!(numbers, [1, 2, 4]);
}

#[test]
fn a_tab_or_anything_else_delimits() {
    let tabs = Dialect { delimiter: Delimiter::Character('\t'), quote: Some('"') };
    assert_eq!(columns("a\t\tc d\n", tabs), [["a", "", "c d"]]);
    let pipes = Dialect { delimiter: Delimiter::Character('¦'), quote: Some('\'') };
    assert_eq!(columns("'a¦b'¦c\"\n", pipes), [["a¦b", "c\""]]);
}

#[test]
fn a_quote_that_is_not_closed_costs_its_own_line() {
    let text = format!("1,\"open,x\n{}9,\"good\",y\n", "2,b,c\n".repeat(300));
    let records = read(&text, COMMA);
    assert_eq!(records.len(), 302);
    assert_eq!(records[0].columns, Err("a quote in it is not closed"));
    assert_eq!(records[0].raw, "1,\"open,x");
    assert!(records[1..].iter().all(|record| record.columns.is_ok()));
    let wrong = read("1,\"a\"b,c\n2,b,c\n", COMMA);
    assert!(wrong[0].columns.is_err() && wrong[1].columns.is_ok());
}

#[test]
fn a_flawed_line_within_quotes_ends_the_search() {
    let lines = Lines::new(&b"1,\"a\n2,\xFF\n3,b\n"[..], encoding_rs::UTF_8, Arc::default());
    let mut records = Records::new(lines, COMMA);
    let mut good = Vec::new();
    while let Some(record) = records.next_record().expect("readable") {
        good.push((record.line, record.columns.is_ok()));
    }
    assert_eq!(good, [(1, false), (2, false), (3, true)]);
}

proptest! {
    #[test]
    fn what_is_written_in_quotes_is_read(
        rows in proptest::collection::vec(proptest::collection::vec("[a-z \",;\né]{0,8}", 3), 1..8),
    ) {
        let row = |row: &Vec<String>| {
            let quoted: Vec<String> =
                row.iter().map(|column| format!("\"{}\"", column.replace('"', "\"\""))).collect();
            quoted.join(",") + "\r\n"
        };
        let text: String = rows.iter().map(row).collect();
        prop_assert_eq!(columns(&text, COMMA), rows);
    }

    #[test]
    fn no_text_makes_it_fail_or_lose_a_line(text in "[a\",\n]{0,120}") {
        let lines = text.lines().filter(|line| !line.trim().is_empty()).count();
        let read: usize = read(&text, COMMA).iter()
            .map(|record| record.raw.lines().filter(|line| !line.trim().is_empty()).count()).sum();
        prop_assert_eq!(read, lines);
    }
}
