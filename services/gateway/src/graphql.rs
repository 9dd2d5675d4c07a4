//! The GraphQL schema: roots, connections and joins. The types come from `schema`, where the services
//! have them too.
//!
//! Rules: a root checks the roles of the endpoint that it stands for; whatever comes out of the view is
//! masked for the viewer, in a copy, before it leaves; what an owner answered to the person's own token
//! was masked there. What can fail by itself is nullable, and so of type `Option<Result<_>>` (an error in
//! `Result<Option<_>>` takes the parent with it): one service that is down takes nothing else with it.
//! No section is a JSON scalar.

mod ask;
mod connection;
mod customer;
pub(crate) mod documents;
mod failure;
pub(crate) mod limits;
mod mutation;
pub(crate) mod of_the_view;
mod organisation;
mod payload;
mod query;
pub(crate) mod selection;
mod timelines;
mod user_error;

use std::sync::Arc;

use async_graphql::{EmptySubscription, Request, SDLExportOptions, dataloader::DataLoader};
use kit::http::Caller;
use tracing::Instrument as _;

pub(crate) use self::failure::server_error;
use self::{mutation::Mutation, query::Query, timelines::Timelines};
use crate::app::{Gateway, answers::Shown};

/// The executable schema.
pub(crate) type Schema = async_graphql::Schema<Query, Mutation, EmptySubscription>;

/// The most that one operation may cost: a field is 1, a list as many times what it holds.
const COMPLEXITY_MOST: usize = 10_000;

/// The schema over a gateway.
pub(crate) fn schema(gateway: &Arc<Gateway>) -> Schema {
    builder().data(Arc::clone(gateway)).finish()
}

/// The schema in its own language, always the same for the same code.
pub(crate) fn sdl() -> String {
    let options =
        SDLExportOptions::new().sorted_fields().sorted_arguments().sorted_enum_items().use_space_ident();
    builder().finish().sdl_with_options(options)
}

fn builder() -> async_graphql::SchemaBuilder<Query, Mutation, EmptySubscription> {
    Schema::build(Query::default(), Mutation::default(), EmptySubscription)
        .limit_complexity(COMPLEXITY_MOST)
        .limit_depth(limits::DEPTH_MOST)
        .limit_directives(limits::DIRECTIVES_MOST)
}

/// Adds what belongs to one request: who asks, what was shown, and loaders of their own.
pub(crate) fn for_caller(
    gateway: &Arc<Gateway>,
    request: Request,
    caller: Caller,
    shown: &Arc<Shown>,
) -> Request {
    let tasks = gateway.runtime.tasks.clone();
    let loader = Timelines::new(Arc::clone(gateway), caller.bearer.clone());
    let timelines = DataLoader::new(loader, move |load| tasks.spawn(load.in_current_span()))
        .delay(std::time::Duration::ZERO);
    request.data(caller).data(timelines).data(Arc::clone(shown))
}

#[cfg(test)]
mod tests {
    use async_graphql::parser::{
        parse_schema,
        types::{FieldDefinition, InputValueDefinition, TypeKind, TypeSystemDefinition},
    };

    /// Whoever reads the schema finds what everything is, in which unit and range.
    #[test]
    fn everything_is_described() {
        let document = parse_schema(super::sdl()).expect("the schema");
        let mut bare = Vec::new();
        let inputs = |of: &str, inputs: &[async_graphql::Positioned<InputValueDefinition>]| -> Vec<String> {
            let bare = inputs.iter().filter(|one| one.node.description.is_none());
            bare.map(|one| format!("{of}.{}", one.node.name.node)).collect()
        };
        let fields = |of: &str, fields: &[async_graphql::Positioned<FieldDefinition>]| -> Vec<String> {
            let bare = fields.iter().filter(|one| one.node.description.is_none());
            let own = bare.map(|one| format!("{of}.{}", one.node.name.node));
            let below = fields
                .iter()
                .flat_map(|one| inputs(&format!("{of}.{}", one.node.name.node), &one.node.arguments));
            own.chain(below).collect()
        };
        for definition in &document.definitions {
            let TypeSystemDefinition::Type(one) = definition else { continue };
            let name = one.node.name.node.as_str();
            // The library writes connections, which are what Relay says.
            if one.node.description.is_none() && !name.ends_with("Connection") {
                bare.push(name.to_owned());
            }
            match &one.node.kind {
                TypeKind::Object(object) => bare.extend(fields(name, &object.fields)),
                TypeKind::Interface(interface) => bare.extend(fields(name, &interface.fields)),
                TypeKind::InputObject(object) => bare.extend(inputs(name, &object.fields)),
                TypeKind::Enum(values) => bare.extend(
                    values
                        .values
                        .iter()
                        .filter(|one| one.node.description.is_none())
                        .map(|one| format!("{name}.{}", one.node.value.node)),
                ),
                TypeKind::Scalar | TypeKind::Union(_) => {}
            }
        }
        assert_eq!(bare, Vec::<String>::new(), "not described");
    }
}
