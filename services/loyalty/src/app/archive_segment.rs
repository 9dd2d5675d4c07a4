//! Archives a segment: its membership is not kept any more. Nobody is told: they did not leave.

use kit::{Input, Result, Work};
use schema::{
    api::{
        loyalty::{ArchiveSegment, Condition, Segment, SegmentState},
        problem::{Code, Problem},
    },
    ids::SegmentId,
};

use super::change_segment::to_change;
use crate::storage::segment::{self, kept};

pub(crate) async fn archive_segment(work: &mut Work, input: Input<ArchiveSegment>) -> Result<Segment> {
    let id = input.path.segment_id;
    work.exclusive("segment").await?;
    let mut archived = to_change(work, id).await?;
    let active = segment::active(work.tx()).await?;
    if let Some(other) = active.iter().find(|one| one.id != id && refers(&one.condition, id)) {
        let detail = format!("the segment {} refers to it; change or archive that one first", other.code);
        return Err(Problem::new(Code::Conflict, detail).into());
    }
    archived.revision = work.revise(id, input.if_match).await?;
    archived.state = SegmentState::Archived;
    segment::put(work, &archived, false).await?;
    kept::empty(work, id).await?;
    work.audit("segment.archive", id, Some(&archived.code))?;
    Ok(archived)
}

/// Whether a condition names a segment.
fn refers(condition: &Condition, id: SegmentId) -> bool {
    match condition {
        Condition::All(inner) | Condition::Any(inner) | Condition::NoneOf(inner) => {
            inner.iter().any(|one| refers(one, id))
        }
        Condition::Segment(other) => *other == id,
        Condition::Kind(_)
        | Condition::Status(_)
        | Condition::Unit(_)
        | Condition::Attribute(_)
        | Condition::Tier(_)
        | Condition::RecencyDays(_)
        | Condition::Frequency(_)
        | Condition::Money(_)
        | Condition::Rfm(_)
        | Condition::Count(_)
        | Condition::Consent(_)
        | Condition::LastScore(_)
        | Condition::List(_) => false,
    }
}
