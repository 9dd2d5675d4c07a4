//! Whether an operation shows one customer out of the view and nothing else. The answer to it then follows from
//! the row and from the roles of whoever asks, and may be given again as long as the row is the same.
//!
//! The list names what does, so that a field that comes later is not taken for one: it may ask an owner, or
//! the clock.

use async_graphql::{
    Positioned,
    parser::types::{ExecutableDocument, Field, OperationDefinition, OperationType, Selection, SelectionSet},
};

/// The fields of a customer that come from the row alone. `freshness` tells an age, and so does not.
const OF_THE_ROW: [&str; 11] = [
    "__typename",
    "customerId",
    "dealings",
    "file",
    "homeUnitId",
    "id",
    "kind",
    "loyalty",
    "nextOwed",
    "status",
    "voice",
];

/// Whether all that it selects is one customer's row.
pub(crate) fn is_of_the_view(document: &ExecutableDocument, operation: &OperationDefinition) -> bool {
    let [root] = operation.selection_set.node.items.as_slice() else { return false };
    let Selection::Field(root) = &root.node else { return false };
    operation.ty == OperationType::Query
        && is_one_customer(&root.node)
        && is_of_the_row(document, &root.node.selection_set)
}

/// A consistency token asks for more than what is held.
fn is_one_customer(field: &Field) -> bool {
    field.name.node == "customer" && field.arguments.iter().all(|(name, _)| name.node == "id")
}

/// What lies below these fields are parts of the row; fragments were found to be no circle before.
fn is_of_the_row(document: &ExecutableDocument, set: &Positioned<SelectionSet>) -> bool {
    set.node.items.iter().all(|selection| match &selection.node {
        Selection::Field(field) => OF_THE_ROW.contains(&field.node.name.node.as_str()),
        Selection::InlineFragment(inline) => is_of_the_row(document, &inline.node.selection_set),
        Selection::FragmentSpread(spread) => {
            let fragment = document.fragments.get(&spread.node.fragment_name.node);
            fragment.is_some_and(|fragment| is_of_the_row(document, &fragment.node.selection_set))
        }
    })
}

#[cfg(test)]
mod tests {
    use async_graphql::parser::parse_query;

    use super::*;

    fn of_the_view(text: &str) -> bool {
        let document = parse_query(text).expect("a document");
        let (_, operation) = document.operations.iter().next().expect("an operation");
        is_of_the_view(&document, &operation.node)
    }

    #[test]
    fn a_row_is_all_that_it_takes() {
        assert!(of_the_view(
            "query($id: UUID!) { customer(id: $id) { kind file { name } voice { npsScore } } }"
        ));
        assert!(of_the_view(
            "{ c: customer(id: 1) { ...a ... on Customer { id } } } fragment a on Customer { status }"
        ));
    }

    #[test]
    fn what_asks_owners_or_the_clock_is_not() {
        for text in [
            "{ customer(id: 1) { freshness { ageSeconds } } }",
            "{ customer(id: 1) { file { name } contacts { edges { cursor } } } }",
            "{ customer(id: 1, consistency: \"t\") { kind } }",
            "{ a: customer(id: 1) { kind } b: customer(id: 2) { kind } }",
            "{ customers { edges { node { kind } } } }",
            "{ customer(id: 1) { ...a } } fragment a on Customer { attributes { code } }",
            "{ customer(id: 1) { ...nobody } }",
            "mutation { customer(id: 1) { kind } }",
        ] {
            assert!(!of_the_view(text), "{text}");
        }
    }
}
