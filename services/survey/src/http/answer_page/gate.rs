//! Who may try how often: links that open nothing are a mistake now and then, and misuse when they are many. A link
//! that opens something costs nothing.

use actix_web::HttpRequest;
use chrono::{DateTime, Utc};
use kit::{
    config::PublicPages,
    http::{Throttle, throttle},
};

/// How a link misses. Each kind has a budget of its own, so that whoever scans for pages from a network keeps
/// nobody there from answering.
#[derive(Clone, Copy, Debug)]
pub(super) enum Miss {
    /// What stands in it is no token.
    NoToken,
    /// The token is unknown, used or out of date.
    OpensNothing,
}

/// The budgets of clients.
pub(super) struct Gate {
    throttle: Throttle,
    trusted_proxies: usize,
}

impl Gate {
    pub(super) fn new(pages: &PublicPages) -> Self {
        let throttle = Throttle::new(pages.misses_most, pages.misses_per_minute);
        Self { throttle, trusted_proxies: pages.trusted_proxies }
    }

    /// The seconds after which the client may try a link of this kind again; none when it may now.
    pub(super) fn wait(&self, request: &HttpRequest, kind: Miss, now: DateTime<Utc>) -> Option<u64> {
        let client = throttle::client(request, self.trusted_proxies)?;
        let wait = self.throttle.wait(client, kind.name(), now)?;
        Some(wait.as_secs() + u64::from(wait.subsec_nanos() > 0))
    }

    /// Counts a link that opened nothing.
    pub(super) fn note(&self, request: &HttpRequest, kind: Miss, now: DateTime<Utc>) {
        if let Some(client) = throttle::client(request, self.trusted_proxies) {
            self.throttle.miss(client, kind.name(), now);
        }
    }
}

impl Miss {
    const fn name(self) -> &'static str {
        match self {
            Self::NoToken => "no-token",
            Self::OpensNothing => "opens-nothing",
        }
    }
}
