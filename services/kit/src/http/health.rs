//! `/livez` asks nothing, `/readyz` asks the service's own database, `/metrics` tells numbers. They need
//! no token and say nothing about a customer.

use actix_web::{HttpResponse, web};
use schema::api::problem::{Code, Problem};
use sea_orm::ConnectionTrait as _;

use super::problem_response;
use crate::{metrics, service::Runtime};

pub(super) fn mount(app: &mut web::ServiceConfig) {
    app.route("/livez", web::get().to(|| async { HttpResponse::Ok().body("alive\n") }))
        .route("/readyz", web::get().to(ready))
        .route("/metrics", web::get().to(exposition));
}

async fn ready(runtime: web::Data<Runtime>) -> HttpResponse {
    if runtime.stop.is_cancelled() {
        return problem_response(&Problem::new(Code::Unavailable, "the service is ending").retry_after(5));
    }
    match runtime.db.read().execute_unprepared("SELECT 1").await {
        Ok(_) => HttpResponse::Ok().body("ready\n"),
        Err(_) => {
            let problem = Problem::new(Code::Unavailable, "the service's database does not answer");
            problem_response(&problem.retry_after(2))
        }
    }
}

async fn exposition() -> HttpResponse {
    HttpResponse::Ok().content_type("text/plain; version=0.0.4; charset=utf-8").body(metrics::render())
}
