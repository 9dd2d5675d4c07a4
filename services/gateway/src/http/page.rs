//! GraphiQL, in development only: a page to try queries, wholly from our own origin.

use actix_web::{HttpResponse, http::header, web};
use kit::http::problem_response;
use schema::api::problem::{Code, Problem};

use super::method_not_allowed;

/// Lets the page work and nothing else; the reasons stand in `assets/README.md`.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; font-src data:; \
                      img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; \
                      frame-ancestors 'none'";

/// One file of the page.
struct Asset {
    name: &'static str,
    content_type: &'static str,
    is_packed: bool,
    bytes: &'static [u8],
}

const fn asset(
    name: &'static str,
    content_type: &'static str,
    is_packed: bool,
    bytes: &'static [u8],
) -> Asset {
    Asset { name, content_type, is_packed, bytes }
}

const SCRIPT: &str = "text/javascript; charset=utf-8";
const STYLE: &str = "text/css; charset=utf-8";

static PAGE: Asset =
    asset("/", "text/html; charset=utf-8", false, include_bytes!("../../assets/graphiql.html"));

static ASSETS: [Asset; 6] = [
    asset("graphiql.js", SCRIPT, false, include_bytes!("../../assets/graphiql.js")),
    asset("graphiql.page.css", STYLE, false, include_bytes!("../../assets/graphiql.page.css")),
    asset("graphiql.min.js", SCRIPT, true, include_bytes!("../../assets/graphiql.min.js.gz")),
    asset("graphiql.min.css", STYLE, true, include_bytes!("../../assets/graphiql.min.css.gz")),
    asset("react.production.min.js", SCRIPT, true, include_bytes!("../../assets/react.production.min.js.gz")),
    asset(
        "react-dom.production.min.js",
        SCRIPT,
        true,
        include_bytes!("../../assets/react-dom.production.min.js.gz"),
    ),
];

/// Mounts the page and its files.
pub(super) fn mount(app: &mut web::ServiceConfig) {
    let only_get = || web::to(|| async { method_not_allowed("GET") });
    app.service(
        web::resource("/").route(web::get().to(|| async { respond(&PAGE) })).default_service(only_get()),
    )
    .service(web::resource("/assets/{name}").route(web::get().to(file)).default_service(only_get()));
}

async fn file(name: web::Path<String>) -> HttpResponse {
    match ASSETS.iter().find(|asset| asset.name == name.as_str()) {
        Some(asset) => respond(asset),
        None => problem_response(&Problem::new(Code::NotFound, "there is nothing at this path")),
    }
}

fn respond(asset: &Asset) -> HttpResponse {
    let mut response = HttpResponse::Ok();
    response
        .content_type(asset.content_type)
        .insert_header((header::CONTENT_SECURITY_POLICY, POLICY))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((header::REFERRER_POLICY, "no-referrer"))
        .insert_header((header::CACHE_CONTROL, "no-cache"));
    if asset.is_packed {
        response.insert_header((header::CONTENT_ENCODING, "gzip"));
    }
    response.body(asset.bytes)
}
