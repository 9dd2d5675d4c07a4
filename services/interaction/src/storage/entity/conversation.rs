//! Rows of contacts and cases. What a column means stands in its migration.

#![expect(unreachable_pub, reason = "sea-orm derives public items")]

pub(crate) mod contact {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "contact")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub customer_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub org_unit_id: Uuid,
        pub staff_id: Option<Uuid>,
        pub channel: String,
        pub direction: String,
        pub phase: String,
        pub occurred_at: DateTimeUtc,
        pub recorded_at: DateTimeUtc,
        pub topic: String,
        pub notes: Option<String>,
        pub outcome: Option<String>,
        pub answered: Option<bool>,
        pub promise_what: Option<String>,
        pub promise_notes: Option<String>,
        pub promise_staff_id: Option<Uuid>,
        pub promise_due_at: Option<DateTimeUtc>,
        pub promise_state: Option<String>,
        pub promise_settled_at: Option<DateTimeUtc>,
        pub promise_breached_for: Option<DateTimeUtc>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod service_case {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "service_case")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub customer_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub org_unit_id: Uuid,
        pub contact_id: Option<Uuid>,
        pub topic: String,
        pub severity: String,
        pub subject: Option<String>,
        pub state: String,
        pub accountable_id: Uuid,
        pub handler_id: Uuid,
        pub offered_to_id: Option<Uuid>,
        pub occurred_at: DateTimeUtc,
        pub recorded_at: DateTimeUtc,
        pub due_at: DateTimeUtc,
        pub resolved_at: Option<DateTimeUtc>,
        pub closed_at: Option<DateTimeUtc>,
        pub outcome: Option<String>,
        pub resolution: Option<String>,
        pub reopened: i32,
        pub transfers: i32,
        pub ping_pong: bool,
        pub standard: Option<String>,
        pub warn_at: Option<DateTimeUtc>,
        pub respond_by: Option<DateTimeUtc>,
        pub responded_at: Option<DateTimeUtc>,
        pub warned_for: Option<DateTimeUtc>,
        pub breached_for: Option<DateTimeUtc>,
        pub worked_minutes: Option<i64>,
        pub complaint: bool,
        pub answer_id: Option<Uuid>,
        pub recovered: Option<bool>,
        pub score_before: Option<i32>,
        pub score_after: Option<i32>,
        pub measured_at: Option<DateTimeUtc>,
        pub respond_warn_at: Option<DateTimeUtc>,
        pub response_warned_for: Option<DateTimeUtc>,
        pub response_breached_for: Option<DateTimeUtc>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod case_hand_over {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "case_hand_over")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub customer_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub case_id: Uuid,
        pub ordinal: i32,
        pub from_staff_id: Uuid,
        pub to_staff_id: Uuid,
        pub occurred_at: DateTimeUtc,
        pub reason: Option<String>,
        pub state: String,
        pub answered_at: Option<DateTimeUtc>,
        pub decline_reason: Option<String>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
