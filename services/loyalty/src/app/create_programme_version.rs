//! Creates a version of the programme. What was earned stays explained: a version begins later than anything
//! that can have been bought, and nothing changes one.

use chrono::TimeDelta;
use kit::{Error, Input, Result, Work};
use schema::{
    api::{
        loyalty::{CreateProgrammeVersion, NewProgrammeVersion, ProgrammeVersion},
        problem::{Code, FieldError, Problem},
    },
    moment,
};
use uuid::Uuid;

use crate::{
    domain::programme::{Units, Version, check},
    storage,
};

/// Business times are at most so far ahead: a version that begins later meets no purchase that is known.
const AHEAD: TimeDelta = TimeDelta::days(1);
/// The subject of versions in the audit.
const PROGRAMME: Uuid = Uuid::from_u128(0x7072_6f67_7261_6d6d_6500_0000_0000_0001);

pub(crate) async fn create_programme_version(
    work: &mut Work,
    input: Input<CreateProgrammeVersion>,
) -> Result<ProgrammeVersion> {
    let NewProgrammeVersion { valid_from, terms } = &*input.body;
    let mut wrong: Vec<FieldError> = check::check(terms)
        .into_iter()
        .map(|(pointer, rule)| FieldError { pointer, detail: rule.to_owned() })
        .collect();
    let valid_from = chrono::DateTime::from_timestamp_micros(valid_from.timestamp_micros())
        .filter(|at| moment::is_storable(*at));
    if valid_from.is_none() {
        let detail = "a time from the year 1900 to 9999".to_owned();
        wrong.push(FieldError { pointer: "/valid_from".to_owned(), detail });
    }
    work.exclusive("loyalty.programme").await?;
    let mut units = Units::new();
    for (at, rule) in terms.bonus_rules.iter().enumerate().take(if wrong.is_empty() { 50 } else { 0 }) {
        let Some(unit) = rule.org_unit_id else { continue };
        match storage::programme::units_below(work, unit).await? {
            Some(below) => {
                units.insert(rule.code.clone(), below);
            }
            None => wrong.push(FieldError {
                pointer: format!("/terms/bonus_rules/{at}/org_unit_id"),
                detail: "no such unit is known".to_owned(),
            }),
        }
    }
    let (Some(valid_from), true) = (valid_from, wrong.is_empty()) else {
        return Err(Problem::fields(wrong).into());
    };

    let programme = storage::programme::all(work).await?;
    if programme.each().any(|version| version.shown.valid_from == valid_from) {
        let detail = "another version begins at this very time; choose another";
        return Err(Problem::new(Code::AlreadyExists, detail).into());
    }
    if programme.each().count() >= storage::programme::MOST {
        let detail = format!("there are at most {} versions", storage::programme::MOST);
        return Err(Problem::new(Code::Conflict, detail).into());
    }
    if valid_from <= work.now() + AHEAD && storage::programme::anything_bought(work).await? {
        let detail = "purchases are known, and what they earned stays; begin more than a day from now";
        return Err(Problem::new(Code::Conflict, detail).into());
    }
    let last = programme.each().map(Version::number).max().unwrap_or_default();
    let number = last.checked_add(1).ok_or_else(|| Error::Fault("versions ran out of numbers".into()))?;
    let shown =
        ProgrammeVersion { version: number, valid_from, terms: terms.clone(), created_at: Some(work.now()) };
    storage::programme::add(work, &Version { shown: shown.clone(), units }).await?;
    work.audit("programme.version.create", PROGRAMME, Some(&format!("version {number}")))?;
    Ok(shown)
}
