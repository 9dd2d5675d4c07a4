//! The answer page: whoever has an invitation's link answers here, without login and without JavaScript.
//!
//! The token in the link is the secret, so a form of another site can do nothing here that its author could not do
//! anyway. The page shows no name and nothing that was answered before, except what the same person filled in and
//! did not send off. A token that is unknown, used or out of date gets the same page after the same look-up.

mod form;
mod gate;
mod html;
mod language;
mod texts;

use std::sync::Arc;

use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header},
    web,
};
use kit::{
    Error, Result, Runtime,
    command::{self, Decision},
    http::{ExtraRoutes, RouteName, read_body},
};
use schema::api::problem::{Code, Problem};

use self::{
    gate::{Gate, Miss},
    html::Page,
    language::Visitor,
};
use crate::{
    app,
    domain::{
        form::{Asked, Filled, Mistake},
        token::Token,
    },
    storage::{self, invitation::Kept},
};

/// What is sent for a page.
struct Answered {
    status: StatusCode,
    page: Page,
    /// Seconds after which the visitor may try again.
    retry_after: Option<u64>,
}

impl Answered {
    const fn new(status: StatusCode, page: Page) -> Self {
        Self { status, page, retry_after: None }
    }
}

/// What stands behind the door: the service, and who may try how often.
struct Door {
    runtime: Arc<Runtime>,
    gate: Gate,
}

/// What a link opens.
enum Opened {
    /// The invitation with this token, and what it asks.
    Invitation(Box<(Token, Kept, Asked)>),
    /// Nothing.
    Nothing,
    /// Nobody looked: so many seconds must go by first.
    Later(u64),
}

/// Mounts the page.
pub(crate) fn routes(runtime: &Arc<Runtime>) -> ExtraRoutes {
    let gate = Gate::new(&runtime.config.public_pages);
    let door = Arc::new(Door { runtime: Arc::clone(runtime), gate });
    Arc::new(move |app: &mut web::ServiceConfig| {
        let (get, post) = (Arc::clone(&door), Arc::clone(&door));
        app.service(
            web::resource("/answer/{token}")
                .route(web::get().to(move |request: HttpRequest| {
                    let door = Arc::clone(&get);
                    async move {
                        RouteName::set(&request, "ShowAnswerPage");
                        let visitor = Visitor::of(&request);
                        respond(show(&door, &visitor, &request).await, &visitor)
                    }
                }))
                .route(web::post().to(move |request: HttpRequest, body: web::Payload| {
                    let door = Arc::clone(&post);
                    async move {
                        RouteName::set(&request, "SendAnswerPage");
                        let visitor = Visitor::of(&request);
                        respond(take(&door, &visitor, &request, body).await, &visitor)
                    }
                }))
                .default_service(web::to(|| async {
                    HttpResponse::MethodNotAllowed().insert_header((header::ALLOW, "GET, POST")).finish()
                })),
        );
    })
}

/// The page to answer on.
async fn show(door: &Door, visitor: &Visitor, request: &HttpRequest) -> Result<Answered> {
    Ok(match opened(door, request).await? {
        Opened::Invitation(found) => {
            let (_, kept, asked) = *found;
            form_page(visitor, &kept, &asked, &kept.draft, &[])
        }
        Opened::Nothing => gone(visitor),
        Opened::Later(seconds) => later(visitor, seconds),
    })
}

/// Takes what was filled in: to keep it for later, or as the answer.
async fn take(door: &Door, visitor: &Visitor, request: &HttpRequest, body: web::Payload) -> Result<Answered> {
    let (token, kept, asked) = match opened(door, request).await? {
        Opened::Invitation(found) => *found,
        Opened::Nothing => return Ok(gone(visitor)),
        Opened::Later(seconds) => return Ok(later(visitor, seconds)),
    };
    let runtime = &door.runtime;
    let sent = read(runtime, request, body).await?;
    let only_kept = sent.iter().any(|(name, value)| name == "do" && value == "later");
    let filled = Filled::of(&asked, sent);
    let mistakes =
        if only_kept { filled.mistakes(&asked) } else { filled.read(&asked).err().unwrap_or_default() };
    if !mistakes.is_empty() {
        return Ok(form_page(visitor, &kept, &asked, &filled, &mistakes));
    }
    let decide: Decision<bool> = Arc::new(move |work| {
        let (asked, filled) = (asked.clone(), filled.clone());
        Box::pin(async move {
            if only_kept {
                app::answer_invitation::keep_part(work, token, &filled).await
            } else {
                app::answer_invitation::answer_invitation(work, token, &asked, &filled).await
            }
        })
    });
    let kept_it = command::run(runtime, None, None, decide).await?.reply;
    let visitor = visitor.with_rule(kept.language.as_deref());
    Ok(match (kept_it, only_kept) {
        (false, _) => gone(&visitor),
        (true, true) => Answered::new(StatusCode::OK, html::saved(&visitor)),
        (true, false) => Answered::new(StatusCode::OK, html::thanks(&visitor)),
    })
}

/// The invitation that the link opens, and what it asks. A client that opened too many that are none waits.
async fn opened(door: &Door, request: &HttpRequest) -> Result<Opened> {
    let (runtime, now) = (&door.runtime, door.runtime.clock.now());
    let token = request.match_info().get("token").and_then(Token::parse);
    let miss = if token.is_some() { Miss::OpensNothing } else { Miss::NoToken };
    if let Some(seconds) = door.gate.wait(request, miss, now) {
        return Ok(Opened::Later(seconds));
    }
    let kept = match token {
        Some(token) => {
            storage::invitation::shown_by(&runtime.db, token, now).await?.map(|kept| (token, kept))
        }
        None => None,
    };
    let Some((token, kept)) = kept else {
        door.gate.note(request, miss, now);
        return Ok(Opened::Nothing);
    };
    let asked = match (&kept.shown.instrument, &kept.shown.questionnaire, kept.shown.version) {
        (Some(instrument), _, _) => Some(Asked::One(*instrument)),
        (None, Some(code), Some(version)) => {
            let found = storage::questionnaire::read(&runtime.db, code, version).await?;
            found.map(|found| Asked::Many(Box::new(found)))
        }
        (None, _, _) => None,
    };
    let asked = asked.ok_or_else(|| Error::Fault("an invitation asks nothing".into()))?;
    Ok(Opened::Invitation(Box::new((token, kept, asked))))
}

/// The fields of a form, as a browser sends it.
async fn read(runtime: &Runtime, request: &HttpRequest, body: web::Payload) -> Result<Vec<(String, String)>> {
    let declared = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let essence = declared.and_then(|value| value.split(';').next()).unwrap_or_default().trim();
    if !essence.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
        let detail = "send `Content-Type: application/x-www-form-urlencoded`";
        return Err(Problem::new(Code::UnsupportedMediaType, detail).into());
    }
    let http = &runtime.config.http;
    let deadline = std::time::Duration::from_millis(http.body_deadline_ms);
    let bytes = read_body(body, http.body_limit, deadline).await?;
    serde_urlencoded::from_bytes(&bytes)
        .map_err(|_| Problem::new(Code::MalformedRequest, "the form could not be read").into())
}

fn form_page(
    visitor: &Visitor,
    kept: &Kept,
    asked: &Asked,
    filled: &Filled,
    mistakes: &[Mistake],
) -> Answered {
    let status = if mistakes.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let visitor = visitor.with_rule(kept.language.as_deref());
    Answered::new(status, form::page(&visitor, kept.shown.trigger, asked, filled, mistakes))
}

fn gone(visitor: &Visitor) -> Answered {
    Answered::new(StatusCode::GONE, html::gone(visitor))
}

fn later(visitor: &Visitor, seconds: u64) -> Answered {
    let refused = Answered::new(StatusCode::TOO_MANY_REQUESTS, html::later(visitor));
    Answered { retry_after: Some(seconds), ..refused }
}

/// The page as it leaves: nothing is loaded, run, framed, indexed, kept or told to another site.
fn respond(outcome: Result<Answered>, visitor: &Visitor) -> HttpResponse {
    let Answered { status, page, retry_after } = outcome.unwrap_or_else(|error| {
        let status = StatusCode::from_u16(error.into_problem().status);
        Answered::new(status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR), html::trouble(visitor))
    });
    let mut response = HttpResponse::build(status);
    response
        .content_type("text/html; charset=utf-8")
        .insert_header((header::CONTENT_SECURITY_POLICY, html::POLICY.as_str()))
        .insert_header((header::CONTENT_LANGUAGE, page.language))
        .insert_header((header::VARY, "Accept-Language"))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::REFERRER_POLICY, "no-referrer"))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header(("X-Robots-Tag", "noindex, nofollow"));
    if let Some(seconds) = retry_after {
        response.insert_header((header::RETRY_AFTER, seconds));
    }
    if status == StatusCode::PAYLOAD_TOO_LARGE || status == StatusCode::REQUEST_TIMEOUT {
        response.force_close();
    }
    response.body(page.html)
}
