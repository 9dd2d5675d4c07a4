//! Rows. What a column means stands in its migration.

#![expect(unreachable_pub, reason = "sea-orm derives public items")]

pub(crate) mod points_account {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "points_account")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub customer_id: Uuid,
        pub balance: i64,
        pub qualifying: i64,
        pub tier: String,
        pub opened_at: DateTimeUtc,
        pub due_at: Option<DateTimeUtc>,
        pub next_threshold: Option<i64>,
        pub tier_review_at: Option<DateTimeUtc>,
        pub next_expiry_at: Option<DateTimeUtc>,
        pub next_expiry_points: Option<i64>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod points_entry {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "points_entry")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub customer_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub kind: String,
        pub purchase_id: Option<Uuid>,
        pub reason: Option<String>,
        pub points: i64,
        pub occurred_at: DateTimeUtc,
        pub recorded_at: DateTimeUtc,
        #[sea_orm(column_type = "Text", nullable)]
        pub why: Option<String>,
        pub lot_id: Option<Uuid>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod points_hold {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "points_hold")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub customer_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub points: i64,
        pub reason: String,
        pub state: String,
        pub placed_at: DateTimeUtc,
        pub expires_at: DateTimeUtc,
        pub settled_at: Option<DateTimeUtc>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
