//! What happened between a customer of the demo and us in two years: a plan, from chance alone.
//!
//! Regulars come before the jar is empty, gifts are bought before the festivals, summers are quiet. Some
//! complaints are put right so well that the score afterwards is high; others end the relationship.

use chrono::{DateTime, Datelike as _, TimeDelta, Timelike as _, Utc};
use rand::{Rng as _, rngs::StdRng};

use super::person::{Habit, Person};

/// How far back it goes.
const DAYS: i64 = 730;
/// The articles: code, grams a bag, price in minor units.
pub(super) const ARTICLES: [(&str, i64, i64); 5] = [
    ("rice-jasmine", 5_000, 4_500),
    ("rice-round", 10_000, 7_200),
    ("rice-brown", 2_500, 3_100),
    ("oil-peanut", 1_800, 6_800),
    ("gift-box", 3_000, 16_800),
];
const JASMINE: usize = 0;
const GIFT: usize = 4;
/// What one of a household eats of rice in a day, in grams.
pub(super) const DAILY_GRAMS: i64 = 150;

/// One thing that happened.
pub(super) enum Dealing {
    /// They asked before they bought.
    Question,
    /// They bought: articles by number, with bags.
    Purchase(Vec<(usize, i64)>),
    /// They gave the first line of the last purchase back.
    Return,
    /// They said what they think of the last purchase.
    Answer(i32),
    /// They complained.
    Complaint(Complaint),
    /// We called before the jar was empty.
    Call,
}

/// A complaint: when it was put right, and what they said then.
pub(super) struct Complaint {
    /// Whether it was put right soon, and with something on top.
    pub(super) well: bool,
    /// When it was resolved; not yet when absent.
    pub(super) resolved_at: Option<DateTime<Utc>>,
    /// The score afterwards.
    pub(super) afterwards: Option<i32>,
}

/// The customer's two years, in order.
pub(super) fn plan(
    person: &Person,
    now: DateTime<Utc>,
    chance: &mut StdRng,
) -> Vec<(DateTime<Utc>, Dealing)> {
    let joined = now - TimeDelta::days(if person.number == 0 { 400 } else { chance.random_range(20..DAYS) });
    // One in five leaves at some time; whoever is not content leaves sooner.
    let mut end = if person.number != 0 && chance.random_bool(0.2) {
        joined + TimeDelta::days(chance.random_range(30..400))
    } else {
        now
    };
    let mut life = Vec::new();
    let mut at = open_hours(joined, chance);
    if chance.random_bool(0.3) {
        life.push((at - TimeDelta::days(2), Dealing::Question));
    }
    while at < end.min(now - TimeDelta::hours(6)) {
        life.push((at, Dealing::Purchase(basket(person, at, chance))));
        if chance.random_bool(0.03) {
            life.push((at + TimeDelta::hours(5), Dealing::Return));
        }
        let unhappy = chance.random_bool(0.04);
        if unhappy {
            let well = chance.random_bool(0.6);
            let said = at + TimeDelta::hours(4);
            let resolved = said + TimeDelta::hours(if well { 5 } else { 90 });
            let resolved_at = (resolved < now - TimeDelta::hours(1)).then_some(resolved);
            let afterwards = resolved_at
                .map(|_| if well { chance.random_range(8..=10) } else { chance.random_range(0..=5) });
            life.push((said, Dealing::Complaint(Complaint { well, resolved_at, afterwards })));
            if !well && person.number != 0 {
                end = at + TimeDelta::days(45);
            }
        } else if chance.random_bool(0.12) {
            let score = *[10, 10, 9, 9, 9, 8, 8, 7, 6, 3].get(chance.random_range(0..10)).unwrap_or(&9);
            life.push((at + TimeDelta::days(1), Dealing::Answer(score)));
        }
        at = open_hours(at + gap(person, at, chance), chance);
        if person.habit == Habit::Regular && chance.random_bool(0.1) && at < now {
            life.push((at - TimeDelta::days(1), Dealing::Call));
        }
        if person.habit == Habit::Once {
            break;
        }
    }
    // Whoever calls in the demo's query has said something.
    let bought = life.iter().rev().find(|(_, dealing)| matches!(dealing, Dealing::Purchase(_)));
    if let Some((when, _)) = bought.filter(|_| person.number == 0) {
        life.push((*when + TimeDelta::hours(1), Dealing::Answer(9)));
    }
    life.retain(|(when, _)| *when < now - TimeDelta::minutes(10));
    life.sort_by_key(|(when, _)| *when);
    life
}

/// How many days at least pass between two purchases of a regular.
fn usual_days(person: &Person) -> i64 {
    75 / person.eaters.clamp(2, 4) + 34
}

/// Until the next purchase.
fn gap(person: &Person, at: DateTime<Utc>, chance: &mut StdRng) -> TimeDelta {
    let days = match person.habit {
        Habit::Regular => usual_days(person) + chance.random_range(0..15),
        Habit::Occasional => chance.random_range(70..200),
        Habit::Festive => return until_festival(at, chance),
        Habit::Wholesale => chance.random_range(30..60),
        Habit::Once => DAYS,
    };
    // The summer holidays.
    let quiet = if matches!(at.month(), 7 | 8) { days / 3 } else { 0 };
    TimeDelta::days(days + quiet)
}

/// Until shortly before the next festival: New Year in late January, Mid-Autumn in late September.
fn until_festival(at: DateTime<Utc>, chance: &mut StdRng) -> TimeDelta {
    let day = i64::from(at.ordinal());
    let next = [20, 260, 20 + 365].into_iter().find(|festival| festival - day > 20).unwrap_or(385);
    TimeDelta::days(next - day - chance.random_range(0..8))
}

fn basket(person: &Person, at: DateTime<Utc>, chance: &mut StdRng) -> Vec<(usize, i64)> {
    let festive = matches!(at.month(), 1 | 9);
    let much = if person.habit == Habit::Wholesale { 8 } else { 1 };
    let lines = chance.random_range(1..=2);
    let mut basket: Vec<(usize, i64)> = (0..lines)
        .map(|_| (chance.random_range(0..GIFT), much * (1 + chance.random_range(0..=person.eaters) / 3)))
        .collect();
    if person.jar {
        // What they will eat until they come again.
        let (_, grams, _) = ARTICLES[JASMINE];
        let bags = person.eaters * DAILY_GRAMS * (usual_days(person) + 7) / grams;
        basket = vec![(JASMINE, bags.max(1))];
    }
    if festive && (person.habit == Habit::Festive || chance.random_bool(0.3)) {
        basket.push((GIFT, chance.random_range(1..=3)));
    }
    basket
}

/// The same day between nine and eight.
fn open_hours(at: DateTime<Utc>, chance: &mut StdRng) -> DateTime<Utc> {
    let minute = i64::from(at.hour()) * 60 + i64::from(at.minute());
    at + TimeDelta::minutes(9 * 60 + chance.random_range(0..660) - minute)
}
