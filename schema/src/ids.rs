//! The one registry of typed ids.
//!
//! An id is a UUIDv7 (time-ordered, so that keys of one customer lie together in an index). A bare
//! `Uuid` appears in no signature outside this file and the storage entities, so ids of different
//! things cannot be mixed up. On every wire an id is the hyphenated text of its UUID.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! ids {
    ($($(#[doc = $doc:literal])+ $name:ident;)+) => {$(
        $(#[doc = $doc])+
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
            utoipa::ToSchema, async_graphql::NewType,
        )]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// The id as storage and the wire know it.
            pub const fn uuid(self) -> Uuid {
                self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    )+};
}

ids! {
    /// A customer: a person or an organisation that we have a relation with.
    CustomerId;
    /// A way to reach a customer: one phone number or e-mail address of theirs.
    ContactPointId;
    /// An entry of what another system calls a customer.
    ExternalRefId;
    /// A dated relationship between two customers.
    RelationshipId;
    /// What can be known of customers beyond the built-in fields.
    AttributeId;
    /// One observation of an attribute of a customer.
    ObservationId;
    /// One word of a customer on what we may reach them for.
    ConsentId;
    /// A container at a customer's that we fill.
    ContainerId;
    /// A household: customers who live and decide together.
    HouseholdId;
    /// A node of the organisation: head office, regional company or outlet.
    OrgUnitId;
    /// A person who works for us.
    StaffId;
    /// A purchase with its lines.
    PurchaseId;
    /// A return of some or all of a purchase.
    PurchaseReturnId;
    /// A contact between a customer and us.
    ContactId;
    /// A case: something of a customer's that we put right.
    CaseId;
    /// An offer of a case to a colleague.
    HandOverId;
    /// A task: a piece of work that one person owns until a time.
    TaskId;
    /// A gesture of goodwill: money or goods that we give to put something right.
    GestureId;
    /// One entry of the ledger of gestures.
    GestureEntryId;
    /// A proposal to reach a customer of our own accord, and what was decided.
    OutreachId;
    /// A calendar of working time.
    CalendarId;
    /// One entry of the double-entry points ledger.
    PointsEntryId;
    /// Points that were earned together and expire together.
    LotId;
    /// A segment of customers.
    SegmentId;
    /// A list of customers that is kept by hand.
    CustomerListId;
    /// A wave: a campaign of invitations in a period.
    WaveId;
    /// An invitation of one customer to answer.
    InvitationId;
    /// An answer to a survey instrument.
    AnswerId;
    /// A website, app or server that sends us what its users do.
    IngestionSourceId;
    /// A tracked message; derived from its source and the id that the sender gave it.
    IngestionMessageId;
    /// A fact as published; derived from its cause, so that repeating the cause repeats the id.
    EventId;
}
