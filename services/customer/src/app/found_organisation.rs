//! Creates the root unit `hq`, once.

use futures::future::BoxFuture;
use kit::{Result, Work};
use schema::{
    api::customer::{OrgUnit, OrgUnitKind, OrgUnitStatus, UnitDetails},
    event::OrgUnitCreated,
    ids::OrgUnitId,
};
use uuid::Uuid;

use crate::storage;

/// The root's code.
const ROOT: &str = "hq";

/// Does nothing when the root exists.
pub(crate) fn found_organisation(work: &mut Work) -> BoxFuture<'_, Result<()>> {
    Box::pin(async move {
        let id = OrgUnitId::from(Uuid::new_v5(&Uuid::NAMESPACE_OID, b"customer360/org_unit/hq"));
        work.exclusive("org_unit").await?;
        if reference::org_unit::is_in_scope(work, id, &schema::access::Scope::Everything).await? {
            return Ok(());
        }
        let revision = work.revise(id, None).await?;
        let unit = OrgUnit {
            id,
            code: ROOT.to_owned(),
            name: "Head office".to_owned(),
            kind: OrgUnitKind::Headquarters,
            parent_id: None,
            status: OrgUnitStatus::Open,
            details: UnitDetails::default(),
            revision,
        };
        storage::org_unit::put(work, &unit).await?;
        work.tell::<OrgUnitCreated>(id, revision, work.now(), &storage::org_unit::state(&unit))?;
        Ok(())
    })
}
