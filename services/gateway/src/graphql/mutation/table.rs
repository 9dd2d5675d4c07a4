//! The table of mutations: an entry is a line, because every mutation does the same. It passes one
//! command on to the service that owns a section, with the person's token, and gives what came of it.

use std::sync::Arc;

use async_graphql::{Context, Result};
use schema::{
    api::{Endpoint, NoParameters, section::Section},
    ids::CustomerId,
};

use crate::{
    app::{
        Gateway,
        command::{self, Terms},
    },
    graphql::{
        failure::{allowed, from_problem},
        payload::{Outcome, PayloadOf},
        user_error::UserError,
    },
};

/// What a mutation answers. It is null when it fails, and leaves the results of those before it.
pub(super) type Answer<E> = Option<Result<PayloadOf<<E as Endpoint>::Reply>>>;

/// The parameters in the path of an endpoint.
pub(super) type PathOf<E> = <E as Endpoint>::Path;

/// What has an id has a revision, which `ifMatch` names.
pub(super) trait Revised {
    /// The type of the revision.
    type Revision;
}

impl<Id> Revised for Id {
    type Revision = i64;
}

/// Declares the mutations of one service: a root object, the section that its service owns, and the
/// entries.
///
/// ```text
/// /// What it does.
/// name [ids in the endpoint's path] (input: its body) => Endpoint;
/// ```
///
/// Ids and input are left out when the endpoint has none. With ids, the mutation takes `ifMatch`; with
/// `customer_id` among them, it is about that customer. The payload follows from the endpoint's reply.
macro_rules! mutations {
    ($(#[doc = $about:literal])+ $root:ident of $section:ident; $(
        $(#[doc = $doc:literal])+
        $name:ident $([$id:ident: $id_type:ident $(, $more:ident: $more_type:ident)*])? $(($input:ident: $input_type:ident))?
            => $endpoint:ident;
    )+) => {
        $(#[doc = $about])+
        #[derive(Default)]
        pub(super) struct $root;

        #[async_graphql::Object]
        impl $root {$(
            $(#[doc = $doc])+
            async fn $name(
                &self,
                ctx: &async_graphql::Context<'_>,
                $(
                    #[graphql(desc = "Which one.")] $id: $id_type,
                    $(#[graphql(desc = "Which one.")] $more: $more_type,)*
                )?
                $(#[graphql(desc = "What the command says.")] $input: $input_type,)?
                #[graphql(
                    desc = "1 to 200 visible ASCII characters; the same key with the same arguments does nothing twice."
                )]
                idempotency_key: Option<String>,
                $(#[graphql(desc = "The revision that you read; refused when there is a newer one.")] if_match: Option<<$id_type as $crate::graphql::mutation::table::Revised>::Revision>,)?
            ) -> $crate::graphql::mutation::table::Answer<$endpoint> {
                let path = $crate::graphql::mutation::table::PathOf::<$endpoint> { $($id, $($more,)*)? };
                let about = mutations!(@about path $($id)?);
                let body = mutations!(@or schema::api::Nothing $(, $input)?);
                let terms = mutations!(@terms idempotency_key $(, if_match $id)?);
                let section = schema::api::section::Section::$section;
                $crate::graphql::mutation::table::run::<$endpoint>(ctx, section, about, &path, &body, terms).await
            }
        )+}
    };
    (@about $path:ident customer_id) => { Some($path.customer_id) };
    (@about $path:ident $($other:ident)?) => { None };
    (@or $default:expr) => { $default };
    (@or $default:expr, $given:ident) => { $given };
    (@terms $key:ident) => {
        $crate::app::command::Terms { idempotency_key: $key, if_match: None }
    };
    (@terms $key:ident, $if_match:ident $id:ident) => {
        $crate::app::command::Terms { idempotency_key: $key, if_match: $if_match }
    };
}
pub(super) use mutations;

/// Runs a command of the service that owns the section; `about` is the customer that it names.
pub(super) async fn run<E>(
    ctx: &Context<'_>,
    section: Section,
    about: Option<CustomerId>,
    path: &E::Path,
    body: &E::Body,
    terms: Terms,
) -> Answer<E>
where
    E: Endpoint<Query = NoParameters, Reply: Outcome>,
{
    let done = match (ctx.data::<Arc<Gateway>>(), allowed::<E>(ctx)) {
        (Ok(gateway), Ok(caller)) => command::run::<E>(gateway, caller, section, about, path, body, terms)
            .await
            .map_err(kit::Error::into_problem),
        (Ok(_), Err(problem)) => Err(problem),
        (Err(error), _) => return Some(Err(error)),
    };
    Some(match done {
        Ok(reply) => Ok(reply.told(about)),
        Err(problem) => match UserError::of(problem) {
            Ok(errors) => Ok(E::Reply::refused(errors)),
            Err(problem) => Err(from_problem(&problem)),
        },
    })
}
