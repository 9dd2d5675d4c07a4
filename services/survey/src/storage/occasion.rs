//! Occasions: what may lead to an invitation when its time has come.

use chrono::{DateTime, Utc};
use kit::{
    Db, Result, Work,
    db::{from_word, word},
    rows::Rows,
};
use schema::{
    api::survey::InvitationTrigger,
    ids::{AnswerId, CaseId, CustomerId, InvitationId, OrgUnitId, PurchaseId},
};
use uuid::Uuid;

/// An occasion.
#[derive(Clone, Debug)]
pub(crate) struct Occasion {
    pub(crate) customer: CustomerId,
    /// The id of the invitation that comes of it.
    pub(crate) id: InvitationId,
    pub(crate) trigger: InvitationTrigger,
    /// None when a low score is asked about again.
    pub(crate) rule: Option<String>,
    pub(crate) case: Option<CaseId>,
    pub(crate) purchase: Option<PurchaseId>,
    pub(crate) unit: Option<OrgUnitId>,
    /// The answer with the low score that is asked about again.
    pub(crate) first_answer: Option<AnswerId>,
    pub(crate) occurred_at: DateTime<Utc>,
    pub(crate) due_at: DateTime<Utc>,
}

/// What came of an occasion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// The customer is invited.
    Invited,
    /// The customer was invited shortly before.
    CoolingOff,
    /// It lies too far back.
    OutOfDate,
    /// Its rule is gone, or not in force.
    NoRule,
    /// The low score is being asked about already.
    AskedAlready,
}

impl Outcome {
    const fn word(self) -> &'static str {
        match self {
            Self::Invited => "invited",
            Self::CoolingOff => "cooling-off",
            Self::OutOfDate => "out-of-date",
            Self::NoRule => "no-rule",
            Self::AskedAlready => "asked-already",
        }
    }
}

/// Notes occasions; one that is noted already stays as it is.
pub(crate) async fn add(work: &Work, occasions: &[Occasion]) -> Result<()> {
    let mut rows = Rows::into(
        "invitation_occasion",
        [
            "customer_id",
            "id",
            "cause",
            "rule",
            "case_id",
            "purchase_id",
            "org_unit_id",
            "first_answer_id",
            "occurred_at",
            "due_at",
        ],
    );
    for one in occasions {
        rows.push([
            one.customer.uuid().into(),
            one.id.uuid().into(),
            word(&one.trigger)?.into(),
            one.rule.clone().into(),
            one.case.map(CaseId::uuid).into(),
            one.purchase.map(PurchaseId::uuid).into(),
            one.unit.map(OrgUnitId::uuid).into(),
            one.first_answer.map(AnswerId::uuid).into(),
            one.occurred_at.into(),
            one.due_at.into(),
        ]);
    }
    work.insert(rows, "ON CONFLICT (customer_id, id) DO NOTHING").await
}

/// The occasion, as long as nothing came of it.
pub(crate) async fn waiting(work: &Work, customer: CustomerId, id: InvitationId) -> Result<Option<Occasion>> {
    let sql = "SELECT * FROM invitation_occasion WHERE customer_id = $1 AND id = $2 AND outcome IS NULL";
    let Some(row) = work.query_one(sql, vec![customer.uuid().into(), id.uuid().into()]).await? else {
        return Ok(None);
    };
    let optional = |column: &str| row.try_get::<Option<Uuid>>("", column);
    Ok(Some(Occasion {
        customer,
        id,
        trigger: from_word(row.try_get("", "cause")?)?,
        rule: row.try_get("", "rule")?,
        case: optional("case_id")?.map(CaseId::from),
        purchase: optional("purchase_id")?.map(PurchaseId::from),
        unit: optional("org_unit_id")?.map(OrgUnitId::from),
        first_answer: optional("first_answer_id")?.map(AnswerId::from),
        occurred_at: row.try_get("", "occurred_at")?,
        due_at: row.try_get("", "due_at")?,
    }))
}

/// Keeps what came of an occasion.
pub(crate) async fn settle(work: &Work, one: &Occasion, outcome: Outcome) -> Result<()> {
    let sql = "UPDATE invitation_occasion SET outcome = $3 WHERE customer_id = $1 AND id = $2";
    let values = vec![one.customer.uuid().into(), one.id.uuid().into(), outcome.word().into()];
    work.execute(sql, values).await?;
    Ok(())
}

/// Occasions whose time has come, those due first first.
pub(crate) async fn due(db: &Db, now: DateTime<Utc>, most: u32) -> Result<Vec<(CustomerId, InvitationId)>> {
    let sql = "SELECT customer_id, id FROM invitation_occasion WHERE outcome IS NULL AND due_at <= $1 \
               ORDER BY due_at, id LIMIT $2";
    super::invitation::keys(db, sql, vec![now.into(), i64::from(most).into()]).await
}
