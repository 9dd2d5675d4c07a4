//! The answer page against whoever tries links: slowed, by client and by kind of misuse, and nobody else with them;
//! and links that are whole addresses.

use std::time::Duration;

use chrono::TimeDelta;
use schema::api::survey::{Instrument, InvitationState, InvitationTrigger};
use testkit::Place;

use super::asking::{Asking, NORTH, Shown, open, terms};
use crate::on_both;

/// Opens a link as a client behind a proxy.
async fn open_as(url: &str, client: &str) -> Shown {
    let request = reqwest::Client::new().get(url).header("accept-language", "en");
    let request = request.header("x-forwarded-for", format!("10.9.9.9, {client}"));
    super::asking::shown(request.send().await).await
}

fn retry_after(page: &Shown) -> Option<u64> {
    page.headers.get("retry-after").map(|value| value.to_str().expect("text").parse().expect("seconds"))
}

async fn guessed(mut place: Place) {
    place.config.public_pages.misses_most = 5;
    place.config.public_pages.trusted_proxies = 1;
    let stage = Asking::set(&place).await;
    stage.rule("after-purchase", &terms(InvitationTrigger::Purchase, Instrument::Nps)).await;
    let customer = stage.register(NORTH).await;
    stage.buy(customer, TimeDelta::zero()).await;
    let link = stage.link(customer, 0).await;
    let page = format!("{}/answer", stage.survey.url());
    let guess = |number: usize| format!("{page}/{number:064}");

    // A link that is good costs nothing.
    for _ in 0..8 {
        assert_eq!(open_as(&link, "203.0.113.7").await.status, 200);
    }
    for number in 0..5 {
        assert_eq!(open_as(&guess(number), "203.0.113.7").await.status, 410, "{number}");
    }
    let refused = open_as(&guess(5), "203.0.113.7").await;
    assert_eq!((refused.status, retry_after(&refused)), (429, Some(10)), "{}", refused.html);
    assert!(refused.html.contains("<h1>Please wait a moment</h1>"), "{}", refused.html);
    assert_eq!(refused.headers.get("cache-control").map(|value| value.as_bytes()), Some(&b"no-store"[..]));
    assert_eq!(open_as(&link, "203.0.113.7").await.status, 429, "nobody looks any more");
    let posted = reqwest::Client::new()
        .post(guess(6))
        .header("x-forwarded-for", "203.0.113.7")
        .header("content-type", "application/x-www-form-urlencoded")
        .body("score=1&do=send");
    assert_eq!(posted.send().await.expect("an answer").status(), 429);

    // Another client answers, and another kind of misuse has a budget of its own.
    assert_eq!(open_as(&link, "203.0.113.8").await.status, 200);
    for number in 0..5 {
        assert_eq!(open_as(&format!("{page}/{number}"), "203.0.113.7").await.status, 410, "{number}");
    }
    assert_eq!(open_as(&format!("{page}/5"), "203.0.113.7").await.status, 429);

    // One more after ten seconds, all after a minute.
    stage.clock.advance(Duration::from_secs(10));
    assert_eq!(open_as(&guess(7), "203.0.113.7").await.status, 410);
    assert_eq!(open_as(&guess(8), "203.0.113.7").await.status, 429);
    stage.clock.advance(Duration::from_secs(60));
    assert_eq!(open_as(&link, "203.0.113.7").await.status, 200);
    stage.end().await;
}
on_both!(whoever_guesses_links_is_slowed, super::guessed);

/// By default the header is anybody's word: the client is whoever connects.
async fn forged(mut place: Place) {
    place.config.public_pages.misses_most = 2;
    let stage = Asking::set(&place).await;
    let page = format!("{}/answer/nothing", stage.survey.url());
    for (client, status) in [("203.0.113.1", 410), ("203.0.113.2", 410), ("203.0.113.3", 429)] {
        assert_eq!(open_as(&page, client).await.status, status, "{client}");
    }
    assert_eq!(open(&page, "zh-CN").await.status, 429);
    assert!(open(&page, "zh-CN").await.html.contains("请稍等片刻"));
    stage.end().await;
}
on_both!(a_header_that_nobody_vouches_for_helps_nobody, super::forged);

async fn whole(mut place: Place) {
    place.config.public_pages.base_url = Some("https://answers.example.com/feedback/".to_owned());
    let stage = Asking::set(&place).await;
    stage.rule("after-purchase", &terms(InvitationTrigger::Purchase, Instrument::Nps)).await;
    let customer = stage.register(NORTH).await;
    stage.buy(customer, TimeDelta::zero()).await;
    let proposed = stage.proposal(customer, 0).await;
    stage.grant(&proposed, stage.clock.now()).await;
    let granted = stage.newest(customer, InvitationState::Granted).await;
    let link = stage.send(customer, granted.id).await.expect("a link");
    assert_eq!(link.url, Some(format!("https://answers.example.com/feedback{}", link.path)));
    stage.end().await;
}
on_both!(links_are_whole_addresses_when_there_is_one, super::whole);
