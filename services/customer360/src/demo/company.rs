//! The organisation of the demo: three regional companies, twelve shops, forty people.

use kit::Config;
use schema::{
    access::Role,
    api::{
        NoParameters,
        customer::{
            CreateOrgUnit, JoinStaff, ListOrgUnits, NewOrgUnit, NewStaff, OrgUnitFilter, OrgUnitKind,
        },
    },
    ids::{OrgUnitId, StaffId},
};

use super::{Door, Failed, Owner};

/// Somebody who works in a shop.
pub(super) struct Colleague {
    pub(super) id: StaffId,
    /// The services, as this person.
    pub(super) door: Door,
}

/// A shop and whoever serves there.
pub(super) struct Shop {
    pub(super) code: String,
    pub(super) unit: OrgUnitId,
    pub(super) lead: Colleague,
    pub(super) seller: Colleague,
    pub(super) driver: Colleague,
    /// Who leads the regional company.
    pub(super) company: Door,
}

/// All of it.
pub(super) struct Company {
    pub(super) root: OrgUnitId,
    pub(super) shops: Vec<Shop>,
}

/// Companies: code, name, and the names of their shops.
const COMPANIES: [(&str, &str, [&str; 4]); 3] = [
    ("north", "Granary North", ["Bell Tower shop", "Lake shop", "Old Wall shop", "Station shop"]),
    ("south", "Granary South", ["Harbour shop", "Garden shop", "Ferry shop", "Market shop"]),
    ("west", "Granary West", ["Bridge shop", "Teahouse shop", "Hillside shop", "River shop"]),
];
const FAMILY: [&str; 10] = ["Zhao", "Qian", "Sun", "Li", "Zhou", "Wu", "Zheng", "Feng", "Chu", "Wei"];
const GIVEN: [&str; 4] = ["Lan", "Bo", "Yi", "Wen"];

/// Creates the companies, shops and staff.
pub(super) async fn found(config: &Config, door: &Door) -> Result<Company, Failed> {
    let filter = OrgUnitFilter { code: Some("hq".to_owned()), ..OrgUnitFilter::default() };
    let page = door.ask::<ListOrgUnits>(Owner::Customer, &filter).await?;
    let root = page.items.first().ok_or("there is no head office yet; is the customer service ready?")?.id;
    let people = FAMILY.iter().cycle().zip(GIVEN.iter().cycle().flat_map(|given| [given; 10]));
    let mut staff = Staff { config, door, names: people.map(|(family, given)| format!("{family} {given}")) };
    staff.join("director", Role::Executive, "hq", root).await?;
    let mut shops = Vec::new();
    for (code, name, outlets) in COMPANIES {
        let region = unit(door, code, name, OrgUnitKind::Company, root).await?;
        let manager = staff.join(&format!("{code}-manager"), Role::Manager, code, region).await?;
        for (number, name) in (1..).zip(outlets) {
            let code = format!("{code}-{number}");
            let unit = unit(door, &code, name, OrgUnitKind::Outlet, region).await?;
            shops.push(Shop {
                unit,
                lead: staff.join(&format!("{code}-lead"), Role::Manager, &code, unit).await?,
                seller: staff.join(&format!("{code}-seller"), Role::Sales, &code, unit).await?,
                driver: staff.join(&format!("{code}-driver"), Role::Aftersales, &code, unit).await?,
                company: manager.door.clone(),
                code,
            });
        }
    }
    Ok(Company { root, shops })
}

/// Takes people on, one name after the other.
struct Staff<'a, Names> {
    config: &'a Config,
    door: &'a Door,
    names: Names,
}

impl<Names: Iterator<Item = String>> Staff<'_, Names> {
    async fn join(
        &mut self,
        code: &str,
        role: Role,
        unit: &str,
        org_unit_id: OrgUnitId,
    ) -> Result<Colleague, Failed> {
        let name = self.names.next().unwrap_or_default();
        let (key, new) =
            (format!("demo-staff-{code}"), NewStaff { code: code.to_owned(), name, org_unit_id });
        let none = NoParameters::default();
        let id = self.door.command::<JoinStaff>(Owner::Customer, key, &none, &new).await?.id;
        Ok(Colleague { id, door: self.door.of(self.config, role, unit, code)? })
    }
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
    Ok(door.command::<CreateOrgUnit>(Owner::Customer, key, &NoParameters::default(), &new).await?.id)
}
