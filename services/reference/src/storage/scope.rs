//! Scope as part of a statement: rows out of scope are not found, listed or counted.

use schema::access::Scope;
use sea_orm::Value;

/// A condition that is true for customers in scope.
///
/// `column` holds the customer's id, for example `c.id`. The condition's values are appended to
/// `values`, so build the statement's other placeholders from `values.len()`.
pub fn of_customer(scope: &Scope, column: &str, values: &mut Vec<Value>) -> String {
    match scope {
        Scope::Everything => "1 = 1".to_owned(),
        Scope::Nothing => "1 = 0".to_owned(),
        Scope::Subtree(code) => {
            let below = below(code, values);
            format!(
                "EXISTS (SELECT 1 FROM customer_unit served JOIN org_unit u ON u.id = served.org_unit_id \
                 WHERE served.customer_id = {column} AND {below})"
            )
        }
    }
}

/// A condition that is true for the units `u` in scope.
pub fn of_org_unit(scope: &Scope, values: &mut Vec<Value>) -> String {
    match scope {
        Scope::Everything => "1 = 1".to_owned(),
        Scope::Nothing => "1 = 0".to_owned(),
        Scope::Subtree(code) => below(code, values),
    }
}

/// Codes hold neither `%` nor `_`, so a path is its own pattern.
fn below(code: &str, values: &mut Vec<Value>) -> String {
    values.push(code.into());
    format!("u.path LIKE (SELECT top.path FROM org_unit top WHERE top.code = ${}) || '%'", values.len())
}
