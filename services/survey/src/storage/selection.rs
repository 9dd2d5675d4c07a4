//! Which answers count: those of customers in scope, of a unit with all below it, of a phase, of a
//! wave, in a period.
//!
//! An answer belongs to the unit that it names, and to the customer's home unit when it names none.

use chrono::{DateTime, Utc};
use kit::{Result, db::word};
use schema::{
    access::Scope,
    api::{interaction::Phase, problem::Problem},
    ids::{OrgUnitId, WaveId},
    moment,
};
use sea_orm::Value;

/// From a time on, and before another one.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Period {
    from: Option<DateTime<Utc>>,
    to: Option<DateTime<Utc>>,
}

impl Period {
    /// The period, if both ends can be stored and are in order.
    ///
    /// # Errors
    /// What would be right.
    pub(crate) fn of(from: Option<DateTime<Utc>>, to: Option<DateTime<Utc>>) -> Result<Self> {
        for (end, pointer) in [(from, "/from"), (to, "/to")] {
            if end.is_some_and(|at| !moment::is_storable(at)) {
                return Err(Problem::field(pointer, "a period lies in the years 1900 to 9999").into());
            }
        }
        match (from, to) {
            (Some(from), Some(to)) if from >= to => {
                Err(Problem::field("/to", "a period ends after it starts").into())
            }
            _ => Ok(Self { from, to }),
        }
    }
}

/// Which answers count.
#[derive(Clone, Debug)]
pub(crate) struct Selection {
    /// Whose answers.
    pub(crate) scope: Scope,
    /// Of which units the viewer may ask.
    pub(crate) organisation: Scope,
    /// The unit, with all below it.
    pub(crate) unit: Option<OrgUnitId>,
    /// The phase.
    pub(crate) phase: Option<Phase>,
    /// The wave.
    pub(crate) wave: Option<WaveId>,
    /// The period.
    pub(crate) period: Period,
}

impl Selection {
    /// The statement of the unit asked for: one row with its path, or no row when the viewer may not ask.
    pub(in crate::storage) fn unit(&self, values: &mut Vec<Value>) -> String {
        let Some(unit) = self.unit else { return "SELECT '/' AS path".to_owned() };
        values.push(unit.uuid().into());
        let at = values.len();
        let condition = reference::scope::of_org_unit(&self.organisation, values);
        format!("SELECT u.path FROM org_unit u WHERE u.id = ${at} AND {condition}")
    }

    /// The end of a statement that selects answers or invitations `a` beside [`Self::unit`], which it knows as `asked`.
    /// `phase` is the expression that holds an answer's phase.
    pub(in crate::storage) fn answers(&self, phase: &str, values: &mut Vec<Value>) -> Result<String> {
        let mut sql = String::new();
        if self.unit.is_some() {
            sql.push_str(
                " JOIN customer_ref home ON home.customer_id = a.customer_id \
                 JOIN org_unit o ON o.id = COALESCE(a.org_unit_id, home.home_unit_id) \
                 AND o.path LIKE (SELECT asked.path FROM asked) || '%'",
            );
        }
        sql.push_str(" WHERE ");
        sql.push_str(&reference::scope::of_customer(&self.scope, "a.customer_id", values));
        let mut and = |condition: &str, value: Value| {
            values.push(value);
            sql.push_str(&format!(" AND {condition} ${}", values.len()));
        };
        if let Some(wanted) = &self.phase {
            and(&format!("{phase} ="), word(wanted)?.into());
        }
        if let Some(wave) = self.wave {
            and("a.wave_id =", wave.uuid().into());
        }
        if let Some(from) = self.period.from {
            and("a.occurred_at >=", from.into());
        }
        if let Some(to) = self.period.to {
            and("a.occurred_at <", to.into());
        }
        Ok(sql)
    }
}
