//! What marketing makes of it: the base is scored, and the segments that it works with are kept.

use schema::api::{
    NoParameters, Nothing,
    loyalty::{
        Condition, CountTest, Counted, CreateSegment, MoneyTest, NewSegment, Range, ScoreBase, ScoreTest,
    },
    survey::Instrument,
};

use super::{Door, Failed, Owner};

/// Scores the base and creates the segments.
pub(super) async fn look_at(door: &Door) -> Result<(), Failed> {
    let none = NoParameters::default();
    door.command::<ScoreBase>(Owner::Loyalty, "demo-scoring".to_owned(), &none, &Nothing).await?;
    for (code, name, condition) in segments(door) {
        let new = NewSegment { code: code.to_owned(), name: name.to_owned(), condition };
        let key = format!("demo-segment-{code}");
        door.command::<CreateSegment>(Owner::Loyalty, key, &none, &new).await?;
    }
    Ok(())
}

fn segments(door: &Door) -> [(&'static str, &'static str, Condition); 3] {
    let at_least = |least| Range { at_least: Some(least), at_most: None };
    let spent =
        MoneyTest { currency: door.currency.clone(), at_least_minor: Some(200_000), at_most_minor: None };
    let regular = Condition::Frequency(at_least(4));
    let away = Range { at_least: Some(61), at_most: Some(180) };
    let complained = CountTest { of: Counted::Complaints, days: 365, at_least: Some(1), at_most: None };
    let unhappy = ScoreTest { instrument: Instrument::Nps, at_least: None, at_most: Some(6) };
    [
        ("loyal", "Bought often and much", Condition::All(vec![regular.clone(), Condition::Money(spent)])),
        (
            "slipping-away",
            "Regulars who have not been here lately",
            Condition::All(vec![regular, Condition::RecencyDays(away)]),
        ),
        (
            "to-win-back",
            "Complained or scored low within a year",
            Condition::Any(vec![Condition::Count(complained), Condition::LastScore(unhappy)]),
        ),
    ]
}
