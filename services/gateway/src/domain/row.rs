//! A row of the view, decoded: who sees the customer, and the sections as their owners served them.

use chrono::{DateTime, Utc};
use schema::{
    access::Scope,
    api::{
        customer::{CustomerFile, CustomerKind, CustomerStatus},
        interaction::Dealings,
        loyalty::LoyaltyAccount,
        section::Section,
        survey::Voice,
    },
    ids::{CustomerId, OrgUnitId},
};

/// A section as it is held.
#[derive(Clone, Debug)]
pub(crate) struct Held<T> {
    /// The section, not masked.
    pub(crate) value: T,
    /// The owner's revision of the customer that it has.
    pub(crate) revision: i64,
    /// When the owner read it.
    pub(crate) as_of: DateTime<Utc>,
}

/// One customer.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    /// Who.
    pub(crate) customer_id: CustomerId,
    /// What they are to us.
    pub(crate) kind: CustomerKind,
    /// Whether we deal with them.
    pub(crate) status: CustomerStatus,
    /// The unit that they belong to.
    pub(crate) home_unit_id: OrgUnitId,
    /// The paths of their home and serving units.
    pub(crate) paths: Vec<String>,
    /// Who they are.
    pub(crate) file: Option<Held<CustomerFile>>,
    /// What happens between us.
    pub(crate) dealings: Option<Held<Dealings>>,
    /// What the relationship is worth.
    pub(crate) loyalty: Option<Held<LoyaltyAccount>>,
    /// What they think.
    pub(crate) voice: Option<Held<Voice>>,
    /// The sections of which something newer is known to exist.
    pub(crate) stale: Vec<Section>,
    /// Sections in a form that this version does not read; they are fetched again.
    pub(crate) unreadable: Vec<Section>,
    /// Roughly how many bytes it takes in memory.
    pub(crate) weight: u32,
}

/// How fresh a section is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Freshness {
    /// The owner's revision that it has; none while it was never fetched.
    pub(crate) revision: Option<i64>,
    /// When the owner read it.
    pub(crate) as_of: Option<DateTime<Utc>>,
    /// Whether something newer is known to exist.
    pub(crate) is_stale: bool,
}

impl Row {
    /// Whether the row lies in a scope. `top` is the path of the scope's unit, when it is known.
    pub(crate) fn is_in(&self, scope: &Scope, top: Option<&str>) -> bool {
        match scope {
            Scope::Nothing => false,
            Scope::Everything => true,
            Scope::Subtree(_) => top.is_some_and(|top| self.paths.iter().any(|path| path.starts_with(top))),
        }
    }

    /// How fresh a section is.
    pub(crate) fn freshness(&self, section: Section) -> Freshness {
        let held = match section {
            Section::File => self.file.as_ref().map(|held| (held.revision, held.as_of)),
            Section::Dealings => self.dealings.as_ref().map(|held| (held.revision, held.as_of)),
            Section::Loyalty => self.loyalty.as_ref().map(|held| (held.revision, held.as_of)),
            Section::Voice => self.voice.as_ref().map(|held| (held.revision, held.as_of)),
        };
        Freshness {
            revision: held.map(|(revision, _)| revision),
            as_of: held.map(|(_, as_of)| as_of),
            is_stale: held.is_none() || self.stale.contains(&section),
        }
    }

    /// When we last dealt with them, else when they were registered.
    pub(crate) fn last_contact(&self) -> Option<DateTime<Utc>> {
        let dealt = self.dealings.as_ref().and_then(|held| held.value.timeline.first());
        dealt
            .map(|entry| entry.occurred_at)
            .or_else(|| self.file.as_ref().map(|held| held.value.registered_at))
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) fn row(paths: &[&str]) -> Row {
        Row {
            customer_id: "01930000-0000-7000-8000-000000000001".parse().expect("an id"),
            kind: CustomerKind::Consumer,
            status: CustomerStatus::Active,
            home_unit_id: "01930000-0000-7000-8000-000000000002".parse().expect("an id"),
            paths: paths.iter().map(|path| (*path).to_owned()).collect(),
            file: None,
            dealings: None,
            loyalty: None,
            voice: None,
            stale: Vec::new(),
            unreadable: Vec::new(),
            weight: 0,
        }
    }

    #[test]
    fn a_row_is_in_the_subtrees_of_its_units() {
        let row = row(&["/hq/north/shop-7/", "/hq/south/"]);
        let subtree = |code: &str| Scope::Subtree(code.to_owned());
        assert!(row.is_in(&subtree("hq"), Some("/hq/")));
        assert!(row.is_in(&subtree("north"), Some("/hq/north/")));
        assert!(row.is_in(&subtree("south"), Some("/hq/south/")));
        assert!(!row.is_in(&subtree("shop"), Some("/hq/north/shop/")), "a code is not a prefix of another");
        assert!(!row.is_in(&subtree("east"), Some("/hq/east/")));
        assert!(!row.is_in(&subtree("unknown"), None));
        assert!(row.is_in(&Scope::Everything, None));
        assert!(!row.is_in(&Scope::Nothing, Some("/hq/")));
    }

    #[test]
    fn without_units_only_those_who_see_everything_see_it() {
        let row = row(&[]);
        assert!(!row.is_in(&Scope::Subtree("hq".to_owned()), Some("/hq/")));
        assert!(row.is_in(&Scope::Everything, None));
    }

    #[test]
    fn what_was_never_fetched_is_stale() {
        let never = Freshness { revision: None, as_of: None, is_stale: true };
        assert_eq!(row(&[]).freshness(Section::Voice), never);
    }
}
