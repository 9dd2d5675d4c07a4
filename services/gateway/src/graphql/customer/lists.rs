//! What lies deeper than a section of a customer: lists of the owners, a table for each.

use chrono::NaiveDate;
use schema::{
    api::{
        customer::{
            ConsentFilter, ConsentPurpose, ConsentWord, CustomerPath, Direction, ListConsentWords,
            ListObservations, ListRelationships, Observation, ObservationFilter, Relationship,
            RelationshipFilter, RelationshipKind,
        },
        interaction::{
            CaseSummary, CasesQuery, Channel, Contact, ContactsQuery, CustomerGesturesQuery, Gesture,
            ListCases, ListContacts, ListCustomerGestures, ListOutreaches, ListTasks, Outreach,
            OutreachesQuery, Task, TasksQuery,
        },
        loyalty::{
            HoldsQuery, ListHolds, ListLots, ListPointsEntries, ListSupplies, ListTierChanges, LotsQuery,
            PointsEntry, PointsHold, PointsLot, PointsQuery, SuppliesQuery, Supply, TierChange,
            TierChangesQuery,
        },
        page::LIMIT_MAX,
        section::Section,
        survey::{
            ANSWERS_PER_PAGE, Answer, AnswersQuery, Invitation, InvitationsQuery, ListAnswers,
            ListInvitations, ListQuestionnaireAnswers, QuestionnaireAnswer,
        },
    },
    ids::CustomerId,
};

use crate::graphql::ask::{Listed, call_for, list};

/// Declares the lists of one service: an object over a customer, the section that its service owns, and
/// the entries.
///
/// ```text
/// /// What it holds, in which order.
/// name (filters, each optional) => Endpoint by Query of Item, at most ITEMS;
/// ```
macro_rules! lists {
    ($(#[doc = $about:literal])+ $root:ident of $section:ident; $(
        $(#[doc = $doc:literal])+
        $name:ident ($($filter_doc:literal $filter:ident: $filter_type:ident),*)
            => $endpoint:ident by $query:ident of $item:ident, at most $most:ident;
    )+) => {
        $(#[doc = $about])+
        pub(super) struct $root(pub(super) CustomerId);

        #[async_graphql::Object]
        impl $root {$(
            $(#[doc = $doc])+
            #[graphql(complexity = "call_for(first, child_complexity)")]
            async fn $name(
                &self,
                ctx: &async_graphql::Context<'_>,
                $(#[graphql(desc = $filter_doc)] $filter: Option<$filter_type>,)*
                #[graphql(desc = "1 to 100; 20 when absent.")] first: Option<i32>,
                #[graphql(desc = "The cursor to go on after.")] after: Option<String>,
            ) -> Listed<$item> {
                let path = CustomerPath { customer_id: self.0 };
                let query = |after, limit| $query { $($filter,)* after, limit };
                list::<$endpoint, _>(ctx, Section::$section, &path, (first, after), $most, query).await
            }
        )+}
    };
}

lists! {
    /// What lies deeper than the file.
    FileLists of File;

    /// Every observation of an attribute, whatever its source, observed last first.
    observations ("Only of the attribute with this code." attribute: String)
        => ListObservations by ObservationFilter of Observation, at most LIMIT_MAX;
    /// Relationships that are valid on a day, those recorded last first.
    relationships (
        "Only of this kind." kind: RelationshipKind,
        "Only where the customer is this end." direction: Direction,
        "Those valid on this day; today (UTC) when absent." as_of: NaiveDate
    ) => ListRelationships by RelationshipFilter of Relationship, at most LIMIT_MAX;
    /// Every word of theirs on what we may reach them for, given last first.
    consent_words (
        "Only on this purpose." purpose: ConsentPurpose,
        "Only on this channel." channel: Channel
    ) => ListConsentWords by ConsentFilter of ConsentWord, at most LIMIT_MAX;
}

lists! {
    /// What lies deeper than the dealings.
    DealingsLists of Dealings;

    /// Every contact, newest first.
    contacts () => ListContacts by ContactsQuery of Contact, at most LIMIT_MAX;
    /// Every case, newest first.
    cases () => ListCases by CasesQuery of CaseSummary, at most LIMIT_MAX;
    /// Every task, the one opened last first.
    tasks () => ListTasks by TasksQuery of Task, at most LIMIT_MAX;
    /// Every gesture with its ledger, the one asked for last first.
    gestures () => ListCustomerGestures by CustomerGesturesQuery of Gesture, at most LIMIT_MAX;
    /// What was decided about reaching them of our own accord, the latest first.
    outreaches () => ListOutreaches by OutreachesQuery of Outreach, at most LIMIT_MAX;
}

lists! {
    /// What lies deeper than the account.
    LoyaltyLists of Loyalty;

    /// Every movement of points, newest first.
    points_entries () => ListPointsEntries by PointsQuery of PointsEntry, at most LIMIT_MAX;
    /// Every hold, whatever became of it, newest first.
    holds () => ListHolds by HoldsQuery of PointsHold, at most LIMIT_MAX;
    /// Points that came together and expire together, the latest first.
    lots ("Only those that are open." open: bool) => ListLots by LotsQuery of PointsLot, at most LIMIT_MAX;
    /// How their tier came to be, the latest change first.
    tier_changes () => ListTierChanges by TierChangesQuery of TierChange, at most LIMIT_MAX;
    /// What they use up, in the order of the articles' codes, each with when it runs out.
    supplies () => ListSupplies by SuppliesQuery of Supply, at most LIMIT_MAX;
}

lists! {
    /// What lies deeper than the voice.
    VoiceLists of Voice;

    /// Every answer to a single question, newest first.
    answers () => ListAnswers by AnswersQuery of Answer, at most LIMIT_MAX;
    /// Every answer to a questionnaire, newest first.
    questionnaire_answers ()
        => ListQuestionnaireAnswers by AnswersQuery of QuestionnaireAnswer, at most ANSWERS_PER_PAGE;
    /// Every invitation to answer, newest first.
    invitations () => ListInvitations by InvitationsQuery of Invitation, at most LIMIT_MAX;
}
