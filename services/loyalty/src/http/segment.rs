//! Segments, their members, and lists kept by hand.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use kit::{Input, Result, Routes, Runtime};
use schema::{
    api::{
        loyalty::{
            ArchiveSegment, ChangeListMembers, ChangeSegment, CreateCustomerList, CreateSegment,
            CustomerList, ExplainMember, ExportSegment, GetSegment, ListCustomerLists, ListSegmentMembers,
            ListSegments, PreviewSegment, Segment, SegmentMember, SegmentPreview,
        },
        page::{self, Page},
        problem::Problem,
    },
    ids::CustomerId,
};

use crate::{
    app::{self, plan_segment},
    storage::segment::{self, list, member},
};

pub(super) fn mount(routes: Routes) -> Routes {
    routes
        .command::<CreateSegment>(|work, input| Box::pin(app::create_segment::create_segment(work, input)))
        .command::<ChangeSegment>(|work, input| Box::pin(app::change_segment::change_segment(work, input)))
        .command::<ArchiveSegment>(|work, input| Box::pin(app::archive_segment::archive_segment(work, input)))
        .command::<CreateCustomerList>(|work, input| {
            Box::pin(app::create_customer_list::create_customer_list(work, input))
        })
        .command::<ChangeListMembers>(|work, input| {
            Box::pin(app::change_list_members::change_list_members(work, input))
        })
        .read::<GetSegment, _>(get)
        .read::<ListSegments, _>(list_segments)
        .read::<PreviewSegment, _>(preview)
        .read::<ListSegmentMembers, _>(members)
        .read::<ExplainMember, _>(app::explain_member::explain_member)
        .read::<ListCustomerLists, _>(lists)
        .download::<ExportSegment, _>(app::export_segment::export_segment)
}

async fn get(runtime: Arc<Runtime>, input: Input<GetSegment>) -> Result<Segment> {
    let (id, version) = (input.path.segment_id, input.query.version);
    let found = segment::find(runtime.db.read(), id, version).await?;
    found.ok_or_else(|| Problem::not_found("segment").into())
}

async fn list_segments(runtime: Arc<Runtime>, input: Input<ListSegments>) -> Result<Page<Segment>> {
    segment::page(&runtime.db, &input.query).await
}

async fn preview(runtime: Arc<Runtime>, input: Input<PreviewSegment>) -> Result<SegmentPreview> {
    let as_of = plan_segment::as_of(input.body.as_of, runtime.clock.now())?;
    let plan = plan_segment::tried(&runtime.db, &input.body.condition, as_of).await?;
    let (customers, of) = member::count(&runtime.db, &plan, &input.caller.viewer.scope()).await?;
    Ok(SegmentPreview { as_of, customers: Some(customers), of: Some(of) })
}

async fn members(runtime: Arc<Runtime>, input: Input<ListSegmentMembers>) -> Result<Page<SegmentMember>> {
    let (id, wanted) = (input.path.segment_id, &input.query);
    let limit = page::limit(wanted.limit, page::LIMIT_MAX)?;
    let query = format!("segment-members?segment={id}&as_of={:?}", wanted.as_of);
    // All pages of a list are of the time of the first one.
    let (as_of, after): (DateTime<Utc>, Option<CustomerId>) = match &wanted.after {
        None => (plan_segment::as_of(wanted.as_of, runtime.clock.now())?, None),
        Some(after) => {
            let (at, customer) = page::key_of::<(DateTime<Utc>, CustomerId)>(&query, after)?;
            (plan_segment::as_of(Some(at), runtime.clock.now())?, Some(customer))
        }
    };
    let (_, plan) = plan_segment::of_segment(&runtime.db, id, as_of).await?;
    let attributes = app::export_segment::attributes_of(&plan);
    let scope = input.caller.viewer.scope();
    let rows = member::page(&runtime.db, &plan, &attributes, &scope, after, limit + 1).await?;
    Ok(Page::of(rows, limit, &query, |member| (as_of, member.customer_id)))
}

async fn lists(runtime: Arc<Runtime>, input: Input<ListCustomerLists>) -> Result<Page<CustomerList>> {
    list::page(&runtime.db, &input.caller.viewer.scope(), &input.query).await
}
