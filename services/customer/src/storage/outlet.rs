//! The outlet register, as it is searched: which outlets are nearest.

use kit::{
    Db, Result,
    db::{statement, word},
};
use schema::{
    access::Scope,
    api::customer::{OrgUnitKind, OrgUnitStatus, OutletNearby, UnitCoordinates},
};
use sea_orm::{ConnectionTrait as _, Value};
use uuid::Uuid;

use super::org_unit;
use crate::domain::place::{self, Standing};

/// The open outlets in `reach` that are nearest, with this service if one is named; nearest first, at most
/// `limit`.
///
/// It looks into a band of latitude, and into a wider one as long as something outside could be nearer.
pub(crate) async fn nearest(
    db: &Db,
    reach: &Scope,
    near: UnitCoordinates,
    service: Option<&str>,
    limit: usize,
) -> Result<Vec<OutletNearby>> {
    let mut found = Vec::new();
    for band_micro in place::BANDS_MICRO {
        found = place::nearest(near, within(db, reach, near, band_micro, service).await?, limit);
        let last = found.last().map(|(metres, _)| *metres);
        if place::is_certain(found.len(), last, limit, band_micro) {
            break;
        }
    }
    let ids: Vec<Uuid> = found.iter().map(|(_, id)| *id).collect();
    let outlets = org_unit::of_ids(db, &ids).await?;
    let nearby = outlets
        .into_iter()
        .zip(found)
        .map(|(outlet, (distance_metres, _))| OutletNearby { outlet, distance_metres });
    Ok(nearby.collect())
}

/// The open outlets of a band of latitude.
async fn within(
    db: &Db,
    reach: &Scope,
    near: UnitCoordinates,
    band_micro: i32,
    service: Option<&str>,
) -> Result<Vec<Standing<Uuid>>> {
    let mut values: Vec<Value> = vec![
        word(&OrgUnitKind::Outlet)?.into(),
        word(&OrgUnitStatus::Open)?.into(),
        (near.latitude_micro - band_micro).into(),
        (near.latitude_micro + band_micro).into(),
    ];
    let mut sql = format!(
        "SELECT u.id, u.code, u.latitude_micro, u.longitude_micro FROM org_unit u WHERE u.kind = $1 \
         AND u.status = $2 AND u.latitude_micro BETWEEN $3 AND $4 AND u.longitude_micro IS NOT NULL AND {}",
        reference::scope::of_org_unit(reach, &mut values)
    );
    if let Some(code) = service {
        // A code holds nothing that LIKE knows.
        values.push(format!("%/{code}/%").into());
        sql.push_str(&format!(" AND u.services LIKE ${}", values.len()));
    }
    let rows = db.read().query_all_raw(statement(db.read(), &sql, values)).await?;
    let standing = |row: &sea_orm::QueryResult| {
        Ok(Standing {
            what: row.try_get("", "id")?,
            code: row.try_get("", "code")?,
            at: UnitCoordinates {
                latitude_micro: row.try_get("", "latitude_micro")?,
                longitude_micro: row.try_get("", "longitude_micro")?,
            },
        })
    };
    rows.iter().map(standing).collect()
}
