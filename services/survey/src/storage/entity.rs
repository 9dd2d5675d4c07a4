//! Rows. What a column means stands in its migration.

#![expect(unreachable_pub, reason = "sea-orm derives public items")]

pub(crate) mod answer {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "answer")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub customer_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub instrument: String,
        pub score: i32,
        pub verbatim: Option<String>,
        pub org_unit_id: Option<Uuid>,
        pub purchase_id: Option<Uuid>,
        pub phase: Option<String>,
        pub low: Option<bool>,
        pub case_id: Option<Uuid>,
        pub invitation_id: Option<Uuid>,
        pub wave_id: Option<Uuid>,
        pub channel: String,
        pub occurred_at: DateTimeUtc,
        pub recorded_at: DateTimeUtc,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
