//! Rules of invitation.

use kit::{
    Db, Error, Result, Work,
    db::{statement, word},
    rows::among,
};
use schema::api::{
    page::{self, Page},
    survey::{InvitationRule, InvitationRulesQuery, InvitationTerms, InvitationTrigger},
};
use sea_orm::{ConnectionTrait as _, QueryResult, Value};
use uuid::Uuid;

/// The most rules of one trigger that are followed; more would be a mistake.
const MOST: i64 = 50;

/// What revision and audit know a rule by: it is named by its code.
pub(crate) fn subject(code: &str) -> Uuid {
    Uuid::new_v5(&Uuid::NAMESPACE_OID, format!("invitation-rule/{code}").as_bytes())
}

/// Writes a rule anew, or its new terms.
pub(crate) async fn put(work: &Work, code: &str, terms: &InvitationTerms) -> Result<()> {
    let values: Vec<Value> = vec![
        code.into(),
        word(&terms.trigger)?.into(),
        terms.active.into(),
        write_terms(terms)?.into(),
        work.now().into(),
    ];
    let sql = "INSERT INTO invitation_rule (code, cause, active, terms, changed_at) VALUES ($1, $2, $3, $4, $5) \
               ON CONFLICT (code) DO UPDATE SET cause = excluded.cause, active = excluded.active, \
               terms = excluded.terms, changed_at = excluded.changed_at";
    work.execute(sql, values).await?;
    Ok(())
}

/// The terms of a rule, in force or not.
pub(crate) async fn find(work: &Work, code: &str) -> Result<Option<InvitationTerms>> {
    let row = work.query_one("SELECT terms FROM invitation_rule WHERE code = $1", vec![code.into()]).await?;
    row.map(|row| terms(&row)).transpose()
}

/// The rules in force of a trigger, by code.
pub(crate) async fn of_trigger(
    work: &Work,
    trigger: InvitationTrigger,
) -> Result<Vec<(String, InvitationTerms)>> {
    let sql = "SELECT code, terms FROM invitation_rule WHERE cause = $1 AND active ORDER BY code LIMIT $2";
    let rows = work.query_all(sql, vec![word(&trigger)?.into(), MOST.into()]).await?;
    rows.iter().map(|row| Ok((row.try_get("", "code")?, terms(row)?))).collect()
}

/// A page of rules, by code.
pub(crate) async fn page(db: &Db, wanted: &InvitationRulesQuery) -> Result<Page<InvitationRule>> {
    let limit = page::limit(wanted.limit, page::LIMIT_MAX)?;
    let query = "invitation-rules";
    let mut values: Vec<Value> = Vec::new();
    let mut sql = "SELECT code, terms FROM invitation_rule".to_owned();
    if let Some(after) = &wanted.after {
        values.push(page::key_of::<String>(query, after)?.into());
        sql.push_str(" WHERE code > $1");
    }
    values.push(i64::from(limit + 1).into());
    sql.push_str(&format!(" ORDER BY code LIMIT ${}", values.len()));
    let rows = db.read().query_all_raw(statement(db.read(), &sql, values)).await?;
    let mut rules: Vec<InvitationRule> = Vec::new();
    for row in &rows {
        rules.push(InvitationRule { code: row.try_get("", "code")?, terms: terms(row)?, revision: 0 });
    }
    add_revisions(db, &mut rules).await?;
    Ok(Page::of(rules, limit, query, |one| one.code.clone()))
}

/// A rule's subject is made of its code by a hash, which no statement can do.
async fn add_revisions(db: &Db, rules: &mut [InvitationRule]) -> Result<()> {
    if rules.is_empty() {
        return Ok(());
    }
    let mut values = Vec::new();
    let listed = among(db.backend(), "subject_id", rules.iter().map(|rule| subject(&rule.code)), &mut values);
    let sql = format!("SELECT subject_id, revision FROM revision WHERE {listed}");
    for row in db.read().query_all_raw(statement(db.read(), &sql, values)).await? {
        let of: Uuid = row.try_get("", "subject_id")?;
        if let Some(rule) = rules.iter_mut().find(|rule| subject(&rule.code) == of) {
            rule.revision = row.try_get("", "revision")?;
        }
    }
    Ok(())
}

/// Terms as they are stored.
pub(super) fn write_terms(terms: &InvitationTerms) -> Result<String> {
    serde_json::to_string(terms).map_err(|error| Error::malformed("terms", error))
}

/// The terms of a row.
pub(super) fn terms(row: &QueryResult) -> Result<InvitationTerms> {
    let text: String = row.try_get("", "terms")?;
    serde_json::from_str(&text).map_err(|error| Error::malformed("terms in a row", error))
}
