//! The limits on a parsed document, with its fragments spread out.
//!
//! Twenty fragments that each spread the next one twice are a short text and a million fields. The
//! validator would walk them all, so they are counted here first, each fragment once.

use std::collections::HashMap;

use async_graphql::{
    Name, Positioned,
    parser::types::{ExecutableDocument, Selection, SelectionSet},
};
use schema::api::problem::{Code, Problem};

/// The deepest nesting of fields; an introspection query takes 13.
pub(crate) const DEPTH_MOST: usize = 20;
/// The most directives of one field.
pub(crate) const DIRECTIVES_MOST: usize = 5;
/// The most fields of a document.
const FIELDS_MOST: usize = 2_000;
/// The most aliases of a document.
const ALIASES_MOST: usize = 100;
/// The most root fields of an operation.
const ROOTS_MOST: usize = 20;

/// What a selection set comes to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Size {
    fields: usize,
    aliases: usize,
    depth: usize,
    /// Fields at its own level.
    roots: usize,
}

/// Counts, each fragment once.
struct Counter<'a> {
    document: &'a ExecutableDocument,
    /// The fragments counted; `None` for one that is being counted, which spreads itself.
    counted: HashMap<&'a Name, Option<Size>>,
}

/// Refuses a document that is larger than any honest one.
pub(crate) fn check(document: &ExecutableDocument) -> Result<(), Problem> {
    let mut counter = Counter { document, counted: HashMap::new() };
    let mut total = Size::default();
    for (_, operation) in document.operations.iter() {
        let size = counter.count(&operation.node.selection_set)?;
        if size.roots > ROOTS_MOST {
            return Err(refused(format!("an operation has at most {ROOTS_MOST} root fields")));
        }
        total = total.and(size);
    }
    for fragment in document.fragments.values() {
        total = total.and(counter.count(&fragment.node.selection_set)?);
    }
    if total.fields > FIELDS_MOST {
        return Err(refused(format!(
            "a document has at most {FIELDS_MOST} fields, its fragments spread out"
        )));
    }
    if total.aliases > ALIASES_MOST {
        return Err(refused(format!(
            "a document has at most {ALIASES_MOST} aliases, its fragments spread out"
        )));
    }
    if total.depth > DEPTH_MOST {
        return Err(refused(format!("fields are nested at most {DEPTH_MOST} deep")));
    }
    Ok(())
}

fn refused(detail: String) -> Problem {
    Problem::new(Code::MalformedRequest, format!("{detail}; ask for less at a time"))
}

impl Size {
    const fn and(self, other: Self) -> Self {
        Self {
            fields: self.fields.saturating_add(other.fields),
            aliases: self.aliases.saturating_add(other.aliases),
            depth: if self.depth > other.depth { self.depth } else { other.depth },
            roots: self.roots.saturating_add(other.roots),
        }
    }
}

impl<'a> Counter<'a> {
    fn count(&mut self, set: &'a Positioned<SelectionSet>) -> Result<Size, Problem> {
        let mut total = Size::default();
        for selection in &set.node.items {
            let size = match &selection.node {
                Selection::Field(field) => {
                    let below = self.count(&field.node.selection_set)?;
                    Size {
                        fields: below.fields.saturating_add(1),
                        aliases: below.aliases.saturating_add(usize::from(field.node.alias.is_some())),
                        depth: below.depth + 1,
                        roots: 1,
                    }
                }
                Selection::InlineFragment(inline) => self.count(&inline.node.selection_set)?,
                Selection::FragmentSpread(spread) => self.spread(&spread.node.fragment_name.node)?,
            };
            total = total.and(size);
        }
        Ok(total)
    }

    fn spread(&mut self, name: &'a Name) -> Result<Size, Problem> {
        match self.counted.get(name) {
            Some(Some(size)) => return Ok(*size),
            Some(None) => return Err(refused(format!("the fragment {name} spreads itself"))),
            None => {}
        }
        // One that does not exist is the validator's to report.
        let Some(fragment) = self.document.fragments.get(name) else { return Ok(Size::default()) };
        self.counted.insert(name, None);
        let size = self.count(&fragment.node.selection_set)?;
        self.counted.insert(name, Some(size));
        Ok(size)
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::parser::parse_query;

    use super::*;

    fn checked(text: &str) -> Result<(), Problem> {
        check(&parse_query(text).expect("a document"))
    }

    #[test]
    fn fragments_that_double_are_counted_and_not_walked() {
        let doubling: String =
            (0..60).map(|n| format!("fragment f{n} on Query {{ ...f{} ...f{} }} ", n + 1, n + 1)).collect();
        let text = format!("{{ ...f0 }} {doubling} fragment f60 on Query {{ a }}");
        let problem = checked(&text).expect_err("too many");
        assert!(problem.detail.contains("root fields"), "{}", problem.detail);
        let nested = text.replace("{ ...f0 }", "{ x { ...f0 } }");
        let problem = checked(&nested).expect_err("too many");
        assert!(problem.detail.contains("2000 fields"), "{}", problem.detail);
    }

    #[test]
    fn a_circle_is_refused() {
        assert!(checked("{ ...a } fragment a on Query { ...b } fragment b on Query { x { ...a } }").is_err());
    }

    #[test]
    fn roots_aliases_and_depth_are_bounded() {
        let roots = |n: usize| format!("{{ {} }}", "a ".repeat(n));
        assert!(checked(&roots(ROOTS_MOST)).is_ok());
        assert!(checked(&roots(ROOTS_MOST + 1)).is_err());
        let aliases = |n: usize| {
            let fields: String = (0..n).map(|n| format!("a{n}: x ")).collect();
            format!("{{ a {{ {fields} }} }}")
        };
        assert!(checked(&aliases(ALIASES_MOST)).is_ok());
        assert!(checked(&aliases(ALIASES_MOST + 1)).is_err());
        let deep = |n: usize| format!("{}x{}", "{ a ".repeat(n - 1) + "{ ", " }".repeat(n));
        assert!(checked(&deep(DEPTH_MOST)).is_ok());
        assert!(checked(&deep(DEPTH_MOST + 1)).is_err());
    }
}
