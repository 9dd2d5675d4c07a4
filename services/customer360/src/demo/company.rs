//! The organisation of the demo.

use kit::client::{CallError, CallOptions};
use schema::{
    api::{
        NoParameters, Nothing,
        customer::{
            CreateOrgUnit, JoinStaff, ListOrgUnits, NewOrgUnit, NewStaff, OrgUnitFilter, OrgUnitKind,
        },
    },
    ids::{OrgUnitId, StaffId},
};

use super::Door;

/// A shop and whoever serves there.
pub(super) struct Shop {
    pub(super) unit: OrgUnitId,
    pub(super) staff: StaffId,
}

/// A shop: code, name, and the name of whoever serves there.
type Outlet = (&'static str, &'static str, &'static str);

/// Companies: code, name and shops.
const COMPANIES: [(&str, &str, &[Outlet]); 2] = [
    (
        "north",
        "Granary North",
        &[("north-1", "Bell Tower shop", "Zhao Lan"), ("north-2", "Lake shop", "Qian Bo")],
    ),
    (
        "south",
        "Granary South",
        &[("south-1", "Harbour shop", "Sun Yi"), ("south-2", "Garden shop", "Li Wen")],
    ),
];

/// Creates the companies, shops and staff.
pub(super) async fn found(door: &Door) -> Result<Vec<Shop>, CallError> {
    let filter = OrgUnitFilter { code: Some("hq".to_owned()), ..OrgUnitFilter::default() };
    let page = door
        .customer
        .call::<ListOrgUnits>(
            &door.bearer,
            &NoParameters::default(),
            &filter,
            &Nothing,
            &CallOptions::default(),
        )
        .await?;
    let mut shops = Vec::new();
    let Some(root) = page.items.first() else { return Ok(shops) };
    for (code, name, outlets) in COMPANIES {
        let company = unit(door, code, name, OrgUnitKind::Company, root.id).await?;
        for (code, name, person) in outlets {
            let shop = unit(door, code, name, OrgUnitKind::Outlet, company).await?;
            let new =
                NewStaff { code: format!("{code}-seller"), name: (*person).to_owned(), org_unit_id: shop };
            let key = format!("demo-staff-{code}");
            let seller =
                door.command::<JoinStaff>(&door.customer, key, &NoParameters::default(), &new).await?;
            shops.push(Shop { unit: shop, staff: seller.id });
        }
    }
    Ok(shops)
}

async fn unit(
    door: &Door,
    code: &str,
    name: &str,
    kind: OrgUnitKind,
    parent_id: OrgUnitId,
) -> Result<OrgUnitId, CallError> {
    let new = NewOrgUnit { code: code.to_owned(), name: name.to_owned(), kind, parent_id, details: None };
    let key = format!("demo-unit-{code}");
    let made = door.command::<CreateOrgUnit>(&door.customer, key, &NoParameters::default(), &new).await?;
    Ok(made.id)
}
