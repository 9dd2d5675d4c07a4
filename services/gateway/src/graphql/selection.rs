//! The order of an answer: as selected. The executor writes fields as they complete, and clients that
//! show or cache an answer expect the order of their query.

use async_graphql::{
    Name, Positioned, Value,
    indexmap::IndexMap,
    parser::types::{ExecutableDocument, OperationDefinition, Selection, SelectionSet},
};

/// Puts the data of an operation into the order in which it was selected.
pub(crate) fn restore_order(
    document: &ExecutableDocument,
    operation: &OperationDefinition,
    data: &mut Value,
) {
    order(document, &[&operation.selection_set], data);
}

fn order(document: &ExecutableDocument, sets: &[&Positioned<SelectionSet>], value: &mut Value) {
    match value {
        Value::List(items) => items.iter_mut().for_each(|item| order(document, sets, item)),
        Value::Object(fields) => {
            let mut selected: IndexMap<&Name, Vec<&Positioned<SelectionSet>>> = IndexMap::new();
            sets.iter().for_each(|set| collect(document, set, &mut selected));
            let mut completed = std::mem::take(fields);
            for (key, below) in selected {
                if let Some(mut value) = completed.swap_remove(key) {
                    order(document, &below, &mut value);
                    fields.insert(key.clone(), value);
                }
            }
            fields.extend(completed);
        }
        Value::Null
        | Value::Number(_)
        | Value::String(_)
        | Value::Boolean(_)
        | Value::Binary(_)
        | Value::Enum(_) => {}
    }
}

/// The response keys of a selection set in order, with what is selected below each.
fn collect<'a>(
    document: &'a ExecutableDocument,
    set: &'a Positioned<SelectionSet>,
    selected: &mut IndexMap<&'a Name, Vec<&'a Positioned<SelectionSet>>>,
) {
    for selection in &set.node.items {
        match &selection.node {
            Selection::Field(field) => {
                selected.entry(&field.node.response_key().node).or_default().push(&field.node.selection_set);
            }
            Selection::InlineFragment(inline) => collect(document, &inline.node.selection_set, selected),
            Selection::FragmentSpread(spread) => {
                if let Some(fragment) = document.fragments.get(&spread.node.fragment_name.node) {
                    collect(document, &fragment.node.selection_set, selected);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::{parser::parse_query, value};

    use super::*;

    #[test]
    fn fields_come_as_selected() {
        let text = "{ b { y ...more x } a } fragment more on T { z b { k } } ";
        let document = parse_query(text).expect("a document");
        let (_, operation) = document.operations.iter().next().expect("an operation");
        let mut data = value!({ "a": 1, "b": [{ "x": 1, "b": { "k": 2 }, "z": 3, "y": 4 }] });
        restore_order(&document, &operation.node, &mut data);
        assert_eq!(data.to_string(), "{b: [{y: 4, z: 3, b: {k: 2}, x: 1}], a: 1}");
    }
}
