//! A plan as one condition of a statement, the same for both databases. Values are bound, days were
//! calculated before, and every test gives true or false, never null: so `NOT` means here what it means in
//! the plan.

use kit::{
    Db, Result,
    db::{self, word},
};
use schema::{
    access::Scope,
    api::{customer::ConsentStatus, loyalty::Counted, survey::Instrument},
    ids::CustomerId,
};
use sea_orm::{ConnectionTrait as _, Value};
use uuid::Uuid;

use crate::domain::segment::{Plan, Span, Test, Wanted};

/// The tables that a condition speaks of: the profile `p`, the reference `r`, the account `a` and the home
/// unit `h`.
pub(crate) const BASE: &str = "profile p JOIN customer_ref r ON r.customer_id = p.customer_id \
     JOIN points_account a ON a.customer_id = p.customer_id LEFT JOIN org_unit h ON h.id = r.home_unit_id";

/// The condition over [`BASE`]; its values are appended.
///
/// # Errors
/// When a code has no word, which is a bug.
pub(crate) fn condition(plan: &Plan, values: &mut Vec<Value>) -> Result<String> {
    Ok(match &plan.test {
        Test::All(inner) => group(inner, " AND ", values)?,
        Test::Any(inner) => group(inner, " OR ", values)?,
        Test::NoneOf(inner) => format!("NOT {}", group(inner, " OR ", values)?),
        Test::Segment(inner) => condition(inner, values)?,
        Test::Kind(kinds) => words("r.kind", kinds, values)?,
        Test::Status(states) => words("r.status", states, values)?,
        Test::Tier(tiers) => words("a.tier", tiers, values)?,
        Test::Unit(None) => "1 = 0".to_owned(),
        Test::Unit(Some(path)) => {
            let (from, to) = (bind(path.as_str(), values), bind(after(path), values));
            format!("(h.path IS NOT NULL AND h.path >= {from} AND h.path < {to})")
        }
        Test::Attribute(code, wanted) => {
            let code = bind(code.as_str(), values);
            let fits = match wanted {
                Wanted::Known => "(t.number IS NOT NULL OR t.code IS NOT NULL)".to_owned(),
                Wanted::Number(wanted) => span("t.number", *wanted, values),
                Wanted::NotNumber(other) => format!("t.number <> {}", bind(*other, values)),
                Wanted::Code(wanted) => format!("t.code = {}", bind(wanted.as_str(), values)),
                Wanted::NotCode(other) => format!("t.code <> {}", bind(other.as_str(), values)),
            };
            format!(
                "EXISTS (SELECT 1 FROM profile_attribute t WHERE t.customer_id = p.customer_id \
                 AND t.attribute = {code} AND {fits})"
            )
        }
        Test::LastPurchase(wanted) => span("p.last_purchase_day", *wanted, values),
        Test::Purchases(wanted) => span("p.purchases", *wanted, values),
        Test::Turnover(currency, wanted) => {
            let currency = bind(currency.as_str(), values);
            format!(
                "EXISTS (SELECT 1 FROM profile_turnover t WHERE t.customer_id = p.customer_id \
                 AND t.currency = {currency} AND {})",
                span("t.amount_minor", *wanted, values)
            )
        }
        Test::Rfm(spans) => {
            let columns = ["p.rfm_recency", "p.rfm_frequency", "p.rfm_money"];
            let tests = columns.into_iter().zip(spans);
            let tests: Vec<String> =
                tests.filter_map(|(column, wanted)| Some(span(column, (*wanted)?, values))).collect();
            format!("({})", tests.join(" AND "))
        }
        Test::Count(of, days, wanted) => {
            let (table, further) = match of {
                Counted::Purchases => ("dealing", " AND t.purchases = 1"),
                Counted::Contacts => ("profile_contact", ""),
                Counted::Complaints => ("profile_case", " AND t.complaint = 1"),
                Counted::Answers => ("profile_answer", ""),
            };
            let (first, last) = (bind(days.first, values), bind(days.last, values));
            let counted = format!(
                "(SELECT count(*) FROM {table} t WHERE t.customer_id = p.customer_id \
                 AND t.day >= {first} AND t.day <= {last}{further})"
            );
            format!("({})", within(&counted, *wanted, values).join(" AND "))
        }
        Test::Consent(purpose, channel, at) => {
            let (purpose, channel) = (bind(word(purpose)?, values), bind(word(channel)?, values));
            let (granted, at) = (bind(word(&ConsentStatus::Granted)?, values), bind(*at, values));
            format!(
                "EXISTS (SELECT 1 FROM profile_consent t WHERE t.customer_id = p.customer_id \
                 AND t.purpose = {purpose} AND t.channel = {channel} AND t.status = {granted} \
                 AND (t.expires_at IS NULL OR t.expires_at > {at}))"
            )
        }
        Test::LastScore(instrument, wanted) => {
            let column = match instrument {
                Instrument::Nps => "p.nps_score",
                Instrument::Csat => "p.csat_score",
                Instrument::Ces => "p.ces_score",
            };
            span(column, *wanted, values)
        }
        Test::List(list) => format!(
            "EXISTS (SELECT 1 FROM customer_list_member t WHERE t.customer_id = p.customer_id \
             AND t.list_id = {})",
            bind(list.uuid(), values)
        ),
    })
}

fn group(inner: &[Plan], between: &str, values: &mut Vec<Value>) -> Result<String> {
    let parts: Result<Vec<String>> = inner.iter().map(|plan| condition(plan, values)).collect();
    Ok(format!("({})", parts?.join(between)))
}

/// A value of an expression within a span; false when there is none.
fn span(expression: &str, wanted: Span, values: &mut Vec<Value>) -> String {
    let mut tests = vec![format!("{expression} IS NOT NULL")];
    tests.extend(within(expression, wanted, values));
    format!("({})", tests.join(" AND "))
}

/// The ends of a span that are given, at least one.
fn within(expression: &str, wanted: Span, values: &mut Vec<Value>) -> Vec<String> {
    let mut tests = Vec::new();
    if let Some(least) = wanted.least {
        tests.push(format!("{expression} >= {}", bind(least, values)));
    }
    if let Some(most) = wanted.most {
        tests.push(format!("{expression} <= {}", bind(most, values)));
    }
    tests
}

fn words<T: serde::Serialize>(column: &str, words: &[T], values: &mut Vec<Value>) -> Result<String> {
    let places: Result<Vec<String>> = words.iter().map(|one| Ok(bind(word(one)?, values))).collect();
    Ok(format!("{column} IN ({})", places?.join(", ")))
}

fn bind(value: impl Into<Value>, values: &mut Vec<Value>) -> String {
    values.push(value.into());
    format!("${}", values.len())
}

/// The first text after all that begin with this one, compared byte by byte. A path ends in a slash, and the
/// next character is the digit zero.
fn after(path: &str) -> String {
    path.strip_suffix('/').map_or_else(|| format!("{path}\u{10FFFF}"), |start| format!("{start}0"))
}

/// The ids of all customers in scope that a plan holds for; the whole list, for tests that compare it with
/// the plan itself.
///
/// # Errors
/// When the database cannot be asked.
pub async fn matching(db: &Db, plan: &Plan, scope: &Scope) -> Result<Vec<CustomerId>> {
    let mut values = Vec::new();
    let holds = condition(plan, &mut values)?;
    let in_scope = reference::scope::of_customer(scope, "p.customer_id", &mut values);
    let sql = format!("SELECT p.customer_id FROM {BASE} WHERE {holds} AND {in_scope} ORDER BY p.customer_id");
    let rows = db.read().query_all_raw(db::statement(db.read(), &sql, values)).await?;
    let ids: Result<Vec<CustomerId>, _> =
        rows.iter().map(|row| row.try_get_by_index::<Uuid>(0).map(CustomerId::from)).collect();
    Ok(ids?)
}
