//! The members of a segment, which is named by its code or its id.

use chrono::{DateTime, Utc};
use schema::{
    api::{
        Nothing,
        export::{EndLine, ExportFormat},
        loyalty::{ExportQuery, ExportSegment, ListSegments, SegmentFilter, SegmentPath},
    },
    ids::SegmentId,
    topology::Service,
};

use super::{destination::Destination, incoming::pass_on, progress::Progress};
use crate::door::{Door, Failed};

/// Segments that are read at once.
const PAGE: u32 = 200;

/// Writes the members.
///
/// # Errors
/// When there is no such segment, or its members do not come to their end.
pub(super) async fn write(
    door: &Door,
    segment: &str,
    as_of: Option<DateTime<Utc>>,
    format: ExportFormat,
    to: &mut Destination,
    progress: &Progress,
) -> Result<EndLine, Failed> {
    let segment_id = match segment.parse() {
        Ok(id) => id,
        Err(_) => find(door, segment).await?,
    };
    let query = ExportQuery { format: Some(format), as_of, end_line: Some(true) };
    let path = SegmentPath { segment_id };
    let coming = door.download::<ExportSegment>(Service::Loyalty, &path, &query).await?;
    pass_on(coming, format, to, progress).await
}

/// The segment of this code.
async fn find(door: &Door, code: &str) -> Result<SegmentId, Failed> {
    let mut after = None;
    loop {
        let filter = SegmentFilter { after, limit: Some(PAGE), ..SegmentFilter::default() };
        let page = door.call::<ListSegments>(Service::Loyalty, &filter, &Nothing).await?;
        if let Some(found) = page.items.iter().find(|segment| segment.code == code) {
            return Ok(found.id);
        }
        match page.next {
            Some(next) => after = Some(next),
            None => return Err(format!("there is no segment with the code `{code}`").into()),
        }
    }
}
