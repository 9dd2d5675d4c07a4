//! What arrives about a customer, kept as facts. A fact that was kept before is not kept twice; a state that
//! is older than what is held is skipped.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use kit::{
    Result, Work,
    db::word,
    rows::{Rows, among},
};
use schema::{
    api::{
        customer::{AttributeType, AttributeValue, HeldConsent},
        interaction::CaseState,
        survey::Instrument,
    },
    event::{
        customer::{AttributeState, ConsentState},
        interaction::ContactRecorded,
        survey::{AnswerReceived, RecoveryMeasured},
    },
    ids::{CaseId, CustomerId},
    value::Milli,
};
use sea_orm::Value;
use uuid::Uuid;

use crate::storage::dealing::day;

/// What a message says of a case.
#[derive(Clone, Copy)]
pub(crate) struct CaseTold {
    pub(crate) customer: CustomerId,
    pub(crate) id: CaseId,
    pub(crate) state: CaseState,
    /// The publisher's revision of the customer when it was so.
    pub(crate) revision: i64,
    pub(crate) complaint: Option<bool>,
    pub(crate) opened_at: DateTime<Utc>,
}

/// Keeps contacts.
pub(crate) async fn contacts<'a>(
    work: &Work,
    contacts: impl Iterator<Item = &'a ContactRecorded>,
) -> Result<()> {
    let mut rows = Rows::into("profile_contact", ["customer_id", "id", "occurred_at", "day"]);
    for ContactRecorded { customer_id, contact_id, occurred_at, .. } in contacts {
        rows.push([
            customer_id.uuid().into(),
            contact_id.uuid().into(),
            (*occurred_at).into(),
            day(occurred_at.date_naive()).into(),
        ]);
    }
    work.insert(rows, "ON CONFLICT (customer_id, id) DO NOTHING").await
}

/// Keeps where cases stand, unless something newer is held; and that they are complaints, whoever said so.
pub(crate) async fn cases(work: &Work, told: &[CaseTold]) -> Result<()> {
    let columns = ["customer_id", "id", "complaint", "state", "revision", "day"];
    let mut rows = Rows::into("profile_case", columns);
    for told in newest(told) {
        rows.push([
            told.customer.uuid().into(),
            told.id.uuid().into(),
            i64::from(told.complaint == Some(true)).into(),
            word(&told.state)?.into(),
            told.revision.into(),
            day(told.opened_at.date_naive()).into(),
        ]);
    }
    let then = "ON CONFLICT (customer_id, id) DO UPDATE SET \
         complaint = CASE WHEN excluded.complaint > profile_case.complaint THEN excluded.complaint \
             ELSE profile_case.complaint END, \
         state = CASE WHEN excluded.revision > profile_case.revision THEN excluded.state \
             ELSE profile_case.state END, \
         revision = CASE WHEN excluded.revision > profile_case.revision THEN excluded.revision \
             ELSE profile_case.revision END";
    work.insert(rows, then).await
}

/// What is newest of each case, and that it is a complaint if any message said so: a row is kept once a statement.
fn newest(told: &[CaseTold]) -> impl Iterator<Item = CaseTold> {
    let mut newest: BTreeMap<(CustomerId, CaseId), CaseTold> = BTreeMap::new();
    for one in told {
        let held = newest.entry((one.customer, one.id)).or_insert(*one);
        let complaint = held.complaint.max(one.complaint);
        if one.revision > held.revision {
            *held = *one;
        }
        held.complaint = complaint;
    }
    newest.into_values()
}

/// Keeps answers, and of each customer the last score of each question.
pub(crate) async fn answers(work: &Work, answers: &[&AnswerReceived]) -> Result<()> {
    let columns = ["customer_id", "id", "instrument", "score", "occurred_at", "day"];
    let mut rows = Rows::into("profile_answer", columns);
    for AnswerReceived { customer_id, answer_id, instrument, score, occurred_at, .. } in answers {
        rows.push([
            customer_id.uuid().into(),
            answer_id.uuid().into(),
            word(instrument)?.into(),
            i64::from(*score).into(),
            (*occurred_at).into(),
            day(occurred_at.date_naive()).into(),
        ]);
    }
    work.insert(rows, "ON CONFLICT (customer_id, id) DO NOTHING").await?;
    for instrument in [Instrument::Nps, Instrument::Csat, Instrument::Ces] {
        let asked = answers.iter().filter(|answer| answer.instrument == instrument);
        let customers: BTreeSet<Uuid> = asked.map(|answer| answer.customer_id.uuid()).collect();
        if !customers.is_empty() {
            last_scores(work, instrument, customers).await?;
        }
    }
    Ok(())
}

async fn last_scores(work: &Work, instrument: Instrument, customers: BTreeSet<Uuid>) -> Result<()> {
    let (score, at) = match instrument {
        Instrument::Nps => ("nps_score", "nps_at"),
        Instrument::Csat => ("csat_score", "csat_at"),
        Instrument::Ces => ("ces_score", "ces_at"),
    };
    let mut values: Vec<Value> = vec![word(&instrument)?.into()];
    let theirs = among(work.backend(), "a.customer_id", customers, &mut values);
    let sql = format!(
        "UPDATE profile SET {score} = last.score, {at} = last.occurred_at \
         FROM (SELECT a.customer_id, a.score, a.occurred_at FROM profile_answer a \
               WHERE {theirs} AND a.instrument = $1 AND NOT EXISTS ( \
                   SELECT 1 FROM profile_answer later WHERE later.customer_id = a.customer_id \
                   AND later.instrument = a.instrument \
                   AND (later.occurred_at, later.id) > (a.occurred_at, a.id))) last \
         WHERE profile.customer_id = last.customer_id"
    );
    work.execute(&sql, values).await?;
    Ok(())
}

/// Keeps whether the customer was won back, unless a later answer is held.
pub(crate) async fn recovery(work: &Work, measured: &RecoveryMeasured) -> Result<()> {
    work.execute(
        "UPDATE profile SET recovered = $2, recovery_at = $3, recovery_answer_id = $4 \
         WHERE customer_id = $1 AND (recovery_at IS NULL OR recovery_at < $3 \
             OR (recovery_at = $3 AND recovery_answer_id < $4))",
        vec![
            measured.customer_id.uuid().into(),
            i64::from(measured.recovered).into(),
            measured.occurred_at.into(),
            measured.second_answer_id.uuid().into(),
        ],
    )
    .await?;
    Ok(())
}

/// Keeps what the customer allows us, if it is newer than what is held. `true` when it was newer.
pub(crate) async fn consents(work: &Work, state: &ConsentState, revision: i64) -> Result<bool> {
    let customer = || -> Value { state.customer_id.uuid().into() };
    let newer = work
        .execute(
            "UPDATE profile SET consent_revision = $2 WHERE customer_id = $1 AND consent_revision < $2",
            vec![customer(), revision.into()],
        )
        .await?
        .rows_affected()
        == 1;
    if !newer {
        return Ok(false);
    }
    work.execute("DELETE FROM profile_consent WHERE customer_id = $1", vec![customer()]).await?;
    if state.consents.is_empty() {
        return Ok(true);
    }
    let mut values = vec![customer()];
    let mut rows = Vec::new();
    for HeldConsent { purpose, channel, status, expires_at } in &state.consents {
        let at = values.len();
        values.extend([
            word(purpose)?.into(),
            word(channel)?.into(),
            word(status)?.into(),
            (*expires_at).into(),
        ]);
        rows.push(format!("($1, ${}, ${}, ${}, ${})", at + 1, at + 2, at + 3, at + 4));
    }
    // The latest word on each is in the message once; should it be there twice, the first one counts.
    let sql = format!(
        "INSERT INTO profile_consent (customer_id, purpose, channel, status, expires_at) VALUES {} \
         ON CONFLICT (customer_id, purpose, channel) DO NOTHING",
        rows.join(", ")
    );
    work.execute(&sql, values).await?;
    Ok(true)
}

/// Keeps what attributes are, each at its revision, if that is newer than what is held. Gives the customers of whom
/// one was.
pub(crate) async fn attributes(work: &Work, told: &[(&AttributeState, i64)]) -> Result<BTreeSet<CustomerId>> {
    let mut known = Rows::into("attribute_known", ["attribute", "value_type"]);
    let mut newest: BTreeMap<(CustomerId, &str), (&AttributeState, i64)> = BTreeMap::new();
    let mut kinds = BTreeMap::new();
    for (state, revision) in told {
        if let (Some(kind), ..) = parts(state.value.as_ref()) {
            kinds.entry(state.attribute.as_str()).or_insert(kind);
        }
        let held = newest.entry((state.customer_id, state.attribute.as_str())).or_insert((state, *revision));
        if held.1 < *revision {
            *held = (state, *revision);
        }
    }
    for (attribute, kind) in kinds {
        known.push([attribute.into(), word(&kind)?.into()]);
    }
    work.insert(known, "ON CONFLICT (attribute) DO NOTHING").await?;
    let columns = ["customer_id", "attribute", "number", "code", "revision"];
    let mut rows = Rows::into("profile_attribute", columns);
    for ((customer, attribute), (state, revision)) in newest {
        let (_, number, code) = parts(state.value.as_ref());
        rows.push([customer.uuid().into(), attribute.into(), number.into(), code.into(), revision.into()]);
    }
    let then = "ON CONFLICT (customer_id, attribute) DO UPDATE SET \
                number = excluded.number, code = excluded.code, revision = excluded.revision \
                WHERE profile_attribute.revision < excluded.revision RETURNING customer_id";
    let newer = work.insert_returning(rows, then).await?;
    newer.iter().map(|row| Ok(row.try_get_by_index::<Uuid>(0)?.into())).collect()
}

/// A value as it is kept: its type, and a number or a code. A text is none that is kept.
fn parts(value: Option<&AttributeValue>) -> (Option<AttributeType>, Option<i64>, Option<String>) {
    let Some(value) = value else { return (None, None, None) };
    let number = |kind, number| (Some(kind), Some(number), None);
    match value {
        AttributeValue { integer: Some(integer), .. } => number(AttributeType::Integer, i64::from(*integer)),
        AttributeValue { decimal_milli: Some(milli), .. } => {
            number(AttributeType::Decimal, Milli::get(*milli))
        }
        AttributeValue { boolean: Some(boolean), .. } => number(AttributeType::Boolean, i64::from(*boolean)),
        AttributeValue { date: Some(date), .. } => number(AttributeType::Date, day(*date)),
        AttributeValue { code: Some(code), .. } => (Some(AttributeType::Code), None, Some(code.clone())),
        AttributeValue { .. } => (None, None, None),
    }
}
