//! Changes a segment. Another condition is a new version, whose members are found anew: the question changed
//! and not the customers, so nobody is told.

use kit::{Error, Input, Result, Work};
use schema::{
    api::{
        loyalty::{ChangeSegment, Condition, Segment, SegmentState},
        problem::{Code, FieldError, Problem},
    },
    ids::SegmentId,
};

use crate::{
    domain::{
        label,
        segment::{Known, KnownSegment, Plan, plan},
    },
    storage::segment::{self, Active, kept},
};

pub(crate) async fn change_segment(work: &mut Work, input: Input<ChangeSegment>) -> Result<Segment> {
    let (id, change) = (input.path.segment_id, &input.body);
    let mut wrong = label::mistakes(None, change.name.as_deref());
    work.exclusive("segment").await?;
    let mut changed = to_change(work, id).await?;
    let plan = match &change.condition {
        None => None,
        Some(condition) => match planned(work, &changed, condition).await? {
            Ok(plan) => Some(plan),
            Err(mistakes) => {
                wrong.extend(mistakes);
                None
            }
        },
    };
    if !wrong.is_empty() {
        return Err(Problem::fields(wrong).into());
    }

    changed.revision = work.revise(id, input.if_match).await?;
    if let Some(name) = &change.name {
        changed.name = name.trim().to_owned();
    }
    let condition = change.condition.as_ref().filter(|condition| **condition != changed.condition);
    if let Some(condition) = condition {
        changed.condition = condition.clone();
        changed.version += 1;
        changed.made_at = work.now();
    }
    segment::put(work, &changed, condition.is_some()).await?;
    if let (Some(plan), Some(_)) = (plan, condition) {
        kept::fill(work, id, &plan).await?;
        // Those that refer to it ask something else now, too.
        segment::make_due(work, None).await?;
    }
    let detail = format!("{} version {}", changed.code, changed.version);
    work.audit("segment.change", id, Some(&detail))?;
    Ok(changed)
}

/// A segment that can still be changed.
pub(super) async fn to_change(work: &Work, id: SegmentId) -> Result<Segment> {
    let found = segment::find(work.tx(), id, None).await?.ok_or_else(|| Problem::not_found("segment"))?;
    match found.state {
        SegmentState::Active => Ok(found),
        SegmentState::Archived => {
            Err(Problem::new(Code::Conflict, "the segment is archived; create another one").into())
        }
    }
}

/// The plan of the new condition; it must leave those that refer to the segment as good as they are.
async fn planned(
    work: &Work,
    segment: &Segment,
    condition: &Condition,
) -> Result<std::result::Result<Plan, Vec<FieldError>>, Error> {
    let active = segment::active(work.tx()).await?;
    let mut known = segment::known(work.tx(), &active, &[condition]).await?;
    let changed = KnownSegment { code: segment.code.clone(), condition: condition.clone() };
    known.segments.insert(segment.id, changed);
    let own = plan(condition, "/condition", Some(segment.id), &known, work.now());
    Ok(match own {
        Ok(plan) => match broken(&active, &known, segment.id, work.now()) {
            None => Ok(plan),
            Some(detail) => Err(vec![FieldError { pointer: "/condition".to_owned(), detail }]),
        },
        Err(mistakes) => Err(mistakes),
    })
}

/// A segment that cannot be judged any more, and why.
fn broken(
    active: &[Active],
    known: &Known,
    changed: SegmentId,
    now: chrono::DateTime<chrono::Utc>,
) -> Option<String> {
    active.iter().filter(|one| one.id != changed).find_map(|one| {
        let wrong = plan(&one.condition, "", Some(one.id), known, now).err()?;
        let why = wrong.first().map(|one| one.detail.clone()).unwrap_or_default();
        Some(format!("the segment {} refers to it: {why}", one.code))
    })
}
