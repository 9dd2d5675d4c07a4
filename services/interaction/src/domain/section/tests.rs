//! A section with everything at its bound, and what is left out of it.

use chrono::DateTime;
use schema::{
    api::interaction::{
        CaseState, CaseSummary, Channel, ChannelCount, Escalation, Owed, OwedKind, Phase, PhaseCount,
        PurchaseSummary, Severity, TimelineEntry, TimelineKind, Turnover,
    },
    value::{Currency, Minor},
};
use uuid::Uuid;

use super::*;

const MOST_MONEY: Minor = Minor::new(999_999_999_999_999);

fn id<T: From<Uuid>>() -> T {
    Uuid::max().into()
}

fn at() -> chrono::DateTime<chrono::Utc> {
    // With microseconds, which are written.
    DateTime::from_timestamp_micros(1_795_262_400_123_456).expect("a time")
}

fn currency() -> Currency {
    Currency::try_from("CNY".to_owned()).expect("a currency")
}

fn case() -> CaseSummary {
    CaseSummary {
        id: id(),
        customer_id: id(),
        org_unit_id: id(),
        topic: "t".repeat(40),
        severity: Severity::Critical,
        complaint: false,
        answer_id: Some(id()),
        state: CaseState::Offered,
        accountable_id: id(),
        handler_id: id(),
        occurred_at: at(),
        due_at: at(),
        transfers: 50,
        ping_pong: false,
        escalation: Some(Escalation::Breached),
        response_escalation: Some(Escalation::Breached),
    }
}

fn entry() -> TimelineEntry {
    TimelineEntry {
        staff_id: Some(id()),
        currency: Some(currency()),
        amount_minor: Some(MOST_MONEY),
        case_id: Some(id()),
        gesture_id: Some(id()),
        ..TimelineEntry::new(Uuid::max(), TimelineKind::GestureEscalated, at(), id())
    }
}

fn owed() -> Owed {
    Owed {
        kind: OwedKind::HandOver,
        due_at: at(),
        what: "w".repeat(40),
        staff_id: Some(id()),
        case_id: Some(id()),
        task_id: None,
        contact_id: Some(id()),
    }
}

/// Every list at its bound, every text and number as long as it may be.
fn full() -> Dealings {
    let bought = Turnover {
        currency: currency(),
        purchases: i32::MAX,
        total_minor: MOST_MONEY,
        returned_minor: MOST_MONEY,
    };
    let purchase = PurchaseSummary {
        id: id(),
        occurred_at: at(),
        org_unit_id: id(),
        channel: Channel::Messenger,
        currency: currency(),
        total_minor: MOST_MONEY,
        returned_minor: MOST_MONEY,
    };
    let by_channel = ChannelCount { channel: Channel::Messenger, contacts: i32::MAX };
    let by_phase = PhaseCount { phase: Phase::Aftersales, contacts: i32::MAX };
    Dealings {
        turnover: vec![bought; 20],
        last_purchase_at: Some(at()),
        purchases: vec![purchase; 10],
        timeline: vec![entry(); 20],
        contacts_by_channel: vec![by_channel; 8],
        contacts_by_phase: vec![by_phase; 3],
        last_contact_at: Some(at()),
        open_case_count: i32::MAX,
        open_cases: vec![case(); 10],
        owed: vec![owed(); 20],
        owed_count: i32::MAX,
        complaints_in_90_days: i32::MAX,
    }
}

#[test]
fn a_full_section_is_cut_to_its_bound() {
    let whole = full();
    assert!(size(&whole) > MOST, "it would be {} bytes", size(&whole));
    let fitting = fit(whole.clone());
    let left = (fitting.owed.len(), fitting.open_cases.len());
    assert!(size(&fitting) <= MOST, "{} bytes with {left:?}", size(&fitting));
    assert!(left.0 >= LEAST && left.1 >= LEAST, "{left:?}");
    let rest = (&fitting.timeline, &fitting.purchases, fitting.owed_count);
    assert_eq!(rest, (&whole.timeline, &whole.purchases, whole.owed_count), "nothing else is touched");
}

#[test]
fn what_fits_stays_whole() {
    let mut usual = full();
    usual.timeline.truncate(10);
    usual.open_cases.truncate(2);
    usual.owed.truncate(6);
    assert_eq!(fit(usual.clone()), usual);
    // The last due go first, and only as many as are too many.
    let mut many = full();
    many.timeline.truncate(10);
    many.open_cases.truncate(8);
    let fitting = fit(many.clone());
    assert_eq!(fitting.open_cases.len(), 8);
    let one_more = Dealings { owed: many.owed[..=fitting.owed.len()].to_vec(), ..many };
    assert!(size(&one_more) > MOST, "one more would have been too many");
}
