//! What may be related to what, and from when to when.

use chrono::NaiveDate;
use schema::api::customer::{CustomerKind, NewRelationship, RelationshipKind};

use super::{
    day::{self, LAST},
    person::Mistakes,
};

/// The most relationships that a file shows.
pub(crate) const SHOWN: u32 = 20;

/// Checks a day of a relationship.
pub(crate) fn check(day: NaiveDate, pointer: &str, mistakes: &mut Mistakes) {
    if !day::is_storable(day) {
        mistakes.add(pointer, day::RULE);
    }
}

/// Checks the days of a new relationship.
pub(crate) fn days(new: &NewRelationship, mistakes: &mut Mistakes) {
    check(new.valid_from, "/valid_from", mistakes);
    if let Some(until) = new.valid_until {
        check(until, "/valid_until", mistakes);
        if until < new.valid_from {
            mistakes.add("/valid_until", "the last day is not before the first");
        }
    }
}

/// Which end of such a relationship a customer of this kind cannot be; `Err` names the field and the rule.
pub(crate) fn ends(
    kind: RelationshipKind,
    from: CustomerKind,
    to: CustomerKind,
) -> Result<(), (&'static str, &'static str)> {
    match kind {
        RelationshipKind::SoldThroughBy if to != CustomerKind::Intermediary => Err((
            "/to_customer_id",
            "only an intermediary sells on; relate to a customer of kind intermediary",
        )),
        RelationshipKind::Employs if from == CustomerKind::Consumer => {
            Err(("/kind", "a consumer employs nobody; the relationship goes out from the employer"))
        }
        RelationshipKind::SoldThroughBy
        | RelationshipKind::Employs
        | RelationshipKind::BelongsTo
        | RelationshipKind::PartnerOf => Ok(()),
    }
}

/// Whether a relationship may end on this day; `Err` says what would be right.
pub(crate) fn may_end(
    valid_from: NaiveDate,
    ended: Option<NaiveDate>,
    until: NaiveDate,
) -> Result<(), String> {
    if until < valid_from {
        return Err(format!("the last day is not before the first, {valid_from}"));
    }
    match ended {
        Some(ended) if until > ended => {
            Err(format!("it ends on {ended} already; end it earlier, or add a new relationship"))
        }
        Some(_) | None => Ok(()),
    }
}

/// The next day on which the calendar makes the relationship valid, or valid no more.
pub(crate) fn next_turn(
    valid_from: NaiveDate,
    valid_until: Option<NaiveDate>,
    today: NaiveDate,
) -> Option<NaiveDate> {
    if valid_from > today {
        return Some(valid_from);
    }
    valid_until.filter(|until| (today..LAST).contains(until)).and_then(|until| until.succ_opt())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    #[test]
    fn an_end_can_only_come_nearer() {
        let from = day("2026-03-01");
        assert!(may_end(from, None, from).is_ok());
        assert!(may_end(from, None, day("2026-02-28")).is_err());
        assert!(may_end(from, Some(day("2026-03-05")), day("2026-03-05")).is_ok());
        assert!(may_end(from, Some(day("2026-03-05")), day("2026-03-06")).is_err());
    }

    #[test]
    fn it_turns_when_it_begins_and_when_it_is_over() {
        let (from, until) = (day("2026-03-01"), day("2026-03-05"));
        let over = day("2026-03-06");
        assert_eq!(next_turn(from, Some(until), day("2026-02-28")), Some(from));
        assert_eq!(next_turn(from, Some(until), from), Some(over));
        assert_eq!(next_turn(from, Some(until), until), Some(over));
        assert_eq!(next_turn(from, Some(until), over), None);
        assert_eq!(next_turn(from, None, from), None);
        assert_eq!(next_turn(from, Some(LAST), from), None);
    }

    #[test]
    fn only_an_intermediary_sells_on() {
        use CustomerKind::{Consumer, Intermediary, Organisation};
        assert!(ends(RelationshipKind::SoldThroughBy, Consumer, Intermediary).is_ok());
        assert!(ends(RelationshipKind::SoldThroughBy, Consumer, Organisation).is_err());
        assert!(ends(RelationshipKind::Employs, Consumer, Organisation).is_err());
        assert!(ends(RelationshipKind::Employs, Organisation, Consumer).is_ok());
    }
}
