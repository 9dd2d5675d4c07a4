//! The outbox: events wait in the database of whoever tells them, in the transaction that made them true.

use schema::event::Envelope;
use sea_orm::{
    ActiveValue::{NotSet, Set},
    DatabaseTransaction, EntityTrait,
};

use crate::error::{Error, Result};

/// The table `outbox`.
pub(crate) mod entity {
    #![expect(unreachable_pub, reason = "sea-orm derives public items")]
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "outbox")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i64,
        pub event_id: Uuid,
        pub event_type: String,
        #[sea_orm(column_type = "Text")]
        pub envelope: String,
        pub recorded_at: DateTimeUtc,
        pub published_at: Option<DateTimeUtc>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Writes what was told, in order.
pub(crate) async fn write(tx: &DatabaseTransaction, told: &[Envelope]) -> Result<()> {
    if told.is_empty() {
        return Ok(());
    }
    let mut rows = Vec::with_capacity(told.len());
    for envelope in told {
        rows.push(entity::ActiveModel {
            id: NotSet,
            event_id: Set(envelope.id.into()),
            event_type: Set(envelope.kind.clone()),
            envelope: Set(
                serde_json::to_string(envelope).map_err(|error| Error::malformed("envelope", error))?
            ),
            recorded_at: Set(envelope.recordedat),
            published_at: Set(None),
        });
    }
    entity::Entity::insert_many(rows).exec_without_returning(tx).await?;
    Ok(())
}
