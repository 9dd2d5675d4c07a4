//! The OpenAPI document of a service, made from its endpoint declarations, and the page that shows it.

use std::collections::BTreeMap;

use actix_web::{HttpResponse, web};
use schema::{
    api::{Endpoint, EndpointKind, Method, Nothing, problem::Problem},
    topology::Service,
};
use utoipa::{
    IntoParams, ToSchema,
    openapi::{
        ComponentsBuilder, ContentBuilder, HttpMethod, InfoBuilder, OpenApi, OpenApiBuilder, Paths,
        PathsBuilder, Ref, RefOr, Required, ResponseBuilder,
        path::{OperationBuilder, Parameter, ParameterBuilder, ParameterIn, PathItemBuilder},
        request_body::RequestBodyBuilder,
        schema::{AdditionalProperties, ObjectBuilder, Schema, SchemaType, Type},
        security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme},
    },
};

use crate::http::Routes;

/// One operation of the document.
pub(crate) struct Operation {
    path: &'static str,
    method: HttpMethod,
    operation: utoipa::openapi::path::Operation,
    schemas: Vec<(String, RefOr<Schema>)>,
}

impl Operation {
    /// The operation that an endpoint declares.
    pub(crate) fn of<E: Endpoint>() -> Self {
        Self::answering::<E>(false)
    }

    /// The operation of an endpoint that answers with a file.
    pub(crate) fn of_file<E: Endpoint>() -> Self {
        Self::answering::<E>(true)
    }

    fn answering<E: Endpoint>(files: bool) -> Self {
        let mut schemas = Vec::new();
        let mut operation = OperationBuilder::new()
            .operation_id(Some(E::NAME))
            .summary(Some(E::SUMMARY.trim()))
            .security(SecurityRequirement::new("bearer", Vec::<String>::new()));
        for parameter in E::Path::into_params(|| Some(ParameterIn::Path)) {
            operation = operation.parameter(parameter);
        }
        for parameter in E::Query::into_params(|| Some(ParameterIn::Query)) {
            operation = operation.parameter(never_null(parameter));
        }
        if E::KIND == EndpointKind::Command {
            for (name, about, pattern) in [
                (
                    "Idempotency-Key",
                    "Repeating the command with this key gives the same answer and no second effect.",
                    "^[!-~]{1,200}$",
                ),
                (
                    "If-Match",
                    "The ETag of an earlier answer: refuses the command when what it is about changed since.",
                    "^(\\*|\"[1-9][0-9]{0,17}\")$",
                ),
            ] {
                let header = ParameterBuilder::new()
                    .name(name)
                    .parameter_in(ParameterIn::Header)
                    .required(Required::False)
                    .description(Some(about))
                    .schema(Some(ObjectBuilder::new().schema_type(Type::String).pattern(Some(pattern))));
                operation = operation.parameter(header);
            }
        }
        if std::any::TypeId::of::<E::Body>() != std::any::TypeId::of::<Nothing>() {
            let body = ContentBuilder::new().schema(Some(collect::<E::Body>(&mut schemas))).build();
            operation = operation.request_body(Some(
                RequestBodyBuilder::new()
                    .content("application/json", body)
                    .required(Some(Required::True))
                    .build(),
            ));
        }
        let done = ResponseBuilder::new().description("Done");
        let done = if files {
            let text =
                ContentBuilder::new().schema(Some(ObjectBuilder::new().schema_type(Type::String))).build();
            done.content("text/csv", text.clone()).content("application/x-ndjson", text)
        } else {
            let reply = ContentBuilder::new().schema(Some(collect::<E::Reply>(&mut schemas))).build();
            done.content("application/json", reply)
        };
        operation = operation.response(E::STATUS.to_string(), done);
        let problem = ContentBuilder::new().schema(Some(collect::<Problem>(&mut schemas))).build();
        let refused = ResponseBuilder::new()
            .description("A problem: RFC 9457")
            .content("application/problem+json", problem);
        operation = operation.response("default", refused);
        let method = match E::METHOD {
            Method::Get => HttpMethod::Get,
            Method::Post => HttpMethod::Post,
            Method::Patch => HttpMethod::Patch,
            Method::Delete => HttpMethod::Delete,
        };
        Self { path: E::PATH, method, operation: operation.build(), schemas }
    }
}

/// A parameter may be left out, but its text is never null.
fn never_null(mut parameter: Parameter) -> Parameter {
    if let Some(RefOr::T(schema)) = &mut parameter.schema {
        if let Schema::Object(object) = schema
            && let SchemaType::Array(types) = &mut object.schema_type
        {
            types.retain(|one| *one != Type::Null);
            if let [one] = types.as_slice() {
                object.schema_type = one.clone().into();
            }
        }
        if let Schema::OneOf(either) = schema {
            let null = |item: &RefOr<Schema>| matches!(item, RefOr::T(Schema::Object(object)) if object.schema_type == Type::Null.into());
            either.items.retain(|item| !null(item));
            if either.items.len() == 1 {
                parameter.schema = either.items.pop();
            }
        }
    }
    parameter
}

/// An enumeration whose variants are named by their one field takes one of them at a time, and nothing beside it.
fn one_variant(mut schema: RefOr<Schema>) -> RefOr<Schema> {
    if let RefOr::T(Schema::OneOf(either)) = &mut schema {
        for item in &mut either.items {
            if let RefOr::T(Schema::Object(object)) = item
                && object.properties.len() == 1
                && object.required.len() == 1
            {
                object.additional_properties = Some(Box::new(AdditionalProperties::FreeForm(false)));
            }
        }
    }
    schema
}

/// Adds a type's schemas and refers to it by name where it has one.
fn collect<T: ToSchema>(schemas: &mut Vec<(String, RefOr<Schema>)>) -> RefOr<Schema> {
    T::schemas(schemas);
    let schema = T::schema();
    match &schema {
        RefOr::T(Schema::Object(_)) => {
            let name = T::name().into_owned();
            schemas.push((name.clone(), schema));
            RefOr::Ref(Ref::from_schema_name(name))
        }
        _ => schema,
    }
}

/// The document, ready to be served.
pub struct Document(OpenApi);

impl Document {
    /// The document of a service with these routes.
    pub fn of(service: Service, routes: &Routes) -> Self {
        let mut paths = PathsBuilder::new();
        let mut components = ComponentsBuilder::new();
        let mut items: Paths = Paths::new();
        for operation in routes.operations() {
            let item = PathItemBuilder::new()
                .operation(operation.method.clone(), operation.operation.clone())
                .build();
            items.paths.entry(operation.path.to_owned()).or_default().merge_operations(item);
            for (name, schema) in &operation.schemas {
                components = components.schema(name.clone(), one_variant(schema.clone()));
            }
        }
        for (path, item) in items.paths {
            paths = paths.path(path, item);
        }
        let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("JWT").build();
        components = components.security_scheme("bearer", SecurityScheme::Http(bearer));
        let info = InfoBuilder::new()
            .title(format!("Customer 360: {service}"))
            .version(env!("CARGO_PKG_VERSION"))
            .description(Some("Every endpoint needs a bearer token; fields are masked by role."));
        Self(OpenApiBuilder::new().info(info).paths(paths).components(Some(components.build())).build())
    }

    /// What a reader of the document would trip over: references to nothing.
    ///
    /// # Errors
    /// When the document cannot be written, which is a bug.
    pub fn dangling(&self) -> Result<Vec<String>, serde_json::Error> {
        let text = serde_json::to_string(&self.0)?;
        let have = self.0.components.as_ref().map(|components| &components.schemas);
        let named = text.split("#/components/schemas/").skip(1).filter_map(|rest| rest.split('"').next());
        let dangling = named.filter(|name| have.is_none_or(|have| !have.contains_key(*name)));
        Ok(dangling.map(ToOwned::to_owned).collect())
    }

    /// Names that two different schemas claim, so that one took the place of the other.
    pub fn clashes(routes: &Routes) -> Vec<String> {
        let mut seen: BTreeMap<&str, &RefOr<Schema>> = BTreeMap::new();
        let mut clashes = Vec::new();
        for (name, schema) in routes.operations().flat_map(|operation| &operation.schemas) {
            if seen.insert(name, schema).is_some_and(|other| other != schema) {
                clashes.push(name.clone());
            }
        }
        clashes
    }

    /// The document as JSON.
    ///
    /// # Errors
    /// When it cannot be written, which is a bug.
    pub fn json(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string_pretty(&self.0).map(|text| text + "\n")
    }
}

/// `/openapi.json` and `/docs`.
pub(crate) fn mount(app: &mut web::ServiceConfig) {
    app.route("/openapi.json", web::get().to(serve_document))
        .route(
            "/docs",
            web::get().to(|| async {
                HttpResponse::PermanentRedirect().insert_header(("Location", "/docs/")).finish()
            }),
        )
        .route("/docs/{file:.*}", web::get().to(page));
}

async fn serve_document(document: web::Data<Document>) -> HttpResponse {
    match document.json() {
        Ok(text) => HttpResponse::Ok().content_type("application/json").body(text),
        Err(_) => HttpResponse::InternalServerError().finish(),
    }
}

/// Swagger UI from our own origin.
async fn page(file: web::Path<String>) -> HttpResponse {
    let config = std::sync::Arc::new(utoipa_swagger_ui::Config::from("/openapi.json"));
    match utoipa_swagger_ui::serve(&file, config) {
        Ok(Some(file)) => HttpResponse::Ok().content_type(file.content_type).body(file.bytes.into_owned()),
        Ok(None) => HttpResponse::NotFound().finish(),
        Err(_) => HttpResponse::InternalServerError().finish(),
    }
}
