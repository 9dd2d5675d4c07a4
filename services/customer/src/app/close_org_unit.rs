//! Closes a unit, when nothing below it is open.

use kit::{Input, Result, Work};
use schema::api::customer::{CloseOrgUnit, OrgUnit};

use crate::domain::org_unit::Step;

pub(crate) async fn close_org_unit(work: &mut Work, input: Input<CloseOrgUnit>) -> Result<OrgUnit> {
    super::reopen_org_unit::turn(work, input.path.org_unit_id, input.if_match, Step::Close).await
}
