//! Many rows in one statement, in the form that each database takes fastest: on PostgreSQL an array for each
//! column (`UNNEST`), which keeps one text however many rows there are, and its plain values for a single row to
//! insert; on SQLite a list of rows.

use sea_orm::{DbBackend, Statement, Value, sea_query::ArrayType};
use uuid::Uuid;

use crate::error::{Error, Result};

/// The most values of one statement on SQLite.
const SQLITE_VALUES: usize = 32_000;

/// Rows to insert into one table, or to speak of in a statement. A column holds values of one type, or none.
#[derive(Clone, Debug)]
pub struct Rows<const N: usize> {
    name: &'static str,
    columns: [&'static str; N],
    rows: Vec<[Value; N]>,
}

impl<const N: usize> Rows<N> {
    /// No rows yet, to insert into a table.
    pub const fn into(table: &'static str, columns: [&'static str; N]) -> Self {
        Self { name: table, columns, rows: Vec::new() }
    }

    /// No rows yet; a statement speaks of them by this name, see [`crate::Work::execute_over`].
    pub const fn named(name: &'static str, columns: [&'static str; N]) -> Self {
        Self { name, columns, rows: Vec::new() }
    }

    /// Adds a row, its values in the order of the columns.
    pub fn push(&mut self, row: [Value; N]) {
        self.rows.push(row);
    }

    /// Whether there are none.
    pub const fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The table, or the name.
    pub(crate) const fn name(&self) -> &'static str {
        self.name
    }

    /// The statements that insert them in this order; `then` follows the rows, for example `ON CONFLICT …`.
    pub(crate) fn statements(self, backend: DbBackend, then: &str) -> Result<Vec<Statement>> {
        let (name, columns) = (self.name, self.columns.join(", "));
        let sql = |rows: &Placed| match rows {
            Placed::Listed(places) => format!("INSERT INTO {name} ({columns}) VALUES {places} {then}"),
            Placed::Unnested { picked, from } => {
                format!("INSERT INTO {name} ({columns}) SELECT {} FROM {from} {then}", picked.join(", "))
            }
        };
        if backend != DbBackend::Sqlite && self.rows.len() == 1 {
            return Ok(self.single(backend, sql));
        }
        self.placed(backend, sql)
    }

    fn single(self, backend: DbBackend, sql: impl Fn(&Placed) -> String) -> Vec<Statement> {
        let places: Vec<String> = (1..=N).map(|at| format!("${at}")).collect();
        let sql = sql(&Placed::Listed(format!("({})", places.join(", "))));
        let row = self.rows.into_iter().flatten();
        vec![Statement::from_sql_and_values(backend, sql, row.collect::<Vec<Value>>())]
    }

    /// The statements over them: `sql` gets what stands for the rows where a table may stand.
    pub fn over(self, backend: DbBackend, sql: impl Fn(&str) -> String) -> Result<Vec<Statement>> {
        let (name, columns) = (self.name, self.columns);
        let called = |picked: &[String]| -> String {
            let each = picked.iter().zip(columns).map(|(value, column)| format!("{value} AS {column}"));
            each.collect::<Vec<String>>().join(", ")
        };
        let sql = |rows: &Placed| match rows {
            Placed::Listed(places) => {
                let picked: Vec<String> = (1..=N).map(|at| format!("column{at}")).collect();
                sql(&format!("(SELECT {} FROM (VALUES {places})) AS {name}", called(&picked)))
            }
            Placed::Unnested { picked, from } => {
                sql(&format!("(SELECT {} FROM {from}) AS {name}", called(picked)))
            }
        };
        self.placed(backend, sql)
    }

    fn placed(self, backend: DbBackend, sql: impl Fn(&Placed) -> String) -> Result<Vec<Statement>> {
        if self.rows.is_empty() {
            return Ok(Vec::new());
        }
        if backend == DbBackend::Sqlite {
            return Ok(self.listed(backend, sql));
        }
        Ok(vec![self.unnested(backend, sql)?])
    }

    fn listed(self, backend: DbBackend, sql: impl Fn(&Placed) -> String) -> Vec<Statement> {
        let most = (SQLITE_VALUES / N.max(1)).max(1);
        let mut rows = self.rows.into_iter().peekable();
        // Without numbers: SQLite looks up a numbered place among all before it.
        let row_places = format!("({})", vec!["?"; N].join(", "));
        let mut statements = Vec::new();
        while rows.peek().is_some() {
            let mut values = Vec::new();
            let mut places: Vec<&str> = Vec::new();
            for row in rows.by_ref().take(most) {
                places.push(&row_places);
                values.extend(row);
            }
            let sql = sql(&Placed::Listed(places.join(", ")));
            statements.push(Statement::from_sql_and_values(backend, sql, values));
        }
        statements
    }

    fn unnested(self, backend: DbBackend, sql: impl Fn(&Placed) -> String) -> Result<Statement> {
        let mut by_column: [Vec<Value>; N] = std::array::from_fn(|_| Vec::with_capacity(self.rows.len()));
        for row in self.rows {
            for (column, value) in by_column.iter_mut().zip(row) {
                column.push(value);
            }
        }
        let (mut values, mut given, mut names, mut picked) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for (at, column) in by_column.into_iter().enumerate() {
            let (kind, array) = kind(&column)?;
            let is_null: Vec<Value> = column.iter().map(|value| (!is_some(value)).into()).collect();
            let has_null = is_null.contains(&Value::Bool(Some(true)));
            // An array of this driver holds no null: a flag beside the value says that there is none.
            let column =
                column.into_iter().map(|value| if is_some(&value) { value } else { value.dummy_value() });
            values.push(Value::Array(array, Some(Box::new(column.collect()))));
            given.push(format!("${}::{kind}[]", values.len()));
            names.push(format!("c{at}"));
            if has_null {
                values.push(Value::Array(ArrayType::Bool, Some(Box::new(is_null))));
                given.push(format!("${}::boolean[]", values.len()));
                names.push(format!("n{at}"));
                picked.push(format!("CASE WHEN n{at} THEN NULL ELSE c{at} END"));
            } else {
                picked.push(format!("c{at}"));
            }
        }
        let from = format!("UNNEST({}) AS u ({})", given.join(", "), names.join(", "));
        Ok(Statement::from_sql_and_values(backend, sql(&Placed::Unnested { picked, from }), values))
    }
}

/// Where the values of rows stand in a statement.
enum Placed {
    /// One row after the other: the inside of `VALUES`.
    Listed(String),
    /// An array for each column: what to select of it, and the arrays.
    Unnested { picked: Vec<String>, from: String },
}

/// What PostgreSQL calls the type of a column's values.
fn kind(column: &[Value]) -> Result<(&'static str, ArrayType)> {
    let Some(first) = column.first() else { return Err(Error::Fault("a column without rows".into())) };
    let name = match first {
        Value::Bool(_) => "boolean",
        Value::Int(_) => "integer",
        Value::BigInt(_) => "bigint",
        Value::String(_) => "text",
        Value::Uuid(_) => "uuid",
        Value::ChronoDate(_) => "date",
        Value::ChronoDateTimeUtc(_) => "timestamptz",
        other => return Err(Error::Fault(format!("no rows are made of {:?}", other.array_type()))),
    };
    let array = first.array_type();
    if column.iter().any(|value| value.array_type() != array) {
        return Err(Error::Fault(format!("a column of {name} holds something else")));
    }
    Ok((name, array))
}

fn is_some(value: &Value) -> bool {
    *value != value.as_null()
}

/// A condition that is true where `column` holds one of these ids; its values are appended to `values`.
pub fn among(
    backend: DbBackend,
    column: &str,
    ids: impl IntoIterator<Item = Uuid>,
    values: &mut Vec<Value>,
) -> String {
    let ids = ids.into_iter().map(Value::from);
    if backend == DbBackend::Sqlite {
        let first = values.len() + 1;
        values.extend(ids);
        let places: Vec<String> = (first..=values.len()).map(|at| format!("${at}")).collect();
        return format!("{column} IN ({})", places.join(", "));
    }
    values.push(Value::Array(ArrayType::Uuid, Some(Box::new(ids.collect()))));
    format!("{column} = ANY(${})", values.len())
}

/// The rows of pairs as `keys (owner, id)`, to join with; the values are appended to `values`.
pub(crate) fn pairs(
    backend: DbBackend,
    pairs: impl IntoIterator<Item = (Uuid, Uuid)>,
    values: &mut Vec<Value>,
) -> String {
    let pairs = pairs.into_iter();
    if backend == DbBackend::Sqlite {
        let mut places = Vec::new();
        for (owner, id) in pairs {
            values.extend([owner.into(), id.into()]);
            places.push(format!("(${}, ${})", values.len() - 1, values.len()));
        }
        return format!("(SELECT column1 AS owner, column2 AS id FROM (VALUES {})) keys", places.join(", "));
    }
    let (owners, ids): (Vec<Value>, Vec<Value>) =
        pairs.map(|(owner, id)| (Value::from(owner), Value::from(id))).unzip();
    for column in [owners, ids] {
        values.push(Value::Array(ArrayType::Uuid, Some(Box::new(column))));
    }
    format!("UNNEST(${}::uuid[], ${}::uuid[]) AS keys (owner, id)", values.len() - 1, values.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(names: &[Option<&str>]) -> Rows<2> {
        let mut rows = Rows::into("thing", ["id", "name"]);
        for (at, name) in (1_i64..).zip(names) {
            rows.push([at.into(), name.map(str::to_owned).into()]);
        }
        rows
    }

    #[test]
    fn postgresql_gets_an_array_for_each_column_and_flags_where_nothing_is() {
        let whole =
            rows(&[Some("a"), Some("b")]).statements(DbBackend::Postgres, "RETURNING id").expect("one");
        assert_eq!(
            whole[0].sql,
            "INSERT INTO thing (id, name) SELECT c0, c1 FROM UNNEST($1::bigint[], $2::text[]) AS u (c0, c1) \
             RETURNING id"
        );
        let one = rows(&[None]).statements(DbBackend::Postgres, "RETURNING id").expect("one");
        assert_eq!(one[0].sql, "INSERT INTO thing (id, name) VALUES ($1, $2) RETURNING id");
        let partly = rows(&[Some("a"), None]).statements(DbBackend::Postgres, "").expect("one");
        assert!(partly[0].sql.contains("CASE WHEN n1 THEN NULL ELSE c1 END"), "{}", partly[0].sql);
    }

    #[test]
    fn sqlite_gets_rows_and_no_more_values_than_it_takes() {
        let few = rows(&[Some("a"), None]).statements(DbBackend::Sqlite, "").expect("one");
        assert_eq!(few[0].sql, "INSERT INTO thing (id, name) VALUES (?, ?), (?, ?) ");
        let many = rows(&vec![None; SQLITE_VALUES]).statements(DbBackend::Sqlite, "").expect("two");
        assert_eq!(many.len(), 2);
        assert!(rows(&[]).statements(DbBackend::Sqlite, "").expect("none").is_empty());
    }

    #[test]
    fn a_statement_speaks_of_rows_by_their_name_and_columns() {
        let sql = |rows: &str| format!("UPDATE t SET name = thing.name FROM {rows} WHERE t.id = thing.id");
        let whole = rows(&[Some("a")]).over(DbBackend::Postgres, sql).expect("one");
        let given =
            "(SELECT c0 AS id, c1 AS name FROM UNNEST($1::bigint[], $2::text[]) AS u (c0, c1)) AS thing";
        assert_eq!(whole[0].sql, sql(given));
        let few = rows(&[Some("a"), None]).over(DbBackend::Sqlite, sql).expect("one");
        let given = "(SELECT column1 AS id, column2 AS name FROM (VALUES (?, ?), (?, ?))) AS thing";
        assert_eq!(few[0].sql, sql(given));
        assert!(rows(&[]).over(DbBackend::Postgres, sql).expect("none").is_empty());
    }

    #[test]
    fn a_column_holds_one_type() {
        let mut mixed = Rows::into("thing", ["id"]);
        mixed.push([1_i64.into()]);
        mixed.push(["a".into()]);
        assert!(mixed.statements(DbBackend::Postgres, "").is_err());
    }
}
