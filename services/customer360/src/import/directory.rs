//! What the rows call by its code: units, staff and attributes, read once before the first row.

use std::collections::HashMap;

use schema::{
    api::{
        Endpoint, NoParameters, Nothing,
        customer::{
            AttributeFilter, AttributeType, ListAttributes, ListOrgUnits, ListStaff, OrgUnitFilter,
            StaffFilter,
        },
        page::Page,
    },
    ids::{OrgUnitId, StaffId},
};

use super::{Failed, mapping::Mapping};
use crate::door::Door;

/// The most of each that is read: an organisation larger than that is no organisation.
const MOST: usize = 200_000;
/// How many are read at once.
const PAGE: u32 = 200;

/// Units, staff and attributes by code.
#[derive(Debug, Default)]
pub(crate) struct Directory {
    units: HashMap<String, OrgUnitId>,
    staff: HashMap<String, StaffId>,
    attributes: HashMap<String, AttributeType>,
}

impl Directory {
    /// Reads what the mapping needs.
    ///
    /// # Errors
    /// When the customer service does not say.
    pub(crate) async fn read(door: &Door, mapping: &Mapping) -> Result<Self, Failed> {
        let mut directory = Self::default();
        let speaks_of = |wanted: fn(&str) -> bool| mapping.cells.keys().any(|name| wanted(name));
        if speaks_of(|name| name == "unit") {
            let query = |after| OrgUnitFilter { after, limit: Some(PAGE), ..OrgUnitFilter::default() };
            all::<ListOrgUnits, _>(door, query, |unit| {
                directory.units.insert(unit.code, unit.id);
            })
            .await?;
        }
        if speaks_of(|name| matches!(name, "staff" | "accountable")) {
            let query = |after| StaffFilter { after, limit: Some(PAGE), ..StaffFilter::default() };
            all::<ListStaff, _>(door, query, |staff| {
                directory.staff.insert(staff.code, staff.id);
            })
            .await?;
        }
        if speaks_of(|name| name.starts_with("attribute.")) {
            let query = |after| AttributeFilter { after, limit: Some(PAGE) };
            all::<ListAttributes, _>(door, query, |attribute| {
                directory.attributes.insert(attribute.code, attribute.value_type);
            })
            .await?;
            for code in mapping.cells.keys().filter_map(|name| name.strip_prefix("attribute.")) {
                if !directory.attributes.contains_key(code) {
                    return Err(
                        format!("there is no attribute `{code}`; an administrator can define it").into()
                    );
                }
            }
        }
        Ok(directory)
    }

    /// A directory of one unit.
    #[cfg(test)]
    pub(crate) fn with_unit(code: &str) -> Self {
        let id = uuid::Uuid::from_u128(1).into();
        Self { units: [(code.to_owned(), id)].into(), ..Self::default() }
    }

    /// The unit of this code.
    pub(crate) fn unit(&self, code: &str) -> Option<OrgUnitId> {
        self.units.get(code).copied()
    }

    /// The member of staff of this code.
    pub(crate) fn staff(&self, code: &str) -> Option<StaffId> {
        self.staff.get(code).copied()
    }

    /// The type of the attribute of this code.
    pub(crate) fn attribute(&self, code: &str) -> Option<AttributeType> {
        self.attributes.get(code).copied()
    }
}

/// Reads a list to its end, page by page.
async fn all<E, T>(
    door: &Door,
    query: impl Fn(Option<String>) -> E::Query,
    mut keep: impl FnMut(T),
) -> Result<(), Failed>
where
    E: Endpoint<Path = NoParameters, Body = Nothing, Reply = Page<T>>,
{
    let (mut after, mut count) = (None, 0);
    loop {
        let page = door.ask::<E>(&query(after), &Nothing).await?;
        count += page.items.len();
        page.items.into_iter().for_each(&mut keep);
        match page.next {
            Some(next) if count < MOST => after = Some(next),
            Some(_) => return Err(format!("there are more than {MOST} units or people").into()),
            None => return Ok(()),
        }
    }
}
