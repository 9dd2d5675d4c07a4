//! The outbox: events wait in the database of whoever tells them, in the transaction that made them true.

use schema::event::Envelope;
use sea_orm::{ConnectionTrait as _, DatabaseTransaction};

use crate::{
    error::{Error, Result},
    rows::Rows,
};

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
    let mut rows = Rows::into("outbox", ["event_id", "event_type", "envelope", "recorded_at"]);
    for envelope in told {
        let text = serde_json::to_string(envelope).map_err(|error| Error::malformed("envelope", error))?;
        rows.push([
            envelope.id.uuid().into(),
            envelope.kind.as_str().into(),
            text.into(),
            envelope.recordedat.into(),
        ]);
    }
    for statement in rows.statements(tx.get_database_backend(), "")? {
        tx.execute_raw(statement).await?;
    }
    Ok(())
}
