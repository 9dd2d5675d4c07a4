//! GraphQL over HTTP: from request to answer, cheapest check first, and nothing recursive before the
//! limits have been checked.

use std::{sync::Arc, time::Duration};

use actix_web::{HttpRequest, HttpResponse, http::header, web};
use async_graphql::{
    Request, ServerError,
    parser::types::{DocumentOperations, ExecutableDocument, OperationDefinition, OperationType},
};
use kit::http::{Caller, RouteName, authenticate, problem_response, read_body};
use schema::{
    access::SERVICES,
    api::problem::{Code, Problem},
};

use super::{
    accept::{MediaType, negotiate},
    answer, lexer, method_not_allowed,
    question::{self, Question},
};
use crate::{
    app::{
        Gateway,
        answers::{self, Asked, Shown},
    },
    graphql::{
        self, Schema, documents::Documents, of_the_view::is_of_the_view, selection::restore_order,
        server_error,
    },
};

/// The largest body, in bytes, whatever the configuration allows.
const BODY_MOST: usize = 256 * 1024;

/// The door to the schema.
pub(super) struct Door {
    gateway: Arc<Gateway>,
    schema: Schema,
    documents: Documents,
}

impl Door {
    pub(super) fn new(gateway: Arc<Gateway>) -> Self {
        let schema = graphql::schema(&gateway);
        Self { gateway, schema, documents: Documents::new() }
    }

    /// Answers a POST.
    pub(super) async fn post(&self, request: &HttpRequest, payload: web::Payload) -> HttpResponse {
        let (caller, media_type) = match self.enter(request).await {
            Ok(entered) => entered,
            Err(problem) => return problem_response(&problem),
        };
        let http = &self.gateway.runtime.config.http;
        let body = match question::expect_json(content_type(request)) {
            Ok(()) => {
                let deadline = Duration::from_millis(http.body_deadline_ms);
                read_body(payload, http.body_limit.min(BODY_MOST), deadline).await
            }
            Err(problem) => Err(problem),
        };
        match body {
            Ok(body) => match question::from_body(&body) {
                Ok(question) => self.answer(caller, media_type, question, false).await,
                Err(problem) => answer::malformed(media_type, &problem),
            },
            Err(problem) => problem_response(&problem),
        }
    }

    /// Answers a GET, which changes nothing.
    pub(super) async fn get(&self, request: &HttpRequest) -> HttpResponse {
        let (caller, media_type) = match self.enter(request).await {
            Ok(entered) => entered,
            Err(problem) => return problem_response(&problem),
        };
        let parameters = actix_web::web::Query::<Vec<(String, String)>>::from_query(request.query_string())
            .map_err(|error| Problem::new(Code::MalformedRequest, error.to_string()))
            .and_then(|parameters| question::from_parameters(parameters.into_inner()));
        match parameters {
            Ok(question) => self.answer(caller, media_type, question, true).await,
            Err(problem) => answer::malformed(media_type, &problem),
        }
    }

    /// Who comes, and what they take.
    async fn enter(&self, request: &HttpRequest) -> Result<(Caller, MediaType), Problem> {
        RouteName::set(request, "GraphQL");
        let caller = authenticate(&self.gateway.runtime, request).await?;
        if caller.viewer.has_any(SERVICES) {
            let detail = "the role service is for calls between services; come with a person's token";
            return Err(Problem::new(Code::Forbidden, detail));
        }
        // Several lines of one header mean the same as one line with commas.
        let accept: Vec<&str> =
            request.headers().get_all(header::ACCEPT).filter_map(|value| value.to_str().ok()).collect();
        let media_type = negotiate(Some(&accept.join(","))).ok_or_else(|| {
            let detail = "accept application/graphql-response+json or application/json";
            Problem::new(Code::NotAcceptable, detail)
        })?;
        Ok((caller, media_type))
    }

    async fn answer(
        &self,
        caller: Caller,
        media_type: MediaType,
        question: Question,
        only_reads: bool,
    ) -> HttpResponse {
        let document = match self.document(&question) {
            Ok(document) => document,
            Err(Refusal::Malformed(problem)) => return answer::malformed(media_type, &problem),
            Err(Refusal::NotExecuted(error)) => return answer::not_executed(media_type, vec![error]),
        };
        let operation = match operation(&document, &question) {
            Ok(operation) => operation,
            Err(problem) => return answer::not_executed(media_type, vec![server_error(&problem)]),
        };
        if only_reads && operation.ty != OperationType::Query {
            return method_not_allowed("POST");
        }
        let asked = is_of_the_view(&document, operation).then(|| asked(&question, &caller)).flatten();
        if let Some(asked) = &asked
            && let Some(answer) = answers::again(&self.gateway, asked, &caller.viewer.scope())
        {
            return answer::whole(media_type, answer);
        }
        let shown = Arc::<Shown>::default();
        let mut request = Request::new(question.query).variables(question.variables);
        request.operation_name = question.operation_name;
        request.set_parsed_query(ExecutableDocument::clone(&document));
        let request = graphql::for_caller(&self.gateway, request, caller, &shown);
        let deadline = Duration::from_millis(self.gateway.runtime.config.http.request_deadline_ms);
        // A command that was sent on goes on in its service: asking again with the key gives its answer.
        match tokio::time::timeout(deadline, self.schema.execute(request)).await {
            Ok(mut response) => {
                restore_order(&document, operation, &mut response.data);
                let Some((asked, row)) = asked.zip(shown.row()).filter(|_| response.errors.is_empty()) else {
                    return answer::executed(media_type, operation, response);
                };
                answer::kept(media_type, &response.data, |whole| self.gateway.answers.keep(asked, row, whole))
            }
            Err(_) => problem_response(&Problem::new(
                Code::DeadlineExceeded,
                "it took too long; a command may still take effect: repeat it with its idempotencyKey",
            )),
        }
    }

    /// The document, once it is safe to parse.
    fn document(&self, question: &Question) -> Result<Arc<ExecutableDocument>, Refusal> {
        if question.query.contains('\0') {
            let detail = "the document holds the character U+0000; leave it out";
            return Err(Refusal::Malformed(Problem::new(Code::MalformedRequest, detail)));
        }
        lexer::check(&question.query).map_err(|problem| Refusal::NotExecuted(server_error(&problem)))?;
        self.documents.parse(&question.query).map_err(Refusal::NotExecuted)
    }
}

/// What the answer depends on besides the row that it shows.
fn asked(question: &Question, caller: &Caller) -> Option<Asked> {
    Some(Asked {
        query: question.query.clone(),
        operation_name: question.operation_name.clone(),
        variables: serde_json::to_string(&question.variables).ok()?,
        roles: caller.viewer.roles.clone(),
    })
}

/// Why a document is not executed.
enum Refusal {
    Malformed(Problem),
    NotExecuted(ServerError),
}

/// The operation to execute, its required variables given.
fn operation<'a>(
    document: &'a ExecutableDocument,
    question: &Question,
) -> Result<&'a OperationDefinition, Problem> {
    let refused = |detail: String| Problem::new(Code::MalformedRequest, detail);
    let operation = match (&document.operations, &question.operation_name) {
        (DocumentOperations::Single(operation), None) => Some(operation),
        (DocumentOperations::Single(_), Some(_)) => None,
        (DocumentOperations::Multiple(all), Some(name)) => all.get(name.as_str()),
        (DocumentOperations::Multiple(all), None) if all.len() == 1 => all.values().next(),
        (DocumentOperations::Multiple(_), None) => {
            return Err(refused(
                "the document has several operations; say which one by operationName".to_owned(),
            ));
        }
    };
    let operation = operation
        .ok_or_else(|| refused("the document has no operation with this operationName".to_owned()))?;
    for variable in &operation.node.variable_definitions {
        let name = variable.node.name.node.as_str();
        let given = question.variables.get(name).is_some_and(|value| *value != async_graphql::Value::Null);
        if !given && variable.node.default_value().is_none() {
            return Err(refused(format!("the variable ${name} is required and not given")));
        }
    }
    Ok(&operation.node)
}

fn content_type(request: &HttpRequest) -> Option<&str> {
    request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok())
}
