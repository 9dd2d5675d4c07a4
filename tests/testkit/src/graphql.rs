//! Questions to the gateway.

use serde_json::{Value, json};

use crate::{Person, Suite};

impl Suite {
    /// Asks the gateway and gives the whole answer, data and errors.
    pub async fn graphql(&self, who: &Person, query: &str, variables: Value) -> Value {
        let (status, answer) =
            self.graphql_raw(Some(who), &json!({ "query": query, "variables": variables })).await;
        assert!(status < 500, "the gateway answered {status}: {answer}");
        answer
    }

    /// Asks the gateway and gives the data; panics when there are errors.
    pub async fn ask(&self, who: &Person, query: &str, variables: Value) -> Value {
        let mut answer = self.graphql(who, query, variables).await;
        assert!(answer.get("errors").is_none(), "{query}\n{answer:#}");
        answer["data"].take()
    }

    /// Sends a body to the gateway as it is.
    pub async fn graphql_raw(&self, who: Option<&Person>, body: &Value) -> (u16, Value) {
        let mut request = reqwest::Client::new()
            .post(format!("{}/graphql", self.gateway))
            .header("content-type", "application/json")
            .body(body.to_string());
        if let Some(who) = who {
            request = request.bearer_auth(&who.bearer.0);
        }
        let response = request.send().await.expect("the gateway answers");
        let status = response.status().as_u16();
        let text = response.text().await.expect("a whole answer");
        (status, serde_json::from_str(&text).unwrap_or(Value::String(text)))
    }
}
