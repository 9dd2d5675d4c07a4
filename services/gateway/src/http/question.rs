//! A GraphQL request as it comes: JSON in a body, or parameters after `?`. Nothing of it has been parsed
//! as GraphQL yet.

use async_graphql::Variables;
use schema::api::problem::{Code, Problem};
use serde_json::{Map, Value};

use super::{accept::is_utf8, nesting};

/// One operation to execute.
#[derive(Debug)]
pub(super) struct Question {
    /// The document.
    pub(super) query: String,
    /// Which operation of it.
    pub(super) operation_name: Option<String>,
    /// Its variables.
    pub(super) variables: Variables,
}

/// Refuses a body that is declared as anything but JSON in UTF-8.
pub(super) fn expect_json(declared: Option<&str>) -> Result<(), Problem> {
    let mut parts = declared.unwrap_or_default().split(';').map(str::trim);
    let essence = parts.next().unwrap_or_default();
    let charset_fits = parts.all(|parameter| match parameter.split_once('=') {
        Some((name, value)) if name.trim().eq_ignore_ascii_case("charset") => {
            is_utf8(value.trim().trim_matches('"'))
        }
        _ => true,
    });
    if essence.eq_ignore_ascii_case("application/json") && charset_fits {
        return Ok(());
    }
    Err(Problem::new(Code::UnsupportedMediaType, "send `Content-Type: application/json` in UTF-8"))
}

/// The question of a body.
pub(super) fn from_body(body: &[u8]) -> Result<Question, Problem> {
    let text = std::str::from_utf8(body)
        .map_err(|error| malformed(format!("the body is not UTF-8 from byte {}", error.valid_up_to())))?;
    match json(text, "body")? {
        Value::Object(fields) => from_fields(fields),
        Value::Array(_) => Err(malformed(
            "a list of operations is not taken: send one operation per request, with as many root fields as needed",
        )),
        _ => Err(malformed("the body is not an object; send {\"query\": \"…\"}")),
    }
}

/// The question of the parameters after `?`.
pub(super) fn from_parameters(parameters: Vec<(String, String)>) -> Result<Question, Problem> {
    let mut fields = Map::new();
    for (name, text) in parameters {
        let value = match name.as_str() {
            "query" | "operationName" => Value::String(text),
            "variables" | "extensions" if text.is_empty() => Value::Null,
            "variables" | "extensions" => json(&text, &name)?,
            _ => continue,
        };
        if fields.insert(name.clone(), value).is_some() {
            return Err(malformed(format!("the parameter {name} is given twice")));
        }
    }
    from_fields(fields)
}

fn from_fields(mut fields: Map<String, Value>) -> Result<Question, Problem> {
    let query = match fields.remove("query") {
        Some(Value::String(query)) if !query.trim().is_empty() => query,
        Some(Value::String(_)) | None | Some(Value::Null) => {
            return Err(malformed("the query is missing; send {\"query\": \"…\"}"));
        }
        Some(_) => return Err(malformed("query is not a string")),
    };
    let operation_name = match fields.remove("operationName") {
        Some(Value::String(name)) => Some(name).filter(|name| !name.is_empty()),
        None | Some(Value::Null) => None,
        Some(_) => return Err(malformed("operationName is not a string")),
    };
    let variables = match fields.remove("variables") {
        Some(object @ Value::Object(_)) => object,
        None | Some(Value::Null) => Value::Object(Map::new()),
        Some(_) => return Err(malformed("variables is not an object")),
    };
    if !matches!(fields.remove("extensions"), None | Some(Value::Null | Value::Object(_))) {
        return Err(malformed("extensions is not an object"));
    }
    if operation_name.as_ref().is_some_and(|name| name.contains('\0')) || holds_nul(&variables) {
        return Err(malformed("a value holds the character U+0000, which cannot be stored; leave it out"));
    }
    Ok(Question { query, operation_name, variables: Variables::from_json(variables) })
}

fn json(text: &str, place: &str) -> Result<Value, Problem> {
    if nesting::is_too_deep(text.as_bytes()) {
        let deepest = nesting::DEEPEST;
        return Err(malformed(format!(
            "the {place} is nested more than {deepest} deep; send flatter values"
        )));
    }
    serde_json::from_str(text).map_err(|error| malformed(format!("the {place} is not JSON: {error}")))
}

/// Recursion is safe here: the nesting was bounded before.
fn holds_nul(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains('\0'),
        Value::Array(items) => items.iter().any(holds_nul),
        Value::Object(fields) => fields.iter().any(|(name, value)| name.contains('\0') || holds_nul(value)),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

fn malformed(detail: impl Into<String>) -> Problem {
    Problem::new(Code::MalformedRequest, detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(body: &str) -> String {
        from_body(body.as_bytes()).expect_err("refused").detail
    }

    #[test]
    fn a_body_is_read() {
        let body = br#"{"query":"{ a }","operationName":null,"variables":{"x":1},"extensions":{}}"#;
        let question = from_body(body).expect("a question");
        assert_eq!(question.query, "{ a }");
        assert!(question.operation_name.is_none());
        assert_eq!(question.variables.len(), 1);
    }

    #[test]
    fn what_is_wrong_is_said() {
        for (body, word) in [
            ("[{\"query\":\"{ a }\"}]", "one operation"),
            ("{}", "missing"),
            ("{\"query\":7}", "not a string"),
            ("{\"query\":\"{a}\",\"variables\":[]}", "not an object"),
            ("{\"query\":\"{a}\",\"variables\":\"{}\"}", "not an object"),
            ("{\"query\":\"{a}\",\"operationName\":{}}", "operationName"),
            ("{\"query\":\"{a}\",\"extensions\":0}", "extensions"),
            ("{\"query\":\"{a}\",\"variables\":{\"x\":[\"\\u0000\"]}}", "U+0000"),
            ("{", "not JSON"),
            ("7", "not an object"),
        ] {
            assert!(refusal(body).contains(word), "{body}: {}", refusal(body));
        }
        assert!(refusal(&"[".repeat(3_000)).contains("nested"));
        assert!(from_body(b"\xff").expect_err("refused").detail.contains("UTF-8"));
    }

    #[test]
    fn parameters_are_read() {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let question =
            from_parameters(vec![pair("query", "{ a }"), pair("variables", "{\"x\":1}"), pair("y", "z")]);
        assert_eq!(question.expect("a question").variables.len(), 1);
        assert!(from_parameters(vec![pair("query", "{ a }"), pair("query", "{ b }")]).is_err());
        assert!(from_parameters(vec![pair("query", "{ a }"), pair("variables", "[1]")]).is_err());
    }

    #[test]
    fn only_json_in_utf8_is_taken() {
        for good in
            ["application/json", "Application/JSON; charset=UTF-8", "application/json;charset=\"utf-8\""]
        {
            assert!(expect_json(Some(good)).is_ok(), "{good}");
        }
        for bad in [
            None,
            Some("text/plain"),
            Some("application/json; charset=iso-8859-1"),
            Some("multipart/form-data"),
        ] {
            assert!(expect_json(bad).is_err(), "{bad:?}");
        }
    }
}
