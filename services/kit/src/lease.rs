//! A lease: work that one replica does at a time. Times are by the database's clock, so replicas with
//! wrong clocks cannot both hold one.

use std::time::Duration;

use sea_orm::{DbBackend, DbErr};
use uuid::Uuid;

use crate::db::Db;

/// How long a lease lasts without being renewed; another replica takes over within this.
pub const TTL: Duration = Duration::from_secs(5);
/// How often the holder renews.
pub const RENEWAL: Duration = Duration::from_millis(1500);

/// The database's own clock in milliseconds, as an expression.
pub const fn now_ms(backend: DbBackend) -> &'static str {
    match backend {
        DbBackend::Sqlite => "CAST(unixepoch('subsec') * 1000 AS INTEGER)",
        _ => "CAST(extract(epoch FROM clock_timestamp()) * 1000 AS bigint)",
    }
}

/// Takes or renews the lease. `true` while this holder has it.
///
/// # Errors
/// When the database is away; whoever cannot renew must stop.
pub async fn hold(db: &Db, name: &str, holder: Uuid) -> Result<bool, DbErr> {
    let now = now_ms(db.backend());
    let sql = format!(
        "INSERT INTO lease (name, holder, expires_ms) VALUES ($1, $2, {now} + $3) \
         ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, expires_ms = excluded.expires_ms \
         WHERE lease.holder = excluded.holder OR lease.expires_ms < {now}"
    );
    let ttl = i64::try_from(TTL.as_millis()).unwrap_or(i64::MAX);
    Ok(db.execute(&sql, vec![name.into(), holder.into(), ttl.into()]).await? == 1)
}

/// Gives the lease back, so that a successor need not wait.
///
/// # Errors
/// When the database is away; the lease then runs out by itself.
pub async fn release(db: &Db, name: &str, holder: Uuid) -> Result<(), DbErr> {
    db.execute("DELETE FROM lease WHERE name = $1 AND holder = $2", vec![name.into(), holder.into()]).await?;
    Ok(())
}
