//! Mutations of segments, of lists kept by hand, and of the scores that segments ask for.

use schema::{
    api::loyalty::{
        ArchiveSegment, ChangeListMembers, ChangeSegment, CreateCustomerList, CreateSegment,
        ListMembersChange, NewCustomerList, NewSegment, ScoreBase, SegmentChange,
    },
    ids::{CustomerListId, SegmentId},
};

use super::table::mutations;

mutations! {
    /// Segments, lists and scores.
    SegmentMutation of Loyalty;

    /// Creates a segment: its members are found at once, and told of only when they come or go later.
    create_segment (input: NewSegment) => CreateSegment;
    /// Changes a segment's name or condition; another condition is a new version.
    change_segment [segment_id: SegmentId] (input: SegmentChange) => ChangeSegment;
    /// Archives a segment: nobody comes or goes any more, and no other segment may refer to it.
    archive_segment [segment_id: SegmentId] => ArchiveSegment;
    /// Creates an empty list.
    create_customer_list (input: NewCustomerList) => CreateCustomerList;
    /// Puts customers on a list and takes others off it; who is on it or off it already stays so.
    change_list_members [list_id: CustomerListId] (input: ListMembersChange) => ChangeListMembers;
    /// Scores the whole base by recency, frequency and money now, as is done every night.
    score_base => ScoreBase;
}
