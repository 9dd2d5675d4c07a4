//! Creates a segment and finds its members. They were so before anybody asked, so nobody is told.

use kit::{Input, Result, Work};
use schema::api::{
    loyalty::{CreateSegment, Segment, SegmentState},
    problem::{Code, Problem},
};

use crate::{
    domain::{label, segment::plan},
    storage::segment::{self, ACTIVE_MOST, kept},
};

pub(crate) async fn create_segment(work: &mut Work, input: Input<CreateSegment>) -> Result<Segment> {
    let new = &input.body;
    // Who refers to whom, and how many there are, hang together.
    work.exclusive("segment").await?;
    let active = segment::active(work.tx()).await?;
    let known = segment::known(work.tx(), &active, &[&new.condition]).await?;
    let mut wrong = label::mistakes(Some(&new.code), Some(&new.name));
    let plan = match plan(&new.condition, "/condition", None, &known, work.now()) {
        Ok(plan) if wrong.is_empty() => plan,
        Ok(_) => return Err(Problem::fields(wrong).into()),
        Err(mistakes) => {
            wrong.extend(mistakes);
            return Err(Problem::fields(wrong).into());
        }
    };
    if active.len() >= ACTIVE_MOST {
        let detail = format!("{ACTIVE_MOST} segments are active; archive one first");
        return Err(Problem::new(Code::Conflict, detail).into());
    }

    let id = work.new_id();
    let revision = work.revise(schema::ids::SegmentId::uuid(id), input.if_match).await?;
    let created = Segment {
        id,
        code: new.code.clone(),
        name: new.name.trim().to_owned(),
        state: SegmentState::Active,
        version: 1,
        condition: new.condition.clone(),
        made_at: work.now(),
        revision,
    };
    segment::put(work, &created, true).await?;
    kept::fill(work, id, &plan).await?;
    work.audit("segment.create", id, Some(&created.code))?;
    Ok(created)
}
