//! What mutations give: the result, a consistency token, and the errors that the client can mend.

use async_graphql::SimpleObject;
use schema::{
    api::{
        customer::{Attribute, CustomerFile, OrgUnit, ProfileWeights, Staff},
        interaction::{Case, Contact, Purchase},
        problem::{Code, Problem},
        section::Section,
        survey::Answer,
    },
    ids::CustomerId,
};

use crate::domain::consistency::Consistency;

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
    let words = pointer.split('/').filter(|word| !word.is_empty()).map(camel_case);
    if pointer == "/idempotency_key" {
        return words.collect();
    }
    std::iter::once("input".to_owned()).chain(words).collect()
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

macro_rules! payloads {
    ($($(#[doc = $doc:literal])+ $name:ident { $(#[doc = $result_doc:literal])+ $result:ident: $type:ty }
        token $token:expr;)+) => {$(
        $(#[doc = $doc])+
        #[derive(SimpleObject)]
        pub(crate) struct $name {
            $(#[doc = $result_doc])+
            $result: Option<$type>,
            /// Pass it to `customer` to read what was written; null when nothing of a customer was.
            consistency: Option<String>,
            /// Why nothing was done; empty when it was.
            errors: Vec<UserError>,
        }

        impl From<Result<$type, Vec<UserError>>> for $name {
            fn from(done: Result<$type, Vec<UserError>>) -> Self {
                match done {
                    Ok(result) => {
                        let token: fn(&$type) -> Option<Consistency> = $token;
                        let consistency = token(&result).map(|one| one.token());
                        Self { $result: Some(result), consistency, errors: Vec::new() }
                    }
                    Err(errors) => Self { $result: None, consistency: None, errors },
                }
            }
        }
    )+};
}

payloads! {
    /// What became of a command about a unit.
    OrgUnitPayload {
        /// The unit as it is now.
        org_unit: OrgUnit
    } token |_| None;
    /// What became of a command about a member of staff.
    StaffPayload {
        /// The person as they are now.
        staff: Staff
    } token |_| None;
    /// What became of a command about an attribute.
    AttributePayload {
        /// The attribute as it is now.
        attribute: Attribute
    } token |_| None;
    /// What became of a command about the weights of a profile.
    ProfileWeightsPayload {
        /// The weights as they are now.
        weights: ProfileWeights
    } token |_| None;
    /// What became of a command about a customer's file.
    CustomerFilePayload {
        /// The file as it is now.
        file: CustomerFile
    } token |file| Some(written(Section::File, file.id, file.revision));
    /// What became of a command about a purchase.
    PurchasePayload {
        /// The purchase as it is now.
        purchase: Purchase
    } token |purchase| Some(written(Section::Dealings, purchase.customer_id, purchase.revision));
    /// What became of a command about a contact.
    ContactPayload {
        /// The contact as it is now.
        contact: Contact
    } token |contact| Some(written(Section::Dealings, contact.customer_id, contact.revision));
    /// What became of a command about a case.
    CasePayload {
        /// The case as it is now.
        case: Case
    } token |case| Some(written(Section::Dealings, case.customer_id, case.revision));
    /// What became of a command about an answer.
    AnswerPayload {
        /// The answer.
        answer: Answer
    } token |answer| Some(written(Section::Voice, answer.customer_id, answer.revision));
}

const fn written(section: Section, customer_id: CustomerId, revision: i64) -> Consistency {
    Consistency { section, customer_id, revision }
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
