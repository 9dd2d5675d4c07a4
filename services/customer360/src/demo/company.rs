//! The organisation of the demo: three regional companies, twelve shops, forty people.

use kit::client::CallOptions;
use schema::{
    api::{
        NoParameters, Nothing,
        customer::{
            CreateOrgUnit, JoinStaff, ListOrgUnits, NewOrgUnit, NewStaff, OrgUnitFilter, OrgUnitKind,
        },
    },
    ids::{OrgUnitId, StaffId},
};

use super::{Door, Failed};

/// A shop and whoever serves there.
pub(super) struct Shop {
    pub(super) unit: OrgUnitId,
    pub(super) staff: Vec<StaffId>,
}

/// Companies: code, name, and the names of their shops.
const COMPANIES: [(&str, &str, [&str; 4]); 3] = [
    ("north", "Granary North", ["Bell Tower shop", "Lake shop", "Old Wall shop", "Station shop"]),
    ("south", "Granary South", ["Harbour shop", "Garden shop", "Ferry shop", "Market shop"]),
    ("west", "Granary West", ["Bridge shop", "Teahouse shop", "Hillside shop", "River shop"]),
];
/// Who works in each shop: a code's ending for each.
const POSTS: [&str; 3] = ["lead", "seller", "driver"];
const FAMILY: [&str; 10] = ["Zhao", "Qian", "Sun", "Li", "Zhou", "Wu", "Zheng", "Feng", "Chu", "Wei"];
const GIVEN: [&str; 4] = ["Lan", "Bo", "Yi", "Wen"];

/// Creates the companies, shops and staff.
pub(super) async fn found(door: &Door) -> Result<Vec<Shop>, Failed> {
    let filter = OrgUnitFilter { code: Some("hq".to_owned()), ..OrgUnitFilter::default() };
    let (none, options) = (NoParameters::default(), CallOptions::default());
    let page = door.customer.call::<ListOrgUnits>(&door.bearer, &none, &filter, &Nothing, &options).await?;
    let root = page.items.first().ok_or("there is no head office yet; is the customer service ready?")?.id;
    let mut people = FAMILY.iter().cycle().zip(GIVEN.iter().cycle().flat_map(|given| [given; 10]));
    let mut next_name = move || match people.next() {
        Some((family, given)) => format!("{family} {given}"),
        None => String::new(),
    };
    join(door, "director", next_name(), root).await?;
    let mut shops = Vec::new();
    for (code, name, outlets) in COMPANIES {
        let company = unit(door, code, name, OrgUnitKind::Company, root).await?;
        join(door, &format!("{code}-manager"), next_name(), company).await?;
        for (number, name) in (1..).zip(outlets) {
            let code = format!("{code}-{number}");
            let unit = unit(door, &code, name, OrgUnitKind::Outlet, company).await?;
            let mut staff = Vec::new();
            for post in POSTS {
                staff.push(join(door, &format!("{code}-{post}"), next_name(), unit).await?);
            }
            shops.push(Shop { unit, staff });
        }
    }
    Ok(shops)
}

async fn join(door: &Door, code: &str, name: String, org_unit_id: OrgUnitId) -> Result<StaffId, Failed> {
    let new = NewStaff { code: code.to_owned(), name, org_unit_id };
    let key = format!("demo-staff-{code}");
    Ok(door.command::<JoinStaff>(&door.customer, key, &NoParameters::default(), &new).await?.id)
}

async fn unit(
    door: &Door,
    code: &str,
    name: &str,
    kind: OrgUnitKind,
    parent_id: OrgUnitId,
) -> Result<OrgUnitId, Failed> {
    let new = NewOrgUnit { code: code.to_owned(), name: name.to_owned(), kind, parent_id, details: None };
    let key = format!("demo-unit-{code}");
    Ok(door.command::<CreateOrgUnit>(&door.customer, key, &NoParameters::default(), &new).await?.id)
}
