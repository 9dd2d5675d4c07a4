//! Errors of a command that the client can mend.

use async_graphql::SimpleObject;
use schema::api::problem::{Code, Problem};

/// A mistake in the command, or a state that does not allow it.
#[derive(Clone, Debug, PartialEq, Eq, SimpleObject)]
pub(crate) struct UserError {
    /// The code to branch on, for example `invalid`, `not-found` or `stale-revision`.
    code: String,
    /// What is wrong and what to do; holds no personal data.
    message: String,
    /// Where in the arguments, when it is in one place.
    path: Option<Vec<String>>,
}

impl UserError {
    /// The errors of a problem; `Err` gives back one that the client cannot mend.
    pub(super) fn of(problem: Problem) -> Result<Vec<Self>, Problem> {
        if !(400..500).contains(&problem.status) || problem.code == Code::Unauthenticated {
            return Err(problem);
        }
        let code = problem.code.as_str().to_owned();
        if problem.errors.is_empty() {
            return Ok(vec![Self { code, message: problem.detail, path: None }]);
        }
        let one = |error: schema::api::problem::FieldError| Self {
            code: code.clone(),
            message: error.detail,
            path: Some(path(&error.pointer)),
        };
        Ok(problem.errors.into_iter().map(one).collect())
    }
}

/// A JSON pointer into the service's body as a path into the mutation's arguments.
fn path(pointer: &str) -> Vec<String> {
    let words = place(pointer);
    if pointer == "/idempotency_key" {
        return words.collect();
    }
    std::iter::once("input".to_owned()).chain(words).collect()
}

/// The words of a JSON pointer, as GraphQL writes them.
pub(super) fn place(pointer: &str) -> impl Iterator<Item = String> {
    pointer.split('/').filter(|word| !word.is_empty()).map(camel_case)
}

fn camel_case(word: &str) -> String {
    let mut parts = word.split('_');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |mut all, part| {
        let mut letters = part.chars();
        all.extend(letters.next().map(|letter| letter.to_ascii_uppercase()));
        all.push_str(letters.as_str());
        all
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mistake_is_found_in_the_arguments() {
        let problem = Problem::field("/contact_points/0/value", "not a phone number");
        let errors = UserError::of(problem).expect("the client's to mend");
        assert_eq!(errors[0].code, "invalid");
        assert_eq!(
            errors[0].path.as_deref(),
            Some(&["input", "contactPoints", "0", "value"].map(String::from)[..])
        );
    }

    #[test]
    fn what_the_client_cannot_mend_is_no_user_error() {
        for code in [Code::Internal, Code::Unavailable, Code::DeadlineExceeded, Code::Unauthenticated] {
            assert!(UserError::of(Problem::new(code, "x")).is_err(), "{code:?}");
        }
        for code in [Code::NotFound, Code::StaleRevision, Code::CustomerNotKnownYet, Code::Forbidden] {
            assert!(UserError::of(Problem::new(code, "x")).is_ok(), "{code:?}");
        }
    }
}
