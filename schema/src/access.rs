//! Who may see what: the table role × class → whole, masked or none, and the scope of each role.
//!
//! The table is data; REST, GraphQL, exports, filters and tests all read this one. A type that holds a
//! customer's data names the class of every field by [`classified!`](crate::classified), which does not
//! compile when a field is left out, so a new field cannot slip past the rule.

mod mask;

pub use mask::{ClassifiedField, Mask, MaskField};
use serde::{Deserialize, Serialize};

/// What a person does for us; decides scope and classes.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    utoipa::ToSchema,
    async_graphql::Enum,
)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Advises before the sale.
    Presales,
    /// Sells.
    Sales,
    /// Serves after the sale.
    Aftersales,
    /// Segments and addresses customers; sees values, not people.
    Marketing,
    /// Leads a unit.
    Manager,
    /// Sees the whole company's figures.
    Executive,
    /// A third party that works on what was assigned to it.
    Partner,
    /// Configures and operates; sees no customers.
    Admin,
    /// One of our own services; accepted on `/internal/…` only.
    Service,
}

/// How sensitive a field is. What has no class is plain: whole for everyone in scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// Name, birth date, external ids.
    Identity,
    /// Phone, e-mail, address.
    Contact,
    /// Notes, free text, verbatims.
    Sensitive,
    /// Lifetime value, scores, margins.
    Value,
    /// Tier and points: the part of value that whoever serves the customer may use.
    Standing,
}

/// How much of a field is shown. Ordered: of several roles the most generous counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Nothing.
    None,
    /// A stable mask such as `138****1234`.
    Masked,
    /// The value.
    Whole,
}

/// Which customers a role reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reach {
    /// None at all.
    Nothing,
    /// Those of cases and tasks assigned to the partner.
    Assigned,
    /// Those whose home or serving unit lies in the viewer's unit's subtree.
    Subtree,
    /// All.
    Everything,
}

/// One line of the table.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// Whom the line is about.
    pub role: Role,
    /// Which customers.
    pub reach: Reach,
    /// Identity fields.
    pub identity: Level,
    /// Contact fields.
    pub contact: Level,
    /// Sensitive fields.
    pub sensitive: Level,
    /// Value fields.
    pub value: Level,
    /// Tier and points.
    pub standing: Level,
}

const fn rule(role: Role, reach: Reach, levels: [Level; 5]) -> Rule {
    let [identity, contact, sensitive, value, standing] = levels;
    Rule { role, reach, identity, contact, sensitive, value, standing }
}

use Level::{Masked, None as No, Whole};

/// The table, a line for each role; columns identity, contact, sensitive, value, standing.
pub const TABLE: [Rule; 9] = [
    rule(Role::Presales, Reach::Subtree, [Whole, Masked, No, No, No]),
    rule(Role::Sales, Reach::Subtree, [Whole, Whole, No, No, Whole]),
    rule(Role::Aftersales, Reach::Subtree, [Whole, Whole, Whole, No, Whole]),
    rule(Role::Marketing, Reach::Subtree, [Masked, Masked, No, Whole, Whole]),
    rule(Role::Manager, Reach::Subtree, [Whole, Whole, Whole, Whole, Whole]),
    rule(Role::Executive, Reach::Everything, [Masked, No, No, Whole, Whole]),
    rule(Role::Partner, Reach::Assigned, [Whole, Masked, No, No, No]),
    rule(Role::Admin, Reach::Nothing, [No, No, No, No, No]),
    rule(Role::Service, Reach::Everything, [Whole, Whole, Whole, Whole, Whole]),
];

/// The roles that serve customers face to face: they may look one up by a contact that they were given.
pub const FRONT_OFFICE: &[Role] = &[Role::Presales, Role::Sales, Role::Aftersales, Role::Manager];
/// The roles that sell and serve: they record what happened.
pub const DEALERS: &[Role] = &[Role::Sales, Role::Aftersales, Role::Manager];
/// Every role that may read customers at all.
pub const READERS: &[Role] = &[
    Role::Presales,
    Role::Sales,
    Role::Aftersales,
    Role::Marketing,
    Role::Manager,
    Role::Executive,
    Role::Partner,
];
/// Everyone but services: reads that hold no customer, such as the organisation.
pub const EVERYONE: &[Role] = &[
    Role::Presales,
    Role::Sales,
    Role::Aftersales,
    Role::Marketing,
    Role::Manager,
    Role::Executive,
    Role::Partner,
    Role::Admin,
];
/// Who configures the organisation.
pub const ADMINISTRATORS: &[Role] = &[Role::Admin];
/// Our own services.
pub const SERVICES: &[Role] = &[Role::Service];

impl Role {
    /// This role's line of the table.
    pub fn rule(self) -> &'static Rule {
        &TABLE[self as usize]
    }
}

impl Rule {
    /// How much of a field of this class the role sees.
    pub const fn level(&self, class: Class) -> Level {
        match class {
            Class::Identity => self.identity,
            Class::Contact => self.contact,
            Class::Sensitive => self.sensitive,
            Class::Value => self.value,
            Class::Standing => self.standing,
        }
    }
}

/// Whoever asks: the verified content of a bearer token.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Viewer {
    /// The token's subject; stable per person or service account.
    pub subject: String,
    /// The person's staff code, when the subject is a person.
    pub staff: Option<String>,
    /// The code of the org unit that the person belongs to.
    pub org_unit: Option<String>,
    /// The roles; never empty.
    pub roles: Vec<Role>,
}

/// Which customers a viewer reaches, as a statement filters them.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Scope {
    /// None.
    Nothing,
    /// The subtree of the unit with this code.
    Subtree(String),
    /// All.
    Everything,
}

impl Viewer {
    /// Whether the viewer has one of these roles.
    pub fn has_any(&self, roles: &[Role]) -> bool {
        self.roles.iter().any(|role| roles.contains(role))
    }

    /// How much of a field of this class the viewer sees: the most generous of the roles.
    pub fn level(&self, class: Class) -> Level {
        self.roles.iter().map(|role| role.rule().level(class)).max().unwrap_or(Level::None)
    }

    /// Whether the viewer sees every class of fields whole, so that nothing is masked or left out.
    pub fn sees_everything_whole(&self) -> bool {
        [Class::Identity, Class::Contact, Class::Sensitive, Class::Value, Class::Standing]
            .iter()
            .all(|class| self.level(*class) == Level::Whole)
    }

    /// Which customers the viewer reaches: the widest of the roles.
    ///
    /// A partner reaches the customers of what was assigned to it; as long as nothing can be assigned,
    /// that is none.
    pub fn scope(&self) -> Scope {
        let reach = self.roles.iter().map(|role| role.rule().reach).max().unwrap_or(Reach::Nothing);
        match (reach, &self.org_unit) {
            (Reach::Everything, _) => Scope::Everything,
            (Reach::Subtree, Some(code)) => Scope::Subtree(code.clone()),
            (Reach::Subtree | Reach::Assigned | Reach::Nothing, _) => Scope::Nothing,
        }
    }
}

impl Viewer {
    /// Which part of the organisation the viewer sees and, as an administrator, configures.
    pub fn organisation(&self) -> Scope {
        match &self.org_unit {
            _ if self.scope() == Scope::Everything => Scope::Everything,
            Some(code) => Scope::Subtree(code.clone()),
            None => Scope::Nothing,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_role_has_its_own_line() {
        for (position, rule) in TABLE.iter().enumerate() {
            assert_eq!(rule.role as usize, position, "{:?}", rule.role);
        }
    }

    #[test]
    fn of_several_roles_the_most_generous_counts() {
        let viewer = Viewer {
            subject: "s".into(),
            staff: None,
            org_unit: Some("north".into()),
            roles: vec![Role::Presales, Role::Marketing],
        };
        assert_eq!(viewer.level(Class::Identity), Level::Whole);
        assert_eq!(viewer.level(Class::Value), Level::Whole);
        assert_eq!(viewer.level(Class::Sensitive), Level::None);
        assert_eq!(viewer.scope(), Scope::Subtree("north".into()));
    }

    #[test]
    fn a_person_without_a_unit_reaches_nobody() {
        let viewer = Viewer { subject: "s".into(), staff: None, org_unit: None, roles: vec![Role::Manager] };
        assert_eq!(viewer.scope(), Scope::Nothing);
    }
}
