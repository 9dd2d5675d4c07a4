//! Lots by example: oldest first, a return's own lot first, what is held does not expire, debts.

use chrono::TimeDelta;
use schema::api::loyalty::LotState;

use super::*;

fn day(number: i64) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::days(number)
}

fn purchase(number: u128) -> PurchaseId {
    Uuid::from_u128(number).into()
}

fn came(number: u128, on: i64, points: i64, expires_on: Option<i64>) -> Happened {
    let what =
        What::Came { purchase: Some(purchase(number)), expires_at: expires_on.map(day), notice_at: None };
    Happened { at: day(on), id: Uuid::from_u128(number), points, what }
}

fn returned(of: u128, number: u128, on: i64, points: i64) -> Happened {
    let what = What::Returned { purchase: purchase(of) };
    Happened { at: day(on), id: Uuid::from_u128(number), points, what }
}

fn held(number: u128, on: i64, points: i64, spent: bool) -> Happened {
    Happened { at: day(on), id: Uuid::from_u128(number), points, what: What::Held { spent } }
}

/// Left, used, reversed, expired of each lot.
fn parts(book: &Book) -> Vec<[i64; 4]> {
    book.lots.iter().map(|lot| [lot.remaining(), lot.used, lot.reversed, lot.expired]).collect()
}

#[test]
fn the_oldest_points_are_spent_first() {
    let all = vec![held(9, 5, 120, true), came(2, 2, 100, None), came(1, 1, 100, None)];
    let book = Book::reckon(all, day(9));
    assert_eq!(parts(&book), [[0, 100, 0, 0], [80, 20, 0, 0]]);
    assert_eq!((book.balance(), book.lots[0].state()), (80, LotState::UsedUp));
}

#[test]
fn a_return_takes_from_its_own_purchase_first() {
    let base = [came(1, 1, 100, None), came(2, 2, 100, None)];
    let book = Book::reckon([&base[..], &[returned(2, 9, 5, 60)]].concat(), day(9));
    assert_eq!(parts(&book), [[100, 0, 0, 0], [40, 0, 60, 0]]);
    // Its own lot is spent: then from the oldest.
    let spent = [&base[..], &[held(8, 4, 150, true), returned(1, 9, 5, 30)]].concat();
    assert_eq!(parts(&Book::reckon(spent, day(9))), [[0, 100, 0, 0], [20, 50, 30, 0]]);
}

#[test]
fn what_is_owed_is_made_good_by_what_comes_next() {
    let all = vec![came(1, 1, 100, None), held(8, 2, 100, true), returned(1, 9, 3, 40)];
    let book = Book::reckon(all.clone(), day(9));
    assert_eq!((book.balance(), book.owed), (-40, 40));
    let book = Book::reckon([all, vec![came(2, 5, 100, None)]].concat(), day(9));
    assert_eq!((book.balance(), book.owed, parts(&book)[1]), (60, 0, [60, 40, 0, 0]));
}

#[test]
fn points_expire_at_their_time_but_not_while_they_are_held() {
    let lot = came(1, 1, 100, Some(10));
    assert_eq!(parts(&Book::reckon(vec![lot], day(9))), [[100, 0, 0, 0]]);
    let book = Book::reckon(vec![lot], day(10));
    assert_eq!((parts(&book), book.lots[0].state()), (vec![[0, 0, 0, 100]], LotState::Expired));
    let book = Book::reckon(vec![lot, held(8, 5, 30, false)], day(11));
    assert_eq!((parts(&book), book.lots[0].held), (vec![[30, 0, 0, 70]], 30));
    // Confirmed later, it was taken in time; let go, it is as if it had not been.
    assert_eq!(parts(&Book::reckon(vec![lot, held(8, 5, 30, true)], day(11))), [[0, 30, 0, 70]]);
    // Too late.
    let late = Book::reckon(vec![lot, held(8, 10, 30, true)], day(11));
    assert_eq!((parts(&late), late.owed), (vec![[0, 0, 0, 100]], 30));
}

#[test]
fn what_has_expired_is_not_taken_back_again() {
    let all = vec![came(1, 1, 100, Some(10)), came(2, 2, 50, None), returned(1, 9, 20, 80)];
    let book = Book::reckon(all, day(30));
    assert_eq!(parts(&book), [[0, 0, 80, 20], [50, 0, 0, 0]]);
    assert_eq!(book.balance(), 50);
}

#[test]
fn an_open_hold_keeps_its_claim() {
    // A return took what the hold had been placed on.
    let all = vec![came(1, 1, 100, None), held(8, 2, 80, false), returned(1, 9, 3, 100)];
    let book = Book::reckon(all.clone(), day(9));
    assert_eq!((book.balance(), parts(&book)), (0, vec![[80, 0, 20, 0]]));
    assert_eq!(book.owed, 80);
}

#[test]
fn the_order_in_which_it_is_told_does_not_matter() {
    let mut all = vec![
        came(1, 1, 100, Some(20)),
        came(2, 2, 70, Some(30)),
        returned(1, 11, 3, 20),
        held(21, 4, 110, true),
        came(3, 4, 30, None),
        returned(2, 12, 25, 50),
        held(22, 5, 10, false),
    ];
    let expected = Book::reckon(all.clone(), day(40));
    for _ in 0..all.len() {
        all.rotate_left(3);
        let (first, last) = (0, all.len() - 1);
        all.swap(first, last);
        assert_eq!(Book::reckon(all.clone(), day(40)), expected);
    }
}
